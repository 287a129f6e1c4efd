import type { Application, PermissionGrant, ServicePrincipal } from "../../model/application.ts";
import type { ChosenPermission, SetupStep, SetupWish } from "../../model/setup.ts";
import { isComplete } from "./registration.ts";

/** What a tenant holds of a setup. */
export type SetupFound = {
  readonly application: Application | undefined;
  readonly principal: ServicePrincipal | undefined;
  /** Ids of the application permissions of Graph that it has. */
  readonly roles: readonly string[];
  /** The delegated grant for everybody. */
  readonly grant: PermissionGrant | undefined;
  /** The certificate of this machine, DER in base64, that is good for a while yet. */
  readonly certificate: string | undefined;
};

/** What is to be done, in the order in which a crash leaves the least behind: the proof comes last. */
export function planSetup(
  wish: SetupWish,
  permissions: readonly ChosenPermission[],
  found: SetupFound,
): readonly SetupStep[] {
  const { application, principal, roles, grant, certificate } = found;
  const ofPermissions: SetupStep =
    wish.mode === "application"
      ? step(
          "roles",
          missingOf(permissions, ({ id }) => roles.includes(id)),
        )
      : step(
          "grant",
          missingOf(permissions, ({ name }) => grant?.scopes.includes(name) === true),
        );
  const ofCredential: readonly SetupStep[] =
    wish.credential === "certificate"
      ? [{ kind: "certificate", done: holds(application, certificate) }]
      : wish.credential === "secret"
        ? // A secret that was told once is not known here any more, so each setup makes one.
          [{ kind: "secret", done: false }]
        : [];
  return [
    {
      kind: "application",
      done: application !== undefined && isComplete(application, wish, permissions),
    },
    { kind: "principal", done: principal !== undefined },
    ofPermissions,
    ...ofCredential,
  ];
}

/** Whether a registration accepts a certificate. */
export function holds(application: Application | undefined, certificate: string | undefined): boolean {
  if (application === undefined || certificate === undefined) return false;
  return application.keys.some(key => key.certificate === certificate);
}

function step(kind: "roles" | "grant", missing: readonly ChosenPermission[]): SetupStep {
  return { kind, missing, done: missing.length === 0 };
}

function missingOf(
  permissions: readonly ChosenPermission[],
  has: (permission: ChosenPermission) => boolean,
): readonly ChosenPermission[] {
  return permissions.filter(each => !has(each));
}
