import type { Change, ChangeKind } from "../model/change.ts";
import type { RowIssue } from "../model/issue.ts";
import type { Plan } from "../model/plan.ts";
import { issueTexts } from "./issueText.ts";
import { readableNumber, shownText, shownUser } from "./numbers.ts";
import { planNotes, planWarnings, traitsOf } from "./planNotes.ts";
import { countsText } from "./planText.ts";
import { kindImportance, kindWords, reasonText } from "./reason.ts";
import { tenantName } from "./textOptions.ts";
import { moment, thousands } from "./words.ts";

export type MarkdownOptions = {
  readonly showNumbers: boolean;
};

/** Rows shown of each kind: a pull request or a ticket takes no more. */
const mostRows = 100;

/** A plan for a pull request or a ticket, in GitHub's Markdown. */
export function* planMarkdown(plan: Plan, options: MarkdownOptions): Iterable<string> {
  const { header } = plan;
  const traits = traitsOf(plan.changes());
  yield `# Plan for ${escaped(tenantName(header.tenant))}\n\n`;
  yield `**${escaped(countsText(header.counts, header.findings.maskedFits))}**\n\n`;
  for (const warning of planWarnings(header, traits)) yield `> [!WARNING]\n> ${escaped(warning)}\n\n`;
  yield* facts(plan);
  for (const kind of kindImportance) {
    if (kind !== "unchanged" && header.counts[kind] > 0) yield* changeTable(plan, kind, options.showNumbers);
  }
  if (header.counts.issues + header.counts.warnings > 0) yield* issueTable(plan, options.showNumbers);
  for (const note of planNotes(header, traits)) yield `> [!NOTE]\n> ${linked(note)}\n\n`;
}

function* facts({ header, digest }: Plan): Iterable<string> {
  const rows: readonly (readonly [string, string])[] = [
    ["Tenant", header.tenantId],
    ["Policy", header.policy],
    ["Source", header.source],
    ["Rows, users", `${thousands(header.counts.rows)}, ${thousands(header.counts.users)}`],
    ["Made, good until", `${moment(header.createdAt)}, ${moment(header.expiresAt)}`],
    ["Digest", digest],
  ];
  yield "| | |\n|---|---|\n";
  for (const row of rows) yield tableRow(row);
  yield "\n";
}

function* changeTable(plan: Plan, kind: ChangeKind, show: boolean): Iterable<string> {
  const count = plan.header.counts[kind];
  yield `## ${kindWords[kind]}: ${thousands(count)}\n\n| row | user | type | now | then | why |\n|--:|---|---|---|---|---|\n`;
  let shown = 0;
  for (const change of plan.changes()) {
    if (change.kind !== kind) continue;
    if (shown++ === mostRows) break;
    yield tableRow(cellsOf(change, show));
  }
  yield count > mostRows ? `\n… and ${thousands(count - mostRows)} more.\n\n` : "\n";
}

function cellsOf(change: Change, show: boolean): string[] {
  const number = (text: string | null): string => (text === null ? "" : readableNumber(text, show));
  return [
    change.rows.join(", "),
    change.userPrincipalName,
    change.phoneType,
    number(change.from),
    number(change.to),
    reasonText(change),
  ];
}

function* issueTable(plan: Plan, show: boolean): Iterable<string> {
  const { issues, warnings } = plan.header.counts;
  yield `## issues: ${thousands(issues)}, warnings: ${thousands(warnings)}\n\n| row | user | type | issue | message |\n|--:|---|---|---|---|\n`;
  let shown = 0;
  for (const issue of plan.issues()) {
    if (shown++ === mostRows) break;
    yield tableRow(issueCells(issue, show));
  }
  const more = issues + warnings - mostRows;
  yield more > 0 ? `\n… and ${thousands(more)} more.\n\n` : "\n";
}

function issueCells(issue: RowIssue, show: boolean): string[] {
  return [
    String(issue.ref.row),
    issue.user === null ? "" : shownUser(issue.user, show),
    issue.phoneType ?? "",
    `${issue.code}: ${issueTexts[issue.code].title}`,
    shownText(issue.message, show),
  ];
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.map(escaped).join(" | ")} |\n`;
}

/** No text of a list becomes markup, a link, a mention or a new line. */
export function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd")
    .replace(/[\\`*_[\]<>|~$&]/g, mark => (mark === "&" ? "&amp;" : mark === "<" ? "&lt;" : `\\${mark}`))
    .replace(/:(?=\/\/)/g, "\\:")
    .replace(/\bwww\./gi, match => `${match.slice(0, -1)}\\.`)
    .replace(/(?<![\w.])@/g, "&#64;");
}

/** Our own sentences may end with the address of a page, which stays a link. */
function linked(sentence: string): string {
  const [, text = sentence, address] = /^(.*) (https:\/\/learn\.microsoft\.com\/\S+)$/.exec(sentence) ?? [];
  return address === undefined ? escaped(sentence) : `${escaped(text)} <${address}>`;
}
