import { columnLetters } from "../decide/columns.ts";
import {
  type CurrentRow,
  contentsIn,
  type StatusCells,
  type StatusWrite,
  statusByContent,
  statusColumns,
  statusWrites,
} from "../decide/writeBack.ts";
import type { OnlineWorkbook } from "../graph/connect.ts";
import { PrepopError } from "../model/errors.ts";
import { GraphFault } from "../model/fault.ts";
import { type ColumnKind, columnKinds, type RosterCell } from "../model/row.ts";
import type { RowStatus, WriteBackEnd } from "../model/rowStatus.ts";
import type { SharedOrigin, SharedSheet, SharedTable } from "../model/sharedList.ts";
import { type Area, parseArea } from "../roster/grid.ts";
import type { Roster } from "../roster/open.ts";
import { sharedCell } from "../roster/shared.ts";
import type { Edges } from "./edges.ts";
import type { Patience } from "./patience.ts";

export type WriteBackRequest = {
  /** As it was planned from. */
  readonly roster: Roster;
  readonly shared: SharedOrigin;
  /** By row of the roster. */
  readonly statuses: ReadonlyMap<number, RowStatus>;
  /** When, as people read it; also how what this run wrote is known again. */
  readonly when: string;
  /** The report of the run as a workbook, with its numbers masked. */
  report(): AsyncIterable<Uint8Array | string>;
};

/** Few tries: the run is done, and a report beside the list says the same. */
const fewTries = 3;

/**
 * Gets the outcomes of a run back to the list that it came from: into status columns of its table, or, where that is not
 * possible, as a report beside the file. It never throws for what the service does: the run is what it is.
 */
export async function writeBack(
  request: WriteBackRequest,
  edges: Edges,
  patience: Patience,
): Promise<WriteBackEnd> {
  const tabled = await orWhy(() => writeTable(request, edges, patience));
  if (typeof tabled !== "string") return tabled;
  const { name } = request.shared.file;
  const reportName = `${name.replace(/\.\w{1,5}$/, "")}.prepop-report.xlsx`;
  const saved = await orWhy(async () => {
    const bytes = await gathered(request.report());
    await patience.read(
      () => edges.graph.lists.uploadBeside(request.shared.file, reportName, bytes),
      fewTries,
    );
    return { kind: "report", name: reportName, why: tabled } as const;
  });
  return typeof saved === "string"
    ? { kind: "none", why: `${tabled}, and no report could be saved beside ${name}: ${saved}` }
    : saved;
}

/** How often the table is looked at: to add its columns, to write, to see that all is right, and to put right what is not. */
const mostLooks = 8;

/** Writes until a look at the table finds every row with its own status. */
async function writeTable(
  request: WriteBackRequest,
  edges: Edges,
  patience: Patience,
): Promise<WriteBackEnd> {
  const { roster, shared, statuses, when } = request;
  const { graph } = edges;
  if (shared.route === "download") throw new Whynot("Excel Online does not open the list for this sign-in");
  const { table: name } = roster;
  if (name === undefined) throw new Whynot("the list is no Excel table");
  const wanted = statusByContent((await Array.fromAsync(roster.batches())).flat(), statuses);
  for (let look = 1; look <= mostLooks; look++) {
    const workbook = await patience.read(() => graph.lists.open(shared.file, true), fewTries);
    try {
      const place = placeOf(workbook, name, roster);
      const rows = await readRows(place, patience);
      const writes = statusWrites(rows, wanted, when);
      const missing = statusColumns.findIndex(column => !place.columns.has(column));
      if (missing >= 0) {
        await addColumn(workbook, place, missing, writes);
        continue;
      }
      if (writes.length === 0) {
        const there = contentsIn(rows);
        const missed = [...wanted.keys()].filter(content => !there.has(content)).length;
        const written = rows.filter(({ status }) => status[2] === when).length;
        return { kind: "table", table: name, written, missed };
      }
      await writeRows(workbook, place, writes, patience);
    } catch (error) {
      // A session may end, and a table be replaced, between two requests: the next look begins anew.
      if (!(error instanceof GraphFault) || error.fault.status !== 404 || look === mostLooks) throw error;
    } finally {
      // Excel Online ends an idle session by itself, so whether it is closed now is of no matter.
      await workbook.close().catch(() => undefined);
    }
  }
  await emptyStatuses(request, name, edges, patience);
  throw new Whynot(
    `somebody changes the table ${name} while it is written, so its status columns were emptied`,
  );
}

/** No status is better than one beside another person: blanks are right wherever a row moves to. */
async function emptyStatuses(
  { roster, shared, when }: WriteBackRequest,
  name: string,
  { graph }: Edges,
  patience: Patience,
): Promise<void> {
  for (let look = 1; look <= fewTries; look++) {
    const workbook = await patience.read(() => graph.lists.open(shared.file, true), fewTries);
    try {
      const place = placeOf(workbook, name, roster);
      const rows = await readRows(place, patience);
      if (rows.every(({ status }) => status[2] !== when)) return;
      const blanks = rows.map(({ row }) => ({ row, cells: ["", "", ""] as const }));
      await writeRows(workbook, place, blanks, patience);
    } finally {
      await workbook.close().catch(() => undefined);
    }
  }
}

/** Where a table stands now, and which of its columns is what. */
type Place = {
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

function placeOf({ sheets }: OnlineWorkbook, name: string, roster: Roster): Place {
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
async function addColumn(
  workbook: OnlineWorkbook,
  { table, area, first }: Place,
  index: number,
  writes: readonly StatusWrite[],
): Promise<void> {
  const byRow = new Map(writes.map(({ row, cells }) => [row, cells[index]]));
  const below = Array.from({ length: area.bottom - first + 1 }, (_, down) => byRow.get(first + down) ?? "");
  try {
    await workbook.addColumn(table, [statusColumns[index] ?? "", ...below]);
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

async function readRows(place: Place, patience: Patience): Promise<CurrentRow[]> {
  const needed = [...place.mapped.map(([, column]) => column), ...place.columns.values()];
  const [left, right] = [Math.min(...needed), Math.max(...needed)];
  const rows: CurrentRow[] = [];
  for (const { top, bottom } of pagesOf(place, right - left + 1)) {
    const ref = `${columnLetters(left)}${top}:${columnLetters(right)}${bottom}`;
    const { cells } = await patience.read(() => place.sheet.read(ref), fewTries);
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

async function writeRows(
  workbook: OnlineWorkbook,
  place: Place,
  writes: readonly StatusWrite[],
  patience: Patience,
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

/** Why the table cannot take the statuses; said, never thrown further. */
class Whynot extends Error {}

/** What comes of it, or why nothing does. */
async function orWhy<Value>(attempt: () => Promise<Value>): Promise<Value | string> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof Whynot) return error.message;
    if (error instanceof GraphFault) return faultText(error);
    if (error instanceof PrepopError) {
      return error.cause instanceof GraphFault ? faultText(error.cause) : error.message.replace(/\.$/, "");
    }
    throw error;
  }
}

function faultText({ fault: { status, kind, message } }: GraphFault): string {
  if (status === 423) return "the file is locked";
  if (status === 403) return "this sign-in may not write to it (it needs Files.ReadWrite.All)";
  const why = message.replace(/\.$/, "");
  return kind === "http" ? `Microsoft 365 answered HTTP ${status} (${why})` : why;
}

async function gathered(chunks: AsyncIterable<Uint8Array | string>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks)
    parts.push(typeof chunk === "string" ? Buffer.from(chunk) : Buffer.from(chunk));
  return Buffer.concat(parts);
}
