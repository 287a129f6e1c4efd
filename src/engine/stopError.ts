import { limitText } from "../decide/guard.ts";
import { PrepopError } from "../model/errors.ts";
import type { Limit } from "../model/options.ts";
import type { RunEnd } from "./run.ts";
import { busy } from "./worldErrors.ts";

/** Why a run stopped before its end, as the error that a door shows. */
export function stopError(end: RunEnd, wallNow: number, limit?: Limit): PrepopError | undefined {
  const { stop } = end;
  const state = stateText(end);
  switch (stop?.kind) {
    case undefined:
    case "error":
      return undefined;
    case "interrupted":
      return new PrepopError("PREPOP_INTERRUPTED", { state, run: end.run.id });
    case "unauthorized": {
      const request = stop.fault.requestId === undefined ? "" : ` (request-id ${stop.fault.requestId})`;
      return new PrepopError("PREPOP_AUTH_LOST", { why: stop.fault.message, request, state });
    }
    case "signIn": {
      const { error } = stop;
      const code = error.exitCode === 5 ? "PREPOP_AUTH_AWAY" : "PREPOP_AUTH_ENDED";
      return new PrepopError(code, { what: error.message, fix: error.hint, state }, error);
    }
    case "busy":
      return busy(stop.fault, stop.waitMs, wallNow, state);
    case "failures": {
      const { bad, finished } = stop;
      return new PrepopError("PREPOP_GUARD_FAILURES", {
        bad,
        finished,
        limit: limit ? limitText(limit) : "reached",
        state,
      });
    }
  }
}

/** What state things are in after a failure in the middle. */
export function stateText({ counts, open }: Pick<RunEnd, "counts" | "open">): string {
  const done = counts.applied + counts.alreadySo;
  return `Done: ${done}. Refused or failed: ${counts.refused + counts.failed}. In doubt: ${counts.inDoubt}. Not sent: ${open - counts.inDoubt}.`;
}

/** Whether there is no token to send: the sign-in is over, or nobody answers there. */
export function isOfSignIn(error: unknown): error is PrepopError {
  return error instanceof PrepopError && error.code.startsWith("PREPOP_AUTH_");
}

/** Whether the ledger takes nothing more: the disk is full, or the rights are gone. */
export function isUnwritable(error: unknown): error is PrepopError {
  return error instanceof PrepopError && error.code === "PREPOP_LEDGER_WRITE";
}

/** The same error with what state things are in. */
export function withState(error: PrepopError, state: string): PrepopError {
  return new PrepopError(error.code, { ...error.facts, state }, error);
}
