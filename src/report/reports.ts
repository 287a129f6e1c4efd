/** The reports that `plan` and `apply` write: one function each, whatever the format. */
import type { Plan } from "../model/plan.ts";
import { chunked, type ReportChunks } from "./chunks.ts";
import { csvReport } from "./csv.ts";
import { planMarkdown } from "./markdown.ts";
import { planHtml } from "./planHtml.ts";
import type { Cloud } from "./planNotes.ts";
import { planParts } from "./planParts.ts";
import { planColumns, runColumns } from "./reportRows.ts";
import { reportWorkbook, rowsWithIssues } from "./reportWorkbook.ts";
import { runHtml } from "./runHtml.ts";
import { runJson } from "./runJson.ts";
import { runParts } from "./runParts.ts";
import type { RunResult } from "./runResult.ts";

export type PlanReportFormat = "xlsx" | "csv" | "html" | "md";
export type RunReportFormat = "xlsx" | "csv" | "json" | "html";

export type ReportOptions = {
  readonly showNumbers: boolean;
  readonly cloud?: Cloud;
};

/**
 * The report of a plan, piece by piece, for the caller to write. With showNumbers it holds full numbers, and its file is
 * for its owner only.
 */
export async function* planReport(
  plan: Plan,
  format: PlanReportFormat,
  options: ReportOptions,
): ReportChunks {
  const parts = planParts(plan, options.showNumbers);
  switch (format) {
    case "csv":
      yield* chunked(csvReport(planColumns, rowsWithIssues(parts)));
      break;
    case "html":
      yield* chunked(planHtml(plan, options));
      break;
    case "md":
      yield* chunked(planMarkdown(plan, options));
      break;
    case "xlsx":
      yield* reportWorkbook(parts);
      break;
  }
}

/** The report of a run. Each row joins back to the roster by file, sheet and row. */
export async function* runReport(
  result: RunResult,
  format: RunReportFormat,
  { showNumbers }: Pick<ReportOptions, "showNumbers">,
): ReportChunks {
  const parts = runParts(result, showNumbers);
  switch (format) {
    case "csv":
      yield* chunked(csvReport(runColumns, rowsWithIssues(parts)));
      break;
    case "html":
      yield* chunked(runHtml(result, { showNumbers }));
      break;
    case "json":
      yield* chunked(runJson(result, showNumbers));
      break;
    case "xlsx":
      yield* reportWorkbook(parts);
      break;
  }
}
