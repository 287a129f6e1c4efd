import type { PermissionGrant } from "../../model/application.ts";
import type { GraphPermission } from "../../model/graphPermissions.ts";
import type { ClientConsent, Revocation, SetupMode } from "../../model/setup.ts";

/** What whoever runs a setup must be allowed, and no more. Source: the page of each operation (read 2026-11-28). */
export function rightsToSetUp(mode: SetupMode): readonly GraphPermission[] {
  return [
    "User.Read",
    "Application.ReadWrite.All",
    mode === "application" ? "AppRoleAssignment.ReadWrite.All" : "DelegatedPermissionGrant.ReadWrite.All",
  ];
}

/** The same to take it back; grants on the client are taken back by the last of them. */
export function rightsToRemove(revokes: boolean): readonly GraphPermission[] {
  const rights: readonly GraphPermission[] = ["User.Read", "Application.ReadWrite.All"];
  return revokes ? [...rights, "DelegatedPermissionGrant.ReadWrite.All"] : rights;
}

/** What a client was found to hold when somebody signed in to it for `User.Read` alone, before any consent. */
export type HeldByClient = {
  readonly clientId: string;
  /** Who signed in, by object id. */
  readonly personId?: string;
  readonly held: readonly string[];
  /** Whether the list was seen to be whole; without it, a list with more than was asked for says so itself. */
  readonly whole?: boolean;
};

/** What stands in a token without anybody's having asked Graph for it. */
const always: readonly string[] = ["User.Read", "openid", "profile", "email", "offline_access"];

/**
 * What a client is left with after somebody consented to `asked`, beside what earlier setups left. That a token tells
 * every earlier consent, also what was not asked for, is what Microsoft Graph's own tools show and no page promises. So
 * where it was not seen, nothing counts as added, and nothing is ever taken back that may have been there.
 */
export function consentAfter(
  earlier: ClientConsent | undefined,
  now: HeldByClient,
  asked: readonly string[],
): ClientConsent {
  const { clientId, personId, held } = now;
  // What a setup that was broken off has added is not "before", although it is there now.
  const known = earlier?.clientId === clientId ? earlier : undefined;
  const { before = held, added: knownAdded = [], unproven = [] } = known ?? {};
  const fresh = asked.filter(scope => !held.includes(scope));
  const all = [...new Set([...knownAdded, ...unproven, ...fresh])].filter(scope => !before.includes(scope));
  const whole = now.whole ?? tellsAll(held);
  const added = whole ? all : knownAdded;
  const rest = all.filter(scope => !added.includes(scope));
  return {
    clientId,
    ...(personId === undefined ? {} : { personId }),
    before,
    added,
    ...(rest.length === 0 ? {} : { unproven: rest }),
  };
}

/** Whether a token that was asked for with `User.Read` alone holds more, and so holds everything. */
export function tellsAll(held: readonly string[]): boolean {
  return held.some(scope => !always.includes(scope));
}

/** Grants for everybody and for this person; those of others are none of our business. */
export function revocations(
  { added, personId }: ClientConsent,
  grants: readonly PermissionGrant[],
  resourceId: string,
): readonly Revocation[] {
  return grants
    .filter(grant => grant.resourceId === resourceId)
    .filter(grant => grant.personId === undefined || grant.personId === personId)
    .flatMap(({ id, scopes: held }): Revocation[] => {
      const scopes = held.filter(scope => added.includes(scope));
      const left = held.filter(scope => !added.includes(scope));
      if (scopes.length === 0) return [];
      return [
        left.length === 0
          ? { kind: "remove", grantId: id, scopes }
          : { kind: "narrow", grantId: id, scopes, left },
      ];
    });
}
