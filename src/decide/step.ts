import type { Fault } from "../model/fault.ts";
import { noUser } from "./conclude.ts";
import { confirmRefusal } from "./confirm.ts";
import { longestQueueMs } from "./doubt.ts";
import { budgetSpent, type History, type Step, type Timing } from "./history.ts";
import { judge } from "./judge.ts";
import { meaningOf } from "./retry.ts";
import { say } from "./say.ts";
import { readBackShares, settle } from "./settle.ts";

/** A read older than this is too old to send an update, a delete or an SMS change on. */
const freshMs = longestQueueMs;

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
      return budgetSpent(history) ? { do: "stop", why: "budget", fault } : { do: "wait", fault };
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

/**
 * Until when a write that is marked as sent `now` may still leave, on the monotonic clock: its read must not grow old
 * while it waits for its turn, and after a crash somebody must know when it left at the latest (decide/doubt).
 */
export function sendBy({ change, reads }: History, now: number): number {
  const newest = reads.at(-1);
  return change.kind === "create" || !newest ? now + longestQueueMs : newest.at + freshMs;
}

/** Before the send: a create goes out, the others want a fresh read that still shows `from` (rules.md, drift). */
function begin(history: History, now: number, timing: Timing): Step {
  const { change, waitedAt, ownWriteAt } = history;
  if (change.kind === "create") return { do: "send" };
  const read = history.reads.at(-1);
  if (read?.gone && read.at >= waitedAt) {
    return say(history, "refused", { code: "PREPOP_ROW_CHANGED", facts: { found: noUser } });
  }
  if (read?.fault && read.at >= waitedAt) return readFailed(history, read.fault, now, timing);
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

/** A read before the send that failed is made again after these waits, ms; each has a few tries of its own. */
const readAgainMs: readonly number[] = [4_000, 30_000, 45_000, 60_000, 60_000, 60_000];

/** Nothing is sent on a read that failed. Who may not read a user may not write to him. */
function readFailed(history: History, fault: Fault, now: number, timing: Timing): Step {
  if (history.doubtSince !== undefined) return settle(history, timing);
  switch (meaningOf(fault)) {
    case "forbidden":
      return say(history, "refused", { code: "PREPOP_ROW_FORBIDDEN", facts: { why: fault.message } });
    case "refused":
      return say(history, "refused", { code: "PREPOP_ROW_CHANGED", facts: { found: "it cannot be read" } });
    default: {
      const failures = history.reads.length - 1 - history.reads.findLastIndex(read => !read.fault);
      const wait = readAgainMs[failures - 1];
      return wait === undefined ? { do: "stop", why: "budget", fault } : { do: "read", at: now + wait };
    }
  }
}

/** The first read-back time of a write that comes after `after`; undefined when the horizon has passed. */
function nextReadBack(writtenAt: number, after: number, timing: Timing): number | undefined {
  return readBackShares.map(share => writtenAt + share * timing.horizonMs).find(at => at > after);
}
