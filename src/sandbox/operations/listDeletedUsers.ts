import { collectionAnswer, wantsCount } from "../collection.ts";
import { pageRequest, takePage } from "../odata/page.ts";
import { operation } from "../operation.ts";
import type { SandboxUser } from "../user.ts";
import { userView } from "../userView.ts";

/**
 * Soft-deleted users, their UPN with the id before it.
 * @see https://learn.microsoft.com/graph/api/directory-deleteditems-list
 */
export const listDeletedUsers = operation({
  name: "listDeletedUsers",
  method: "GET",
  path: "/directory/deletedItems/microsoft.graph.user",
  versions: ["v1.0", "beta"],
  capability: "deletedItems",
  effect: "read",
  lane: "directory",
  permission: "readAllUsers",
  subject: "none",
  run: call => {
    const view = userView(call, "collection");
    if ("kind" in view) return view;
    const request = pageRequest(call.query, { standard: 100, most: 999 });
    if ("kind" in request) return request;
    const wanted = (user: SandboxUser) => user.deleted === "soft";
    const page = takePage(call.state.users, request, wanted);
    const count = wantsCount(call) ? call.state.users.filter(wanted).length : undefined;
    return collectionAnswer(
      call,
      `directoryObjects/microsoft.graph.user${view.context}`,
      { ...page, items: page.items.map(view.show) },
      count,
    );
  },
});
