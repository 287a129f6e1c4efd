import type { Change, ChangeKind } from "../model/change.ts";
import type { Plan } from "../model/plan.ts";
import { type HtmlCell, type HtmlGroup, type HtmlTone, htmlPage } from "./htmlPage.ts";
import { issueGroups } from "./issueHtml.ts";
import { readableNumber, shownUser } from "./numbers.ts";
import { planNotes, planWarnings, traitsOf } from "./planNotes.ts";
import { countsText } from "./planText.ts";
import { kindImportance, kindWords, reasonText } from "./reason.ts";
import { tenantName } from "./textOptions.ts";
import { moment, thousands } from "./words.ts";

export type PlanHtmlOptions = { readonly showNumbers: boolean };

/** A plan as one page: what must be known first, a tile and a table for each kind of change, the issues, the facts. */
export function* planHtml(plan: Plan, options: PlanHtmlOptions): Iterable<string> {
  const { header } = plan;
  const kinds = kindImportance.filter(kind => header.counts[kind] > 0);
  const traits = traitsOf(plan.changes());
  yield* htmlPage({
    title: `Plan for ${tenantName(header.tenant)}`,
    subtitle: countsText(header.counts, header.findings.maskedFits),
    warnings: planWarnings(header, traits),
    notes: planNotes(header, traits),
    groups: [
      ...kinds.map(kind => changeGroup(plan, kind, options.showNumbers)),
      ...issueGroups(() => plan.issues(), options.showNumbers),
    ],
    bar: kinds.map(kind => ({ tone: kindTones[kind], label: kindWords[kind], count: header.counts[kind] })),
    facts: factsOf(plan, options.showNumbers),
  });
}

const kindTones: Readonly<Record<ChangeKind, HtmlTone>> = {
  create: "good",
  update: "change",
  delete: "bad",
  refused: "bad",
  enableSms: "note",
  disableSms: "note",
  kept: "quiet",
  unchanged: "quiet",
};

function changeGroup(plan: Plan, kind: ChangeKind, show: boolean): HtmlGroup {
  return {
    id: kind,
    title: kindWords[kind],
    tone: kindTones[kind],
    count: plan.header.counts[kind],
    open: kind !== "unchanged" && kind !== "kept",
    columns: ["row", "user", "type", "now → then", "why"],
    *rows() {
      for (const change of plan.changes()) {
        if (change.kind === kind) yield [...changeHtml(change, show), reasonText(change)];
      }
    },
  };
}

/** The cells that a change has in every page: row, user, type, numbers. */
export function changeHtml(change: Change, show: boolean): HtmlCell[] {
  const user = shownUser(change.user, show);
  const same = user.toLowerCase() === change.userPrincipalName.toLowerCase();
  return [
    change.rows.join(", "),
    { text: change.userPrincipalName, more: same ? "" : `in the list: ${user}` },
    change.phoneType,
    numbers(change, show),
  ];
}

function numbers(change: Change, show: boolean): HtmlCell {
  const from = change.from === null ? "none" : readableNumber(change.from, show);
  const to = change.to === null ? "none" : readableNumber(change.to, show);
  switch (change.kind) {
    case "create":
      return to;
    case "update":
      return `${from} → ${to}`;
    case "delete":
      return {
        text: `${from} → none`,
        more: change.switchDefault ? `the default method becomes ${change.switchDefault.to ?? "none"}` : "",
      };
    case "enableSms":
    case "disableSms":
    case "unchanged":
      return from;
    case "kept":
    case "refused":
      return { text: from, more: change.to === null ? "not removed" : `not written: ${to}` };
  }
}

function factsOf({ header, digest }: Plan, showNumbers: boolean): (readonly [string, string])[] {
  return [
    ["Tenant", header.tenantId],
    ["Policy", header.policy],
    ["SMS sign-in", header.smsSignIn],
    ["Source", header.source],
    ["Rows, users", `${thousands(header.counts.rows)}, ${thousands(header.counts.users)}`],
    ["Out of scope", `${thousands(header.counts.outOfScope)}, excluded ${thousands(header.counts.excluded)}`],
    ["Plan", header.id],
    ["Made", moment(header.createdAt)],
    ["Good until", moment(header.expiresAt)],
    ["Numbers", showNumbers ? "full: keep this file to yourself" : "masked to the last two digits"],
    ["Digest", digest],
  ];
}
