import { collectionAnswer } from "./collection.ts";
import type { Result } from "./exchange.ts";
import { matches } from "./odata/matches.ts";
import { pageRequest, takePage } from "./odata/page.ts";
import { picked, selectOf } from "./odata/query.ts";
import { readFilter } from "./odata/readFilter.ts";
import type { Call } from "./operation.ts";

/** Objects of the directory as it lists them: those that fit `$filter`, a page of them, of each what `$select` names. */
export function directoryList(
  call: Call,
  context: string,
  all: readonly Readonly<Record<string, unknown>>[],
): Result {
  const filter = readFilter(call.query);
  if (filter?.kind === "refusal") return filter;
  const request = pageRequest(call.query, { standard: 100, most: 999 });
  if ("kind" in request) return request;
  const page = takePage(all, request, each => filter === undefined || matches(filter, name => each[name]));
  const select = selectOf(call.query);
  return collectionAnswer(call, context, { ...page, items: page.items.map(each => picked(each, select)) });
}
