import type { Slot } from "../../src/decide/slot.ts";
import type { Change, ChangeKind } from "../../src/model/change.ts";
import type { Fault } from "../../src/model/fault.ts";
import {
  type ExistingPhone,
  type PhoneNumber,
  type PhoneType,
  phoneMethodIds,
  phoneNumber,
  type SmsSignInState,
} from "../../src/model/phone.ts";
import type { Entry } from "../../src/model/run.ts";

/** The number that Entra holds, the one that the roster wants, and one that nobody speaks of. */
export const held: PhoneNumber = phoneNumber("31", "612345601");
export const wanted: PhoneNumber = phoneNumber("31", "612345602");
export const third: PhoneNumber = phoneNumber("31", "612345603");

export function changeOf(kind: ChangeKind, more: Partial<Change> = {}): Change {
  return {
    kind,
    user: "Adele",
    userPrincipalName: "adele@contoso.com",
    userId: "user-1",
    phoneType: "mobile",
    from: kind === "create" ? null : held,
    to: kind === "delete" ? null : wanted,
    reason: "requested",
    ref: { row: 7, sheet: "Sheet1" },
    rows: [7, 9],
    ...more,
  };
}

export function entryOf(kind: ChangeKind, more: Partial<Entry> = {}): Entry {
  return { ...changeOf(kind), runId: "run-1", seq: 1, state: "open", attempts: 0, ...more };
}

export function phoneOf(
  number: string,
  phoneType: PhoneType = "mobile",
  smsSignInState: SmsSignInState = "notEnabled",
): ExistingPhone {
  return { id: phoneMethodIds[phoneType], phoneType, phoneNumber: number, smsSignInState };
}

export const empty: Slot = { kind: "empty" };
export const numberSlot = (number: string, smsSignInState?: SmsSignInState): Slot => ({
  kind: "number",
  number,
  smsSignInState,
});
export const maskedSlot = (text: string, smsSignInState?: SmsSignInState): Slot => ({
  kind: "masked",
  text,
  smsSignInState,
});

export const http = (status: number, more: Partial<Fault> = {}): Fault => ({
  kind: "http",
  status,
  message: "Graph says so",
  ...more,
});
