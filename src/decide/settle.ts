import type { Fault } from "../model/fault.ts";
import { conclude } from "./conclude.ts";
import { budgetSpent, type History, type Read, type Step, type Timing } from "./history.ts";
import { judge } from "./judge.ts";
import { meaningOf } from "./retry.ts";
import { type Said, say } from "./say.ts";

/** When an attempt without a trustworthy answer is read back, in shares of the horizon: 1, 3, 8, 20 and 45 s of 45 s. */
export const readBackShares: readonly number[] = [1 / 45, 3 / 45, 8 / 45, 20 / 45, 1];
/** A 409 is the service's own word for a conflict: sending it again more often than this changes nothing. */
const conflictBudget = 3;

/**
 * What to do about an attempt that may or may not have been executed (rules.md, doubt): read back over the horizon,
 * believe the state, send the same again when two reads still show what was there before.
 */
export function settle(history: History, timing: Timing): Step {
  const since = history.doubtSince ?? history.answer?.sentAt ?? 0;
  const reads = history.reads.filter(read => read.at >= since);
  const seen = conclude(history, reads, timing);
  switch (seen.kind) {
    case "wanted":
      return say(history, "applied", saidOf(history, reads));
    case "other":
      return say(history, "refused", { code: "PREPOP_ROW_CHANGED", facts: { found: seen.found } });
    case "barred":
      return say(history, "refused", { graphCode: seen.state, message: seen.message });
    case "gone":
      return (
        nextRead(reads, since, timing) ??
        say(history, "refused", { code: "PREPOP_ROW_CHANGED", facts: { found: seen.found } })
      );
    case "open":
      return stillOpen(history, reads, seen.untouched, since, timing);
  }
}

function stillOpen(
  history: History,
  reads: readonly Read[],
  untouched: number,
  since: number,
  timing: Timing,
): Step {
  if (numberIsTaken(history, reads)) {
    return say(history, "refused", {
      graphCode: phoneNumberNotUnique,
      message: "SMS sign-in was not enabled: another account uses the number for it.",
    });
  }
  const conflicts = history.doubt?.status === 409 && history.attempts >= conflictBudget;
  const spent = conflicts || budgetSpent(history);
  if (untouched >= 2 && !spent && showsFrom(history, reads.at(-1))) return resend(history, reads);
  const next = nextRead(reads, since, timing) ?? readThroughOutage(reads, untouched, timing);
  if (next) return next;
  if (untouched >= 2 && budgetSpent(history) && history.doubt) {
    return { do: "stop", why: "budget", fault: history.doubt };
  }
  return say(history, "inDoubt", { code: "PREPOP_ROW_IN_DOUBT", facts: { why: reasonOf(history.doubt) } });
}

/** The next read-back; undefined when the horizon has passed. */
function nextRead(reads: readonly Read[], since: number, timing: Timing): Step | undefined {
  const share = readBackShares[reads.length];
  return share === undefined ? undefined : { do: "read", at: since + share * timing.horizonMs };
}

/** Reads that nobody answered are made again this often, a horizon apart, before the run gives way to an outage. */
const outageReads = 5;
/** What one read showed is looked at once more after this share of the horizon: 3 s of 45 s. */
export const secondLook = 3 / 45;

/**
 * Past the horizon. While nobody answers the reads, nothing is known and nothing is said: they are made again, and then
 * the run ends for now. A single answer after an outage is looked at twice, as it would have been without one.
 */
function readThroughOutage(reads: readonly Read[], untouched: number, timing: Timing): Step | undefined {
  const newest = reads.at(-1);
  const more = reads.length < readBackShares.length + outageReads;
  if (!newest) return undefined;
  const unanswered = reads.length - 1 - reads.findLastIndex(read => !isUnanswered(read));
  if (unanswered === 0) {
    const lone = more && untouched === 1 && reads.some(isUnanswered);
    return lone ? { do: "read", at: newest.at + secondLook * timing.horizonMs } : undefined;
  }
  if (more) return { do: "read", at: newest.at + timing.horizonMs };
  return newest.fault && { do: "stop", why: "budget", fault: newest.fault };
}

/** Nobody answered it, which says nothing about this user: a refusal would. */
function isUnanswered({ fault }: Read): boolean {
  const meaning = fault && meaningOf(fault);
  return meaning === "throttled" || meaning === "unsent" || meaning === "doubt";
}

/** Enabling SMS sign-in met a 409 and the state names the reason. */
function numberIsTaken(history: History, reads: readonly Read[]): boolean {
  const slot = reads.at(-1)?.slot;
  return (
    history.change.kind === "enableSms" &&
    history.doubt?.status === 409 &&
    slot !== undefined &&
    slot.kind !== "empty" &&
    slot.smsSignInState === phoneNumberNotUnique
  );
}

/** The newest read must be the one that shows `from`: an update is only sent on what is there now. */
function showsFrom({ change }: History, newest: Read | undefined): boolean {
  return newest?.slot !== undefined && judge(change, newest.slot).kind === "from";
}

/** A read before the wait in the lane is too old to send on, but for a create, which no read has to allow. */
function resend({ change, waitedAt }: History, reads: readonly Read[]): Step {
  const newest = reads.at(-1);
  const fresh = change.kind === "create" || (newest !== undefined && newest.at >= waitedAt);
  return fresh ? { do: "send" } : { do: "read", at: waitedAt };
}

/**
 * A 409 whose number was stored: the phone is there, only SMS sign-in is not. Graph's code or the state that was read
 * says so; where neither is told, it is the one known reason for it, unless an earlier attempt stored the phone.
 */
function saidOf(history: History, reads: readonly Read[]): Said | undefined {
  const { doubt, change, attempts } = history;
  const stores = change.kind === "create" || change.kind === "update";
  if (doubt?.status !== 409 || !stores || change.phoneType !== "mobile") return undefined;
  const slot = reads.at(-1)?.slot;
  const state = slot && slot.kind !== "empty" ? slot.smsSignInState : undefined;
  const told = doubt.code === phoneNumberNotUnique || state === phoneNumberNotUnique;
  if (!told && (state !== undefined || attempts > 1)) return undefined;
  return {
    graphCode: phoneNumberNotUnique,
    message: "The phone is stored, but another account uses the number for SMS sign-in.",
  };
}

const phoneNumberNotUnique = "phoneNumberNotUnique";

function reasonOf(fault: Fault | undefined): string {
  if (!fault) return "the process ended before the answer came";
  return fault.status === undefined ? fault.message : `HTTP ${fault.status}: ${fault.message}`;
}
