import { isMasked, type PhoneNumber, phoneNumber, sameNumber } from "../model/phone.ts";
import { readDigits } from "./repair.ts";

/**
 * Brings the text of a phone that Entra holds to the canonical form, or leaves it as it was when it is masked, has no
 * country code, or has digits that the form has no place for: Graph keeps the 0 of `+44 07777777777`, and dropping it
 * here would call a number right that is not. The digits never change.
 * @example canonicalExisting("+31612345678") // "+31 612345678"
 */
export function canonicalExisting(text: string): string {
  const [, main, extension] = /^(\+[\d \-().]*\d)(?: ?x ?(\d{1,9}))?$/.exec(text.trim()) ?? [];
  if (main === undefined) return text;
  const digits = main.replace(/[^\d+]/g, "");
  const parsed = readDigits(digits);
  if (!parsed || `+${parsed.countryCallingCode}${parsed.nationalNumber}` !== digits) return text;
  return phoneNumber(parsed.countryCallingCode, parsed.nationalNumber, extension);
}

/**
 * Whether a masked number may be the wanted one: as many digits, and every visible one in its place. A mask without
 * a + may stand for the number with or without its country code. A fit is "looks the same", never "is the same".
 * @example maskedFits("+31 XXXXXXX78", phoneNumber("31", "612345678")) // true
 */
export function maskedFits(masked: string, wanted: PhoneNumber): boolean {
  if (!isMasked(masked)) return sameNumber(masked, wanted);
  const [shown = "", shownExtension] = masked.split("x");
  const [number = "", extension] = wanted.split("x");
  if (!fits(places(shownExtension ?? ""), extension ?? "")) return false;
  const international = number.replace(/\D/g, "");
  if (fits(places(shown), international)) return true;
  return !shown.trim().startsWith("+") && fits(places(shown), number.replace(/^\+\d+ /, ""));
}

/** The digits of a masked text in their places, `X` for every hidden one. */
const places = (text: string): string => text.replace(/[X*•]/g, "X").replace(/[^\dX]/g, "");

function fits(shown: string, digits: string): boolean {
  return (
    shown.length === digits.length && [...shown].every((place, at) => place === "X" || place === digits[at])
  );
}
