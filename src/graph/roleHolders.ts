import { PrepopError } from "../model/errors.ts";
import { GraphFault } from "../model/fault.ts";
import { unreadable } from "./answer.ts";
import { groupUserIds } from "./groups.ts";
import { isRecord } from "./json.ts";
import { pages } from "./pages.ts";
import { canBeId, paths } from "./paths.ts";
import { type Call, get } from "./wire.ts";

/**
 * The ids of everybody who holds a directory role now, by himself or through a group. Eligible roles that are not
 * activated (PIM) are not among them.
 * Source: https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments (read 2026-11-28)
 * @throws GraphFault
 */
export async function roleHolders(call: Call, origin: string): Promise<ReadonlySet<string>> {
  try {
    return await holdersIn(call, origin, `${paths.roleAssignments}?$expand=principal`);
  } catch (error) {
    const status = error instanceof GraphFault ? error.fault.status : undefined;
    if (status !== 400 && status !== 501) throw error;
    return await holdersIn(call, origin, paths.roleAssignments);
  }
}

async function holdersIn(call: Call, origin: string, path: string): Promise<ReadonlySet<string>> {
  const holders = new Set<string>();
  const groups = new Set<string>();
  for await (const page of pages(call, origin, get(path))) {
    for (const value of page.values) {
      const { principalId, principal } = isRecord(value) ? value : {};
      if (!canBeId(principalId)) throw unreadable(page.answer, "A role assignment does not say whose it is.");
      const type = isRecord(principal) ? principal["@odata.type"] : undefined;
      // A principal that this caller may not read has no type, and may be a group.
      if (type === "#microsoft.graph.group" || type === undefined) groups.add(principalId);
      holders.add(principalId);
    }
  }
  for (const group of groups) for (const id of await membersOf(call, origin, group)) holders.add(id);
  return holders;
}

async function membersOf(call: Call, origin: string, principal: string): Promise<readonly string[]> {
  try {
    return await Array.fromAsync(groupUserIds(call, origin, principal));
  } catch (error) {
    if (error instanceof PrepopError && error.code === "PREPOP_GROUP_NOT_FOUND") return [];
    throw error;
  }
}
