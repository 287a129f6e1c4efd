import { runExitCode } from "../decide/verdict.ts";
import type { Edges } from "../engine/edges.ts";
import type { RunEnd } from "../engine/run.ts";
import { Interrupted } from "../engine/stop.ts";
import { stopError } from "../engine/stopError.ts";
import type { ErrorCode } from "../model/errors.ts";
import type { RowIssue } from "../model/issue.ts";
import type { Limit } from "../model/options.ts";
import { type EntryOutcome, outcomeKinds, type RunCounts, type RunState } from "../model/run.ts";
import { type IssueLine, issueLine, type OutcomeLine, outcomeLine } from "../report/jsonLines.ts";

/** Why a run stopped before its end. */
export type ErrorLine = {
  readonly type: "error";
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
};

/** The last line of a run. */
export type RunSummaryLine = {
  readonly type: "summary";
  readonly command: "apply" | "resume" | "undo";
  /** What the command line would exit with: 0, 3, 4, 5, 6 or 130. */
  readonly exitCode: number;
  /** Its id; null when there was nothing to resume. */
  readonly run: string | null;
  readonly state: RunState | null;
  readonly tenantId: string | null;
  readonly digest: string | null;
  readonly counts: RunCounts;
  /** Entries that are still to be sent or settled. */
  readonly open: number;
  readonly seconds: number;
  /** HTTP requests of this run, a `$batch` being one. */
  readonly requests: number;
  /** Write operations sent, each item of a batch one, repeats counted. */
  readonly writes: number;
  /** Operations answered 429. */
  readonly throttled: number;
  readonly report: null;
};

/** The objects of `--json`, in their order: issues, then outcomes as they happen, then the summary. */
export type RunLine = IssueLine | OutcomeLine | ErrorLine | RunSummaryLine;

export type RunLinesRequest = {
  readonly command: RunSummaryLine["command"];
  readonly issues: Iterable<RowIssue>;
  readonly start: (edges: Edges) => AsyncGenerator<EntryOutcome, RunEnd>;
  /** Makes the edges of this run, which ends when the signal aborts. */
  readonly edges: (own: AbortSignal) => Edges;
  readonly stopAtFailures: Limit;
  readonly showNumbers: boolean;
};

/**
 * Follows a run to its end. A reader who leaves early interrupts the run: what is under way is finished and recorded, and
 * the tenant's lock is given back before the loop is left.
 */
export async function* runLines(request: RunLinesRequest): AsyncGenerator<RunLine, void> {
  const { command, stopAtFailures, showNumbers } = request;
  for (const issue of request.issues) yield issueLine(issue, showNumbers);
  const left = new AbortController();
  const edges = request.edges(left.signal);
  const { clock, graph } = edges;
  const startedAt = clock.now();
  const before = graph.stats();
  const running = request.start(edges);
  let next = await running.next();
  try {
    for (; !next.done; next = await running.next()) {
      const { entry, ...outcome } = next.value;
      yield outcomeLine(entry, outcome, showNumbers);
    }
  } finally {
    if (!next.done) {
      left.abort(new Interrupted());
      while (!(await running.next()).done);
    }
  }
  const end = next.value;
  const stopped = end.stop ? stopError(end, clock.wall(), stopAtFailures) : undefined;
  if (stopped) {
    yield { type: "error", code: stopped.code, message: stopped.message, hint: stopped.hint };
  }
  const after = graph.stats();
  yield {
    type: "summary",
    command,
    exitCode: end.stop ? (stopped?.exitCode ?? 130) : runExitCode(end.whole),
    run: end.run.id,
    state: end.state,
    tenantId: end.run.tenant.id,
    digest: end.run.digest,
    counts: end.counts,
    open: end.open,
    seconds: Math.round((clock.now() - startedAt) / 10) / 100,
    requests: after.requests - before.requests,
    writes: after.writes - before.writes,
    throttled: after.throttled - before.throttled,
    report: null,
  };
}

/** The only line where there is nothing to resume. */
export function nothingToResume(run: string | null): RunSummaryLine {
  const none = Object.fromEntries(outcomeKinds.map(kind => [kind, 0])) as RunCounts;
  return {
    type: "summary",
    command: "resume",
    exitCode: 0,
    run,
    state: null,
    tenantId: null,
    digest: null,
    counts: { ...none, issues: 0 },
    open: 0,
    seconds: 0,
    requests: 0,
    writes: 0,
    throttled: 0,
    report: null,
  };
}
