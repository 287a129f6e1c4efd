import type { Fault } from "../model/fault.ts";
import { conclude } from "./conclude.ts";
import { budgetSpent, type History, type Read, type Step, type Timing } from "./history.ts";
import { judge } from "./judge.ts";
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
  if (untouched >= 1 && numberIsTaken(history, reads)) {
    return say(history, "refused", {
      graphCode: phoneNumberNotUnique,
      message: "SMS sign-in was not enabled: another account uses the number for it.",
    });
  }
  const conflicts = history.doubt?.status === 409 && history.attempts >= conflictBudget;
  const spent = conflicts || budgetSpent(history);
  if (untouched >= 2 && !spent && mayResend(history, reads)) return { do: "send" };
  const next = nextRead(reads, since, timing);
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
function mayResend(history: History, reads: readonly Read[]): boolean {
  const newest = reads.at(-1);
  return (
    newest?.slot !== undefined &&
    judge(history.change, newest.slot).kind === "from" &&
    newest.at >= history.waitedAt
  );
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
