import { columnLetters } from "../decide/columns.ts";
import { type CurrentRow, type StatusCells, type StatusWrite, statusColumns } from "../decide/writeBack.ts";
import type { OnlineWorkbook } from "../graph/connect.ts";
import { GraphFault } from "../model/fault.ts";
import { type ColumnKind, columnKinds, type RosterCell } from "../model/row.ts";
import type { SharedSheet, SharedTable } from "../model/sharedList.ts";
import { type Area, parseArea } from "../roster/grid.ts";
import type { Roster } from "../roster/open.ts";
import { sharedCell } from "../roster/shared.ts";
import type { Patience } from "./patience.ts";

/** Few tries: the run is done, and a report beside the list says the same. */
export const fewTries = 3;

/** Why the table cannot take the statuses; said, never thrown further. */
export class Whynot extends Error {}

/** Where a table stands now, and which of its columns is what. */
export type Place = {
  readonly sheet: SharedSheet;
  readonly table: SharedTable;
  readonly area: Area;
  /** Rows with data; `last` is below `first` when there are none. */
  readonly first: number;
  readonly last: number;
  readonly mapped: readonly (readonly [kind: ColumnKind, column: number])[];
  /** The status columns that are there. */
  readonly columns: ReadonlyMap<string, number>;
};

export function placeOf({ sheets }: OnlineWorkbook, name: string, roster: Roster): Place {
  for (const sheet of sheets) {
    const table = sheet.tables.find(each => each.name === name);
    const area = table === undefined ? undefined : parseArea(table.ref);
    if (table === undefined || area === undefined) continue;
    const columnOf = (header: string): number | undefined => {
      const index = table.headers.findIndex(
        each => each.trim().toLowerCase() === header.trim().toLowerCase(),
      );
      return index < 0 ? undefined : area.left + index;
    };
    const mapped = columnKinds.flatMap(kind => {
      const header = roster.columns[kind]?.header;
      if (header === undefined) return [];
      const column = columnOf(header);
      if (column === undefined) throw new Whynot(`the table ${name} has no column "${header}" any more`);
      return [[kind, column] as const];
    });
    const columns = new Map(
      statusColumns.flatMap(column => {
        const at = columnOf(column);
        return at === undefined ? [] : [[column, at] as const];
      }),
    );
    const first = area.top + (table.hasHeader ? 1 : 0);
    const last = area.bottom - (table.hasTotals ? 1 : 0);
    return { sheet, table, area, first, last, mapped, columns };
  }
  throw new Whynot(`the table ${name} is not there any more`);
}

/**
 * Adds a status column with what stands in it. It is not asked twice: an answer that was lost may have added it, and the
 * next look shows that.
 */
export async function addColumn(
  workbook: OnlineWorkbook,
  { table, area, first }: Place,
  index: number,
  writes: readonly StatusWrite[],
): Promise<void> {
  const byRow = new Map(writes.map(({ row, cells }) => [row, cells[index]]));
  const below = Array.from({ length: area.bottom - first + 1 }, (_, down) => byRow.get(first + down) ?? "");
  const header = statusColumns[index] ?? "";
  try {
    await workbook.addColumn(table, [header, ...below]).catch(async (error: unknown) => {
      // Not as many rows as there are now: the column comes without them, and is filled at the next look.
      if (!(error instanceof GraphFault) || error.fault.status !== 400) throw error;
      await workbook.addColumn(table, [header]);
    });
  } catch (error) {
    if (!(error instanceof GraphFault) || !mayHaveHappened(error)) throw error;
  }
}

/** No answer, or one that a change of the table by somebody else explains. */
function mayHaveHappened({ fault: { kind, status = 0 } }: GraphFault): boolean {
  return kind !== "http" || status === 400 || status === 409 || status >= 500;
}

/** Cells of one request. */
const pageCells = 5_000;

/** The rows of a table with data, as they are now. */
export async function readRows(
  place: Place,
  patience: Patience,
  tell: (rows: number) => void,
): Promise<CurrentRow[]> {
  const needed = [...place.mapped.map(([, column]) => column), ...place.columns.values()];
  const [left, right] = [Math.min(...needed), Math.max(...needed)];
  const rows: CurrentRow[] = [];
  for (const { top, bottom } of pagesOf(place, right - left + 1)) {
    const ref = `${columnLetters(left)}${top}:${columnLetters(right)}${bottom}`;
    const { cells } = await patience.read(() => place.sheet.read(ref), fewTries);
    tell(cells.length);
    for (const [down, row] of cells.entries()) {
      const at = (column: number): RosterCell | undefined => {
        const cell = row[column - left];
        return cell === undefined ? undefined : sharedCell(cell);
      };
      const found: { [Kind in ColumnKind]?: RosterCell } = {};
      for (const [kind, column] of place.mapped) found[kind] = at(column) ?? blank;
      const texts = statusColumns.map(column => at(place.columns.get(column) ?? 0)?.text ?? "");
      rows.push({ row: top + down, cells: found, status: texts as unknown as StatusCells });
    }
  }
  return rows;
}

const blank: RosterCell = { text: "", stored: "text" };

/** Writes the statuses of rows into columns that are there. */
export async function writeRows(
  {
    workbook,
    place,
    writes,
  }: {
    readonly workbook: OnlineWorkbook;
    readonly place: Place;
    readonly writes: readonly StatusWrite[];
  },
  patience: Patience,
  tell: (rows: number) => void,
): Promise<void> {
  const byRow = new Map(writes.map(({ row, cells }) => [row, cells]));
  for (const { from, to, first } of runsOf(place.columns)) {
    for (const { top, bottom } of pagesOf(place, to - from + 1)) {
      const rows = Array.from({ length: bottom - top + 1 }, (_, down) => byRow.get(top + down));
      if (rows.every(cells => cells === undefined)) continue;
      const values = rows.map(cells =>
        Array.from({ length: to - from + 1 }, (_, along) => cells?.[first + along]),
      );
      const ref = `${columnLetters(from)}${top}:${columnLetters(to)}${bottom}`;
      await patience.read(() => workbook.write(place.sheet, ref, values), fewTries);
      tell(values.length);
    }
  }
}

/** Neighbouring status columns are written together; people may have moved one away. */
function runsOf(columns: Place["columns"]): { from: number; to: number; readonly first: number }[] {
  const runs: { from: number; to: number; readonly first: number }[] = [];
  for (const [index, name] of statusColumns.entries()) {
    const column = columns.get(name) ?? 0;
    const run = runs.at(-1);
    if (run !== undefined && run.to + 1 === column) run.to = column;
    else runs.push({ from: column, to: column, first: index });
  }
  return runs;
}

function* pagesOf(
  { first, last }: Place,
  width: number,
): Iterable<{ readonly top: number; readonly bottom: number }> {
  const step = Math.max(1, Math.floor(pageCells / width));
  for (let top = first; top <= last; top += step) yield { top, bottom: Math.min(last, top + step - 1) };
}
