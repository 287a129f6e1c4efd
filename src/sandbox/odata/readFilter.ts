import { type Refusal, refuse } from "../exchange.ts";
import { type Filter, parseFilter } from "./filter.ts";
import { FilterError } from "./filterError.ts";
import type { Query } from "./query.ts";

/** The filter of a query, undefined when there is none, or the service's refusal of it. */
export function readFilter(query: Query): Filter | Refusal | undefined {
  const text = query.get("$filter");
  if (text === undefined) return undefined;
  try {
    return parseFilter(text);
  } catch (error) {
    if (error instanceof FilterError) return refuse("filterInvalid", { why: error.message });
    throw error;
  }
}
