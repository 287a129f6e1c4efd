import { type EntryOutcome, type OutcomeKind, outcomeKinds } from "../model/run.ts";
import { changeCells, changeColumns } from "./changeTable.ts";
import { issueLines } from "./issueLines.ts";
import { shownText } from "./numbers.ts";
import type { Tone } from "./paint.ts";
import { plainText } from "./plainText.ts";
import { outcomeImportance, outcomeWords } from "./reason.ts";
import type { RunResult } from "./runResult.ts";
import { headerLine, layout, tableLine } from "./table.ts";
import { type Page, pageOf, type TextOptions, tenantHead } from "./textOptions.ts";
import { duration, list, moment, plural, thousands } from "./words.ts";

export type RunTextOptions = TextOptions & {
  /** The command that a person would type now, where it is another one than the run itself suggests. */
  readonly next?: string;
  /** The list and options that another plan of it would be typed with; default: ROSTER. */
  readonly list?: string;
  /** The plan was just shown: what it said already (issues, kept and refused phones) is counted and not repeated. */
  readonly planShown?: boolean;
};

/**
 * What came of a run, for a person: what was not done and why comes first, by code and with its rows, then the totals,
 * what state things are in, where the report lies and how to go on.
 */
export function* runText(result: RunResult, options: RunTextOptions): Iterable<string> {
  const page = pageOf(options);
  const { run } = result;
  if (options.planShown) yield "";
  yield* tenantHead(`${run.command}: ${runStateWords[run.state]}`, run.tenant, page);
  const policy = run.undoes === undefined ? `, policy ${run.policy}` : "";
  yield* page.say(`Run ${run.id}, from ${run.source}${policy}, by ${run.actor.name}.`, "dim");
  yield "";
  const { planShown = false } = options;
  const groups = gather(result.outcomes());
  yield* groupLines(planShown ? groups.filter(group => !isOfPlan(group)) : groups, page);
  yield* page.say(countsLine(result), "strong");
  yield* page.say(effortLine(result), "dim");
  if (!planShown) yield* issueLines(result.issues(), page);
  else if (result.counts.issues > 0) yield* page.say(issuesAbove(result.counts.issues), "dim");
  yield "";
  for (const sentence of runSentences(result)) yield* page.say(sentence);
  if (result.report !== undefined) yield* page.say(`Report: ${result.report}`, undefined, "  ");
  const next = options.next ?? nextOf(result, options.list);
  if (next !== undefined) yield* page.say(`Next: ${next}`, "strong", "  ");
}

/** The states of a run in the words of the page and the terminal. */
export const runStateWords: Readonly<Record<RunResult["run"]["state"], string>> = {
  open: "running",
  interrupted: "interrupted",
  inDoubt: "in doubt",
  done: "done",
  superseded: "superseded",
  ended: "stopped",
};

type Group = {
  readonly outcome: OutcomeKind;
  readonly code: string | undefined;
  count: number;
  readonly first: EntryOutcome[];
};

/** Rows shown of each outcome and code. */
const firstRows = 5;

function gather(outcomes: Iterable<EntryOutcome>): Group[] {
  const groups = new Map<string, Group>();
  for (const each of outcomes) {
    if (each.code === undefined && (each.outcome === "applied" || each.outcome === "alreadySo")) continue;
    const key = `${each.outcome} ${each.code ?? ""}`;
    let group = groups.get(key);
    if (!group) {
      group = { outcome: each.outcome, code: each.code, count: 0, first: [] };
      groups.set(key, group);
    }
    group.count++;
    if (group.first.length < firstRows) group.first.push(each);
  }
  return [...groups.values()].sort(
    (left, right) =>
      outcomeImportance.indexOf(left.outcome) - outcomeImportance.indexOf(right.outcome) ||
      right.count - left.count,
  );
}

/** What the plan decided, so that nothing was sent for it. */
function isOfPlan({ code }: Group): boolean {
  return code === "PREPOP_ROW_KEPT" || code === "PREPOP_ROW_PLAN_REFUSED";
}

function issuesAbove(issues: number): string {
  return `${plural(issues, "error")} of the list ${issues === 1 ? "stands" : "stand"} above, with the plan.`;
}

const signs: Readonly<Record<OutcomeKind, readonly [sign: string, tone: Tone]>> = {
  applied: ["+", "good"],
  alreadySo: ["=", "good"],
  refused: ["!", "bad"],
  failed: ["x", "bad"],
  inDoubt: ["?", "warn"],
  skipped: ["-", "dim"],
};

const indent = "  ";

