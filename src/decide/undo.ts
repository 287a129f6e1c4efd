import { type Change, type ChangeKind, isWrite, type Reason } from "../model/change.ts";
import {
  type ExistingPhone,
  isCanonical,
  isMasked,
  type PhoneType,
  phoneTypes,
  type SmsSignInState,
} from "../model/phone.ts";
import type { Entry, LaterWrite, OutcomeKind } from "../model/run.ts";
import { order } from "./order.ts";
import { canonicalExisting, maskedFits } from "./phoneNumber.ts";
import { type Slot, slotOf, slotShows } from "./slot.ts";

/** One entry of the run that is taken back, with what came of it. */
export type UndoEntry = { readonly entry: Entry; readonly outcome?: OutcomeKind | undefined };

export type UndoInput = {
  /** The run that is taken back. */
  readonly runId: string;
  /** One user's entries in the order of the run. */
  readonly entries: readonly UndoEntry[];
  /** What later runs wrote, or may have written, to this user; oldest first. */
  readonly later: readonly LaterWrite[];
  /** What Entra holds now; undefined where nothing of it needs to be known. */
  readonly existing: readonly ExistingPhone[] | undefined;
};

export type TakenBack = {
  readonly changes: readonly Change[];
  /** The state of SMS sign-in before the run is not on record, so it is left to the service. */
  readonly smsUnknown: boolean;
};

/** Whether anything of a user can be taken back, so that he must be read. */
export function hasEffect(entries: readonly UndoEntry[]): boolean {
  return entries.some(({ entry, outcome }) => outcome === "applied" && isWrite(entry));
}

/**
 * Makes of one user's entries the changes that take them back, each from what is there now to what was there before the
 * run (rules.md, undo). What cannot be taken back is refused one by one, with the reason; of an entry that did
 * nothing, nothing is said. Unordered.
 */
export function takeBack(input: UndoInput): TakenBack {
  const changes = phoneTypes.flatMap(phoneType => backOfSlot(input, phoneType));
  const smsUnknown = changes.some(
    ({ kind, phoneType }) =>
      phoneType === "mobile" &&
      (kind === "create" || kind === "update") &&
      numberEntry(input, "mobile")?.entry.smsBefore === undefined,
  );
  return { changes: withoutLoneAlternate(changes, input.existing ?? []), smsUnknown };
}

/** The same for a user who cannot be read: every slot that the run changed stays as it is. */
export function refuseUnread(input: UndoInput, reason: "forbidden" | "unreadable"): readonly Change[] {
  return phoneTypes.flatMap(phoneType => {
    const mine = input.entries.filter(({ entry }) => entry.phoneType === phoneType);
    const [first] = mine.filter(each => hasEffect([each]));
    if (first) return [refused(input, first.entry, reason)];
    return backOfSlot({ ...input, entries: mine }, phoneType);
  });
}

/**
 * The order of an undo: what sends nothing, then what is created or updated in the reverse order of the run, an SMS
 * change right after its mobile, and last what is deleted.
 */
export function undoOrder(changes: readonly Change[], entries: readonly UndoEntry[]): readonly Change[] {
  const seqs = new Map<PhoneType, number>();
  for (const { entry } of entries) if (!isSms(entry)) seqs.set(entry.phoneType, entry.seq);
  const seqOf = ({ phoneType }: Change): number => seqs.get(phoneType) ?? 0;
  const sends = changes.filter(change => isWrite(change) && change.kind !== "delete");
  return [
    ...changes.filter(change => !isWrite(change)),
    ...sends.toSorted(
      (left, right) => seqOf(right) - seqOf(left) || Number(isSms(left)) - Number(isSms(right)),
    ),
    ...order(changes.filter(change => change.kind === "delete")),
  ];
}

