import type { RowIssue } from "../model/issue.ts";
import type { EntryOutcome, Run } from "../model/run.ts";
import { issueLine, outcomeLine } from "./jsonLines.ts";
import { type ShowNumbers, shownNumber } from "./numbers.ts";
import type { RunResult } from "./runResult.ts";

/** A run as one JSON document: {run, counts, outcomes, issues}, the entries as in the JSON Lines with from and sheet. */
export function* runJson(result: RunResult, show: ShowNumbers): Iterable<string> {
  const { run, counts, open, seconds, requests, writes, throttled } = result;
  const head = { ...runOf(run), open, seconds, requests, writes, throttled };
  yield `{"run":${JSON.stringify(head)},\n"counts":${JSON.stringify(counts)},\n"outcomes":[`;
  yield* elements(result.outcomes(), each => outcomeOf(each, run.source, show));
  yield `],\n"issues":[`;
  yield* elements(result.issues(), issue => issueOf(issue, run.source, show));
  yield "]}\n";
}

function* elements<Item>(items: Iterable<Item>, shape: (item: Item) => object): Iterable<string> {
  let separator = "\n";
  for (const item of items) {
    yield separator + JSON.stringify(shape(item));
    separator = ",\n";
  }
}

function runOf({ rosterHash: _roster, optionsHash: _options, startedAt, endedAt, ...run }: Run): object {
  return {
    ...run,
    startedAt: new Date(startedAt).toISOString(),
    ...(endedAt === undefined ? {} : { endedAt: new Date(endedAt).toISOString() }),
  };
}

function outcomeOf(each: EntryOutcome, file: string, show: ShowNumbers): object {
  const { entry } = each;
  return {
    ...outcomeLine(entry, each, show),
    from: shownNumber(entry.from, show),
    file,
    ...(entry.ref.sheet === undefined ? {} : { sheet: entry.ref.sheet }),
  };
}

function issueOf(issue: RowIssue, file: string, show: ShowNumbers): object {
  return { ...issueLine(issue, show), file };
}
