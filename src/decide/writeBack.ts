import { columnKinds, type RosterRow } from "../model/row.ts";
import type { RowStatus } from "../model/rowStatus.ts";

/** The columns that prepop adds to a list, in this order. */
export const statusColumns = ["prepop outcome", "prepop message", "prepop when"] as const;

/** The three cells of a row. */
export type StatusCells = readonly [outcome: string, message: string, when: string];

/** A row of the list as it is now: what its columns say of whom, and what its status columns hold. */
export type CurrentRow = {
  readonly row: number;
  readonly cells: RosterRow["cells"];
  readonly status: StatusCells;
};

/** What is to be written into a row. */
export type StatusWrite = { readonly row: number; readonly cells: StatusCells };

/**
 * The statuses by what stands in their rows: user, phones and all other columns that were read. Where it stands is not asked,
 * because rows are inserted and sorted, and a row whose number was corrected since is not the one that was applied.
 */
export function statusByContent(
  rows: Iterable<RosterRow>,
  statuses: ReadonlyMap<number, RowStatus>,
): ReadonlyMap<string, RowStatus> {
  const byContent = new Map<string, RowStatus>();
  for (const row of rows) {
    const status = statuses.get(row.ref.row);
    const content = contentOf(row.cells);
    // Rows of equal content are one change, and have one outcome.
    if (status !== undefined && !byContent.has(content)) byContent.set(content, status);
  }
  return byContent;
}

/**
 * What must be written so that every row has its own status and no row another's. What an earlier run wrote stays where
 * this one has nothing to say; what this one (`when`) wrote beside a row that is another one now is taken away again.
 */
export function statusWrites(
  rows: readonly CurrentRow[],
  wanted: ReadonlyMap<string, RowStatus>,
  when: string,
): StatusWrite[] {
  return rows.flatMap(({ row, cells, status }) => {
    const own = wanted.get(contentOf(cells));
    const strayed = own === undefined && status[2] === when;
    const right: StatusCells | undefined =
      own === undefined ? (strayed ? ["", "", ""] : undefined) : [own.outcome, own.message, when];
    const differs = right?.some((text, index) => text.trim() !== status[index]?.trim()) ?? false;
    return right !== undefined && differs ? [{ row, cells: right }] : [];
  });
}

/** Which of the contents are there. */
export function contentsIn(rows: readonly CurrentRow[]): ReadonlySet<string> {
  return new Set(rows.map(({ cells }) => contentOf(cells)));
}

function contentOf(cells: RosterRow["cells"]): string {
  return JSON.stringify(columnKinds.map(kind => cells[kind]?.text.trim() ?? null));
}
