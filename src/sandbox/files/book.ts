import { openXlsx, type Sheet, saveXlsx, type TableDefinition } from "hucre/xlsx";
import { format } from "numfmt";

/**
 * A workbook as Excel Online holds it open: cells with their formats, and tables. It is read and written by hucre, which
 * is another reader than the one in roster/, so that two readings of a file meet.
 */
export type Book = Awaited<ReturnType<typeof openXlsx>>;

/** Opens the bytes of an .xlsx; throws for what is none. */
export async function openBook(bytes: Uint8Array): Promise<Book> {
  const book = await openXlsx(bytes, { readStyles: true });
  for (const sheet of book.sheets) {
    // The library writes a formula with its result only where this is set, and does not read it for texts.
    for (const cell of sheet.cells?.values() ?? []) {
      if (cell.formula !== undefined) cell.formulaResult ??= cell.value;
    }
  }
  return book;
}

/** The bytes of the workbook as it is now. */
export async function bytesOf(book: Book): Promise<Buffer> {
  return Buffer.from(await saveXlsx(book));
}

/** A copy that can be edited without the other knowing: what a session that does not persist works on. */
export function copyOf(book: Book): Book {
  return { ...book, sheets: structuredClone(book.sheets) };
}

/** What can stand in a cell. */
export type CellContent = string | number | boolean | null;

/** One cell in the words of the workbook API. */
export type CellView = {
  readonly value: string | number | boolean;
  /** As displayed; the width of the column makes no difference. */
  readonly text: string;
  readonly numberFormat: string;
  readonly formula: string | number | boolean;
  readonly valueType: "Empty" | "String" | "Double" | "Boolean" | "Error";
};

/** Looks at a cell; row and column count from 0. */
export function cellAt(sheet: Sheet, row: number, column: number): CellView {
  const cell = sheet.cells?.get(`${row},${column}`);
  const numberFormat = cell?.style?.numFmt ?? "General";
  const held = cell?.formulaResult ?? cell?.value ?? sheet.rows[row]?.[column] ?? null;
  const value = held instanceof Date ? serialOf(held) : typeof held === "object" ? "" : held;
  const valueType = cell?.type === "error" ? "Error" : valueTypeOf(value);
  const formula = cell?.formula === undefined ? value : `=${cell.formula}`;
  return { value, text: displayed(value, numberFormat), numberFormat, formula, valueType };
}

/** Enters a value as a person would type it: a leading apostrophe makes a text, `=` a formula that nobody calculates. */
export function enter(sheet: Sheet, row: number, column: number, content: CellContent): void {
  while (sheet.rows.length <= row) sheet.rows.push([]);
  const cells = sheet.rows[row] ?? [];
  while (cells.length <= column) cells.push(null);
  const key = `${row},${column}`;
  const before = sheet.cells?.get(key);
  const isFormula = typeof content === "string" && content.startsWith("=") && before?.style?.numFmt !== "@";
  const value =
    typeof content === "string" && /^'./.test(content) ? content.slice(1) : content === "" ? null : content;
  cells[column] = isFormula ? null : value;
  sheet.rows[row] = cells;
  if (!isFormula && before?.style === undefined) {
    sheet.cells?.delete(key);
    return;
  }
  sheet.cells ??= new Map();
  sheet.cells.set(key, {
    value: isFormula ? null : value,
    type: isFormula ? "formula" : typeof value === "number" ? "number" : "string",
    ...(before?.style === undefined ? {} : { style: before.style }),
    ...(isFormula ? { formula: content.slice(1) } : {}),
  });
}

/** Gives a cell another number format. */
export function setFormat(sheet: Sheet, row: number, column: number, numFmt: string): void {
  const { value, valueType } = cellAt(sheet, row, column);
  sheet.cells ??= new Map();
  const key = `${row},${column}`;
  const before = sheet.cells.get(key);
  const type = valueType === "Double" ? "number" : "string";
  sheet.cells.set(key, {
    ...(before ?? { value: valueType === "Empty" ? null : value, type }),
    style: { ...before?.style, numFmt },
  });
}

/** Shifts everything from a row on down (`by` 1), or up over it (`by` -1), tables included. */
export function shiftRows(sheet: Sheet, at: number, by: 1 | -1): void {
  if (by === 1) sheet.rows.splice(at, 0, []);
  else sheet.rows.splice(at, 1);
  const moved = (row: number): number | undefined =>
    row < at ? row : by === -1 && row === at ? undefined : row + by;
  sheet.cells = new Map(
    [...(sheet.cells ?? [])].flatMap(([key, cell]) => {
      const [row = 0, column = 0] = key.split(",").map(Number);
      const to = moved(row);
      return to === undefined ? [] : [[`${to},${column}`, cell] as const];
    }),
  );
  sheet.rowDefs = new Map(
    [...(sheet.rowDefs ?? [])].flatMap(([row, definition]) => {
      const to = moved(row);
      return to === undefined ? [] : [[to, definition] as const];
    }),
  );
  for (const table of sheet.tables ?? []) moveTable(table, at, by);
}

function moveTable(table: TableDefinition, at: number, by: 1 | -1): void {
  const match = /^([A-Z]+)(\d+):([A-Z]+)(\d+)$/.exec(table.range ?? "");
  if (match === null) return;
  const [, left, top, right, bottom] = match;
  const first = Number(top) > at ? Number(top) + by : Number(top);
  const last = Number(bottom) > at - (by === 1 ? 1 : 0) ? Number(bottom) + by : Number(bottom);
  table.range = `${left}${first}:${right}${last}`;
}

function valueTypeOf(value: string | number | boolean): CellView["valueType"] {
  if (typeof value === "number") return "Double";
  if (typeof value === "boolean") return "Boolean";
  return value === "" ? "Empty" : "String";
}

/** General shows at most 11 digits and goes over to an exponent, as Excel does in a cell of any width. */
function displayed(value: string | number | boolean, numberFormat: string): string {
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  if (typeof value === "string" || numberFormat === "@") return String(value);
  try {
    return format(numberFormat, value);
  } catch {
    // Excel shows a value whose format it cannot use with number signs.
    return "########";
  }
}

function serialOf(date: Date): number {
  return date.getTime() / 86_400_000 + 25_569;
}
