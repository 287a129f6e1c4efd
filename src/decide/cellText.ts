import type { RosterCell } from "../model/row.ts";

/** What a phone cell says once spelling that carries no digits is taken away. */
export type CellText =
  | { readonly kind: "blank" }
  | { readonly kind: "text"; readonly text: string; readonly stored: RosterCell["stored"] }
  | { readonly kind: "unusable"; readonly code: "invalid-phone" | "ambiguous"; readonly why: string };

/**
 * Brings a phone cell to plain text: ASCII digits, plain spaces, hyphens and line ends, without bidi marks, the
 * apostrophe and `="…"` of spreadsheets, and `tel:`. Letters stay: they are for the reader of numbers to refuse.
 */
export function cellText(cell: RosterCell): CellText {
  switch (cell.stored) {
    case "text":
    case "number":
    case "formula":
      return plainText(cell);
    case "list":
      return listText(cell.text);
    case "boolean":
      return invalid("it holds true or false instead of a number");
    case "error":
      return invalid("it holds an error of the spreadsheet instead of a number");
    case "object":
      return invalid("it holds an object instead of a number");
  }
}

/** No phone cell is longer; the limit keeps hostile cells cheap. */
const longest = 250;

function plainText({ text, stored }: RosterCell): CellText {
  if (text.trim() === "") return { kind: "blank" };
  if (text.length > longest) return invalid("it is far too long for a number");
  // Under mirror a blank cell removes a phone, so a cell that only looks blank is not taken for one.
  const spelled = normalise(text);
  if (spelled === "") return invalid("it holds only invisible characters");
  const inner = unwrap(spelled);
  if (inner === "") return invalid("it holds only quotation marks");
  if (/^[=@]/.test(inner)) return invalid("it looks like a formula");
  if (inner.startsWith("-")) return invalid("it begins with a minus");
  return { kind: "text", text: inner, stored };
}

function listText(json: string): CellText {
  const elements = elementsOf(json);
  if (!elements) return invalid("it holds a list that cannot be read");
  const filled = elements.filter(element => element !== null && element !== "");
  const [only, ...others] = filled;
  if (others.length > 0) return { kind: "unusable", code: "ambiguous", why: "it holds more than one number" };
  if (only === undefined) return { kind: "blank" };
  if (typeof only === "string") return plainText({ text: only, stored: "text" });
  if (typeof only === "number") return plainText({ text: String(only), stored: "number" });
  return invalid("it holds a list of something else than numbers");
}

function elementsOf(json: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const invalid = (why: string): CellText => ({ kind: "unusable", code: "invalid-phone", why });

/** Characters that show nothing. U+202E is left in, and so refused: it shows digits in another order than they stand. */
const invisible = /[\u00AD\u200B-\u200F\u202A-\u202D\u2060\u2066-\u2069\uFEFF]/g;

/** Printable ASCII with single spaces between: what nearly every cell is, and what nothing below would change. */
const plainAlready = /^[\x21-\x7E]+(?: [\x21-\x7E]+)*$/;

function normalise(text: string): string {
  if (plainAlready.test(text)) return text;
  return text
    .replace(/[\uFF10-\uFF19\u0660-\u0669\u06F0-\u06F9]/g, digit => String(digit.charCodeAt(0) & 15))
    .replace(invisible, "")
    .replace(/[\uFF0B\uFE62]/g, "+")
    .replace(/[\u2010-\u2015\u2212\u30FC\uFE63\uFF0D]/g, "-")
    .replace(/\uFF0F/g, "/")
    .replace(/\uFF0E/g, ".")
    .replace(/[\uFF08]/g, "(")
    .replace(/[\uFF09]/g, ")")
    .replace(/[\r\n\v\f\u0085\u2028\u2029]+/g, "\n")
    .replace(/[^\S\n]+/g, " ")
    .trim();
}

/**
 * `'` and `="…"` are how spreadsheets keep text from becoming a number. `tel:` before a + is the scheme of a link
 * copied from a page or a card: the library refuses it, but it says nothing else than that a number follows.
 */
function unwrap(text: string): string {
  if (/^[\d+(]/.test(text)) return text;
  const quoted = /^="([^"]*)"$/.exec(text)?.[1] ?? text;
  return quoted
    .trim()
    .replace(/^'/, "")
    .replace(/^tel:\s*(?=\+)/i, "")
    .trim();
}
