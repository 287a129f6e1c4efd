import type { Reason } from "../model/change.ts";
import { catalogue } from "../model/errors.ts";
import type { Entry, Outcome, OutcomeKind } from "../model/run.ts";

export type Blocker = { readonly entry: Entry; readonly outcome: OutcomeKind };

/**
 * What is said of an entry that this run sends nothing for: because the plan had nothing to send, because an earlier
 * write of the same user did not succeed, or because the run ended first.
 */
export function outcomeWithoutSend(entry: Entry, blocker?: Blocker): Outcome {
  const { attempts } = entry;
  switch (entry.kind) {
    case "unchanged":
      return { outcome: "alreadySo", attempts };
    case "kept":
      return { outcome: "skipped", attempts, code: "PREPOP_ROW_KEPT", message: text("PREPOP_ROW_KEPT") };
    case "refused": {
      const taken = entry.reason === "otherNumber" && entry.to !== null;
      const facts = taken ? slotTaken : (refusals[entry.reason] ?? { why: entry.reason, fix: "" });
      const { message, hint } = catalogue.PREPOP_ROW_PLAN_REFUSED;
      return {
        outcome: "refused",
        attempts,
        code: "PREPOP_ROW_PLAN_REFUSED",
        message: `${message(facts)} ${hint(facts)}`.trimEnd(),
      };
    }
    default:
      if (blocker) return blockedBy(entry, blocker);
      if (entry.state === "sent" || entry.doubtSince !== undefined) {
        return { outcome: "inDoubt", attempts, code: "PREPOP_ROW_IN_DOUBT", message: doubtAtEnd() };
      }
      return notDone(entry);
  }
}

/** The run ended before the entry did. What was sent of it was turned away: anything else would be in doubt. */
function notDone({ attempts }: Entry): Outcome {
  const code = attempts === 0 ? "PREPOP_ROW_NOT_SENT" : "PREPOP_ROW_TURNED_AWAY";
  return { outcome: "skipped", attempts, code, message: text(code) };
}

function blockedBy(entry: Entry, { entry: before, outcome }: Blocker): Outcome {
  const facts = { kind: before.kind, phoneType: before.phoneType, outcome, entry: before.seq };
  return {
    outcome: "skipped",
    attempts: entry.attempts,
    code: "PREPOP_ROW_BLOCKED_BY",
    message: catalogue.PREPOP_ROW_BLOCKED_BY.message(facts),
  };
}

function doubtAtEnd(): string {
  return catalogue.PREPOP_ROW_IN_DOUBT.message({ why: "the run ended before one" });
}

function text(code: "PREPOP_ROW_KEPT" | "PREPOP_ROW_NOT_SENT" | "PREPOP_ROW_TURNED_AWAY"): string {
  return catalogue[code].message({});
}

const slotTaken = {
  why: "the slot holds another number already",
  fix: "`prepop phone update` replaces it.",
};

/** Why a plan refuses a change, and what to do about it. */
const refusals: Readonly<Partial<Record<Reason, { readonly why: string; readonly fix: string }>>> = {
  otherNumber: {
    why: "the user has another number than the listed one, so it is not removed",
    fix: "Correct the list, or remove by slot with a list that has no phone column and --types.",
  },
  masked: {
    why: "the number read is masked and does not fit, so it cannot be compared",
    fix: "Use app-only permission or the role Privileged Authentication Administrator, or --overwrite-masked.",
  },
  defaultMethod: {
    why: "the phone is the user's default sign-in method and no other method can become it",
    fix: "Have the user register another method first.",
  },
  lastMethod: {
    why: "it would leave the user without any method",
    fix: "Have the user register another method first, or use --allow-last-method.",
  },
  alternateNeedsMobile: {
    why: "Graph keeps a mobile phone while the user has an alternate mobile",
    fix: "Remove the alternate mobile in the same list.",
  },
  unreadable: {
    why: "the user's phones could not be read",
    fix: "Plan again; a new account may need a few minutes.",
  },
  forbidden: {
    why: "this caller may not read this user's phones",
    fix: "An administrator's phones need the role Privileged Authentication Administrator.",
  },
  inDoubt: {
    why: "whether the run changed it is still in doubt, also after it was read back",
    fix: "`prepop undo` again reads it back again.",
  },
  notByRun: { why: "it was so already, so the run did not change it", fix: "There is nothing to take back." },
  changedSince: {
    why: "the phone is not what the run left, so somebody else changed it since",
    fix: "`prepop phone list` shows what is there now; `prepop phone` changes it.",
  },
  laterRun: {
    why: "a later run changed this phone",
    fix: "Undo that run first, then this one again.",
  },
  maskedBefore: {
    why: "the run could only read the number before masked, so it is not known",
    fix: "Have the user register the phone again.",
  },
  maskedNow: {
    why: "the number read now is masked, so it cannot be told from the one that the run wrote",
    fix: "Use app-only permission or the role Privileged Authentication Administrator.",
  },
  unwritable: {
    why: "the number before is in a form that Graph does not take",
    fix: "`prepop phone update` writes it in the right form.",
  },
  noMobile: {
    why: "Graph takes an alternate mobile only of a user who has a mobile, and there will be none",
    fix: "Give the user a mobile first, then undo again.",
  },
  defaultLeft: {
    why: "the run switched the user's default sign-in method, but did not delete the phone",
    fix: "Have the user choose the default method again under My Security Info.",
  },
  defaultNotBack: {
    why: "the run took the user's default sign-in method away with this phone; the phone is back, its default is not",
    fix: "Have the user choose the default method again under My Security Info.",
  },
};
