import { type CountryCode, type PhoneNumberType, validatePhoneNumberLength } from "libphonenumber-js/max";
import { type PhoneNumber, type PhoneType, phoneNumber } from "../model/phone.ts";
import type { RosterCell } from "../model/row.ts";
import { type CellText, cellText } from "./cellText.ts";
import { type CountrySources, countryOf, countryOfUser } from "./country.ts";
import { possibleNumber } from "./possible.ts";
import {
  distinct,
  explicitReadings,
  nationalReadings,
  numericText,
  type Reading,
  readDigits,
} from "./repair.ts";
import { digitSpellings, isExplicit, misspelling, splitExtension } from "./spelling.ts";

export { canonicalExisting, maskedFits } from "./entraNumber.ts";

/** What else is known of a cell: the country comes from the first of row, option and user that names one. */
export type PhoneContext = CountrySources & { readonly phoneType: PhoneType };

export type PhoneNote = "repaired" | "possible-only" | "landline";
export type PhoneProblem =
  | "invalid-phone"
  | "ambiguous"
  | "region-needed"
  | "ambiguous-region"
  | "premium-number";

/** What one cell says. `why` is a clause without digits of the number: "it is too short for a number of NL". */
export type ParsedPhone =
  | { readonly kind: "blank" }
  | {
      readonly kind: "number";
      readonly number: PhoneNumber;
      /** A fixed line or a company number: it takes calls, never a text message. */
      readonly landline: boolean;
      readonly notes: readonly PhoneNote[];
    }
  | { readonly kind: "unusable"; readonly code: PhoneProblem; readonly why: string };

type Unusable = Extract<ParsedPhone, { kind: "unusable" }>;

/**
 * Reads one phone cell under the rules of rules.md (whose number). Nothing is cut, guessed or looked for inside a
 * text: a cell is one number in full, or it is unusable and says why.
 */
export function parsePhone(cell: RosterCell, context: PhoneContext): ParsedPhone {
  const plain = cellText(cell);
  if (plain.kind !== "text") return plain;
  const spelled = spelledAs(plain, context);
  if (spelled.kind === "unusable") return spelled;
  const { spellings, extension } = spelled;
  const found = spellings.every(isExplicit)
    ? readExplicit(spellings, context)
    : readNational(spellings, context, spelled);
  return found.kind === "number" ? finish(found, extension, context.phoneType) : found;
}

/** How a national number stands in its cell: put together from numeric text, and possibly without its leading 0. */
type Written = { readonly rebuilt: boolean; readonly bare: boolean };

/** The digits of a cell, in each way in which they can be meant. */
type Spelled = Written & {
  readonly kind: "spelled";
  readonly spellings: readonly string[];
  readonly extension?: string;
};

const digitsAlone = /^\+?\d{4,20}$/;

function spelledAs(plain: Extract<CellText, { kind: "text" }>, context: PhoneContext): Spelled | Unusable {
  const isNumber = plain.stored === "number";
  // Nothing below would find anything in it.
  if (digitsAlone.test(plain.text)) {
    const bare = isNumber || !plain.text.startsWith("+");
    return { kind: "spelled", spellings: [plain.text], rebuilt: false, bare };
  }
  const numeric = numericText(plain.text, isNumber ? "number" : "other");
  if (numeric.kind === "lost") return unusable("invalid-phone", numeric.why);
  const rebuilt = numeric.kind === "digits";
  const { main, extension } = splitExtension(rebuilt ? numeric.digits : plain.text);
  if (isList(main, context)) return unusable("ambiguous", "it holds more than one number");
  const refused = misspelling(main);
  if (refused) return unusable("invalid-phone", refused);
  if (extension !== undefined && context.phoneType !== "office") {
    // SMS cannot reach an extension and the service strips it before a call (graph.md, number format), so it would
    // ring the switchboard of a company in place of one user's own phone.
    return unusable("invalid-phone", "it has an extension, and only an office phone can have one");
  }
  const written = { rebuilt, bare: isNumber || /^\d+$/.test(main) };
  const spelled = { kind: "spelled", spellings: digitSpellings(main), ...written } as const;
  return extension === undefined ? spelled : { ...spelled, extension };
}

const unusable = (code: PhoneProblem, why: string): Unusable => ({ kind: "unusable", code, why });

type Read = {
  readonly kind: "number";
  readonly number: PhoneNumber;
  readonly type: PhoneNumberType | undefined;
  readonly notes: readonly PhoneNote[];
};

const read = ({ number, type }: Reading, notes: readonly PhoneNote[]): Read => ({
  kind: "number",
  number,
  type,
  notes,
});

/**
 * Whether a text is several numbers. A slash or a line end also stands inside one number (`0176/04069014`), so there
 * what comes before it must be a number by itself; `030 1234567/8` is two numbers even where all digits fit one.
 */
function isList(text: string, context: PhoneContext): boolean {
  if (/^\+?[\d\-. ()]+$/.test(text)) return false;
  if (/\+[^+]*\d[^+]*\+/.test(text)) return true;
  const count = (part: string) => part.replace(/\D/g, "").length;
  const apart = text.split(/[;,|&]| (?:or|of|oder|ou|o|y|and|en|und|et) /i);
  if (apart.filter(part => count(part) >= 5).length > 1) return true;
  const parts = text.split(/[/\n]/);
  if (parts.filter(part => count(part) >= 7).length > 1) return true;
  return parts.slice(1).some((part, index) => {
    const before = parts.slice(0, index + 1).join(" ");
    return count(part) > 0 && misspelling(before.trim()) === undefined && isNumberByItself(before, context);
  });
}

