import { format, isDateFormat } from "numfmt";
import type { RosterCell } from "../../model/row.ts";
import { plainDigits } from "../json.ts";
import { readXml } from "./xml.ts";
import type { Zip } from "./zip.ts";

/** How a style shows a number. */
export type NumberFormat =
  | { readonly kind: "general" }
  | { readonly kind: "date" }
  | { readonly kind: "pattern"; readonly pattern: string };

/** Formats by the style index of a cell. */
export type NumberFormats = (style: number) => NumberFormat;

const general: NumberFormat = { kind: "general" };
const date: NumberFormat = { kind: "date" };

export const noFormats: NumberFormats = () => general;

/** Reads the number formats of the workbook's cell styles. */
export async function readNumberFormats(file: string, zip: Zip, part: string): Promise<NumberFormats> {
  const patterns = new Map<number, string>();
  const styles: number[] = [];
  const path: string[] = [];
  await readXml(
    { file, part, bytes: zip.read(part) },
    {
      open(name, attributes) {
        const parent = path.at(-1);
        path.push(name);
        if (name === "numFmt" && parent === "numFmts") {
          patterns.set(Number(attributes.numFmtId), attributes.formatCode ?? "");
        }
        if (name === "xf" && parent === "cellXfs") styles.push(Number(attributes.numFmtId ?? 0));
      },
      close: () => void path.pop(),
    },
  );
  const formats = styles.map(id => {
    const pattern = patterns.get(id);
    return pattern !== undefined ? formatOf(pattern) : isBuiltInDate(id) ? date : general;
  });
  return style => formats[style] ?? general;
}

/** Built-in formats that show dates or times, in any language (ECMA-376 part 1, 18.8.30). */
const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);

/** How Excel's code for a format shows numbers. */
export function formatOf(pattern: string): NumberFormat {
  if (/^general$/i.test(pattern) || pattern === "" || pattern.length > 255) return general;
  try {
    return isDateFormat(pattern) ? date : { kind: "pattern", pattern };
  } catch (cause) {
    // A format that cannot be read shows nothing that could be trusted: the plain digits are the cell.
    if (cause instanceof Error) return general;
    throw cause;
  }
}

/**
 * What a number cell says. A format is used only where it adds to the digits what telephone numbers are written with
 * (leading zeros, a literal +31, spaces): rounding, thousands, exponents and units must not reach a phone.
 * A date is a text, because its digits are no number that lost something. `displayed` is the text that somebody else made
 * of the value, where that is known.
 */
export function numberCell(
  value: number,
  shown: NumberFormat,
  date1904: boolean,
  displayed?: string,
): RosterCell {
  const digits = plainDigits(value);
  switch (shown.kind) {
    case "general":
      return { text: digits, stored: "number" };
    case "date": {
      const text = dateText(value, date1904);
      return text === undefined ? { text: digits, stored: "number" } : { text, stored: "text" };
    }
    case "pattern": {
      const seen = displayed === undefined ? undefined : phoneLike(displayed.trim(), digits);
      return { text: seen ?? phoneLike(rendered(shown.pattern, value), digits) ?? digits, stored: "number" };
    }
  }
}

function phoneLike(text: string, digits: string): string | undefined {
  if (!/^\d+$/.test(digits)) return undefined;
  const isWritten = /^[+0-9 ().\-/\u00a0]*$/.test(text);
  return isWritten && text.replace(/[^0-9]/g, "").endsWith(digits) ? text : undefined;
}

function rendered(pattern: string, value: number): string {
  try {
    return format(pattern, value).trim();
  } catch (cause) {
    if (cause instanceof Error) return "";
    throw cause;
  }
}

/** A date as `2026-11-23 09:30:00`, whatever the language of the format. Undefined outside Excel's calendar. */
function dateText(value: number, date1904: boolean): string | undefined {
  const serial = date1904 ? value + 1462 : value;
  if (serial < 0 || serial >= 2_958_466) return undefined;
  return format("yyyy-mm-dd hh:mm:ss", serial);
}
