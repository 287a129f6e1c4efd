import { graphAppId, graphPermissions, type PermissionIds } from "../../model/graphPermissions.ts";
import type { Settings } from "../settings.ts";
import { type Directory, nextId, type SandboxPrincipal } from "./directory.ts";

/** The permissions that Microsoft Graph offers in this cloud, as its service principal lists them. */
export function offered({ missingPermissions }: Settings): readonly { value: string; ids: PermissionIds }[] {
  return all.filter(({ value }) => !missingPermissions.includes(value));
}

const all = Object.entries(graphPermissions).map(([value, ids]) => ({ value, ids: ids as PermissionIds }));

/** The name of an application permission by its id. */
export function roleName(appRoleId: string): string | undefined {
  return all.find(({ ids }) => ids.role === appRoleId.toLowerCase())?.value;
}

/** The service principal of Microsoft Graph, which every grant here is about. */
export function graphPrincipal({ principals }: Directory): SandboxPrincipal | undefined {
  return principals.find(({ appId }) => appId === graphAppId);
}

/** What an application itself was granted, as far as replicas know. */
export function grantedRoles(directory: Directory, principal: SandboxPrincipal, now: number): string[] {
  return directory.assignments
    .filter(({ principalId, visibleAt }) => principalId === principal.id && visibleAt <= now)
    .flatMap(({ appRoleId }) => roleName(appRoleId) ?? []);
}

/** What it may do in the name of a person: granted for everybody, or by this one. */
export function grantedScopes(
  directory: Directory,
  principal: SandboxPrincipal,
  personId: string,
  now: number,
): string[] {
  const names = directory.grants
    .filter(({ clientId, principalId, visibleAt }) => {
      return (
        clientId === principal.id && (principalId === null || principalId === personId) && visibleAt <= now
      );
    })
    .flatMap(({ scope }) => scope.split(" "))
    .filter(scope => scope !== "");
  return [...new Set(names)];
}

/** Enters that a person said yes on the consent page: for herself, or for the whole organization. */
export function recordConsent(
  directory: Directory,
  consent: {
    readonly principal: SandboxPrincipal;
    /** null: for everybody. */
    readonly personId: string | null;
    readonly scopes: readonly string[];
    readonly seed: number;
  },
): void {
  const { principal, personId, scopes, seed } = consent;
  const resourceId = graphPrincipal(directory)?.id ?? "";
  const at = directory.grants.findIndex(
    ({ clientId, principalId }) => clientId === principal.id && principalId === personId,
  );
  const before = directory.grants[at];
  const held = before?.scope.split(" ") ?? [];
  const scope = [...new Set([...held, ...scopes])].join(" ");
  if (before !== undefined) directory.grants[at] = { ...before, scope };
  else
    directory.grants.push({
      id: nextId(directory, seed, "grant"),
      clientId: principal.id,
      resourceId,
      consentType: personId === null ? "AllPrincipals" : "Principal",
      principalId: personId,
      scope,
      visibleAt: 0,
    });
}
