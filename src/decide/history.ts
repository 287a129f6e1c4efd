import type { Change } from "../model/change.ts";
import type { Fault } from "../model/fault.ts";
import type { Outcome } from "../model/run.ts";
import type { Slot } from "./slot.ts";

/**
 * The life of one entry that writes, as a pure decision. The engine keeps the history and does what the step says.
 *
 *   begin ──(update, delete, SMS: read first)──► send ──► accepted ─────────────────► applied
 *     │                                           ▲ │
 *     └─ read is not `from` ─► refused            │ ├─ throttled, unsent: wait ─────► begin, or the lane ends
 *                                                 │ ├─ 401, 403: new token once ────► send, then refused or the run stops
 *                              `from` twice ──────┘ ├─ no trustworthy answer: settle ► applied, refused, send, inDoubt
 *                                                   └─ refused (4xx): confirm ──────► alreadySo, refused, failed, inDoubt
 *
 * All times are ms on one monotonic clock.
 */
export type History = {
  readonly change: Change;
  /** Attempts sent so far, in this process and before it. */
  readonly attempts: number;
  /** Those of earlier processes: each has a budget of its own, or `resume` could never go on. */
  readonly earlierAttempts: number;
  /** The newest answer in this process. */
  readonly answer?: Answer;
  /** Reads of the slot in this process, oldest first. */
  readonly reads: readonly Read[];
  /** When the newest attempt without a trustworthy answer was sent; absent when there was none. */
  readonly doubtSince?: number;
  /** What was wrong with the answer of that attempt, where this process saw it. */
  readonly doubt?: Fault;
  /** Before this it is not sent again: the Retry-After of an attempt in doubt. */
  readonly notBefore?: number;
  /** When another entry of this ledger last wrote the slot: a read within the horizon after it proves nothing. */
  readonly ownWriteAt?: number;
  /** When the last wait of the lane ended: a read before it is too old to send an update on. */
  readonly waitedAt: number;
  /** Whether the token was renewed after the answer that asked for it. */
  readonly refreshed: boolean;
};

export type Answer = {
  readonly sentAt: number;
  readonly answeredAt: number;
  readonly accepted: boolean;
  readonly fault?: Fault;
  readonly requestId?: string;
  /** Whether what the fault asked for (a wait, a new token) has been done since. */
  readonly heeded: boolean;
};

export type Read = {
  readonly at: number;
  /** Undefined when the read itself failed. */
  readonly slot: Slot | undefined;
  /** The user answered 404: there is nobody to write to. */
  readonly gone?: boolean;
  /** Why it failed, where it did. */
  readonly fault?: Fault;
};

export type Timing = {
  /** The length of the settling horizon. */
  readonly horizonMs: number;
};

export type Step =
  | { readonly do: "read"; readonly at: number }
  | { readonly do: "send" }
  /** Wait as the fault says, then go on from the beginning; the lane waits with it. */
  | { readonly do: "wait"; readonly fault: Fault }
  | { readonly do: "refreshToken" }
  /** The entry stays open and the run stops: the caller may not go on (exit 4) or the service asks for patience (exit 5). */
  | { readonly do: "stop"; readonly why: "unauthorized" | "budget"; readonly fault: Fault }
  | { readonly do: "say"; readonly outcome: Outcome };

/** One entry is tried this often in one process, no more. */
const attemptBudget = 10;

/** Whether an entry may not be sent once more in this process. */
export function budgetSpent({ attempts, earlierAttempts }: History): boolean {
  return attempts - earlierAttempts >= attemptBudget;
}
