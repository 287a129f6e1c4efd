import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { columnLetters } from "../decide/columns.ts";
import { PrepopError } from "../model/errors.ts";
import type { RosterCell } from "../model/row.ts";
import type { SharedCell, SharedRows, SharedSheet, SharedWorkbook } from "../model/sharedList.ts";
import { type Area, type Grid, type GridRow, parseArea } from "./grid.ts";
import { assertHasRows, fromList, type OpenOptions, openRoster, type Roster } from "./open.ts";
import { chooseList } from "./xlsx/chooseList.ts";
import { formatOf, numberCell } from "./xlsx/numberFormats.ts";
import type { Workbook } from "./xlsx/workbook.ts";

/** A list in Microsoft 365 that was reached: open in Excel Online, or its bytes. */
export type SharedSource = {
  readonly name: string;
  /** Which file it is, whatever it is called. */
  readonly identity: string;
} & (
  | { readonly kind: "workbook"; readonly workbook: SharedWorkbook }
  | { readonly kind: "bytes"; readonly bytes: AsyncIterable<Uint8Array> }
);

/**
 * Opens a shared list as a roster like any other. It is read to its end here, and its hash is that of the rows it gave: the
 * bytes of a file that people have open change with every save, and with our own status columns.
 */
export async function openShared(source: SharedSource, options: OpenOptions = {}): Promise<Roster> {
  const opened =
    source.kind === "workbook"
      ? await openInExcel(source, options)
      : await openRoster({ kind: "stream", name: source.name, stream: Readable.from(source.bytes) }, options);
  try {
    return { ...opened, hash: await contentHash(opened, source.identity) };
  } catch (cause) {
    await opened.close();
    throw cause;
  }
}

async function openInExcel(
  { name, workbook }: Extract<SharedSource, { kind: "workbook" }>,
  options: OpenOptions,
): Promise<Roster> {
  const request = { ...options, requirePhones: options.requirePhones ?? true };
  const { rows, ...layout } = fromList(await chooseList(name, gridsOf(name, workbook), request));
  let hidden = 0;
  const roster: Roster = {
    ...layout,
    name,
    hash: "",
    async *batches() {
      hidden = 0;
      for await (const batch of rows()) {
        for (const row of batch) if (row.hidden) hidden++;
        yield batch;
      }
    },
    hiddenRows: () => hidden,
    close: async () => undefined,
  };
  await assertHasRows(roster);
  return roster;
}

/** The workbook with the shape that a file's has. */
export function gridsOf(file: string, { sheets }: SharedWorkbook): Workbook {
  return {
    sheets: sheets.map(sheet => ({
      name: sheet.name,
      state: sheet.state,
      tables: sheet.tables.flatMap(({ name, ref, headers, hasHeader, hasTotals }) => {
        const area = parseArea(ref);
        if (area === undefined) return [];
        const table = { name, sheet: sheet.name, ref, area, headers };
        return [{ ...table, headerRows: hasHeader ? 1 : 0, totalsRows: hasTotals ? 1 : 0 }];
      }),
      grid: sharedGrid(file, sheet),
    })),
  };
}

/** Rows and cells of one request; a page of everything that Excel allows in a sheet would take the service down. */
const page = { rows: 1_000, cells: 10_000 };
/** What is longer is quicker read from the downloaded file. */
const most = { rows: 200_000, cells: 2_000_000 };

/** A sheet as a grid. What was read once is kept, so that a second walk sees the same rows and asks nothing. */
function sharedGrid(file: string, sheet: SharedSheet): Grid {
  const used = parseArea(sheet.used);
  const kept = new Map<string, Promise<readonly GridRow[]>>();
  return {
    async *rows({ only, from = 1, to = Number.POSITIVE_INFINITY } = {}) {
      if (used === undefined) return;
      const span = spanOf(used, only);
      const height = span.bottom - span.top + 1;
      const width = span.right - span.left + 1;
      if (height > most.rows || height * width > most.cells) {
        throw new PrepopError("PREPOP_ROSTER_TOO_LARGE", { file, why: "Excel Online would take too long" });
      }
      const step = Math.max(1, Math.min(page.rows, Math.floor(page.cells / width)));
      for (let top = span.top; top <= Math.min(span.bottom, to); top += step) {
        const bottom = Math.min(span.bottom, top + step - 1);
        if (bottom < from) continue;
        const ref = `${columnLetters(span.left)}${top}:${columnLetters(span.right)}${bottom}`;
        const rows = kept.get(ref) ?? sheet.read(ref).then(read => rowsOf(read, top, span.left));
        kept.set(ref, rows);
        const batch = (await rows).flatMap(row => wanted(row, only, from, to));
        if (batch.length > 0) yield batch;
      }
    },
  };
}

/** Only the columns between the first and the last that are wanted; one at least, which says what is hidden. */
function spanOf(used: Area, only: ReadonlySet<number> | undefined): Area {
  if (only === undefined) return used;
  const columns = [...only].filter(column => column >= used.left && column <= used.right);
  const left = columns.length === 0 ? used.left : Math.min(...columns);
  return { ...used, left, right: columns.length === 0 ? used.left : Math.max(...columns) };
}

function wanted(
  row: GridRow,
  only: ReadonlySet<number> | undefined,
  from: number,
  to: number,
): readonly GridRow[] {
  if (row.row < from || row.row > to) return [];
  const cells =
    only === undefined ? row.cells : new Map([...row.cells].filter(([column]) => only.has(column)));
  return cells.size > 0 || row.hidden ? [{ ...row, cells }] : [];
}

function rowsOf({ cells, hidden }: SharedRows, top: number, left: number): readonly GridRow[] {
  return cells.map((row, down) => ({
    row: top + down,
    hidden: hidden[down] ?? false,
    cells: new Map(
      row.flatMap((cell, along) => {
        const read = sharedCell(cell);
        return read === undefined ? [] : [[left + along, read] as const];
      }),
    ),
  }));
}

/**
 * What a cell says: a text as it is kept, a number as it is displayed where the display only adds what telephone numbers are
 * written with. `####`, an exponent or a separator of thousands are no such display; then the number and its format decide.
 */
export function sharedCell({ kind, value, text, format, isFormula }: SharedCell): RosterCell | undefined {
  switch (kind) {
    case "empty":
      return isFormula ? { text: "", stored: "formula" } : undefined;
    case "error":
      return { text: String(value), stored: "error" };
    case "boolean":
      return { text: value === true ? "TRUE" : "FALSE", stored: "boolean" };
    case "number":
      return numberCell(Number(value), format === undefined ? unknownFormat : formatOf(format), false, text);
    case "string":
      return { text: String(value), stored: isFormula ? "formula" : "text" };
  }
}

/** What is displayed decides alone then, under the same condition. */
const unknownFormat = { kind: "pattern", pattern: "0" } as const;

async function contentHash(roster: Roster, identity: string): Promise<string> {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([identity, roster.sheet, roster.table, roster.columns]));
  for await (const batch of roster.batches()) {
    for (const { ref, cells } of batch) hash.update(JSON.stringify([ref.row, cells]));
  }
  return hash.digest("hex");
}
