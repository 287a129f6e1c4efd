import { outcomeKinds } from "../model/run.ts";
import { chunked, type ReportChunks } from "./chunks.ts";
import { csvReport } from "./csv.ts";
import { outcomeWords } from "./reason.ts";
import { outcomeRow, type ReportCell, runColumns } from "./reportRows.ts";
import { reportWorkbook, rowsWithIssues, type WorkbookParts } from "./reportWorkbook.ts";
import { runHtml } from "./runHtml.ts";
import { runJson } from "./runJson.ts";
import type { RunResult } from "./runResult.ts";
import { tenantName } from "./textOptions.ts";

export type RunReportFormat = "xlsx" | "csv" | "json" | "html";

export const runReportFormats: readonly RunReportFormat[] = ["xlsx", "csv", "json", "html"];

/** The report of a run. Each row joins back to the roster by file, sheet and row. */
export async function* runReport(
  result: RunResult,
  format: RunReportFormat,
  { showNumbers }: { readonly showNumbers: boolean },
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

function runParts(result: RunResult, showNumbers: boolean): WorkbookParts {
  const { run, counts, seconds, requests, writes, throttled } = result;
  const ended = run.endedAt ?? run.startedAt + seconds * 1000;
  return {
    title: `${run.command} for ${tenantName(run.tenant)}`,
    madeAt: new Date(ended),
    main: {
      name: "Outcomes",
      columns: runColumns,
      tint: {
        column: "outcome",
        tones: {
          applied: "good",
          failed: "bad",
          refused: "bad",
          inDoubt: "change",
          alreadySo: "quiet",
          skipped: "quiet",
        },
      },
    },
    rows: () => rowsOf(result, showNumbers),
    issues: () => result.issues(),
    file: run.source,
    showNumbers,
    summary: [
      ["tenant", tenantName(run.tenant)],
      ["tenant id", run.tenant.id],
      ["run", run.id],
      ["state", run.state],
      ["command", run.command],
      ["by", run.actor.name],
      ["policy", run.policy],
      ["SMS sign-in", run.smsSignIn],
      ["source", run.source],
      ["started", new Date(run.startedAt).toISOString()],
      ["ended", run.endedAt === undefined ? null : new Date(run.endedAt).toISOString()],
      ["plan digest", run.digest],
      ...outcomeKinds.map((kind): [string, ReportCell] => [outcomeWords[kind], counts[kind]]),
      ["not finished", result.open],
      ["issues (errors)", counts.issues],
      ["seconds", Math.round(seconds * 10) / 10],
      ["HTTP requests", requests],
      ["writes", writes],
      ["answered 429", throttled],
      ["numbers in this file", showNumbers ? "full" : "masked to the last two digits"],
    ],
  };
}

function* rowsOf(result: RunResult, showNumbers: boolean): Iterable<ReportCell[]> {
  for (const each of result.outcomes()) yield outcomeRow(each, result.run.source, showNumbers);
}
