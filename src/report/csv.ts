import type { ReportCell, ReportColumn } from "./reportRows.ts";

/** Excel takes a file without it for the code page of the machine. */
const byteOrderMark = "\ufeff";

/** A number of ours, whole or masked: the one text that may start with `+` and stay readable. */
const phone = /^\+[\d•]{1,3} [\d•]+(x[\d•]+)?$/;

/** What starts a formula at the start of a cell, also behind white space and quotes that a spreadsheet strips. */
const formula = /^(?:[\s"\u200b\ufeff\0]*[=+\-@＝＋－＠]|[\t\r\n\0])/u;

/**
 * The same behind what a spreadsheet set to another language may take for the end of a cell: a German or Dutch Excel
 * splits at `;` also inside our quotes.
 */
const innerFormula = /([;\t\r\n][\s"\u200b\ufeff\0]*)(?=[=+\-@＝＋－＠])/gu;

/**
 * One line of a CSV file (RFC 4180, CRLF) in which no cell starts a formula: an apostrophe stands before it.
 * @example csvLine(["a", "=1+1", "+31 612345678"]) // "a,'=1+1,+31 612345678\r\n"
 */
export function csvLine(cells: Iterable<ReportCell>): string {
  const fields: string[] = [];
  for (const cell of cells) fields.push(field(cell));
  return `${fields.join(",")}\r\n`;
}

/** A CSV file in UTF-8 with its mark and a header line. */
export function* csvReport(
  columns: readonly ReportColumn[],
  rows: Iterable<readonly ReportCell[]>,
): Iterable<string> {
  yield byteOrderMark + csvLine(columns.map(column => column.name));
  for (const row of rows) yield csvLine(row);
}

function field(cell: ReportCell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const text = harmless(cell);
  return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function harmless(text: string): string {
  if (phone.test(text)) return text;
  const inside = text.replace(innerFormula, "$1'");
  return formula.test(inside) ? `'${inside}` : inside;
}
