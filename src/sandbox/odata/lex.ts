import { FilterError } from "./filterError.ts";

/** One piece of a `$filter`. A string's text is without its quotes. */
export type Lexeme = { readonly kind: "word" | "string" | "number" | "mark"; readonly text: string };

/** Cuts a `$filter` into its pieces. A quote inside a string is written twice. */
export function lex(text: string): Lexeme[] {
  const pattern = /\s*(?:'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?)(?![\w-])|([A-Za-z_@][\w./@-]*)|([(),:]))/y;
  const lexemes: Lexeme[] = [];
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const start = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) throw new FilterError(`cannot read '${text.slice(start, start + 20)}'`);
    const [, string, number, word, mark] = match;
    if (string !== undefined) lexemes.push({ kind: "string", text: string.replaceAll("''", "'") });
    else if (number !== undefined) lexemes.push({ kind: "number", text: number });
    else if (word !== undefined) lexemes.push({ kind: "word", text: word });
    else if (mark !== undefined) lexemes.push({ kind: "mark", text: mark });
  }
  return lexemes;
}
