import type { State } from "./state.ts";
import type { SandboxUser } from "./user.ts";

/** Ids of the roles that the rules below speak of; other roles are known by their name. */
const roleIds: Readonly<Record<string, string>> = {
  "c4e39bd9-1100-46d3-8c65-fb160da0071f": "Authentication Administrator",
  "7be44c8a-adaf-4e2a-84d6-ab2649e08a13": "Privileged Authentication Administrator",
  "62e90394-69f5-4237-9190-012177145e10": "Global Administrator",
  "e8611ab8-c189-46e8-94e1-60213ab1f814": "Privileged Role Administrator",
  "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3": "Application Administrator",
  "158c047a-c907-4556-b7ef-446551a6b5f7": "Cloud Application Administrator",
};

/**
 * Roles of a target that an Authentication Administrator may still manage. Source:
 * https://learn.microsoft.com/entra/identity/role-based-access-control/privileged-roles-permissions (read 2026-11-23).
 */
const manageable: ReadonlySet<string> = new Set([
  "Authentication Administrator",
  "Directory Readers",
  "Guest Inviter",
  "Message Center Reader",
  "Password Administrator",
  "Reports Reader",
  "User Experience Success Manager",
  "Usage Summary Reports Reader",
]);

/** The template id of a role, by its name or as it is; undefined for a role that the rules do not speak of. */
export function roleTemplateId(role: string): string | undefined {
  const name = roleName(role);
  return Object.keys(roleIds).find(id => roleIds[id] === name);
}

/** How far a caller's directory roles reach: all users, unprotected ones with masked numbers, or none. */
export type Reach = "everybody" | "unprotected" | "nobody";

export function reachOf(roles: readonly string[]): Reach {
  const names = roles.map(roleName);
  if (names.includes("Global Administrator") || names.includes("Privileged Authentication Administrator")) {
    return "everybody";
  }
  return names.includes("Authentication Administrator") ? "unprotected" : "nobody";
}

/**
 * Whether somebody may grant permissions of Graph: application permissions, or delegated ones. Source:
 * https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent (read 2026-11-28).
 */
export function mayGrant(roles: readonly string[] | "all", what: "application" | "delegated"): boolean {
  if (roles === "all") return true;
  const enough = ["Global Administrator", "Privileged Role Administrator"];
  if (what === "delegated") enough.push("Application Administrator", "Cloud Application Administrator");
  return roles.some(role => enough.includes(roleName(role)));
}

/** Whether an Authentication Administrator is refused for this user. */
export function isProtected(state: State, user: SandboxUser): boolean {
  const roles = user.seed.roles ?? [];
  if (roles.some(role => !manageable.has(roleName(role)))) return true;
  for (const group of state.groups.values()) {
    if (group.isAssignableToRole && (group.members === "all" || group.members.has(user.id))) return true;
  }
  return false;
}

function roleName(role: string): string {
  return roleIds[role.toLowerCase()] ?? role;
}
