import {
  type ChosenColumns,
  type ColumnChoice,
  type ColumnRequest,
  chooseColumns,
  mappedPhones,
} from "../decide/columns.ts";
import { PrepopError } from "../model/errors.ts";
import type { ColumnKind, RosterCell, RosterRow } from "../model/row.ts";
import { columnKinds } from "../model/row.ts";
import { isBlank } from "./grid.ts";
import type { JsonList } from "./json.ts";
import { columnsNotFound } from "./xlsx/chooseList.ts";

/** Objects may leave members out, so the members of many of them make the header. */
const searchedElements = 1000;

/** Chooses the members that hold user and phones. */
export async function chooseMembers(
  file: string,
  list: JsonList,
  request: ColumnRequest & { readonly requirePhones: boolean },
): Promise<ChosenColumns> {
  const members = new Set<string>();
  let elements = 0;
  for await (const batch of list.rows()) {
    for (const { cells } of batch.slice(0, searchedElements - elements)) {
      for (const key of cells.keys()) members.add(key);
      assertFew(file, members);
    }
    elements += batch.length;
    if (elements >= searchedElements) break;
  }
  if (elements === 0) throw new PrepopError("PREPOP_ROSTER_NO_ROWS", { file });
  const choice = choose(members, request);
  if (choice.kind === "unclear")
    throw new PrepopError("PREPOP_ROSTER_COLUMNS_UNCLEAR", { file, why: choice.why });
  if (choice.kind === "notFound") throw columnsNotFound(file, choice.why, [...members]);
  if (request.requirePhones && mappedPhones(choice.columns).length === 0) {
    throw columnsNotFound(file, "no column holds phones", [...members]);
  }
  return choice.columns;
}

/** The rows of a JSON list. A member that shows up late and would have changed the choice is refused, not ignored. */
export async function* memberRows(
  file: string,
  list: JsonList,
  columns: ChosenColumns,
  request: ColumnRequest,
): AsyncGenerator<RosterRow[]> {
  const members = new Set<string>();
  for await (const batch of list.rows()) {
    const rows: RosterRow[] = [];
    for (const { row, cells } of batch) {
      for (const key of cells.keys()) {
        if (members.has(key)) continue;
        members.add(key);
        assertSameChoice(file, members, key, row, columns, request);
      }
      const found = toRow(row, cells, columns);
      if (found !== undefined) rows.push(found);
    }
    if (rows.length > 0) yield rows;
  }
}

const mostMembers = 10_000;

function assertFew(file: string, members: ReadonlySet<string>): void {
  if (members.size > mostMembers) {
    throw new PrepopError("PREPOP_ROSTER_TOO_LARGE", {
      file,
      why: `its objects have over ${mostMembers} members`,
    });
  }
}

function choose(members: ReadonlySet<string>, request: ColumnRequest): ColumnChoice {
  return chooseColumns(
    [...members].map((text, index) => ({ text, column: index + 1 })),
    request,
  );
}

function assertSameChoice(
  file: string,
  members: Set<string>,
  key: string,
  row: number,
  columns: ChosenColumns,
  request: ColumnRequest,
): void {
  if (members.size > mostMembers) {
    throw new PrepopError("PREPOP_ROSTER_TOO_LARGE", {
      file,
      why: `its objects have over ${mostMembers} members`,
    });
  }
  const known = new Set([...Object.values(columns).map(header => header.text), key]);
  const choice = choose(known, request);
  if (choice.kind === "notFound") return;
  const same =
    choice.kind === "chosen" && columnKinds.every(kind => choice.columns[kind]?.text === columns[kind]?.text);
  if (same) return;
  const why =
    choice.kind === "unclear"
      ? choice.why
      : `"${key}", which only shows up in element ${row}, would change the columns`;
  throw new PrepopError("PREPOP_ROSTER_COLUMNS_UNCLEAR", { file, why });
}

const blank: RosterCell = Object.freeze({ text: "", stored: "text" });

function toRow(
  row: number,
  cells: ReadonlyMap<string, RosterCell>,
  columns: ChosenColumns,
): RosterRow | undefined {
  const found: { [Kind in ColumnKind]?: RosterCell } = {};
  let says = false;
  for (const kind of columnKinds) {
    const header = columns[kind];
    if (header === undefined) continue;
    const cell = cells.get(header.text) ?? blank;
    found[kind] = cell;
    if (kind !== "region" && !isBlank(cell)) says = true;
  }
  return says ? { ref: { row }, hidden: false, cells: found } : undefined;
}
