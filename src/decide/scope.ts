import { createHash } from "node:crypto";
import type { Scope } from "../model/options.ts";
import type { User } from "../model/user.ts";

/** Sets that a scope needs and that only the tenant knows; undefined where a set was not asked for. */
export type ScopeSets = {
  readonly groups?: ReadonlySet<string>;
  readonly excludeGroups?: ReadonlySet<string>;
  readonly admins?: ReadonlySet<string>;
};

/** inScope, or why not: `excluded` by a rule that names what to leave out, `outOfScope` by one that names what to take. */
export type ScopeVerdict = "inScope" | "outOfScope" | "excluded";

/** Whether the scope options let a user in (--limit counts changes and is the engine's). */
export function inScope(user: User, rosterUser: string, scope: Scope, sets: ScopeSets): ScopeVerdict {
  const names = [user.userPrincipalName, rosterUser];
  if (scope.exclude?.some(glob => matches(glob, names))) return "excluded";
  if (sets.excludeGroups?.has(user.id)) return "excluded";
  // Where it is not known who they are, anybody may be one.
  if (scope.excludeAdmins && (sets.admins?.has(user.id) ?? true)) return "excluded";
  if (scope.excludeDisabled && user.accountEnabled === false) return "excluded";
  if (scope.only && scope.only.length > 0 && !scope.only.some(glob => matches(glob, names)))
    return "outOfScope";
  if (sets.groups && !sets.groups.has(user.id)) return "outOfScope";
  if (scope.percent !== undefined && cohort(user.id) >= scope.percent) return "outOfScope";
  return "inScope";
}

/** A user's stable place from 0 to below 100, by hash of the id: the 10 % cohort is part of the 20 % one. */
export function cohort(userId: string): number {
  return (createHash("sha256").update(userId.toLowerCase()).digest().readUInt32BE(0) / 2 ** 32) * 100;
}

/** `*` stands for any run of characters and `?` for one; without case. */
export function matches(glob: string, names: readonly string[]): boolean {
  const pattern = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const expression = new RegExp(`^${pattern}$`, "is");
  return names.some(name => expression.test(name));
}