function isNumberByItself(text: string, context: PhoneContext): boolean {
  const country = countryOf(context);
  const region = country.kind === "region" ? country.region : undefined;
  return digitSpellings(text).some(digits =>
    isExplicit(digits)
      ? explicitReadings(digits, region).length > 0
      : region !== undefined && nationalReadings(digits, region, false).length > 0,
  );
}

/** The distinct readings of all spellings; nearly always there is one spelling. */
function readEach(
  spellings: readonly string[],
  readingsOf: (digits: string) => readonly Reading[],
): readonly Reading[] {
  const [only, ...others] = spellings;
  if (only !== undefined && others.length === 0) return readingsOf(only);
  return distinct(spellings.flatMap(readingsOf));
}

function readExplicit(spellings: readonly string[], context: PhoneContext): Read | Unusable {
  const country = countryOf(context);
  const region = country.kind === "region" ? country.region : undefined;
  const [only, ...others] = readEach(spellings, digits => explicitReadings(digits, region));
  if (only && others.length === 0) return read(only, []);
  if (only) return unusable("ambiguous", "its digits can be read as more than one number");
  const [first = "", second] = spellings;
  const international = first.replace(/^00/, "+");
  const possible = second === undefined ? possibleNumber(international, context.phoneType) : undefined;
  if (possible) return { kind: "number", number: possible, type: undefined, notes: ["possible-only"] };
  const parsed = readDigits(international);
  const place = parsed ? (parsed.country ?? `country code +${parsed.countryCallingCode}`) : undefined;
  return unusable(
    "invalid-phone",
    place === undefined ? "no country has the country code it begins with" : misfit(international, place),
  );
}

function readNational(
  spellings: readonly string[],
  context: PhoneContext,
  written: Written,
): Read | Unusable {
  const country = countryOf(context);
  if (country.kind !== "region") {
    const why =
      country.kind === "unreadable" ? `its region cannot be used: ${country.why}` : "it has no country code";
    return unusable("region-needed", why);
  }
  const { region } = country;
  const readingsIn = (place: CountryCode) =>
    readEach(spellings, digits => nationalReadings(digits, place, written.bare));
  const [first, ...others] = readingsIn(region);
  if (!first) return unusable("invalid-phone", notNational(spellings[0] ?? "", region));
  if (others.some(other => !isOutweighed(other, first, context.phoneType))) {
    return unusable("ambiguous", `its digits can be read as more than one number of ${region}`);
  }
  const elsewhere = country.source === "option" ? countryOfUser(context) : undefined;
  if (
    elsewhere &&
    elsewhere !== region &&
    readingsIn(elsewhere).some(({ number }) => number !== first.number)
  ) {
    return unusable(
      "ambiguous-region",
      `it is a number of ${region} and also one of the user's ${elsewhere}`,
    );
  }
  return read(first, first.repaired || written.rebuilt ? ["repaired"] : []);
}

/** In a mobile column a mobile number that needs no repair outweighs the fixed line that one more 0 would make. */
function isOutweighed(other: Reading, first: Reading, phoneType: PhoneType): boolean {
  const mobile = first.type === "MOBILE" && other.type !== "MOBILE";
  return phoneType !== "office" && !first.repaired && other.repaired && mobile;
}

/** Says why digits are no number of a country, and of which country they would be one with the + put back. */
function notNational(digits: string, region: CountryCode): string {
  const abroad = readDigits(`+${digits}`);
  if (!digits.startsWith("0") && abroad?.isValid() && abroad.country && abroad.country !== region) {
    return `it is no number of ${region}; with a + it would be one of ${abroad.country}`;
  }
  return misfit(digits, region, region);
}

function misfit(digits: string, place: string, region?: CountryCode): string {
  switch (validatePhoneNumberLength(digits, region)) {
    case "TOO_SHORT":
      return `it is too short for a number of ${place}`;
    case "TOO_LONG":
      return `it is too long for a number of ${place}`;
    case "INVALID_LENGTH":
      return `numbers of ${place} do not have its length`;
    default:
      return `it fits no known number range of ${place}`;
  }
}

/** Decides by what kind of line it is whether a number can be used, and adds the extension. */
function finish(
  { number, type, notes }: Read,
  extension: string | undefined,
  phoneType: PhoneType,
): ParsedPhone {
  const full = extension === undefined ? number : withExtension(number, extension);
  switch (type) {
    case "PREMIUM_RATE":
      return unusable("premium-number", "calls to it cost extra");
    case "SHARED_COST":
      return unusable("premium-number", "the caller pays a part of the cost of it");
    case "PAGER":
      return unusable("invalid-phone", "it is a pager");
    case "VOICEMAIL":
      return unusable("invalid-phone", "it is a voice mailbox");
    case "FIXED_LINE":
    case "TOLL_FREE":
    case "UAN": {
      // Free and company-wide numbers ring somewhere, as a fixed line does, but none of them takes an SMS.
      const noted = phoneType === "office" ? notes : [...notes, "landline" as const];
      return { kind: "number", number: full, landline: true, notes: noted };
    }
    // In North America the type is FIXED_LINE_OR_MOBILE: it says nothing against a mobile.
    case "FIXED_LINE_OR_MOBILE":
    case "MOBILE":
    case "VOIP":
    case "PERSONAL_NUMBER":
    case undefined:
      return { kind: "number", number: full, landline: false, notes };
  }
}

function withExtension(number: PhoneNumber, extension: string): PhoneNumber {
  const [callingCode = "", nationalNumber = ""] = number.slice(1).split(" ");
  return phoneNumber(callingCode, nationalNumber, extension);
}
