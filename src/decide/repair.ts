import {
  type CountryCode,
  getCountryCallingCode,
  type PhoneNumber as LibraryNumber,
  parsePhoneNumberFromString,
} from "libphonenumber-js/max";
import { type PhoneNumber, phoneNumber } from "../model/phone.ts";

/** One way to read a cell that gives a valid number. */
export type Reading = {
  readonly number: PhoneNumber;
  readonly parsed: LibraryNumber;
  readonly type: NonNullable<ReturnType<LibraryNumber["getType"]>>;
  /** Digits that the cell lost were put back. */
  readonly repaired: boolean;
};

/** The library, told never to look for a number inside a text and never to guess where one ends. */
export function readDigits(digits: string, region?: CountryCode): LibraryNumber | undefined {
  return parsePhoneNumberFromString(
    digits,
    region ? { defaultCountry: region, extract: false } : { extract: false },
  );
}

/** The canonical form of what the library read; the national number keeps a leading 0 that belongs to it (Italy). */
export function canonical(parsed: LibraryNumber): PhoneNumber {
  return phoneNumber(parsed.countryCallingCode, parsed.nationalNumber);
}

/**
 * Every valid number that digits with an explicit country code (`+…` or `00…`) stand for. `00` is also a national
 * beginning in a few countries (Japan), so with a known region that reading counts as well.
 */
export function explicitReadings(digits: string, region: CountryCode | undefined): readonly Reading[] {
  const international = digits.startsWith("+") ? digits : `+${digits.slice(2)}`;
  const national = digits.startsWith("+") || !region ? undefined : readDigits(digits, region);
  return distinct([reading(readDigits(international), false), reading(national, false)]);
}

/**
 * Every valid number that digits without a country code stand for in one country (rules.md, whose number): as a
 * national number, with the leading 0 that a number cell loses, and with the + that it loses where the digits begin
 * with that country's own code. A repair is certain only when exactly one number comes of it. The 0 is tried where
 * the digits as they are would do, too, when they are `bare`, as a number cell leaves them: an Italian 0362 234567
 * then looks like a mobile number. Digits that somebody spaced have all their zeros.
 */
export function nationalReadings(digits: string, region: CountryCode, bare: boolean): readonly Reading[] {
  const callingCode = String(getCountryCallingCode(region));
  const own = (parsed: LibraryNumber | undefined) =>
    parsed?.countryCallingCode === callingCode ? parsed : undefined;
  const asWritten = readDigits(digits, region);
  // An international prefix other than 00 (011 in the United States) counts only where it is written out.
  const national = digits.startsWith("0") ? asWritten : own(asWritten);
  const plain = reading(national, national !== undefined && lostDigits(digits, national));
  // A second 0 before the first would make the international prefix 00 of it and another country's number.
  const zeroIsTried = !digits.startsWith("0") && (bare || !plain);
  return distinct([
    plain,
    reading(zeroIsTried ? own(readDigits(`0${digits}`, region)) : undefined, true),
    // No country code begins with 0.
    reading(digits.startsWith("0") ? undefined : own(readDigits(`+${digits}`)), true),
  ]);
}

/** The distinct numbers among several readings; the first one of a number says whether it needed a repair. */
export function distinct(readings: readonly (Reading | undefined)[]): readonly Reading[] {
  const found: Reading[] = [];
  for (const one of readings) {
    if (one && !found.some(({ number }) => number === one.number)) found.push(one);
  }
  return found;
}

function reading(parsed: LibraryNumber | undefined, repaired: boolean): Reading | undefined {
  // With the full metadata a number is valid exactly when it is of a known type; asking for it once is enough.
  const type = parsed?.getType();
  return parsed && type ? { number: canonical(parsed), parsed, type, repaired } : undefined;
}

/**
 * Whether a national number lacks the 0 that its country writes before it, or stands after its country code without
 * a +. In North America the trunk prefix and the country code are both 1, and either way of writing is usual.
 */
function lostDigits(digits: string, parsed: LibraryNumber): boolean {
  const { countryCallingCode, nationalNumber } = parsed;
  if (digits === countryCallingCode + nationalNumber) return countryCallingCode !== "1";
  return !digits.startsWith("0") && parsed.formatNational().replace(/\D/g, "").startsWith("0");
}

/** Digits that a spreadsheet or a program wrote as a number: `6,12345678E+08`, `31612345678.0`, `612,345,678`. */
export type NumericText =
  | { readonly kind: "digits"; readonly digits: string }
  | { readonly kind: "lost"; readonly why: string }
  | { readonly kind: "none" };

/** Gives back the digits of a number that was written in a program's way, when all of them are still there. */
export function numericText(text: string, stored: "number" | "other"): NumericText {
  const scientific = /^(\d+)(?:[.,](\d+))?E([+-]?)(\d{1,3})$/i.exec(text);
  if (scientific) {
    const [, whole = "", fraction = "", sign = "", power = ""] = scientific;
    if (sign !== "-" && fraction.length === Number(power) && /^[1-9]/.test(whole)) {
      return { kind: "digits", digits: whole + fraction };
    }
    return { kind: "lost", why: "the scientific notation has lost digits" };
  }
  const decimal = /^([1-9]\d{4,})[.,]0{1,2}$/.exec(text)?.[1];
  if (decimal !== undefined) return { kind: "digits", digits: decimal };
  if (/^[+0]\d{5,}\.0$/.test(text) || (stored === "number" && /^\d{5,}[.,]\d+$/.test(text))) {
    return { kind: "lost", why: "it has decimals, so it is unclear which digits belong to it" };
  }
  if (/^[1-9]\d{0,2}(?:,\d{3}){2,}$/.test(text)) return { kind: "digits", digits: text.replaceAll(",", "") };
  return { kind: "none" };
}