function backOfSlot(input: UndoInput, phoneType: PhoneType): readonly Change[] {
  const number = numberEntry(input, phoneType);
  const sms = input.entries.find(({ entry }) => entry.phoneType === phoneType && isSms(entry));
  const ofNumber = number ? backOfNumber(input, number) : [];
  // What the run did to SMS sign-in of a number that it wrote goes back together with the number.
  if (ofNumber.length > 0 && number?.outcome !== "alreadySo") return ofNumber;
  const ofSms = sms ? backOfSms(input, sms) : [];
  return ofNumber.length > 0 ? [...ofNumber, ...ofSms.filter(isSms)] : ofSms;
}

function numberEntry({ entries }: UndoInput, phoneType: PhoneType): UndoEntry | undefined {
  return entries.find(({ entry }) => entry.phoneType === phoneType && !isSms(entry));
}

function backOfNumber(input: UndoInput, undo: UndoEntry): readonly Change[] {
  const { entry } = undo;
  const refusal = withoutEffect(input, undo);
  if (refusal) return refusal;
  const { phoneType, from: start } = entry;
  const slot = slotOf(input.existing ?? [], phoneType);
  const refuse = (reason: Reason): readonly Change[] => [refused(input, entry, reason)];
  if (start !== null && isMasked(start)) return refuse("maskedBefore");
  if (slotShows(slot, start)) {
    return [changeOf(input, entry, "unchanged", start), ...unfinishedSms(input, entry, slot)];
  }
  if (changedLater(input, phoneType)) return refuse("laterRun");
  if (start !== null && !isCanonical(start)) return refuse("unwritable");
  if (slot.kind === "masked") return refuse("maskedNow");
  if (!slotShows(slot, entry.to)) return refuse("changedSince");
  if (start === null) return [changeOf(input, entry, "delete", null)];
  const kind = slot.kind === "empty" ? "create" : "update";
  const sms = phoneType === "mobile" ? smsBack(entry.smsBefore) : undefined;
  return [
    changeOf(input, entry, kind, start),
    ...(sms ? [{ ...changeOf(input, entry, sms, start), from: start }] : []),
  ];
}

function backOfSms(input: UndoInput, undo: UndoEntry): readonly Change[] {
  const { entry } = undo;
  const refusal = withoutEffect(input, undo);
  if (refusal) return refusal;
  const slot = slotOf(input.existing ?? [], entry.phoneType);
  const refuse = (reason: Reason): readonly Change[] => [refused(input, entry, reason)];
  if (changedLater(input, entry.phoneType)) return refuse("laterRun");
  if (slot.kind === "empty") return refuse("changedSince");
  if (!slotShows(slot, entry.to)) {
    if (slot.kind === "number") return refuse("changedSince");
    const fits = entry.to !== null && isCanonical(entry.to) && maskedFits(slot.text, entry.to);
    if (!fits) return refuse("maskedNow");
  }
  // What it changed says what was there, where the ledger does not.
  const before = entry.smsBefore ?? (entry.kind === "disableSms" ? "ready" : "notEnabled");
  const now = nowIn(input, entry.phoneType);
  const isBack = (slot.smsSignInState === "ready") === (before === "ready");
  if (isBack) return [changeOf(input, entry, "unchanged", now)];
  return [changeOf(input, entry, before === "ready" ? "enableSms" : "disableSms", now)];
}

/** What is said of an entry that did nothing, or of which it is not known; undefined for one that was applied. */
function withoutEffect(input: UndoInput, { entry, outcome }: UndoEntry): readonly Change[] | undefined {
  switch (outcome) {
    case "applied":
      return isWrite(entry) ? undefined : [];
    case "alreadySo":
      return [refused(input, entry, "notByRun")];
    case "inDoubt":
      return [refused(input, entry, "inDoubt")];
    case undefined:
      return entry.state === "sent" ? [refused(input, entry, "inDoubt")] : [];
    default: {
      // The default is switched before the first send, and stays so when the delete does not come to pass.
      const switched = entry.kind === "delete" && entry.switchDefault?.to && entry.attempts > 0;
      return switched ? [refused(input, entry, "defaultLeft")] : [];
    }
  }
}

