import type { Answer } from "./answer.ts";

/** One HTTP request to Graph as data, before it has a token. */
export type Wire = {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE" | "PUT";
  /** Path and query below the origin, encoded, with its version: `/v1.0/users/…`. */
  readonly path: string;
  /** JSON, or the bytes of a file. */
  readonly body?: string | Uint8Array;
  /** Advanced directory queries need it, together with `$count=true`. */
  readonly eventual?: boolean;
  /** The Prefer header, with which an update may also create. */
  readonly prefer?: string;
  /** The session of Excel Online that it belongs to. */
  readonly session?: string;
  /** The answer is a file: its bytes are wanted, or where they are. */
  readonly file?: true;
  /** The answer's headers are wanted as well. */
  readonly whole?: true;
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
