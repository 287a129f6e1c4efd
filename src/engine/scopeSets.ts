import type { ScopeSets } from "../decide/scope.ts";
import type { Graph } from "../graph/connect.ts";
import type { Scope } from "../model/options.ts";
import type { Patience } from "./patience.ts";

/** Reads the sets of users that the scope options speak of; only what was asked for is read. */
export async function scopeSets(scope: Scope, graph: Graph, patience: Patience): Promise<ScopeSets> {
  const members = async (groups: readonly string[]): Promise<ReadonlySet<string>> => {
    const ids = new Set<string>();
    for (const group of groups) {
      for (const id of await patience.read(() => Array.fromAsync(graph.groupUserIds(group)))) ids.add(id);
    }
    return ids;
  };
  const admins = scope.excludeAdmins ? await patience.read(() => graph.adminIds()) : undefined;
  return {
    ...(scope.groups?.length ? { groups: await members(scope.groups) } : {}),
    ...(scope.excludeGroups?.length ? { excludeGroups: await members(scope.excludeGroups) } : {}),
    ...(admins ? { admins } : {}),
  };
}
