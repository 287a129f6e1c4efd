import type { PhoneType } from "./phone.ts";
import type { RowRef } from "./row.ts";

/** What a plan may do (rules.md, policies). */
export type Policy = "add" | "update" | "mirror" | "remove";

export const policies: readonly Policy[] = ["add", "update", "mirror", "remove"];

/** What a plan does about SMS sign-in (rules.md, SMS sign-in). */
export type SmsSignIn = "leave" | "enable" | "disable";

export const smsSignIns: readonly SmsSignIn[] = ["leave", "enable", "disable"];

export type ChangeKind =
  | "create"
  | "update"
  | "delete"
  | "unchanged"
  | "kept"
  | "refused"
  | "enableSms"
  | "disableSms";

export const changeKinds: readonly ChangeKind[] = [
  "create",
  "update",
  "delete",
  "unchanged",
  "kept",
  "refused",
  "enableSms",
  "disableSms",
];

/** The kinds that send something. */
export const writeKinds: readonly ChangeKind[] = ["create", "update", "delete", "enableSms", "disableSms"];

/** The values of the beta property userPreferredMethodForSecondaryAuthentication. */
export type DefaultMethod = "push" | "oath" | "voiceMobile" | "voiceAlternateMobile" | "voiceOffice" | "sms";

/** One thing to do, or not to do, for one user and one phone type. */
export type Change = {
  readonly kind: ChangeKind;
  /** The roster's text. */
  readonly user: string;
  /** Entra's. */
  readonly userPrincipalName: string;
  readonly userId: string;
  readonly phoneType: PhoneType;
  /** The number that Entra held when the plan was made; null for an empty slot. It may be masked. */
  readonly from: string | null;
  /** The number that should be there; null for none. */
  readonly to: string | null;
  /** Why, as one word of the table in report/reason. */
  readonly reason: Reason;
  readonly ref: RowRef;
  /** Every row that asked for this, in roster order. */
  readonly rows: readonly number[];
  /** The user was not read: the registration report lists no method of his. Only under policy add. */
  readonly basis?: "report";
  /**
   * A delete that takes the default method away switches the default first; `to` is null where the last method goes, and
   * the default with it. A create of an undo switches it back afterwards; `from` is null where there is none before.
   */
  readonly switchDefault?: { readonly from: DefaultMethod | null; readonly to: DefaultMethod | null };
};

/** Why a change is what it is. */
export type Reason =
  | "emptySlot"
  | "otherNumber"
  | "sameNumber"
  | "maskedFits"
  | "masked"
  | "blankCell"
  | "listed"
  | "notThere"
  | "defaultMethod"
  | "lastMethod"
  | "alternateNeedsMobile"
  | "unreadable"
  | "forbidden"
  | "smsSignIn"
  | "requested"
  | "undo"
  // What an undo cannot take back.
  | "inDoubt"
  | "notByRun"
  | "changedSince"
  | "laterRun"
  | "maskedBefore"
  | "maskedNow"
  | "unwritable"
  | "noMobile"
  | "defaultLeft"
  /** Undo: the phone is back without its default method. */
  | "defaultNotBack";

/** Whether a change sends something when it is applied. */
export function isWrite(change: { readonly kind: ChangeKind }): boolean {
  return writeKinds.includes(change.kind);
}
