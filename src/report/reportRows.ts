import type { Change } from "../model/change.ts";
import type { RowIssue } from "../model/issue.ts";
import type { EntryOutcome } from "../model/run.ts";
import { issueTexts } from "./issueText.ts";
import { readableNumber, type ShowNumbers, shownText, shownUser } from "./numbers.ts";

/** One column of a report in a table format. Numbers of rows and attempts are numbers, all else is text. */
export type ReportColumn = {
  readonly name: string;
  readonly type: "text" | "number";
  /** In characters, for a spreadsheet. */
  readonly width: number;
};

/** A cell; null is an empty one. */
export type ReportCell = string | number | null;

/** Where the row came from and whom it is about: the columns by which a report joins back to the roster. */
const whereColumns = [
  { name: "file", type: "text", width: 20 },
  { name: "sheet", type: "text", width: 12 },
  { name: "row", type: "number", width: 7 },
  { name: "rows", type: "number", width: 9 },
  { name: "user", type: "text", width: 32 },
  { name: "userPrincipalName", type: "text", width: 32 },
  { name: "userId", type: "text", width: 38 },
  { name: "phoneType", type: "text", width: 16 },
  { name: "kind", type: "text", width: 12 },
  { name: "from", type: "text", width: 19 },
  { name: "to", type: "text", width: 19 },
] as const satisfies readonly ReportColumn[];

const codeColumns = [
  { name: "code", type: "text", width: 26 },
  { name: "message", type: "text", width: 70 },
] as const satisfies readonly ReportColumn[];

/** The columns of a plan's report. `kind` is `issue` or `warning` for a row that stands for an issue. */
export const planColumns: readonly ReportColumn[] = [
  ...whereColumns,
  { name: "reason", type: "text", width: 20 },
  ...codeColumns,
];

/** The columns of a run's report. */
export const runColumns: readonly ReportColumn[] = [
  ...whereColumns,
  { name: "outcome", type: "text", width: 12 },
  ...codeColumns,
  { name: "attempts", type: "number", width: 10 },
  { name: "requestId", type: "text", width: 38 },
];

/** The columns of issues on a sheet of their own. */
export const issueColumns: readonly ReportColumn[] = [
  { name: "file", type: "text", width: 20 },
  { name: "sheet", type: "text", width: 12 },
  { name: "row", type: "number", width: 7 },
  { name: "user", type: "text", width: 32 },
  { name: "phoneType", type: "text", width: 16 },
  { name: "level", type: "text", width: 10 },
  { name: "code", type: "text", width: 24 },
  { name: "message", type: "text", width: 70 },
  { name: "what to do", type: "text", width: 60 },
];

/** The columns of a summary: what, and how many or which. */
export const summaryColumns: readonly ReportColumn[] = [
  { name: "what", type: "text", width: 28 },
  { name: "value", type: "number", width: 70 },
];

/** One change as the cells of planColumns. */
export function changeRow(change: Change, file: string, show: ShowNumbers): ReportCell[] {
  return [...whereCells(change, file, show), change.reason, null, null];
}

/** One outcome as the cells of runColumns. */
export function outcomeRow(each: EntryOutcome, file: string, show: ShowNumbers): ReportCell[] {
  return [
    ...whereCells(each.entry, file, show),
    each.outcome,
    each.code ?? null,
    each.message === undefined ? null : shownText(each.message, show),
    each.attempts,
    each.requestId ?? null,
  ];
}

/** One issue as the cells of planColumns or runColumns: what was not planned stands in the same list. */
export function issueRow(
  issue: RowIssue,
  file: string,
  show: ShowNumbers,
  columns: readonly ReportColumn[],
): ReportCell[] {
  const cells = new Map<string, ReportCell>([
    ["file", file],
    ["sheet", issue.ref.sheet ?? null],
    ["row", issue.ref.row],
    ["rows", issue.ref.row],
    ["user", issue.user === null ? null : shownUser(issue.user, show)],
    ["phoneType", issue.phoneType ?? null],
    ["kind", issue.level === "error" ? "issue" : "warning"],
    ["code", issue.code],
    ["message", shownText(issue.message, show)],
  ]);
  return columns.map(column => cells.get(column.name) ?? null);
}

/** One issue as the cells of issueColumns. */
export function issueSheetRow(issue: RowIssue, file: string, show: ShowNumbers): ReportCell[] {
  return [
    file,
    issue.ref.sheet ?? null,
    issue.ref.row,
    issue.user === null ? null : shownUser(issue.user, show),
    issue.phoneType ?? null,
    issue.level,
    issue.code,
    shownText(issue.message, show),
    issueTexts[issue.code].fix,
  ];
}

function whereCells(change: Change, file: string, show: ShowNumbers): ReportCell[] {
  return [
    file,
    change.ref.sheet ?? null,
    change.ref.row,
    oneOrMany(change.rows),
    shownUser(change.user, show),
    change.userPrincipalName,
    change.userId,
    change.phoneType,
    change.kind,
    change.from === null ? null : readableNumber(change.from, show),
    change.to === null ? null : readableNumber(change.to, show),
  ];
}

/** One row is a number, which a spreadsheet sorts and filters as one. */
function oneOrMany(rows: readonly number[]): ReportCell {
  const [first, ...more] = rows;
  return first !== undefined && more.length === 0 ? first : rows.join(" ");
}
