import { matches } from "../odata/matches.ts";
import { picked, selectOf } from "../odata/query.ts";
import { readFilter } from "../odata/readFilter.ts";
import { contextRoot, operation } from "../operation.ts";
import { representation, visiblePhones } from "../phones.ts";

/**
 * List phoneMethods. The page knows no query options, so `strict` refuses them; without it `$filter` and `$select`
 * work, as they are seen to in production scripts.
 * @see https://learn.microsoft.com/graph/api/authentication-list-phonemethods
 */
export const listPhones = operation({
  name: "listPhones",
  method: "GET",
  path: "/users/{user}/authentication/phoneMethods",
  versions: ["v1.0", "beta"],
  effect: "read",
  lane: "phones",
  permission: "readPhones",
  subject: "authentication",
  self: "allowed",
  query: [],
  run: call => {
    const filter = readFilter(call.query);
    if (filter?.kind === "refusal") return filter;
    const all = visiblePhones(call).map(([type, phone]) => representation(call, type, phone));
    const fitting = filter === undefined ? all : all.filter(phone => matches(filter, name => phone[name]));
    const select = selectOf(call.query);
    const value = fitting.map(phone => picked(phone, select));
    const context = `${contextRoot(call)}users('${call.params.user}')/authentication/phoneMethods`;
    return { kind: "json", status: 200, value: { "@odata.context": context, value } };
  },
});
