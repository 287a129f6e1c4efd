import { PrepopError } from "../model/errors.ts";
import { GraphFault } from "../model/fault.ts";
import { unreadable } from "./answer.ts";
import { sameKey } from "./convertUser.ts";
import { isRecord } from "./json.ts";
import { pages } from "./pages.ts";
import { canBeId, canBeKey, paths, quoted } from "./paths.ts";
import { type Call, get } from "./wire.ts";

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The ids of all users in a group, nested groups included. A scope that cannot be read is an error and never an
 * empty scope.
 * @param group object id, or a display name that only one group has
 * @throws GraphFault
 * @throws PrepopError PREPOP_GROUP_NOT_FOUND
 */
export async function* groupUserIds(call: Call, origin: string, group: string): AsyncGenerator<string> {
  const id = await groupId(call, origin, group);
  const path = `${paths.groupUsers(id)}?$select=id&$count=true&$top=999`;
  try {
    // The cast to users is an advanced query. https://learn.microsoft.com/graph/aad-advanced-queries (2026-11-23)
    for await (const page of pages(call, origin, { method: "GET", path, eventual: true })) {
      for (const value of page.values) {
        if (!isRecord(value) || !canBeId(value.id)) throw unreadable(page.answer, "A member has no id.");
        yield value.id;
      }
    }
  } catch (error) {
    if (error instanceof GraphFault && error.fault.kind === "http" && error.fault.status === 404) {
      throw new PrepopError("PREPOP_GROUP_NOT_FOUND", { group }, error);
    }
    throw error;
  }
}

/**
 * The object id of a group that is named by it or by its display name.
 * @throws PrepopError PREPOP_GROUP_NOT_FOUND
 */
export async function groupId(call: Call, origin: string, group: string): Promise<string> {
  return guid.test(group) ? group : await groupNamed(call, origin, group);
}

/** The groups of one name. Two of them are enough to know that the name does not say which. */
async function groupNamed(call: Call, origin: string, name: string): Promise<string> {
  const ids: string[] = [];
  if (canBeKey(name)) {
    const filter = encodeURIComponent(`displayName eq ${quoted(name)}`);
    const path = `${paths.groups}?$filter=${filter}&$select=id,displayName&$top=2`;
    for await (const page of pages(call, origin, get(path))) {
      for (const value of page.values) {
        const { id, displayName } = isRecord(value) ? value : {};
        if (!canBeId(id) || typeof displayName !== "string" || !sameKey(displayName, name)) {
          throw unreadable(page.answer, "The list holds a group that was not asked for.");
        }
        ids.push(id);
      }
      if (ids.length > 1) break;
    }
  }
  const [id] = ids;
  if (id === undefined || ids.length > 1) throw new PrepopError("PREPOP_GROUP_NOT_FOUND", { group: name });
  return id;
}
