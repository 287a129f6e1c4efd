import { Metadata } from "libphonenumber-js/max";
import type { PhoneNumber, PhoneType } from "../model/phone.ts";
import { regionsOfCallingCode } from "./region.ts";
import { canonical, readDigits } from "./repair.ts";

/**
 * A number with its country code that no known range covers but whose length is right: `+1 5555551234`, the example
 * of Microsoft's own pages, or a range opened since the metadata was made. The length must be the one of a mobile
 * (or, for office, of a fixed line) of that country: by the loose lengths of the whole plan a number that lost
 * its last digits would pass too, and the user would be locked out.
 */
export function possibleNumber(international: string, phoneType: PhoneType): PhoneNumber | undefined {
  const parsed = readDigits(international);
  if (!parsed?.isPossible()) return undefined;
  // Where the library dropped digits (a trunk 0), the length proves nothing.
  if (`+${parsed.countryCallingCode}${parsed.nationalNumber}` !== international) return undefined;
  const types = phoneType === "office" ? ["FIXED_LINE", "MOBILE"] : ["MOBILE"];
  const fits = regionsOfCallingCode(parsed.countryCallingCode).some(region => {
    const metadata = new Metadata();
    metadata.selectNumberingPlan(region);
    const plan: unknown = metadata.numberingPlan;
    return types.some(type => lengthsOf(plan, type).includes(parsed.nationalNumber.length));
  });
  return fits ? canonical(parsed) : undefined;
}

/** The library's plans know the lengths of each type; its published types do not say so. */
function lengthsOf(plan: unknown, type: string): readonly number[] {
  if (typeof plan !== "object" || plan === null || !("type" in plan) || typeof plan.type !== "function")
    return [];
  const found: unknown = plan.type(type);
  if (typeof found !== "object" || found === null || !("possibleLengths" in found)) return [];
  if (typeof found.possibleLengths !== "function") return [];
  const lengths: unknown = found.possibleLengths();
  return Array.isArray(lengths) ? lengths.filter(length => typeof length === "number") : [];
}
