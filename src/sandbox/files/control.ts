import { type Book, type CellContent, enter, shiftRows } from "./book.ts";
import { contentOf, type SharedFile } from "./drives.ts";
import { type BookTable, bodyArea, findSheet, findTable, tableArea, textsOf } from "./tables.ts";

/** A file of the sandbox in the hands of whoever tests: a second person at work in it. */
export type SandboxFile = {
  readonly name: string;
  readonly id: string;
  readonly driveId: string;
  readonly parentId: string;
  /** Its bytes as they are now. */
  content(): Promise<Buffer>;
  /** The displayed texts of a table, header first. */
  table(name: string): readonly (readonly string[])[];
  /** Inserts a row of data; `at` counts the table's rows from 0. */
  insertRow(table: string, at: number, cells: readonly CellContent[]): void;
  deleteRow(table: string, at: number): void;
  /** Moves a row of data to the place of another, as sorting does. */
  moveRow(table: string, from: number, to: number): void;
  /** Types into a cell, `B2`. */
  type(sheet: string, ref: string, content: CellContent): void;
  lock(locked: boolean): void;
};

export function sandboxFile(file: SharedFile): SandboxFile {
  const book = (): Book => {
    if (file.book === undefined) throw new Error(`${file.name} is no workbook.`);
    return file.book;
  };
  const named = (name: string): BookTable => {
    const table = findTable(book(), name);
    if (table === undefined) throw new Error(`${file.name} has no table ${name}.`);
    return table;
  };
  const edit = (change: () => void): void => {
    change();
    file.edited = true;
    file.version++;
  };
  const insert = (table: BookTable, at: number, cells: readonly CellContent[]): void => {
    const { left, top } = bodyArea(table);
    shiftRows(table.sheet, top + at, 1);
    for (const [along, content] of cells.entries()) enter(table.sheet, top + at, left + along, content);
  };
  return {
    name: file.name,
    id: file.id,
    driveId: file.driveId,
    parentId: file.parentId,
    content: () => contentOf(file),
    table: name => {
      const table = named(name);
      return textsOf(table.sheet, tableArea(table));
    },
    insertRow: (name, at, cells) => edit(() => insert(named(name), at, cells)),
    deleteRow: (name, at) =>
      edit(() => {
        const table = named(name);
        shiftRows(table.sheet, bodyArea(table).top + at, -1);
      }),
    moveRow: (name, from, to) =>
      edit(() => {
        const table = named(name);
        const { top, left } = bodyArea(table);
        const cells = (table.sheet.rows[top + from] ?? []).slice(left) as CellContent[];
        shiftRows(table.sheet, top + from, -1);
        insert(table, to, cells);
      }),
    type: (sheetName, ref, content) =>
      edit(() => {
        const sheet = findSheet(book(), sheetName);
        const [, letters = "A", row = "1"] = /^([A-Z]+)(\d+)$/.exec(ref) ?? [];
        const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
        if (sheet !== undefined) enter(sheet, Number(row) - 1, column, content);
      }),
    lock: locked => {
      file.locked = locked;
    },
  };
}
