import { switchedOff } from "../capability.ts";
import { collectionAnswer, wantsCount } from "../collection.ts";
import type { Filter } from "../odata/filter.ts";
import { alternativesOf } from "../odata/matches.ts";
import { pageRequest, takePage } from "../odata/page.ts";
import { operation } from "../operation.ts";
import type { Settings } from "../settings.ts";
import type { SandboxUser } from "../user.ts";
import { userQuery } from "../userQuery.ts";
import { userView } from "../userView.ts";

/**
 * List users: 100 a page, 999 at most.
 * @see https://learn.microsoft.com/graph/api/user-list
 */
export const listUsers = operation({
  name: "listUsers",
  method: "GET",
  path: "/users",
  versions: ["v1.0", "beta"],
  effect: "read",
  lane: "directory",
  permission: "readUsers",
  subject: "none",
  run: call => {
    const query = userQuery(call);
    if ("kind" in query) return query;
    const off = offFor(call.settings, query.filter);
    if (off !== undefined) return off;
    const view = userView(call, "collection");
    if ("kind" in view) return view;
    const request = pageRequest(call.query, { standard: 100, most: 999 });
    if ("kind" in request) return request;
    const page = takePage<SandboxUser>(query.candidates, request, query.wanted);
    const count = wantsCount(call) ? query.candidates.filter(query.wanted).length : undefined;
    return collectionAnswer(
      call,
      `users${view.context}`,
      { ...page, items: page.items.map(view.show) },
      count,
    );
  },
});

/** A look-up of one mail or employee id belongs to the main job; whole pages and many keys at once do not. */
function offFor(settings: Settings, filter: Filter | undefined) {
  if (filter === undefined) return switchedOff(settings, "listUsers");
  if (filter.kind === "compare" && filter.operator === "eq") return undefined;
  return switchedOff(settings, alternativesOf(filter) > 1 || filter.kind === "in" ? "inFilter" : "listUsers");
}
