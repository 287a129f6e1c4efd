import type { RosterCell } from "../model/row.ts";

/** One row of cells. `row` is the sheet row, or the line where a text record starts; `cells` by 1-based column. */
export type GridRow = {
  readonly row: number;
  readonly hidden: boolean;
  readonly cells: ReadonlyMap<number, RosterCell>;
};

/** Cells in rows and columns, as a sheet or a text file holds them. It can be walked more than once. */
export type Grid = {
  /**
   * The rows in order, in batches. `only` names the columns that are wanted (all when absent), `from` and `to`
   * the first and last row. Rows without cells may be left out.
   */
  rows(options?: {
    readonly only?: ReadonlySet<number>;
    readonly from?: number;
    readonly to?: number;
  }): AsyncIterable<readonly GridRow[]>;
};

/** Whether a cell shows nothing. White space of any kind is nothing. */
export function isBlank(cell: RosterCell | undefined): boolean {
  return cell === undefined || cell.text.trim() === "";
}

/** An area of cells, 1-based and inclusive. */
export type Area = {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
};

const areaForm = /^\$?([A-Za-z]{1,3})\$?(\d{1,7})(?::\$?([A-Za-z]{1,3})\$?(\d{1,7}))?$/;

/** Reads an area such as `C5:H16`, or undefined. */
export function parseArea(ref: string): Area | undefined {
  const match = areaForm.exec(ref.trim());
  if (match === null) return undefined;
  const [, left = "", top = "", right = left, bottom = top] = match;
  const area = {
    top: Number(top),
    left: columnNumber(left),
    bottom: Number(bottom),
    right: columnNumber(right),
  };
  return area.top >= 1 && area.top <= area.bottom && area.left <= area.right ? area : undefined;
}

/** A is 1, Z is 26, AA is 27. */
export function columnNumber(letters: string): number {
  let column = 0;
  for (let index = 0; index < letters.length; index++) {
    column = column * 26 + (letters.charCodeAt(index) & 31);
  }
  return column;
}
