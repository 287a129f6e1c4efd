import type { Application, RequiredAccess } from "../../model/application.ts";
import { graphAppId } from "../../model/graphPermissions.ts";
import type { ChosenPermission, SetupMode, SetupWish } from "../../model/setup.ts";

/** Where the browser hands a person's sign-in over to; the port is chosen when it happens. */
export const nativeRedirect = "http://localhost";

/**
 * The name under which the tenant holds a registration of this display name once: what a second run looks for.
 * Source: https://learn.microsoft.com/graph/api/application-upsert (read 2026-11-28).
 */
export function uniqueNameOf(displayName: string): string {
  const slug = displayName
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return (slug.startsWith("prepop") ? slug : `prepop-${slug}`).slice(0, 100);
}

/** The tag that says the same where a tenant has no unique names. */
export function tagOf(displayName: string): string {
  return `prepop-setup:${uniqueNameOf(displayName)}`;
}

/** What a registration is made or completed with; what others have put into it stays. */
export function registrationFields(
  wish: SetupWish,
  permissions: readonly ChosenPermission[],
  before: Application | undefined,
): object {
  const tags = new Set([...(before?.tags ?? []), tagOf(wish.displayName)]);
  return {
    displayName: before?.displayName || wish.displayName,
    ...(before === undefined ? { signInAudience: "AzureADMyOrg" } : {}),
    tags: [...tags],
    requiredResourceAccess: requiredWith(before?.requiredAccess ?? [], wish.mode, permissions),
    ...(wish.mode === "delegated"
      ? {
          isFallbackPublicClient: true,
          publicClient: {
            redirectUris: [...new Set([...(before?.publicRedirectUris ?? []), nativeRedirect])],
          },
        }
      : {}),
  };
}

/** Whether a registration already has what it would be completed with. */
export function isComplete(
  found: Application,
  wish: SetupWish,
  permissions: readonly ChosenPermission[],
): boolean {
  const listed = found.requiredAccess.find(({ resourceAppId }) => resourceAppId === graphAppId);
  const held = listed?.resourceAccess.map(({ id, type }) => `${type} ${id}`) ?? [];
  const type = typeOf(wish.mode);
  return (
    permissions.every(({ id }) => held.includes(`${type} ${id}`)) &&
    found.tags.includes(tagOf(wish.displayName)) &&
    (wish.mode === "application" || (found.isPublic && found.publicRedirectUris.includes(nativeRedirect)))
  );
}

function requiredWith(
  before: readonly RequiredAccess[],
  mode: SetupMode,
  permissions: readonly ChosenPermission[],
): readonly RequiredAccess[] {
  const others = before.filter(({ resourceAppId }) => resourceAppId !== graphAppId);
  const held = before.find(({ resourceAppId }) => resourceAppId === graphAppId)?.resourceAccess ?? [];
  const type = typeOf(mode);
  const missing = permissions
    .filter(({ id }) => !held.some(each => each.id === id && each.type === type))
    .map(({ id }) => ({ id, type }));
  return [...others, { resourceAppId: graphAppId, resourceAccess: [...held, ...missing] }];
}

function typeOf(mode: SetupMode): "Role" | "Scope" {
  return mode === "application" ? "Role" : "Scope";
}
