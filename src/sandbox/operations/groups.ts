import { collectionAnswer, wantsCount } from "../collection.ts";
import { directoryList } from "../directoryList.ts";
import { refuse } from "../exchange.ts";
import { transitiveMember } from "../groups.ts";
import { pageRequest, takePage } from "../odata/page.ts";
import { picked, selectOf } from "../odata/query.ts";
import { contextRoot, operation } from "../operation.ts";
import type { SandboxGroup } from "../state.ts";
import type { SandboxUser } from "../user.ts";
import { userQuery } from "../userQuery.ts";
import { userView } from "../userView.ts";

const common = {
  versions: ["v1.0", "beta"],
  capability: "groups",
  effect: "read",
  lane: "directory",
  permission: "readGroups",
  method: "GET",
} as const;

/** List groups, by name as a rule. @see https://learn.microsoft.com/graph/api/group-list */
export const listGroups = operation({
  ...common,
  name: "listGroups",
  path: "/groups",
  subject: "none",
  run: call =>
    directoryList(
      call,
      "groups",
      [...call.state.groups.values()].map(group => view(group)),
    ),
});

/** Get a group by id. @see https://learn.microsoft.com/graph/api/group-get */
export const getGroup = operation({
  ...common,
  name: "getGroup",
  path: "/groups/{group}",
  subject: "none",
  run: call => {
    const id = call.params.group ?? "";
    const group = call.state.groups.get(id.toLowerCase());
    if (group === undefined) return refuse("userNotFound", { id });
    const value = picked(view(group), selectOf(call.query));
    return {
      kind: "json",
      status: 200,
      value: { "@odata.context": `${contextRoot(call)}groups/$entity`, ...value },
    };
  },
});

/** The users in a group and in groups inside it. @see https://learn.microsoft.com/graph/api/group-list-transitivemembers */
export const listGroupUsers = operation({
  ...common,
  name: "listGroupUsers",
  path: "/groups/{group}/transitiveMembers/microsoft.graph.user",
  subject: "none",
  run: call => {
    const id = call.params.group ?? "";
    const group = call.state.groups.get(id.toLowerCase());
    if (group === undefined) return refuse("userNotFound", { id });
    const shown = userView(call, "collection");
    if ("kind" in shown) return shown;
    const request = pageRequest(call.query, { standard: 100, most: 999 });
    if ("kind" in request) return request;
    const query = userQuery(call);
    if ("kind" in query) return query;
    const isMember = transitiveMember(call.state, group);
    const wanted = (user: SandboxUser) => query.wanted(user) && isMember(user);
    const page = takePage(call.state.users, request, wanted);
    const count = wantsCount(call) ? call.state.users.filter(wanted).length : undefined;
    return collectionAnswer(
      call,
      `users${shown.context}`,
      { ...page, items: page.items.map(shown.show) },
      count,
    );
  },
});

function view(group: SandboxGroup): Record<string, unknown> {
  return {
    id: group.id,
    displayName: group.displayName,
    description: null,
    groupTypes: [],
    isAssignableToRole: group.isAssignableToRole,
    mail: null,
    mailEnabled: false,
    securityEnabled: true,
  };
}
