import type { CountryCode } from "libphonenumber-js/max";
import { type RegionReading, regionOf } from "./region.ts";

/** Who may name the country of a number that carries none. */
export type CountrySources = {
  /** The text of the row's region column: a country code, a name or a calling code. */
  readonly rowRegion?: string;
  /** `--region`. */
  readonly region?: string;
  /** The user's, when known. */
  readonly usageLocation?: string;
};

/** The country of a number that carries none, and who named it. */
export type Country =
  | { readonly kind: "region"; readonly region: CountryCode; readonly source: "row" | "option" | "user" }
  | { readonly kind: "unreadable"; readonly why: string }
  | { readonly kind: "none" };

/** Asks row, option and user in this order. An unreadable value is never passed over for the next source. */
export function countryOf(context: CountrySources): Country {
  const sources = [
    ["row", context.rowRegion],
    ["option", context.region],
    ["user", context.usageLocation],
  ] as const;
  for (const [source, text] of sources) {
    const reading: RegionReading = text === undefined ? { kind: "blank" } : regionOf(text);
    if (reading.kind === "region") return { ...reading, source };
    // A usageLocation without telephones (Antarctica) is no mistake of the roster.
    if (reading.kind === "unreadable" && source !== "user") return reading;
  }
  return { kind: "none" };
}

/** The country that the user is in, where it can be read. */
export function countryOfUser({ usageLocation }: CountrySources): CountryCode | undefined {
  const reading = usageLocation === undefined ? undefined : regionOf(usageLocation);
  return reading?.kind === "region" ? reading.region : undefined;
}
