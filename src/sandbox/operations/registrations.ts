import { collectionAnswer } from "../collection.ts";
import { refuse } from "../exchange.ts";
import { matches } from "../odata/matches.ts";
import { pageRequest, takePage } from "../odata/page.ts";
import { picked, selectOf } from "../odata/query.ts";
import { readFilter } from "../odata/readFilter.ts";
import { contextRoot, operation } from "../operation.ts";
import { registrationOf } from "../registration.ts";
import { findUser } from "../state.ts";
import type { SandboxUser } from "../user.ts";

const path = "/reports/authenticationMethods/userRegistrationDetails";

const common = {
  method: "GET",
  versions: ["v1.0", "beta"],
  capability: "reports",
  effect: "read",
  lane: "reports",
  permission: "readReports",
} as const;

/**
 * The registration report, one line a user, late by `reportLagMs`.
 * @see https://learn.microsoft.com/graph/api/authenticationmethodsroot-list-userregistrationdetails
 */
export const listRegistrations = operation({
  ...common,
  name: "listRegistrations",
  path,
  subject: "none",
  run: call => {
    const filter = readFilter(call.query);
    if (filter?.kind === "refusal") return filter;
    const most = call.settings.reportPageSize;
    const request = pageRequest(call.query, { standard: most, most });
    if ("kind" in request) return request;
    const time = call.now - call.settings.reportLagMs;
    const wanted = (user: SandboxUser) => {
      if (user.deleted !== undefined) return false;
      if (filter === undefined) return true;
      const line = registrationOf(user, time);
      return matches(filter, name => line[name]);
    };
    const page = takePage(call.state.users, request, wanted);
    const select = selectOf(call.query);
    const items = page.items.map(user => picked(registrationOf(user, time), select));
    return collectionAnswer(call, "reports/authenticationMethods/userRegistrationDetails", {
      ...page,
      items,
    });
  },
});

/** The line of one user. @see https://learn.microsoft.com/graph/api/userregistrationdetails-get */
export const getRegistration = operation({
  ...common,
  name: "getRegistration",
  path: `${path}/{id}`,
  subject: "none",
  run: call => {
    const id = call.params.id ?? "";
    const user = findUser(call.state, id);
    if (user === undefined) return refuse("userNotFound", { id });
    const context = `${contextRoot(call)}reports/authenticationMethods/userRegistrationDetails/$entity`;
    const line = registrationOf(user, call.now - call.settings.reportLagMs);
    return {
      kind: "json",
      status: 200,
      value: { "@odata.context": context, ...picked(line, selectOf(call.query)) },
    };
  },
});
