import {
  type ExistingPhone,
  isMasked,
  type PhoneType,
  type SmsSignInState,
  sameNumber,
} from "../model/phone.ts";

/** What one read showed of one phone type of one user. */
export type Slot =
  | { readonly kind: "empty" }
  | { readonly kind: "number"; readonly number: string; readonly smsSignInState: SmsSignInState | undefined }
  | { readonly kind: "masked"; readonly text: string; readonly smsSignInState: SmsSignInState | undefined };

/** The slot of one type in a list of phones, whatever the list's order or length. */
export function slotOf(phones: readonly ExistingPhone[], phoneType: PhoneType): Slot {
  const phone = phones.find(candidate => candidate.phoneType === phoneType);
  if (!phone) return { kind: "empty" };
  const { phoneNumber, smsSignInState } = phone;
  return isMasked(phoneNumber)
    ? { kind: "masked", text: phoneNumber, smsSignInState }
    : { kind: "number", number: phoneNumber, smsSignInState };
}

/** Whether a slot is what a plan noted as `from` or `to`: null for an empty slot; a masked text only equals itself. */
export function slotShows(slot: Slot, noted: string | null): boolean {
  switch (slot.kind) {
    case "empty":
      return noted === null;
    case "number":
      return noted !== null && !isMasked(noted) && sameNumber(slot.number, noted);
    case "masked":
      return noted !== null && slot.text === noted;
  }
}
