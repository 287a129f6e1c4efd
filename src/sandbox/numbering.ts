import { countryCodeOf } from "./countryCodes.ts";

/** What becomes of a 0 after the country code. */
export type TrunkZero = "kept" | "dropped" | "refused";

export type NumberRules = {
  /** Whether blanks may stand anywhere. */
  readonly spaces: boolean;
  readonly trunkZero: TrunkZero;
};

export type Mask = {
  readonly sign: string;
  /** How many of the last digits are shown. */
  readonly shows: number;
};

/** `+CC rest` or `+CCrest`, with an optional extension. Other separators are not accepted. */
const accepted = /^\+(\d{1,3}) (\d+)(x\d{1,9})?$|^\+(\d+)(x\d{1,9})?$/;

const asObserved: NumberRules = { spaces: false, trunkZero: "kept" };
const fewestNational = 4;
/** E.164 allows 15 digits; one more leaves room for a trunk zero, which Graph is seen to keep. */
const mostDigits = 16;

/**
 * Graph's own form of a number: `+CC rest` with one space and `xEXT`, or undefined when the format is refused.
 * The check is as shallow as Graph's: `+44 07777777777` passes with its trunk zero.
 * @example normalise("+31612345678") // "+31 612345678"
 */
export function normalise(text: string, rules: NumberRules = asObserved): string | undefined {
  const match = accepted.exec(rules.spaces ? text.replaceAll(" ", "") : text);
  if (match === null) return undefined;
  const digits = match[4] ?? `${match[1]}${match[2]}`;
  const extension = match[3] ?? match[5] ?? "";
  const code = countryCodeOf(digits);
  if (code === undefined || digits.length > mostDigits) return undefined;
  const sent = digits.slice(code.length);
  if (rules.trunkZero === "refused" && sent.startsWith("0")) return undefined;
  const national = rules.trunkZero === "dropped" ? sent.replace(/^0/, "") : sent;
  return national.length < fewestNational ? undefined : `+${code} ${national}${extension}`;
}

/**
 * What an Authentication Administrator reads: every digit after the country code but the last two as X.
 * The real mask is not published; this one keeps the length.
 * @example maskNumber("+31 612345678") // "+31 XXXXXXX78"
 */
export function maskNumber(number: string, { sign, shows }: Mask = { sign: "X", shows: 2 }): string {
  const space = number.indexOf(" ");
  const rest = number.slice(space);
  let hide = rest.replace(/\D/g, "").length - shows;
  return number.slice(0, space) + rest.replace(/\d/g, digit => (hide-- > 0 ? sign : digit));
}
