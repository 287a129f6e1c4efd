import type { Sheet, TableDefinition } from "hucre/xlsx";
import { type Area, readArea, writeArea } from "./area.ts";
import { type Book, cellAt, enter } from "./book.ts";

/** A table with the sheet it stands on and its number in the workbook, which makes its id. */
export type BookTable = { readonly sheet: Sheet; readonly table: TableDefinition; readonly number: number };

export function tablesOf(book: Book): BookTable[] {
  let number = 0;
  return book.sheets.flatMap(sheet =>
    (sheet.tables ?? []).map(table => ({ sheet, table, number: ++number })),
  );
}

/** The id that Excel Online gives, braces and all. */
export function tableId({ number }: BookTable): string {
  return `{00000000-000C-0000-FFFF-${number.toString(16).toUpperCase().padStart(12, "0")}}`;
}

export function sheetId(book: Book, sheet: Sheet): string {
  const number = book.sheets.indexOf(sheet);
  return `{00000000-0001-0000-${number.toString(16).toUpperCase().padStart(4, "0")}-000000000000}`;
}

/** A table by id or name, without regard to case. */
export function findTable(book: Book, key: string): BookTable | undefined {
  const wanted = key.toLowerCase();
  return tablesOf(book).find(
    found => tableId(found).toLowerCase() === wanted || nameOf(found.table).toLowerCase() === wanted,
  );
}

export function findSheet(book: Book, key: string): Sheet | undefined {
  const wanted = key.toLowerCase();
  return book.sheets.find(
    sheet => sheetId(book, sheet).toLowerCase() === wanted || sheet.name.toLowerCase() === wanted,
  );
}

export function nameOf({ displayName, name }: TableDefinition): string {
  return displayName ?? name;
}

/** The whole table, header and totals included. */
export function tableArea({ table }: BookTable): Area {
  return readArea(table.range ?? "A1") ?? { top: 0, left: 0, bottom: 0, right: 0 };
}

export function headerArea(found: BookTable): Area {
  const area = tableArea(found);
  return { ...area, bottom: area.top };
}

/** The rows with data. */
export function bodyArea(found: BookTable): Area {
  const area = tableArea(found);
  return {
    ...area,
    top: area.top + 1,
    bottom: area.bottom - (found.table.showTotalRow === true ? 1 : 0),
  };
}

/** The area that holds anything. */
export function usedArea(sheet: Sheet): Area {
  let right = 0;
  let bottom = 0;
  for (const [row, cells] of sheet.rows.entries()) {
    const last = cells.findLastIndex(cell => cell !== null && cell !== "");
    if (last >= 0) bottom = row;
    right = Math.max(right, last);
  }
  return { top: 0, left: 0, bottom, right };
}

/** Adds a column at the right end, with its header and what stands below. */
export function addColumn(found: BookTable, header: string, below: readonly unknown[]): void {
  const { sheet, table } = found;
  const area = tableArea(found);
  const column = area.right + 1;
  enter(sheet, area.top, column, header);
  for (const [index, content] of below.entries()) {
    if (typeof content === "string" || typeof content === "number" || typeof content === "boolean") {
      enter(sheet, area.top + 1 + index, column, content);
    }
  }
  table.range = writeArea({ ...area, right: column });
  table.columns = [...table.columns, { name: header }];
}

/** Adds rows at the end of the data; returns the index of the first. */
export function addRows(found: BookTable, rows: readonly (readonly unknown[])[]): number {
  const area = tableArea(found);
  for (const [down, row] of rows.entries()) {
    for (const [along, content] of row.entries()) {
      if (typeof content === "string" || typeof content === "number" || typeof content === "boolean") {
        enter(found.sheet, area.bottom + 1 + down, area.left + along, content);
      }
    }
  }
  found.table.range = writeArea({ ...area, bottom: area.bottom + rows.length });
  return area.bottom - area.top;
}

/** The displayed texts of an area. */
export function textsOf(sheet: Sheet, area: Area): string[][] {
  return rowsOf(area).map(row => columnsOf(area).map(column => cellAt(sheet, row, column).text));
}

export function rowsOf({ top, bottom }: Area): number[] {
  return Array.from({ length: Math.max(0, bottom - top + 1) }, (_, index) => top + index);
}

export function columnsOf({ left, right }: Area): number[] {
  return Array.from({ length: Math.max(0, right - left + 1) }, (_, index) => left + index);
}
