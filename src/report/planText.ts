import { type Change, type ChangeKind, type Policy, type Reason, writeKinds } from "../model/change.ts";
import type { Plan, PlanCounts, PlanHeader } from "../model/plan.ts";
import { changeCells, changeColumns } from "./changeTable.ts";
import { issueLines } from "./issueLines.ts";
import type { Tone } from "./paint.ts";
import { hasNoWayBack, kindWords, reasonText } from "./reason.ts";
import { headerLine, layout, tableLine } from "./table.ts";
import { type Page, pageOf, type TextOptions, tenantHead } from "./textOptions.ts";
import { list, moment, plural, thousands } from "./words.ts";

export type PlanTextOptions = TextOptions & {
  /** The retirement of Microsoft's delivery has dates for the global cloud only. */
  readonly cloud?: "global" | "usgov" | "usgov-dod" | "china";
  /** The command that a person would type now. */
  readonly next?: string;
  /** Users whom the plan leaves without any method, by userPrincipalName, where they are known: named first. */
  readonly leftWithoutMethod?: readonly string[];
  /** Rows of changes, 30 when not said. This many are held in memory, whatever the size of the plan. */
  readonly maxRows?: number;
};

/** With the headings of the groups this makes about 40 lines. */
const defaultRows = 30;

/**
 * A plan for a person: the tenant, what must be known before a yes, the changes that matter most first, the totals, the
 * issues, the digest and the next command. It walks the changes once and holds only the rows it shows.
 */
export function* planText(plan: Plan, options: PlanTextOptions): Iterable<string> {
  const page = pageOf(options);
  const { header } = plan;
  const groups = gather(plan.changes(), options.maxRows ?? defaultRows);

  yield* tenantHead(`Plan ${header.policy}`, header.tenant, page);
  yield* page.say(origin(header), "dim");
  yield* warningsOf(header, groups, options, page);
  yield "";
  yield* changeLines(groups, options.maxRows ?? defaultRows, page);
  yield* page.say(countsText(header.counts, header.findings.maskedFits), "strong");
  const outside = outsideText(header.counts);
  if (outside !== "") yield* page.say(outside, "dim");
  yield* issueLines(plan.issues(), page);
  const notes = notesOf(header, groups, options);
  if (notes.length > 0) yield "";
  for (const note of notes) yield* page.mark("i", note, "note");
  yield "";
  yield* page.say(`Digest ${plan.digest}`, "dim");
  if (options.next !== undefined) yield* page.say(`Next: ${options.next}`, "strong", "  ");
}

/** What each policy does, in one sentence. */
const policyWords: Readonly<Record<Policy, string>> = {
  add: "fills empty slots only",
  update: "fills empty slots and replaces other numbers",
  mirror: "fills, replaces, and removes where a cell is blank",
  remove: "removes the listed numbers",
};

function origin(header: PlanHeader): string {
  const { source, counts, policy, createdAt, expiresAt } = header;
  return `From ${source}: ${plural(counts.rows, "row")}, ${plural(counts.users, "user")}; policy ${policy} ${policyWords[policy]}. Made ${moment(createdAt)}, good until ${moment(expiresAt)}.`;
}

/** The changes of one kind and reason: all of them counted, the first ones kept. */
type Group = {
  readonly kind: ChangeKind;
  readonly reason: Reason;
  count: number;
  noWayBack: number;
  readonly first: Change[];
};

/** What matters most comes first; unchanged has no lines of its own. */
const importance: readonly ChangeKind[] = [
  "refused",
  "delete",
  "update",
  "create",
  "disableSms",
  "enableSms",
  "kept",
  "unchanged",
];

function gather(changes: Iterable<Change>, keep: number): Group[] {
  const groups = new Map<string, Group>();
  for (const change of changes) {
    const key = `${change.kind} ${change.reason}`;
    let group = groups.get(key);
    if (!group) {
      group = { kind: change.kind, reason: change.reason, count: 0, noWayBack: 0, first: [] };
      groups.set(key, group);
    }
    group.count++;
    if (hasNoWayBack(change)) group.noWayBack++;
    if (group.first.length < keep && change.kind !== "unchanged") group.first.push(change);
  }
  return [...groups.values()].sort(
    (left, right) =>
      importance.indexOf(left.kind) - importance.indexOf(right.kind) || right.count - left.count,
  );
}

function* warningsOf(
  header: PlanHeader,
  groups: readonly Group[],
  options: PlanTextOptions,
  page: Page,
): Iterable<string> {
  const { findings } = header;
  const { mobileLandlines, mobileNumbers, leftWithoutMethod } = findings;
  const warnings: string[] = [];
  if (findings.masked) {
    warnings.push(
      "Graph hides digits of the phones from this sign-in (masked reads). The role Privileged Authentication Administrator, or the app-only permission UserAuthMethod-Phone.ReadWrite.All, lifts this.",
    );
  }
  if (mobileNumbers >= 10 && mobileLandlines * 2 > mobileNumbers) {
    warnings.push(
      `${thousands(mobileLandlines)} of the ${thousands(mobileNumbers)} numbers in the mobile column are fixed lines. Is it the right column? apply refuses this without --force.`,
    );
  }
  if (leftWithoutMethod > 0) {
    const named = (options.leftWithoutMethod ?? []).slice(0, 5);
    const more =
      named.length > 0 && leftWithoutMethod > named.length
        ? [`${thousands(leftWithoutMethod - named.length)} more`]
        : [];
    const names = named.length > 0 ? `: ${list([...named, ...more])}` : "";
    warnings.push(
      `${plural(leftWithoutMethod, "user")} would be left without any method to sign in with${names}.`,
    );
  }
  const noWayBack = groups.reduce((sum, group) => sum + group.noWayBack, 0);
  if (noWayBack > 0) {
    warnings.push(
      `${plural(noWayBack, "change writes", "changes write")} over a number that cannot be read whole: no undo can bring ${noWayBack === 1 ? "it" : "them"} back.`,
    );
  }
  if (warnings.length > 0) yield "";
  for (const warning of warnings) yield* page.mark("!", warning, "bad");
}

