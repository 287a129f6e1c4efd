import type { RowIssue } from "../model/issue.ts";
import type { ReportChunks } from "./chunks.ts";
import { issueColumns, issueRow, issueSheetRow, type ReportCell, summaryColumns } from "./reportRows.ts";
import { type ReportSheet, workbook, workbookStream } from "./xlsx.ts";

export type WorkbookParts = {
  readonly title: string;
  readonly madeAt: Date;
  /** The sheet of the changes or of the outcomes. */
  readonly main: Omit<ReportSheet, "rows">;
  rows(): Iterable<ReportCell[]>;
  issues(): Iterable<RowIssue>;
  readonly summary: readonly (readonly [what: string, value: ReportCell])[];
  /** The roster's file name. */
  readonly file: string;
  readonly showNumbers: boolean;
};

/** Up to this many rows a workbook is built whole; 49,000 rows of 14 columns took 1.7 s and 360 MB, so it is half of that. */
const wholeRows = 25_000;

/**
 * The workbook of a report: the changes or outcomes, the issues and a summary, each a table on a sheet of its own. A
 * long one is streamed and has one sheet, on which the issues follow the changes.
 */
export async function* reportWorkbook(parts: WorkbookParts): ReportChunks {
  const { main, file, showNumbers } = parts;
  if (isLonger(parts, wholeRows)) {
    yield* workbookStream({ ...main, rows: rowsWithIssues(parts) });
    return;
  }
  const sheets: readonly ReportSheet[] = [
    { ...main, rows: parts.rows() },
    {
      name: "Issues",
      columns: issueColumns,
      rows: Iterator.from(parts.issues()).map(issue => issueSheetRow(issue, file, showNumbers)),
      tint: { column: "level", tones: { error: "bad", warning: "change" } },
    },
    { name: "Summary", columns: summaryColumns, rows: parts.summary },
  ];
  yield await workbook(sheets, parts.title, parts.madeAt);
}

/** The rows with the issues behind them, for formats that have one list. */
export function* rowsWithIssues(
  parts: Pick<WorkbookParts, "main" | "rows" | "issues" | "file" | "showNumbers">,
): Iterable<ReportCell[]> {
  yield* parts.rows();
  for (const issue of parts.issues())
    yield issueRow(issue, parts.file, parts.showNumbers, parts.main.columns);
}

/** Walks no further than it must. */
function isLonger({ rows, issues }: WorkbookParts, limit: number): boolean {
  const counted = Iterator.from(rows())
    .take(limit + 1)
    .reduce(count => count + 1, 0);
  const left = limit - counted;
  return (
    left < 0 ||
    Iterator.from(issues())
      .take(left + 1)
      .reduce(count => count + 1, 0) > left
  );
}
