import { objectId } from "./ids.ts";
import type { GroupSeed } from "./settings.ts";
import { findUser, type SandboxGroup, type State } from "./state.ts";
import type { SandboxUser } from "./user.ts";

/** Enters groups into the tenant. Members that do not exist are left out. */
export function addGroups(state: State, seeds: readonly GroupSeed[]): void {
  const idOf = (seed: GroupSeed) => seed.id?.toLowerCase() ?? objectId(state.seed, "group", seed.displayName);
  for (const seed of seeds) {
    const members =
      seed.members === "all"
        ? ("all" as const)
        : new Set(seed.members.flatMap(upn => findUser(state, upn)?.id ?? []));
    const groups = seeds.filter(other => seed.groups?.includes(other.displayName)).map(idOf);
    const isAssignableToRole = seed.isAssignableToRole ?? false;
    state.groups.set(idOf(seed), {
      id: idOf(seed),
      displayName: seed.displayName,
      members,
      groups,
      isAssignableToRole,
    });
  }
}

/** A test of who is in a group or in a group inside it. */
export function transitiveMember(state: State, group: SandboxGroup): (user: SandboxUser) => boolean {
  const all = reachable(state, group, new Set());
  return user => all.some(({ members }) => members === "all" || members.has(user.id));
}

function reachable(state: State, group: SandboxGroup, seen: Set<string>): SandboxGroup[] {
  if (seen.has(group.id)) return [];
  seen.add(group.id);
  const inner = group.groups.flatMap(id => {
    const next = state.groups.get(id);
    return next === undefined ? [] : reachable(state, next, seen);
  });
  return [group, ...inner];
}
