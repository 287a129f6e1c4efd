import { PrepopError } from "../model/errors.ts";
import type { Fault } from "../model/fault.ts";

/** The token is not accepted. */
export function rejected(fault: Fault, cause?: unknown): PrepopError {
  return new PrepopError("PREPOP_AUTH_REJECTED", { why: fault.message, request: requestOf(fault) }, cause);
}

/** The caller may not do this. */
export function forbidden(fault: Fault, cause?: unknown): PrepopError {
  return new PrepopError("PREPOP_AUTH_FORBIDDEN", { why: fault.message, request: requestOf(fault) }, cause);
}

/** No connection, or none that lasted. */
export function unreachable(origin: string, fault: Fault, cause?: unknown): PrepopError {
  return new PrepopError("PREPOP_GRAPH_UNREACHABLE", { origin, why: fault.message }, cause);
}

/** Somebody points elsewhere, where no token is sent. */
export function redirected(fault: Fault, cause?: unknown): PrepopError {
  const why = fault.message.replace(/\.$/, "");
  return new PrepopError("PREPOP_GRAPH_REDIRECTED", { why, request: requestOf(fault) }, cause);
}

export function isRedirect({ kind, status = 0 }: Fault): boolean {
  return kind === "http" && status < 400;
}

/** The service asks for more patience than allowed. `wallNow` is ms since 1970. */
export function busy(
  fault: Fault,
  waitMs: number,
  wallNow: number,
  state: string,
  cause?: unknown,
): PrepopError {
  const facts = {
    wait: `${Math.ceil(waitMs / 1_000)} s`,
    why: `HTTP ${fault.status ?? "without an answer"}${requestOf(fault)}`,
    state,
    until: new Date(wallNow + waitMs).toISOString(),
  };
  return new PrepopError("PREPOP_GRAPH_BUSY", facts, cause);
}

function requestOf(fault: Fault): string {
  return fault.requestId === undefined ? "" : ` (request-id ${fault.requestId})`;
}
