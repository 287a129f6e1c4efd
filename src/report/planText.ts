import { type Change, type ChangeKind, type Policy, type Reason, writeKinds } from "../model/change.ts";
import type { Plan, PlanCounts, PlanHeader } from "../model/plan.ts";
import { changeCells, changeColumns } from "./changeTable.ts";
import { issueLines } from "./issueLines.ts";
import type { Tone } from "./paint.ts";
import { plainText } from "./plainText.ts";
import { type PlanTraits, planNotes, planWarnings } from "./planNotes.ts";
import { profileSentence } from "./profileRosterText.ts";
import { hasNoWayBack, kindImportance, kindWords, reasonText } from "./reason.ts";
import { headerLine, layout, tableLine } from "./table.ts";
import { type Page, pageOf, type TextOptions, tenantHead } from "./textOptions.ts";
import { moment, plural, thousands } from "./words.ts";

export type PlanTextOptions = TextOptions & {
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

  const traits: PlanTraits = {
    noWayBack: groups.reduce((sum, group) => sum + group.noWayBack, 0),
    undoes: header.undoes !== undefined || groups.some(group => group.reason === "undo"),
  };
  yield* tenantHead(traits.undoes ? "Plan undo" : `Plan ${header.policy}`, header.tenant, page);
  const warnings = planWarnings(header, traits, options.leftWithoutMethod);
  for (const warning of warnings) yield* page.mark("!", warning, "bad");
  yield* page.say(origin(header, traits), "dim");
  yield "";
  yield* changeLines(groups, options.maxRows ?? defaultRows, page);
  yield* page.say(countsText(header.counts, header.findings.maskedFits), "strong");
  const outside = outsideText(header.counts);
  if (outside !== "") yield* page.say(outside, "dim");
  yield* issueLines(plan.issues(), page);
  const notes = planNotes(header, traits);
  if (notes.length > 0) yield "";
  for (const note of notes) yield* page.mark("i", note, "note");
  yield "";
  yield* page.say(`Digest ${plan.digest}`, "dim");
  // A command is one line, however long, so that it can be copied.
  if (options.next !== undefined) yield page.paint("strong", plainText(`Next: ${options.next}`));
}

/** What each policy does, in one sentence. */
const policyWords: Readonly<Record<Policy, string>> = {
  add: "fills empty slots only",
  update: "fills empty slots and replaces other numbers",
  mirror: "fills, replaces, and removes where a cell is blank",
  remove: "removes the listed numbers",
};

function origin(
  { source, fromProfile, counts, policy, createdAt, expiresAt }: PlanHeader,
  { undoes }: PlanTraits,
): string {
  const means = undoes ? "" : `; policy ${policy} ${policyWords[policy]}`;
  const what =
    fromProfile === undefined
      ? `${plural(counts.rows, "row")}, ${plural(counts.users, "user")}`
      : profileSentence(fromProfile);
  return `From ${source}: ${what}${means}. Made ${moment(createdAt)}, good until ${moment(expiresAt)}.`;
}

/** The changes of one kind and reason: all of them counted, the first ones kept. */
type Group = {
  readonly kind: ChangeKind;
  readonly reason: Reason;
  count: number;
  noWayBack: number;
  readonly first: Change[];
};

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
      kindImportance.indexOf(left.kind) - kindImportance.indexOf(right.kind) || right.count - left.count,
  );
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
  const changes = shown.map(({ group, rows }) => group.first.slice(0, rows));
  const rows = changes.map(each => each.map(change => changeCells(change, page.show)));
  if (rows.length === 0) return;
  const indent = "  ";
  const table = layout(changeColumns(changes.flat()), rows.flat(), page.width - indent.length);
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
