/** Labels that announce an extension. German "Durchwahl" is none: its digits are dialled as part of the number. */
const extensionPattern =
  /^(.*\d[^\dA-Za-z]*?)(?:;ext=|(?:\b|(?<=\d))(?:extension|extn|ext|x|toestel|tst|poste)|#) ?[.:]? ?(\d{1,9})$/is;

/** Parts a number from its extension: `020 7946 0125 x4021`. */
export function splitExtension(text: string): { readonly main: string; readonly extension?: string } {
  const [, main, extension] = extensionPattern.exec(text) ?? [];
  return main === undefined || extension === undefined ? { main: text } : { main: main.trim(), extension };
}

/** Why a text is not spelled as one number; undefined when it is. */
export function misspelling(text: string): string | undefined {
  const strange = /[^\d +\-./()[\]\n]/u.exec(text)?.[0];
  if (strange !== undefined) {
    return /\p{L}/u.test(strange)
      ? "it holds letters"
      : `it holds the character U+${strange.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}`;
  }
  const digits = text.replace(/\D/g, "").length;
  if (digits === 0) return "it holds no digits";
  if (!/^[([]*\+?[^+]*$/.test(text)) return "it has a + that is not at its beginning";
  if (/[-/]$/.test(text)) return "it ends in a hyphen or slash, so digits may be missing";
  if (digits < 4) return "it is too short for a number";
  return digits > 20 ? "it is too long for a number" : undefined;
}

/**
 * The digits, with the leading + where there is one. `(0)` says that the 0 is dialled only inside the country, which
 * is wrong where the 0 belongs to the number (Italy): both ways are read, and both valid is ambiguous.
 */
export function digitSpellings(text: string): readonly string[] {
  const compact = (part: string) => part.replace(/[^\d+]/g, "");
  const optional = /^(.*\d.*?)[([] ?0 ?[)\]](.*)$/s.exec(text);
  if (!optional) return [compact(text)];
  const [, before = "", after = ""] = optional;
  return [compact(`${before}0${after}`), compact(before + after)];
}

/** Whether digits begin with a country code by their own account. */
export const isExplicit = (digits: string): boolean => /^(?:\+|00)/.test(digits);
