import { type CountryCode, getCountries, getCountryCallingCode } from "libphonenumber-js/max";
import { maskDigits } from "../model/phone.ts";

/** The country a cell, an option or a user property names. */
export type RegionReading =
  | { readonly kind: "region"; readonly region: CountryCode }
  | { readonly kind: "blank" }
  | { readonly kind: "unreadable"; readonly why: string };

/**
 * Reads a country: an ISO 3166-1 alpha-2 code, a country name (English, Dutch, German, French, Spanish or the
 * country's own), or a calling code that only one country has.
 * @example regionOf("Nederland") // { kind: "region", region: "NL" }
 */
export function regionOf(text: string): RegionReading {
  const known = byCode.get(text);
  if (known) return known;
  const trimmed = text.trim();
  if (trimmed === "") return { kind: "blank" };
  const named = byCode.get(trimmed.toUpperCase());
  if (named) return named;
  const callingCode = /^(?:\+|00)?([1-9]\d{0,2})$/.exec(trimmed.replace(/[\s()]/g, ""))?.[1];
  if (callingCode !== undefined) return fromCallingCode(callingCode);
  const region = names().get(fold(trimmed));
  if (region) return { kind: "region", region };
  return { kind: "unreadable", why: `"${quote(trimmed)}" is no country that is known here` };
}

const byCode: ReadonlyMap<string, RegionReading> = new Map(
  getCountries().map(region => [region, { kind: "region", region }]),
);

/** The countries that share a calling code; empty for none and for codes of no country (such as 800). */
export function regionsOfCallingCode(callingCode: string): readonly CountryCode[] {
  return byCallingCode.get(callingCode) ?? [];
}

function fromCallingCode(callingCode: string): RegionReading {
  const [region, ...others] = regionsOfCallingCode(callingCode);
  if (region === undefined)
    return { kind: "unreadable", why: `no country has the calling code +${callingCode}` };
  if (others.length === 0) return { kind: "region", region };
  const shared = [region, ...others].slice(0, 4).join(", ");
  return {
    kind: "unreadable",
    why: `the calling code +${callingCode} is shared by several countries (${shared}${others.length > 3 ? ", …" : ""})`,
  };
}

const byCallingCode: ReadonlyMap<string, readonly CountryCode[]> = Map.groupBy(getCountries(), region =>
  String(getCountryCallingCode(region)),
);

/** Names that lists use and CLDR does not have. */
const otherNames: readonly (readonly [string, CountryCode])[] = [
  ["UK", "GB"],
  ["Great Britain", "GB"],
  ["England", "GB"],
  ["Scotland", "GB"],
  ["Wales", "GB"],
  ["Northern Ireland", "GB"],
  ["USA", "US"],
  ["U.S.", "US"],
  ["U.S.A.", "US"],
  ["United States of America", "US"],
  ["Holland", "NL"],
  ["Czech Republic", "CZ"],
  ["Turkey", "TR"],
  ["Republic of Ireland", "IE"],
  ["Russian Federation", "RU"],
  ["Korea", "KR"],
  ["Macedonia", "MK"],
  ["Ivory Coast", "CI"],
  ["UAE", "AE"],
];

let namesMade: ReadonlyMap<string, CountryCode> | undefined;

/** Every folded name of every country, made at the first need; a name of two countries is left out. */
function names(): ReadonlyMap<string, CountryCode> {
  if (namesMade) return namesMade;
  const found = new Map<string, CountryCode | undefined>();
  const add = (name: string | undefined, region: CountryCode) => {
    if (name === undefined) return;
    const key = fold(name);
    found.set(key, found.has(key) && found.get(key) !== region ? undefined : region);
  };
  for (const style of ["long", "short"] as const) {
    for (const language of ["en", "nl", "de", "fr", "es"]) {
      const display = new Intl.DisplayNames([language], { type: "region", style, fallback: "none" });
      for (const region of getCountries()) add(display.of(region), region);
    }
  }
  for (const region of getCountries()) {
    const own = new Intl.Locale(`und-${region}`).maximize().language;
    add(new Intl.DisplayNames([own], { type: "region", fallback: "none" }).of(region), region);
  }
  for (const [name, region] of otherNames) add(name, region);
  namesMade = new Map([...found].flatMap(([name, region]) => (region === undefined ? [] : [[name, region]])));
  return namesMade;
}

/** Case, accents, punctuation and a leading "the" do not tell country names apart. */
function fold(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .replace(/^the /, "")
    .trim();
}

/** A region column that was mapped by mistake may hold phone numbers, so its text is masked like one. */
function quote(text: string): string {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return maskDigits(shown.replace(/\p{C}/gu, " "));
}
