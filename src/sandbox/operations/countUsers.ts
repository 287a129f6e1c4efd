import { refuse } from "../exchange.ts";
import { operation } from "../operation.ts";
import { userQuery } from "../userQuery.ts";

/**
 * The number of users, as text; only for eventual consistency.
 * @see https://learn.microsoft.com/graph/api/user-list
 */
export const countUsers = operation({
  name: "countUsers",
  method: "GET",
  path: "/users/$count",
  versions: ["v1.0", "beta"],
  capability: "listUsers",
  effect: "read",
  lane: "directory",
  permission: "readUsers",
  subject: "none",
  run: call => {
    if (call.headers.consistencylevel?.toLowerCase() !== "eventual") return refuse("countUnsupported");
    const query = userQuery({ ...call, query: new Map([...call.query, ["$count", "true"]]) });
    if ("kind" in query) return query;
    const count = query.candidates.filter(query.wanted).length;
    return { kind: "text", text: String(count), contentType: "text/plain" };
  },
});
