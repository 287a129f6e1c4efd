/**
 * Phones as Microsoft Graph has them.
 * Source: https://learn.microsoft.com/graph/api/resources/phoneauthenticationmethod (read 2026-11-23).
 */

/** The three slots a user has. One phone each, at most. */
export type PhoneType = "mobile" | "alternateMobile" | "office";

export const phoneTypes: readonly PhoneType[] = ["mobile", "alternateMobile", "office"];

/** The ids of the three phone methods are constants, the same in every tenant. */
export const phoneMethodIds: Readonly<Record<PhoneType, string>> = {
  mobile: "3179e48a-750b-4051-897c-87b9720928f7",
  alternateMobile: "b6332ec1-7057-4abe-9331-3d72feddfe41",
  office: "e37fc753-ff3b-4958-9484-eaa9425c82bc",
};

declare const canonical: unique symbol;

/** A parsed number in the one form used inside: `+CC NSN`, with `xEXT` for an extension (`+31 612345678`). */
export type PhoneNumber = string & { readonly [canonical]: "PhoneNumber" };

const canonicalForm = /^\+\d{1,3} \d{3,14}(x\d{1,9})?$/;

/**
 * Builds a PhoneNumber from the parts a parser found.
 * @example phoneNumber("31", "612345678") // "+31 612345678"
 */
export function phoneNumber(countryCode: string, nationalNumber: string, extension?: string): PhoneNumber {
  return `+${countryCode} ${nationalNumber}${extension ? `x${extension}` : ""}` as PhoneNumber;
}

/** Whether a text already has the canonical form. It says nothing of the number being valid. */
export function isCanonical(text: string): text is PhoneNumber {
  return canonicalForm.test(text);
}

/**
 * What two spellings of one number share: Graph stores `+31 612345678` where `+31612345678` was sent,
 * so numbers are compared by this key and never as text.
 */
export function numberKey(text: string): string {
  return text.toLowerCase().replace(/[^0-9+x]/g, "");
}

/** Whether two spellings are the same number. */
export function sameNumber(left: string, right: string): boolean {
  return numberKey(left) === numberKey(right);
}

/** Whether Graph hid digits of a number (a delegated Authentication Administrator reads `+31 XXXXXXX78`). */
export function isMasked(text: string): boolean {
  return /[X*•]/.test(text);
}

/**
 * Hides every digit but the last two, in a number or in any raw cell.
 * @example maskDigits("+31 612345678") // "+•• •••••••78"
 */
export function maskDigits(text: string): string {
  const from = text.search(lastTwoDigits);
  return from <= 0 ? text : text.slice(0, from).replace(digits, "•") + text.slice(from);
}

const digits = /\p{Nd}/gu;
const lastTwoDigits = /\p{Nd}\P{Nd}*\p{Nd}\P{Nd}*$/u;

/** The states of SMS sign-in that Graph names. Only a mobile phone has another one than notSupported. */
export type SmsSignInState =
  | "notSupported"
  | "notAllowedByPolicy"
  | "notEnabled"
  | "phoneNumberNotUnique"
  | "ready"
  | "notConfigured"
  | "unknownFutureValue";

export const smsSignInStates: readonly SmsSignInState[] = [
  "notSupported",
  "notAllowedByPolicy",
  "notEnabled",
  "phoneNumberNotUnique",
  "ready",
  "notConfigured",
  "unknownFutureValue",
];

/** A phone that Entra holds now. */
export type ExistingPhone = {
  readonly id: string;
  readonly phoneType: PhoneType;
  /** As Graph gave it; it may be masked. */
  readonly phoneNumber: string;
  readonly smsSignInState: SmsSignInState | undefined;
};
