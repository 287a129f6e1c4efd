import type { PrepopError } from "../model/errors.ts";
import type { Fault } from "../model/fault.ts";

/** Why a run ends before its entries do. The entries that were not sent stay open. */
export type StopReason =
  /** The person asked (Ctrl-C): exit 130. */
  | { readonly kind: "interrupted" }
  /** The caller may not write any more: exit 4. */
  | { readonly kind: "unauthorized"; readonly fault: Fault }
  /** There is no token to send any more: the sign-in is over (exit 4) or cannot be reached (exit 5). */
  | { readonly kind: "signIn"; readonly error: PrepopError }
  /** The service asks for more patience than allowed: exit 5. */
  | { readonly kind: "busy"; readonly fault: Fault; readonly waitMs: number }
  /** Too much of the run failed: exit 6. */
  | { readonly kind: "failures"; readonly bad: number; readonly finished: number }
  /** The ledger or the process failed: the error goes on. */
  | { readonly kind: "error"; readonly error: unknown };

/** Thrown inside a run to leave an entry as it is; the run reads the reason and ends. */
export class Stopped extends Error {
  readonly reason: StopReason;
  constructor(reason: StopReason) {
    super(`The run stops: ${reason.kind}.`);
    this.name = "Stopped";
    this.reason = reason;
  }
}

/** What the doors abort a run with. */
export class Interrupted extends Error {
  constructor() {
    super("Interrupted.");
    this.name = "Interrupted";
  }
}