const signs: Readonly<Record<ChangeKind, readonly [sign: string, tone: Tone]>> = {
  create: ["+", "good"],
  update: ["~", "change"],
  delete: ["-", "bad"],
  refused: ["!", "bad"],
  enableSms: ["*", "note"],
  disableSms: ["*", "note"],
  kept: ["=", "dim"],
  unchanged: ["=", "dim"],
};

function* changeLines(groups: readonly Group[], budget: number, page: Page): Iterable<string> {
  const shown = share(
    groups.filter(group => group.kind !== "unchanged"),
    budget,
  );
  const rows = shown.map(({ group, rows }) =>
    group.first.slice(0, rows).map(change => changeCells(change, page.show)),
  );
  if (rows.length === 0) return;
  const indent = "  ";
  const table = layout(changeColumns, rows.flat(), page.width - indent.length);
  yield page.paint("dim", indent + headerLine(table));
  for (const [at, { group, rows: kept }] of shown.entries()) {
    const [sign, tone] = signs[group.kind];
    const title = `${kindWords[group.kind]} ${thousands(group.count)}`;
    const line = page.say(`${sign} ${title}: ${reasonText(group)}`, undefined, "  ");
    yield* line.map((text, index) =>
      index === 0 ? page.paint(tone, `${sign} ${title}`) + text.slice(sign.length + 1 + title.length) : text,
    );
    for (const cells of rows[at] ?? []) yield indent + tableLine(table, cells);
    if (group.count > kept)
      yield page.paint("dim", `${indent}     … and ${thousands(group.count - kept)} more`);
  }
  yield "";
}

/**
 * Three rows for each group; what is left of the budget goes to refused and deleted phones first, and then to the other
 * groups alike.
 */
function share(groups: readonly Group[], budget: number): { readonly group: Group; readonly rows: number }[] {
  const rows = groups.map(group => Math.min(group.first.length, 3));
  let left = budget - rows.reduce((sum, each) => sum + each, 0);
  let others = groups.filter(group => group.kind !== "refused" && group.kind !== "delete").length;
  for (const [at, group] of groups.entries()) {
    const first = group.kind === "refused" || group.kind === "delete";
    const now = rows[at] ?? 0;
    const fair = first ? left : Math.floor(left / others--);
    // One row more is no longer than the line that says there is one more.
    const extra = group.count - now === 1 ? 1 : Math.max(0, Math.min(fair, group.first.length - now));
    rows[at] = now + extra;
    left -= extra;
  }
  return groups.map((group, at) => ({ group, rows: rows[at] ?? 0 }));
}

/** The totals of a plan in one line: first what it sends. */
export function countsText(counts: PlanCounts, maskedFits = 0): string {
  const kinds: readonly ChangeKind[] = [...writeKinds, "refused", "kept", "unchanged"];
  const parts = kinds
    .filter(kind => counts[kind] > 0)
    .map(kind => {
      const note =
        kind === "unchanged" && maskedFits > 0 ? ` (${thousands(maskedFits)} only look the same)` : "";
      return `${thousands(counts[kind])} ${kindWords[kind]}${note}`;
    });
  const sends = writeKinds.some(kind => counts[kind] > 0);
  return `${sends ? "To do" : "Nothing to do"}${parts.length > 0 ? `: ${parts.join(", ")}` : ""}.`;
}

function outsideText(counts: PlanCounts): string {
  const parts: string[] = [];
  if (counts.outOfScope > 0) parts.push(`${plural(counts.outOfScope, "user")} out of scope`);
  if (counts.excluded > 0) parts.push(`${plural(counts.excluded, "user")} excluded`);
  return parts.length === 0 ? "" : `Not looked at: ${parts.join(", ")}.`;
}

/** The page that the sentence on the retirement comes from. */
const retirementPage =
  "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sms-voice-retirement";

/** Microsoft Learn, concept-sms-voice-retirement, of 2026-06-10; it is about the global cloud only. */
export const retirementSentence = `Microsoft ends its own delivery of SMS and voice codes on 1 February 2027; after that, these phones work for MFA and password reset only in a tenant with a telecom provider of its own: ${retirementPage}`;

/** What is good to know and stops nothing. */
export function notesOf(
  { findings, counts, policy, smsSignIn }: PlanHeader,
  groups: readonly { readonly reason: Reason }[],
  options: Pick<PlanTextOptions, "cloud">,
): string[] {
  const notes: string[] = [];
  if (findings.smsSideEffect !== undefined && findings.smsSideEffect > 0 && smsSignIn === "leave") {
    notes.push(
      `The tenant's SMS policy makes the service register ${plural(findings.smsSideEffect, "of these mobile numbers", "of these mobile numbers")} for SMS sign-in by itself; --sms-sign-in disable is recommended and takes that back.`,
    );
  }
  if (findings.methodsUnknown > 0) {
    notes.push(
      `For ${plural(findings.methodsUnknown, "user")} the other methods or the default method cannot be read, so it is not known what a delete leaves.`,
    );
  }
  if (groups.some(group => group.reason === "undo")) {
    notes.push(
      "An undo restores numbers, SMS sign-in and the default method as far as the service allows; createdDateTime and the service's own formatting cannot be restored.",
    );
  }
  const adds = counts.create + counts.update + counts.enableSms > 0 && policy !== "remove";
  if (adds && (options.cloud ?? "global") === "global") notes.push(retirementSentence);
  return notes;
}
