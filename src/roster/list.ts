import type { ChosenColumns } from "../decide/columns.ts";
import { comparable, meaningOf } from "../decide/headerNames.ts";
import { PrepopError } from "../model/errors.ts";
import type { ColumnKind, RosterCell, RosterRow } from "../model/row.ts";
import { columnKinds } from "../model/row.ts";
import { type Grid, type GridRow, isBlank } from "./grid.ts";

/** Where a list stands in a grid: which columns, and which rows hold its data. */
export type List = {
  readonly file: string;
  readonly grid: Grid;
  readonly columns: ChosenColumns;
  readonly sheet?: string;
  readonly table?: string;
  /** Absent for a table without a header row. */
  readonly headerRow?: number;
  readonly firstRow: number;
  /** Absent where nothing says where the list ends: then what follows the last user is a footer. */
  readonly lastRow?: number;
};

const blank: RosterCell = Object.freeze({ text: "", stored: "text" });

/** The rows of a list that name a user or hold an identity or a phone, in order. */
export async function* listRows(list: List): AsyncGenerator<RosterRow[]> {
  const rows = allRows(list);
  if (list.lastRow === undefined) yield* withoutFooter(rows, () => lastUserRow(list));
  else yield* rows;
}

async function* allRows(list: List): AsyncGenerator<RosterRow[]> {
  const { grid, columns, headerRow, firstRow, lastRow = Number.POSITIVE_INFINITY } = list;
  const mapped = columnKinds.flatMap(kind => {
    const header = columns[kind];
    return header === undefined ? [] : [{ kind, ...header }];
  });
  const place = {
    ...(list.sheet === undefined ? {} : { sheet: list.sheet }),
    ...(list.table === undefined ? {} : { table: list.table }),
  };
  for await (const batch of grid.rows({ only: new Set(mapped.map(({ column }) => column)) })) {
    const rows: RosterRow[] = [];
    for (const gridRow of batch) {
      if (gridRow.row === headerRow && list.table !== undefined) assertHeader(list, gridRow);
      if (gridRow.row < firstRow || gridRow.row > lastRow) continue;
      const row = toRow(gridRow, mapped, place);
      if (row === undefined || repeatsHeader(row, columns)) continue;
      if (list.table === undefined) assertNoHeader(list, row);
      rows.push(row);
    }
    if (rows.length > 0) yield rows;
  }
}

type Mapped = { readonly kind: ColumnKind; readonly column: number };

function toRow(
  { row, hidden, cells }: GridRow,
  mapped: readonly Mapped[],
  place: { readonly sheet?: string; readonly table?: string },
): RosterRow | undefined {
  const found: { [Kind in ColumnKind]?: RosterCell } = {};
  let says = false;
  for (const { kind, column } of mapped) {
    const cell = cells.get(column) ?? blank;
    found[kind] = cell;
    // A region alone is no person.
    if (kind !== "region" && !isBlank(cell)) says = true;
  }
  return says ? { ref: { row, ...place }, hidden, cells: found } : undefined;
}

/** Long lists are printed and exported with their header on every page. */
function repeatsHeader({ cells }: RosterRow, columns: ChosenColumns): boolean {
  return columnKinds.every(
    kind => cells[kind] === undefined || cells[kind].text.trim() === columns[kind]?.text.trim(),
  );
}

/** Sub-headers stand right below their header. */
const headerDepth = 3;

/**
 * A second header with other columns: sub-headers under a merged one, or another list further down. Reading on would
 * take one kind of phone for another.
 */
function assertNoHeader({ file, columns, firstRow }: List, { ref, cells }: RosterRow): void {
  const user = cells.user?.text.trim() ?? "";
  const isTop = user === "" && ref.row < firstRow + headerDepth;
  const isAgain = /^\p{L}/u.test(user) && !user.includes("@") && meaningOf(user)?.kind === "user";
  if (!isTop && !isAgain) return;
  for (const kind of columnKinds) {
    const text = cells[kind]?.text.trim() ?? "";
    if (kind === "user" || text === "" || text === columns[kind]?.text.trim() || !meaningOf(text)) continue;
    const why = `row ${ref.row} looks like a second header ("${text}" under "${columns[kind]?.text.trim()}")`;
    throw new PrepopError("PREPOP_ROSTER_COLUMNS_UNCLEAR", { file, why });
  }
}

/** The cells of a table's header row are what a person sees; where they differ from the table's own names, who is right? */
function assertHeader({ file, table, columns }: List, { cells }: GridRow): void {
  for (const kind of columnKinds) {
    const header = columns[kind];
    if (header === undefined) continue;
    const cell = cells.get(header.column);
    if (cell === undefined || isBlank(cell) || comparable(cell.text) === comparable(header.text)) continue;
    const why = `the table ${table} calls a column "${header.text}", but its header cell says "${cell.text.trim()}"`;
    throw new PrepopError("PREPOP_ROSTER_COLUMNS_UNCLEAR", { file, why });
  }
}

const isUser = ({ cells }: RosterRow): boolean => cells.user?.text.includes("@") ?? false;

/** Rows that may turn out to be a footer wait in memory; for more of them the list is looked through once more. */
const mostHeld = 1000;

/**
 * Leaves out the rows after the last one whose user cell holds `@`: totals, notes, signatures. A row there with no
 * user at all but with a number is a person whose name is missing, and must be reported. A list without any `@`
 * (keys may be employee numbers) has no footer that could be told apart.
 */
async function* withoutFooter(
  batches: AsyncIterable<RosterRow[]>,
  findLast: () => Promise<number | undefined>,
): AsyncGenerator<RosterRow[]> {
  let held: RosterRow[] = [];
  let last: { readonly row: number | undefined } | undefined;
  let sawUser = false;
  const passes = (row: RosterRow) =>
    last !== undefined && (last.row === undefined || row.ref.row <= last.row || lacksUser(row));
  for await (const batch of batches) {
    const out: RosterRow[] = [];
    for (const row of batch) {
      if (last !== undefined) {
        if (passes(row)) out.push(row);
      } else if (isUser(row)) {
        sawUser = true;
        for (const earlier of held) out.push(earlier);
        out.push(row);
        held = [];
      } else held.push(row);
    }
    if (last === undefined && held.length > mostHeld) {
      last = { row: await findLast() };
      for (const row of held) if (passes(row)) out.push(row);
      held = [];
    }
    if (out.length > 0) yield out;
  }
  const rest = sawUser ? held.filter(lacksUser) : held;
  if (rest.length > 0) yield rest;
}

async function lastUserRow(list: List): Promise<number | undefined> {
  let last: number | undefined;
  for await (const batch of allRows(list)) {
    last = batch.findLast(isUser)?.ref.row ?? last;
  }
  return last;
}

function lacksUser({ cells }: RosterRow): boolean {
  if (!isBlank(cells.user)) return false;
  return phoneCells(cells).some(
    ({ text }) => /^[\d\s+().\-/'="x]*$/i.test(text) && (text.match(/\d/g)?.length ?? 0) >= 7,
  );
}

function phoneCells(cells: RosterRow["cells"]): RosterCell[] {
  return [cells.mobile, cells.alternateMobile, cells.office].filter(cell => cell !== undefined);
}