/** The request that brings a state of SMS sign-in back; undefined where the policy alone makes it, or it is not known. */
function smsBack(before: SmsSignInState | undefined): "enableSms" | "disableSms" | undefined {
  switch (before) {
    case "ready":
      return "enableSms";
    case "notEnabled":
    case "notConfigured":
    case "phoneNumberNotUnique":
      return "disableSms";
    default:
      return undefined;
  }
}

/** What an earlier undo of the same run left open: the number is back, its SMS sign-in is not. */
function unfinishedSms(input: UndoInput, entry: Entry, slot: Slot): readonly Change[] {
  const begun = input.later.some(
    ({ undoes, phoneType }) => undoes === input.runId && phoneType === entry.phoneType,
  );
  if (!begun || entry.phoneType !== "mobile" || slot.kind === "empty") return [];
  if (changedLater(input, entry.phoneType)) return [];
  const kind = smsBack(entry.smsBefore);
  const isBack = (kind === "enableSms") === (slot.smsSignInState === "ready");
  return kind === undefined || isBack ? [] : [changeOf(input, entry, kind, nowIn(input, entry.phoneType))];
}

/**
 * Whether a later run changed the slot. A run and its own undo cancel each other, and an undo of this run is no change to
 * what this run did.
 */
function changedLater({ later, runId }: UndoInput, phoneType: PhoneType): boolean {
  const writes = later.filter(write => write.phoneType === phoneType);
  const known = new Set([runId, ...writes.map(write => write.runId)]);
  const cancelled = new Set<string>();
  for (const { runId: id, undoes, outcome } of writes.toReversed()) {
    if (undoes !== undefined && outcome === "applied" && !cancelled.has(id)) cancelled.add(undoes);
  }
  return writes.some(
    ({ runId: id, undoes }) => !cancelled.has(id) && (undoes === undefined || !known.has(undoes)),
  );
}

/** Graph takes an alternate mobile only beside a mobile, and keeps the mobile while there is one. */
function withoutLoneAlternate(
  changes: readonly Change[],
  existing: readonly ExistingPhone[],
): readonly Change[] {
  const willHave = (list: readonly Change[], phoneType: PhoneType): boolean => {
    const change = list.find(each => each.phoneType === phoneType && isWrite(each) && !isSms(each));
    if (change) return change.kind !== "delete";
    return existing.some(phone => phone.phoneType === phoneType);
  };
  const refuseOf = (list: readonly Change[], phoneType: PhoneType, kind: ChangeKind, reason: Reason) =>
    list.map(change =>
      change.phoneType === phoneType && change.kind === kind
        ? { ...change, kind: "refused" as const, reason }
        : change,
    );
  const first = willHave(changes, "mobile")
    ? changes
    : refuseOf(changes, "alternateMobile", "create", "noMobile");
  return willHave(first, "alternateMobile")
    ? refuseOf(first, "mobile", "delete", "alternateNeedsMobile")
    : first;
}

function refused(input: UndoInput, entry: Entry, reason: Reason): Change {
  return { ...changeOf(input, entry, "refused", entry.from), reason };
}

function changeOf(input: UndoInput, entry: Entry, kind: ChangeKind, to: string | null): Change {
  const { user, userPrincipalName, userId, phoneType, ref, rows } = entry;
  const from = input.existing ? nowIn(input, phoneType) : entry.to;
  return { kind, user, userPrincipalName, userId, phoneType, from, to, reason: "undo", ref, rows };
}

function nowIn({ existing }: UndoInput, phoneType: PhoneType): string | null {
  const phone = existing?.find(each => each.phoneType === phoneType);
  return phone ? canonicalExisting(phone.phoneNumber) : null;
}

function isSms({ kind }: Pick<Change, "kind">): boolean {
  return kind === "enableSms" || kind === "disableSms";
}
