import type { ScopeSets } from "../decide/scope.ts";
import type { Graph } from "../graph/connect.ts";
import { PrepopError } from "../model/errors.ts";
import type { Scope } from "../model/options.ts";
import type { Patience } from "./patience.ts";

/**
 * Reads the sets of users that the scope options speak of; only what was asked for is read. Who is to be left out has to
 * be known: a scope that cannot be read is an error, and never everybody.
 * @throws GraphFault
 * @throws PrepopError PREPOP_GROUP_NOT_FOUND, PREPOP_AUTH_ADMINS_UNKNOWN
 */
export async function scopeSets(scope: Scope, graph: Graph, patience: Patience): Promise<ScopeSets> {
  const members = async (groups: readonly string[]): Promise<ReadonlySet<string>> => {
    const ids = new Set<string>();
    for (const group of groups) {
      for (const id of await patience.read(() => Array.fromAsync(graph.groupUserIds(group)))) ids.add(id);
    }
    return ids;
  };
  const admins = scope.excludeAdmins ? await adminsOf(graph, patience) : undefined;
  return {
    ...(scope.groups?.length ? { groups: await members(scope.groups) } : {}),
    ...(scope.excludeGroups?.length ? { excludeGroups: await members(scope.excludeGroups) } : {}),
    ...(admins ? { admins } : {}),
  };
}

/** The report knows them in a page or two; the roles are asked where it is closed. */
async function adminsOf(graph: Graph, patience: Patience): Promise<ReadonlySet<string>> {
  const admins =
    (await patience.read(() => graph.adminIds())) ?? (await patience.read(() => graph.roleHolders()));
  if (!admins) throw new PrepopError("PREPOP_AUTH_ADMINS_UNKNOWN");
  return admins;
}
