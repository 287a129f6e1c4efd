import {
  type ChosenColumns,
  type ColumnRequest,
  chooseColumns,
  type Header,
  mappedPhones,
} from "../decide/columns.ts";
import { type Area, type Grid, type GridRow, isBlank } from "./grid.ts";

/** What is looked for, and where a list may begin. */
export type HeaderRequest = ColumnRequest & {
  readonly headerRow?: number;
  readonly requirePhones: boolean;
};

export type HeaderSearch =
  | { readonly kind: "found"; readonly headerRow: number; readonly columns: ChosenColumns }
  | { readonly kind: "unclear"; readonly why: string }
  | { readonly kind: "notFound"; readonly why: string; readonly headers: readonly string[] };

/** Titles, logos and notes stand above a header, but not more rows of them than this. */
const searchedRows = 30;
/** No header is longer; a note in a cell is. */
const longestHeader = 255;

/**
 * Finds the header row of cells without an Excel table: the first row whose texts fit, or the row that was named.
 * Cells of Excel tables are left out, because a table has its own header.
 */
export async function findHeader(
  grid: Grid,
  request: HeaderRequest,
  tables: readonly Area[] = [],
): Promise<HeaderSearch> {
  const { headerRow, requirePhones } = request;
  let withoutPhones: HeaderSearch | undefined;
  let best: HeaderSearch & { kind: "notFound" } = {
    kind: "notFound",
    why: "no header was found",
    headers: [],
  };
  for await (const row of firstRows(grid, headerRow)) {
    const headers = headersOf(row, headerRow === undefined ? tables : []);
    if (headers.length === 0) continue;
    const choice = chooseColumns(headers, request);
    const texts = headers.map(({ text }) => text.trim());
    switch (choice.kind) {
      case "unclear":
        return choice;
      case "chosen":
        if (mappedPhones(choice.columns).length > 0)
          return { kind: "found", headerRow: row.row, columns: choice.columns };
        if (requirePhones) best = better(best, "no column holds phones", texts);
        else withoutPhones ??= { kind: "found", headerRow: row.row, columns: choice.columns };
        break;
      case "notFound":
        best = better(best, choice.why, texts);
        break;
    }
  }
  return withoutPhones ?? best;
}

/** What a found header without phones, or a refused one, is called when nothing else is found. */
function better(
  best: HeaderSearch & { kind: "notFound" },
  why: string,
  headers: readonly string[],
): HeaderSearch & { kind: "notFound" } {
  const isNearer = rank(why) > rank(best.why);
  return isNearer || (rank(why) === rank(best.why) && headers.length > best.headers.length)
    ? { kind: "notFound", why, headers }
    : best;
}

/** A row that says who is nearer to a header than one that does not. */
const rank = (why: string): number =>
  why.startsWith("no column says") || why.startsWith("no header") ? 0 : 1;

async function* firstRows(grid: Grid, headerRow: number | undefined): AsyncGenerator<GridRow> {
  let left = searchedRows;
  const range = headerRow === undefined ? {} : { from: headerRow, to: headerRow };
  for await (const batch of grid.rows(range)) {
    for (const row of batch) {
      if ([...row.cells.values()].every(isBlank)) continue;
      yield row;
      if (--left === 0) return;
    }
  }
}

function headersOf({ row, cells }: GridRow, tables: readonly Area[]): Header[] {
  return [...cells]
    .filter(([column, cell]) => {
      const inTable = tables.some(
        ({ top, bottom, left, right }) => row >= top && row <= bottom && column >= left && column <= right,
      );
      return !isBlank(cell) && cell.text.length <= longestHeader && !inTable;
    })
    .map(([column, { text }]) => ({ column, text }));
}
