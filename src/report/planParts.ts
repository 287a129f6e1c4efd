import { changeKinds } from "../model/change.ts";
import type { Plan } from "../model/plan.ts";
import { kindWords } from "./reason.ts";
import { changeRow, planColumns, type ReportCell } from "./reportRows.ts";
import type { WorkbookParts } from "./reportWorkbook.ts";
import { tenantName } from "./textOptions.ts";

/** What the table formats of a plan's report are made of. */
export function planParts(plan: Plan, showNumbers: boolean): WorkbookParts {
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
