import { type Change, type ChangeKind, isWrite, type Reason } from "../model/change.ts";
import { isMasked } from "../model/phone.ts";
import type { OutcomeKind } from "../model/run.ts";

/** Each reason in a few plain words; a second text where one kind of change needs another. */
const reasons: Readonly<
  Record<Reason, string | ({ readonly [Kind in ChangeKind]?: string } & { any: string })>
> = {
  emptySlot: "no phone of this type yet",
  otherNumber: {
    any: "has another number",
    kept: "has another number; policy add keeps it",
    refused: "holds another number than the one listed for removal",
  },
  sameNumber: "has this number already",
  maskedFits: "looks the same (masked read)",
  masked: {
    any: "masked read; cannot be told from the listed number",
    update: "masked read; overwritten without a way back",
  },
  blankCell: "the cell is blank",
  listed: "listed for removal",
  notThere: "nothing there to remove",
  defaultMethod: {
    any: "is the default method",
    refused: "the default method would go, and no other can take its place",
  },
  lastMethod: {
    any: "is the last method",
    refused: "the last method: nothing would be left to sign in with",
  },
  alternateNeedsMobile: "the mobile must stay while there is an alternateMobile",
  unreadable: "the user's phones could not be read",
  forbidden: "this caller may not change this user",
  smsSignIn: {
    any: "SMS sign-in",
    enableSms: "SMS sign-in on, as asked",
    disableSms: "SMS sign-in off, as asked",
  },
  requested: "asked for by hand",
  undo: {
    any: "takes an earlier run back",
    unchanged: "is as it was before the run already",
    refused: "cannot be taken back",
  },
  inDoubt: "whether the run changed it is still in doubt",
  notByRun: "was so already; the run did not change it",
  changedSince: "was changed since by somebody else",
  laterRun: "was changed by a later run; undo that one first",
  maskedBefore: "the run could only read the number before masked",
  maskedNow: "masked read; cannot be told from the number that the run wrote",
  unwritable: "the number before is in a form that Graph does not take",
  noMobile: "an alternateMobile needs a mobile, and there will be none",
  defaultLeft: "the run switched the default method, but did not delete the phone",
  defaultNotBack: "the phone is back, but not the default method that went with it",
};

/** Why a change is what it is, for a person. */
export function reasonText(change: Pick<Change, "kind" | "reason">): string {
  const text = reasons[change.reason];
  return typeof text === "string" ? text : (text[change.kind] ?? text.any);
}

/** Whether a change writes over a number that could not be read whole, so that no undo can bring it back. */
export function hasNoWayBack(change: Pick<Change, "kind" | "from">): boolean {
  return isWrite(change) && change.kind !== "create" && change.from !== null && isMasked(change.from);
}

/** The kinds of change in the words of the page and the terminal. */
export const kindWords: Readonly<Record<ChangeKind, string>> = {
  create: "create",
  update: "update",
  delete: "delete",
  unchanged: "unchanged",
  kept: "kept",
  refused: "refused",
  enableSms: "enable SMS sign-in",
  disableSms: "disable SMS sign-in",
};

/** The kinds in the order in which a person should look at them: what matters most comes first. */
export const kindImportance: readonly ChangeKind[] = [
  "refused",
  "delete",
  "update",
  "create",
  "disableSms",
  "enableSms",
  "kept",
  "unchanged",
];

/** The outcomes in the words of the page and the terminal. */
export const outcomeWords: Readonly<Record<OutcomeKind, string>> = {
  applied: "applied",
  alreadySo: "already so",
  refused: "refused",
  failed: "failed",
  inDoubt: "in doubt",
  skipped: "skipped",
};

/** The outcomes in the order in which a person should look at them. */
export const outcomeImportance: readonly OutcomeKind[] = [
  "inDoubt",
  "failed",
  "refused",
  "skipped",
  "applied",
  "alreadySo",
];
