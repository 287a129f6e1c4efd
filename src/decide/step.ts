import type { Change } from "../model/change.ts";
import type { Fault } from "../model/fault.ts";
import type { Outcome } from "../model/run.ts";
import { noUser } from "./conclude.ts";
import { confirmRefusal } from "./confirm.ts";
import { judge } from "./judge.ts";
import { meaningOf } from "./retry.ts";
import { say } from "./say.ts";
import { readBackShares, settle } from "./settle.ts";
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
  /** The newest answer in this process. */
  readonly answer?: Answer;
  /** Reads of the slot in this process, oldest first. */
  readonly reads: readonly Read[];
  /** When the newest attempt without a trustworthy answer was sent; absent when there was none. */
  readonly doubtSince?: number;
  /** What was wrong with the answer of that attempt, where this process saw it. */
  readonly doubt?: Fault;
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

/** One entry is tried this often, no more. */
export const attemptBudget = 10;
/** A read older than this is too old to send an update, a delete or an SMS change on. */
const freshMs = 30_000;

/** What to do next for one entry. */
export function nextStep(history: History, now: number, timing: Timing): Step {
  const { answer } = history;
  if (!answer)
    return history.doubtSince === undefined ? begin(history, now, timing) : settle(history, timing);
  if (answer.accepted) return say(history, "applied");
  const { fault } = answer;
  if (!fault) return settle(history, timing);
  switch (meaningOf(fault)) {
    case "doubt":
      return settle(history, timing);
    case "refused":
      return confirmRefusal(history, now, timing);
    case "throttled":
    case "unsent":
      if (answer.heeded) return begin(history, now, timing);
      return history.attempts >= attemptBudget ? { do: "stop", why: "budget", fault } : { do: "wait", fault };
    case "unauthorized":
      if (answer.heeded) return begin(history, now, timing);
      return history.refreshed ? { do: "stop", why: "unauthorized", fault } : { do: "refreshToken" };
    case "forbidden":
      if (answer.heeded) return begin(history, now, timing);
      if (!history.refreshed) return { do: "refreshToken" };
      return history.doubtSince === undefined
        ? say(history, "refused", { code: "PREPOP_ROW_FORBIDDEN", facts: { why: fault.message } })
        : settle(history, timing);
  }
}

/** Before the send: a create goes out, the others want a fresh read that still shows `from` (rules.md, drift). */
function begin(history: History, now: number, timing: Timing): Step {
  const { change, waitedAt, ownWriteAt } = history;
  if (change.kind === "create") return { do: "send" };
  const read = history.reads.at(-1);
  if (read?.gone && read.at >= waitedAt) {
    return say(history, "refused", { code: "PREPOP_ROW_CHANGED", facts: { found: noUser } });
  }
  const fresh = read?.slot && read.at >= waitedAt && now - read.at <= freshMs ? read : undefined;
  if (!fresh?.slot) return { do: "read", at: now };
  const seen = judge(change, fresh.slot);
  if (seen.kind === "from") return { do: "send" };
  if (history.doubtSince !== undefined) return settle(history, timing);
  if (seen.kind === "wanted" && seen.already) return say(history, "alreadySo");
  if (seen.kind === "barred") {
    return say(history, "refused", { graphCode: seen.state, message: seen.message });
  }
  // This ledger wrote the slot a moment ago and the read may lag behind it: look again before saying that it changed.
  const again = ownWriteAt === undefined ? undefined : nextReadBack(ownWriteAt, fresh.at, timing);
  if (again !== undefined) return { do: "read", at: again };
  return say(history, "refused", { code: "PREPOP_ROW_CHANGED", facts: { found: seen.found } });
}

/** The first read-back time of a write that comes after `after`; undefined when the horizon has passed. */
function nextReadBack(writtenAt: number, after: number, timing: Timing): number | undefined {
  return readBackShares.map(share => writtenAt + share * timing.horizonMs).find(at => at > after);
}
