import { columnLetters } from "../decide/columns.ts";
import type { InspectLine } from "../model/inspect.ts";
import type { RosterOptions } from "../model/options.ts";
import { csvGrid } from "./csv.ts";
import type { Grid } from "./grid.ts";
import { type JsonList, jsonList } from "./json.ts";
import { usableKind } from "./open.ts";
import { openSource, type RosterSource } from "./source.ts";
import { dataRows } from "./xlsx/tables.ts";
import { openWorkbook, type Workbook } from "./xlsx/workbook.ts";

const shownRows = 20;

/**
 * Lists what a file holds: sheets, tables and the cells of the first 20 rows. A text file is one sheet named after
 * the file; a JSON list is also one table whose headers are its members and whose cells stand at their element numbers.
 */
export async function* inspectRoster(
  source: RosterSource,
  options: RosterOptions = {},
): AsyncGenerator<InspectLine> {
  const file = await openSource(source);
  try {
    const kind = await usableKind(file, options.format);
    switch (kind.kind) {
      case "zip":
        yield* workbookLines(await openWorkbook(file));
        break;
      case "csv":
        yield* sheetLines(file.name, "visible", csvGrid(file, kind.encoding, options, options.headerRow));
        break;
      case "json":
      case "ndjson":
        yield* jsonLines(file.name, jsonList(file, kind.kind, kind.encoding));
        break;
    }
  } finally {
    await file.close();
  }
}

async function* workbookLines({ sheets }: Workbook): AsyncGenerator<InspectLine> {
  for (const { name, state, tables, grid } of sheets) {
    yield* sheetLines(name, state, grid);
    for (const table of tables) {
      const { first, last } = dataRows(table);
      const { ref, headers, totalsRows } = table;
      const count = Math.max(0, last - first + 1);
      yield {
        type: "table",
        name: table.name,
        sheet: name,
        ref,
        headers,
        dataRows: count,
        totalsRow: totalsRows > 0,
      };
    }
  }
}

async function* sheetLines(
  name: string,
  state: "visible" | "hidden" | "veryHidden",
  grid: Grid,
): AsyncGenerator<InspectLine> {
  const hiddenRows: number[] = [];
  for await (const batch of grid.rows({ only: new Set() })) {
    for (const { row, hidden } of batch) if (hidden) hiddenRows.push(row);
  }
  yield { type: "sheet", name, state, hiddenRows };
  for await (const batch of grid.rows({ to: shownRows })) {
    for (const { row, cells } of batch) {
      for (const [column, { text }] of cells) {
        if (text !== "") yield { type: "cell", sheet: name, ref: `${columnLetters(column)}${row}`, text };
      }
    }
  }
}

async function* jsonLines(name: string, list: JsonList): AsyncGenerator<InspectLine> {
  const members = new Map<string, number>();
  const cells: InspectLine[] = [];
  let elements = 0;
  let last = 0;
  for await (const batch of list.rows()) {
    for (const { row, cells: values } of batch) {
      elements++;
      last = row;
      for (const [key, { text }] of values) {
        const column = members.get(key) ?? members.size + 1;
        members.set(key, column);
        if (row <= shownRows && text !== "") {
          cells.push({ type: "cell", sheet: name, ref: `${columnLetters(column)}${row}`, text });
        }
      }
    }
  }
  const ref = `A1:${columnLetters(Math.max(1, members.size))}${Math.max(1, last)}`;
  yield { type: "sheet", name, state: "visible", hiddenRows: [] };
  yield {
    type: "table",
    name,
    sheet: name,
    ref,
    headers: [...members.keys()],
    dataRows: elements,
    totalsRow: false,
  };
  yield* cells;
}
