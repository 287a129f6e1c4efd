import { contextRoot, operation } from "../operation.ts";
import { userView } from "../userView.ts";

/**
 * Get a user by object id or UPN.
 * @see https://learn.microsoft.com/graph/api/user-get
 */
export const getUser = operation({
  name: "getUser",
  method: "GET",
  path: "/users/{user}",
  versions: ["v1.0", "beta"],
  effect: "read",
  lane: "directory",
  permission: "readUsers",
  subject: "user",
  self: "allowed",
  run: call => {
    const view = userView(call, "single");
    if ("kind" in view) return view;
    const context = `${contextRoot(call)}users${view.context}/$entity`;
    return { kind: "json", status: 200, value: { "@odata.context": context, ...view.show(call.user) } };
  },
});
