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

/** What a client was found to hold when somebody signed in to it, before any consent. */
export type HeldByClient = {
  readonly clientId: string;
  /** Who signed in, by object id. */
  readonly personId?: string;
  readonly held: readonly string[];
};

/** What a client is left with after somebody consented to `asked`, beside what earlier setups left. */
export function consentAfter(
  earlier: ClientConsent | undefined,
  now: HeldByClient,
  asked: readonly string[],
): ClientConsent {
  // What a setup that was broken off has added is not "before", although it is there now.
  const known = earlier?.clientId === now.clientId ? earlier : undefined;
  const before = known?.before ?? now.held;
  const added = new Set([...(known?.added ?? []), ...asked.filter(scope => !now.held.includes(scope))]);
  return {
    clientId: now.clientId,
    ...(now.personId === undefined ? {} : { personId: now.personId }),
    before,
    added: [...added].filter(scope => !before.includes(scope)),
  };
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