function* groupLines(groups: readonly Group[], page: Page): Iterable<string> {
  if (groups.length === 0) return;
  const table = layout(
    changeColumns(groups.flatMap(group => group.first.map(({ entry }) => entry))),
    groups.flatMap(group => group.first.map(({ entry }) => changeCells(entry, page.show))),
    page.width - indent.length,
  );
  yield page.paint("dim", indent + headerLine(table));
  for (const group of groups) {
    const [sign, tone] = signs[group.outcome];
    const code = group.code === undefined ? "" : ` (${plainText(group.code)})`;
    yield `${page.paint(tone, `${sign} ${outcomeWords[group.outcome]} ${thousands(group.count)}`)}${code}`;
    yield* rowLines(group, page, cells => indent + tableLine(table, cells));
    if (group.count > group.first.length) {
      yield page.paint("dim", `${indent}       … and ${thousands(group.count - group.first.length)} more`);
    }
  }
  yield "";
}

/** A message that holds for several rows is said once, below the last of them. */
function* rowLines(group: Group, page: Page, line: (cells: readonly string[]) => string): Iterable<string> {
  for (const [at, each] of group.first.entries()) {
    yield line(changeCells(each.entry, page.show));
    if (each.message === undefined || group.first[at + 1]?.message === each.message) continue;
    const message = shownText(each.message, page.show);
    yield* page.block(message, " ".repeat(9));
  }
}

function countsLine({ counts, open }: RunResult): string {
  const parts = outcomeKinds
    .filter(kind => counts[kind] > 0)
    .map(kind => `${thousands(counts[kind])} ${outcomeWords[kind]}`);
  if (open > 0) parts.push(`${thousands(open)} not finished`);
  return parts.length === 0 ? "Nothing was to be done." : `${list(parts)}.`;
}

function effortLine({ seconds, requests, writes, throttled }: RunResult): string {
  const rate = seconds >= 1 && writes > 0 ? ` (${Math.round((writes / seconds) * 10) / 10}/s)` : "";
  const slowed = throttled > 0 ? `, ${thousands(throttled)} of them slowed down by Graph (429)` : "";
  return `${plural(writes, "write")} in ${duration(seconds)}${rate}, ${plural(requests, "HTTP request")}${slowed}.`;
}

/** What state things are in, in whole sentences: how many changes stand, how many do not, and how to go on. */
export function runSentences(result: RunResult): string[] {
  const { run, counts, open } = result;
  const sentences: string[] = [];
  switch (run.state) {
    case "interrupted":
      sentences.push(
        `The run was interrupted: ${plural(counts.applied, "change")} applied, ${thousands(open)} not finished. Nothing is lost, the ledger holds every one.`,
      );
      break;
    case "ended":
      sentences.push(
        `The run was stopped: ${plural(counts.applied, "change")} applied and stand, ${plural(counts.skipped + open, "was", "were")} not sent.`,
      );
      break;
    case "superseded":
      sentences.push("A newer plan took the place of this run; it cannot be resumed.");
      break;
    case "open":
      sentences.push(
        `The run is not at its end: ${plural(open, "change is", "changes are")} still to be sent.`,
      );
      break;
    case "done":
    case "inDoubt":
      break;
  }
  if (counts.inDoubt > 0) {
    const one = counts.inDoubt === 1;
    sentences.push(
      `${plural(counts.inDoubt, "change is", "changes are")} in doubt: sent, but without a trustworthy answer. prepop resume reads ${one ? "it" : "them"} back before anything is said of ${one ? "it" : "them"}.`,
    );
  }
  const bad = counts.failed + counts.refused;
  if (bad > 0) {
    sentences.push(`${plural(bad, "change was", "changes were")} not made; each row says why.`);
  }
  if (run.forgottenAt !== undefined) {
    sentences.push(`Its numbers were removed on ${moment(run.forgottenAt)}, so it cannot be undone.`);
  }
  if (sentences.length === 0) sentences.push("Every change of the plan has its outcome.");
  return sentences;
}

function nextOf({ run, counts, open }: RunResult, list = "ROSTER"): string | undefined {
  if (run.state === "superseded") return `prepop plan ${list}`;
  if (run.state === "interrupted" || run.state === "open" || counts.inDoubt > 0)
    return `prepop resume ${run.id}`;
  if (counts.failed + counts.refused + open + counts.issues > 0) {
    if (run.undoes !== undefined) return `prepop undo ${run.undoes}, again when the reasons are gone`;
    return `prepop plan ${list}, which shows what is left`;
  }
  return counts.applied > 0 && run.forgottenAt === undefined
    ? `prepop undo ${run.id}, if this must be taken back`
    : undefined;
}
