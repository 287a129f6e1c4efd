import type { Change } from "../model/change.ts";
import type { Fault } from "../model/fault.ts";
import { conclude } from "./conclude.ts";
import type { History, Step, Timing } from "./history.ts";
import { say } from "./say.ts";
import { secondLook, settle } from "./settle.ts";

/**
 * What to say after a definite refusal (a 4xx other than 401, 403, 408, 409, 429). `failed` only when reads at once and
 * after 3 s still show what was there before; and where an earlier attempt had no trustworthy answer, when a read after
 * that attempt's horizon does so too (rules.md, doubt).
 */
export function confirmRefusal(history: History, now: number, timing: Timing): Step {
  const { answer, change, doubtSince, ownWriteAt } = history;
  const fault = answer?.fault;
  if (!answer || !fault) return settle(history, timing);
  const reads = history.reads.filter(read => read.at >= answer.answeredAt);
  const seen = conclude(history, reads, timing);
  switch (seen.kind) {
    case "wanted":
      return say(history, isOurs(history, fault) ? "applied" : "alreadySo");
    case "other":
      return say(history, "refused", { code: "PREPOP_ROW_CHANGED", facts: { found: seen.found } });
    case "barred":
      return say(history, "refused", { graphCode: seen.state, message: seen.message });
    case "gone":
    case "open":
      break;
  }
  if (reads.length === 0) return { do: "read", at: now };
  if (reads.length === 1) return { do: "read", at: answer.answeredAt + secondLook * timing.horizonMs };
  const provesFrom = Math.max(doubtSince ?? 0, ownWriteAt ?? 0) + timing.horizonMs;
  const newest = reads.at(-1);
  if ((doubtSince !== undefined || ownWriteAt !== undefined) && newest && newest.at < provesFrom) {
    return { do: "read", at: provesFrom };
  }
  if (seen.kind === "gone") {
    return doubtSince === undefined && change.kind !== "delete"
      ? failed(history, fault)
      : say(history, "refused", { code: "PREPOP_ROW_CHANGED", facts: { found: seen.found } });
  }
  const lagging = doubtSince !== undefined && contradicts(fault, change);
  if (seen.untouched >= 2 && !lagging) return failed(history, fault);
  return say(history, "inDoubt", {
    code: "PREPOP_ROW_IN_DOUBT",
    facts: { why: `HTTP ${fault.status}: ${fault.message}` },
  });
}

/**
 * Whether a refusal says something else than reads that show what was there before, so that after an attempt that may have
 * been executed the reads lag: "not there" of what they show, or the refusal of a phone that they do not show. What Graph
 * answers to a second phone of a type is not published, so any refusal of a create but 404 may be that.
 */
function contradicts(fault: Fault, change: Change): boolean {
  return change.kind === "create" ? fault.status !== 404 : fault.status === 404;
}

/**
 * Whose doing it is when a refused write is found done: ours when an attempt of it had no trustworthy answer, or when
 * the slot was read right before the send; somebody else's when the phone of a create or of a 404 was simply there.
 */
function isOurs(history: History, fault: Fault): boolean {
  if (history.doubtSince !== undefined) return true;
  return history.change.kind !== "create" && fault.status !== 404;
}

function failed(history: History, fault: Fault): Step {
  return say(history, "failed", {
    graphCode: fault.code || `http${fault.status}`,
    message: `Graph refused it: ${fault.message}`,
  });
}
