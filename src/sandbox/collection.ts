import type { Result } from "./exchange.ts";
import { nextLink, type Page } from "./odata/page.ts";
import { type Call, contextRoot } from "./operation.ts";

/** A page of a collection as an answer: context, count where asked for, link to the next page, value. */
export function collectionAnswer(call: Call, context: string, page: Page<object>, count?: number): Result {
  const value = {
    "@odata.context": contextRoot(call) + context,
    ...(count === undefined ? {} : { "@odata.count": count }),
    ...(page.next === undefined ? {} : { "@odata.nextLink": nextLink(call.origin, call.url, page.next) }),
    value: page.items,
  };
  return { kind: "json", status: 200, value };
}

/** Whether the answer is to count: the directory does so only for eventual consistency. */
export function wantsCount(call: Call): boolean {
  return call.query.get("$count") === "true" && call.headers.consistencylevel?.toLowerCase() === "eventual";
}
