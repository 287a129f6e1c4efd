import type { Answer } from "./answer.ts";

/** One HTTP request to Graph as data, before it has a token. */
export type Wire = {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Path and query below the origin, encoded, with its version: `/v1.0/users/…`. */
  readonly path: string;
  /** JSON. */
  readonly body?: string;
  /** Advanced directory queries need it, together with `$count=true`. */
  readonly eventual?: boolean;
  /** Operations in this request, for the counters: 1, or the items of a batch. */
  readonly operations?: number;
  readonly writes?: number;
};

/** Sends one request and gives its answer whatever the status; throws GraphFault where no answer came. */
export type Call = (wire: Wire) => Promise<Answer>;

/** A read of one path. */
export function get(path: string): Wire {
  return { method: "GET", path };
}
