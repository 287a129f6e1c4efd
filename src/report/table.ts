import { displayWidth, pad, shorten } from "./plainText.ts";

/** One column of a text table. `shrink` says how its cells are cut where the width does not suffice. */
export type TextColumn = {
  readonly header: string;
  readonly align?: "left" | "right";
  readonly shrink?: "middle" | "end";
  /** The least it is shrunk to, in favour of other columns; 8 when not said. */
  readonly min?: number;
};

/** Columns with the widths they have been given. */
export type TextLayout = { readonly columns: readonly TextColumn[]; readonly widths: readonly number[] };

const gap = 2;

/**
 * Gives each column the width of its widest cell, then takes from the columns that may shrink, the first one first,
 * until a line fits.
 */
export function layout(
  columns: readonly TextColumn[],
  rows: Iterable<readonly string[]>,
  width: number,
): TextLayout {
  const widths = columns.map(column => displayWidth(column.header));
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, displayWidth(cell));
  }
  let over = widths.reduce((sum, each) => sum + each, 0) + gap * (columns.length - 1) - width;
  for (const [at, column] of columns.entries()) {
    if (over <= 0) break;
    if (!column.shrink) continue;
    const now = widths[at] ?? 0;
    const least = Math.min(now, column.min ?? 8);
    const next = Math.max(least, now - over);
    widths[at] = next;
    over -= now - next;
  }
  return { columns, widths };
}

/** One line of a table, without spaces at its end. */
export function tableLine({ columns, widths }: TextLayout, cells: readonly string[]): string {
  return columns
    .map((column, at) => {
      const width = widths[at] ?? 0;
      return pad(shorten(cells[at] ?? "", width, column.shrink ?? "end"), width, column.align);
    })
    .join(" ".repeat(gap))
    .trimEnd();
}

/** The line of the columns' headers. */
export function headerLine(table: TextLayout): string {
  return tableLine(
    table,
    table.columns.map(column => column.header),
  );
}
