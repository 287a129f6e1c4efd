import type { Fault } from "../model/fault.ts";
import { conclude } from "./conclude.ts";
import { attemptBudget, type History, type Read, type Step, type Timing } from "./history.ts";
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
      return say(history, "applied", saidOf(history));
    case "other":
      return say(history, "refused", { code: "PREPOP_ROW_CHANGED", facts: { found: seen.found } });
    case "barred":
      return say(history, "refused", { graphCode: seen.state, message: seen.message });
    case "gone":
      return history.change.kind === "delete"
        ? say(history, "applied")
        : say(history, "refused", { code: "PREPOP_ROW_CHANGED", facts: { found: seen.found } });
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
      graphCode: "phoneNumberNotUnique",
      message: "SMS sign-in was not enabled: another account uses the number for it.",
    });
  }
  const budget = history.doubt?.status === 409 ? conflictBudget : attemptBudget;
  if (untouched >= 2 && history.attempts < budget && mayResend(history, reads)) return { do: "send" };
  const share = readBackShares[reads.length];
  if (share !== undefined) return { do: "read", at: since + share * timing.horizonMs };
  if (untouched >= 2 && history.attempts >= attemptBudget && history.doubt) {
    return { do: "stop", why: "budget", fault: history.doubt };
  }
  return say(history, "inDoubt", { code: "PREPOP_ROW_IN_DOUBT", facts: { why: reasonOf(history.doubt) } });
}

/** Enabling SMS sign-in met a 409 and the state names the reason. */
function numberIsTaken(history: History, reads: readonly Read[]): boolean {
  const slot = reads.at(-1)?.slot;
  return (
    history.change.kind === "enableSms" &&
    history.doubt?.status === 409 &&
    slot !== undefined &&
    slot.kind !== "empty" &&
    slot.smsSignInState === "phoneNumberNotUnique"
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

/** A 409 whose number was stored keeps Graph's code: the phone is there, only SMS sign-in is not. */
function saidOf(history: History): Said | undefined {
  const { doubt } = history;
  if (doubt?.status !== 409) return undefined;
  return {
    graphCode: doubt.code || "conflict",
    message: "The phone is stored, but another account uses the number for SMS sign-in.",
  };
}

function reasonOf(fault: Fault | undefined): string {
  if (!fault) return "the process ended before the answer came";
  return fault.status === undefined ? fault.message : `HTTP ${fault.status}: ${fault.message}`;
}
