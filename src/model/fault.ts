/**
 * A typed failure at the edge to Graph. `http`: an answer with an error status. `unreadable`: an answer whose body
 * cannot be read. `timeout` and `network`: no answer. `unreachable`: no connection was made, so nothing was sent.
 */
export type Fault = {
  readonly kind: "http" | "unreadable" | "timeout" | "network" | "unreachable";
  readonly status?: number;
  /** Graph's error code; it may be empty or unknown. Branch on it, never on the message. */
  readonly code?: string;
  /** Graph's text, digits masked. */
  readonly message: string;
  readonly requestId?: string;
  readonly clientRequestId?: string;
  /** The Retry-After header as it came, and the Date header it may be relative to. */
  readonly retryAfter?: string;
  readonly date?: string;
  /** Which operations the limit of a 429 is for, where x-ms-throttle-scope says so. */
  readonly limit?: "read" | "write" | "readWrite";
};

/** A fault on its way up: edges throw it, the engine turns it into an outcome or into a PrepopError. */
export class GraphFault extends Error {
  readonly fault: Fault;
  constructor(fault: Fault, cause?: unknown) {
    super(fault.message, cause === undefined ? undefined : { cause });
    this.name = "GraphFault";
    this.fault = fault;
  }
}
