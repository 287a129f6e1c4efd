import type { EntryOutcome, OutcomeKind } from "../model/run.ts";
import { type HtmlCell, type HtmlGroup, type HtmlTone, htmlPage } from "./htmlPage.ts";
import { issueGroups } from "./issueHtml.ts";
import { shownText } from "./numbers.ts";
import { changeHtml } from "./planHtml.ts";
import { kindWords, outcomeImportance, outcomeWords } from "./reason.ts";
import type { RunResult } from "./runResult.ts";
import { runSentences, runStateWords } from "./runText.ts";
import { tenantName } from "./textOptions.ts";
import { duration, moment, thousands } from "./words.ts";

/** A run as one page: a tile and a table for each outcome, what needs a look first, the issues, the facts. */
export function* runHtml(
  result: RunResult,
  { showNumbers }: { readonly showNumbers: boolean },
): Iterable<string> {
  const { run, counts } = result;
  const kinds = outcomeImportance.filter(kind => counts[kind] > 0);
  const sentences = runSentences(result);
  const troubled = counts.inDoubt + counts.failed + counts.refused + result.open > 0;
  yield* htmlPage({
    title: `${run.command} for ${tenantName(run.tenant)}: ${runStateWords[run.state]}`,
    subtitle: `${moment(run.startedAt)}, ${duration(result.seconds)}, by ${run.actor.name}`,
    warnings: troubled ? [sentences.join(" ")] : [],
    notes: troubled ? [] : sentences,
    groups: [
      ...kinds.map(kind => outcomeGroup(result, kind, showNumbers)),
      ...issueGroups(() => result.issues(), showNumbers),
    ],
    bar: kinds.map(kind => ({ tone: tones[kind], label: outcomeWords[kind], count: counts[kind] })),
    facts: factsOf(result, showNumbers),
  });
}

const tones: Readonly<Record<OutcomeKind, HtmlTone>> = {
  applied: "good",
  alreadySo: "quiet",
  refused: "bad",
  failed: "bad",
  inDoubt: "change",
  skipped: "quiet",
};

function outcomeGroup(result: RunResult, kind: OutcomeKind, show: boolean): HtmlGroup {
  return {
    id: kind,
    title: outcomeWords[kind],
    tone: tones[kind],
    count: result.counts[kind],
    open: kind !== "alreadySo" && kind !== "applied",
    columns: ["row", "user", "type", "now → then", "what was said"],
    *rows() {
      for (const each of result.outcomes()) {
        if (each.outcome !== kind) continue;
        const [row = "", user = "", type, numbers = ""] = changeHtml(each.entry, show);
        yield [
          row,
          user,
          { text: String(type), more: kindWords[each.entry.kind] },
          numbers,
          said(each, show),
        ];
      }
    },
  };
}

function said(each: EntryOutcome, show: boolean): HtmlCell {
  const text = each.message === undefined ? "" : shownText(each.message, show);
  const facts = [
    ...(each.code === undefined ? [] : [each.code]),
    ...(each.attempts > 1 ? [`${each.attempts} attempts`] : []),
    ...(each.requestId === undefined ? [] : [`request-id ${each.requestId}`]),
  ];
  return { text, more: facts.join(" · ") };
}

function factsOf(result: RunResult, showNumbers: boolean): (readonly [string, string])[] {
  const { run } = result;
  return [
    ["Tenant", run.tenant.id],
    ["Run", run.id],
    ["Policy", run.policy],
    ["SMS sign-in", run.smsSignIn],
    ["Source", run.source],
    ["Started", moment(run.startedAt)],
    ["Ended", run.endedAt === undefined ? "not yet" : moment(run.endedAt)],
    ["Writes", `${thousands(result.writes)}, ${thousands(result.throttled)} answered 429`],
    ["HTTP requests", thousands(result.requests)],
    ["Not finished", thousands(result.open)],
    ["Numbers", showNumbers ? "full: keep this file to yourself" : "masked to the last two digits"],
    ["Plan digest", run.digest],
  ];
}
