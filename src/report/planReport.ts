import { changeKinds } from "../model/change.ts";
import type { Plan } from "../model/plan.ts";
import { chunked, type ReportChunks } from "./chunks.ts";
import { csvReport } from "./csv.ts";
import { planMarkdown } from "./markdown.ts";
import { planHtml } from "./planHtml.ts";

import { kindWords } from "./reason.ts";
import { changeRow, planColumns, type ReportCell } from "./reportRows.ts";
import { reportWorkbook, rowsWithIssues, type WorkbookParts } from "./reportWorkbook.ts";
import { tenantName } from "./textOptions.ts";

export type PlanReportFormat = "xlsx" | "csv" | "html" | "md";

export const planReportFormats: readonly PlanReportFormat[] = ["xlsx", "csv", "html", "md"];

export type ReportOptions = {
  readonly showNumbers: boolean;
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

function planParts(plan: Plan, showNumbers: boolean): WorkbookParts {
  const { header, digest } = plan;
  const { counts, findings } = header;
  return {
    title: `Plan for ${tenantName(header.tenant)}`,
    madeAt: new Date(header.createdAt),
    main: {
      name: "Changes",
      columns: planColumns,
      tint: {
        column: "kind",
        tones: {
          create: "good",
          update: "change",
          delete: "bad",
          refused: "bad",
          unchanged: "quiet",
          kept: "quiet",
        },
      },
    },
    rows: () => rowsOf(plan, showNumbers),
    issues: () => plan.issues(),
    file: header.source,
    showNumbers,
    summary: [
      ["tenant", tenantName(header.tenant)],
      ["tenant id", header.tenantId],
      ["plan", header.id],
      ["policy", header.policy],
      ["SMS sign-in", header.smsSignIn],
      ["source", header.source],
      ["made", header.createdAt],
      ["good until", header.expiresAt],
      ["digest", digest],
      ["rows", counts.rows],
      ["users", counts.users],
      ...changeKinds.map((kind): [string, ReportCell] => [kindWords[kind], counts[kind]]),
      ["looks the same (masked read)", findings.maskedFits],
      ["issues (errors)", counts.issues],
      ["warnings", counts.warnings],
      ["out of scope", counts.outOfScope],
      ["excluded", counts.excluded],
      ["masked reads", findings.masked ? "yes" : "no"],
      ["numbers in this file", showNumbers ? "full" : "masked to the last two digits"],
    ],
  };
}

function* rowsOf(plan: Plan, showNumbers: boolean): Iterable<ReportCell[]> {
  for (const change of plan.changes()) yield changeRow(change, plan.header.source, showNumbers);
}
