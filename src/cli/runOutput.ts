import { runExitCode } from "../decide/verdict.ts";
import { recorded } from "../engine/recorded.ts";
import type { RunEnd } from "../engine/run.ts";
import { stopError } from "../engine/stopError.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { changeKinds } from "../model/change.ts";
import type { PlanCounts } from "../model/plan.ts";
import type { EntryOutcome } from "../model/run.ts";
import { outcomeLine } from "../report/jsonLines.ts";
import type { RunResult } from "../report/runResult.ts";
import { runText } from "../report/runText.ts";
import type { Call } from "./command.ts";
import type { OpenEdges } from "./openEdges.ts";
import type { Output } from "./output.ts";
import { sayWriteBack, type WriteBack } from "./writeBack.ts";

export type RunOutputRequest = {
  readonly call: Call;
  readonly output: Output;
  readonly open: OpenEdges;
  readonly ledger: Ledger;
  readonly running: AsyncGenerator<EntryOutcome, RunEnd>;
  /** How many outcomes there will be, for the progress. */
  readonly total: number;
  /** The process's own performance.now(), whatever the clock of the run is. */
  readonly startedAt: number;
  /** Brings the outcomes back to the list; what comes of it is no part of the exit code. */
  readonly writeBack?: WriteBack | undefined;
  /** A person has just seen the plan. */
  readonly planShown?: boolean;
  /** The list, as it was typed with its options. */
  readonly list?: string;
  /** More fields of the summary. */
  readonly told?: object;
};

/** How many changes of every kind a plan holds: each gets one outcome. */
export function outcomesToCome(counts: PlanCounts): number {
  return changeKinds.reduce((sum, kind) => sum + counts[kind], 0);
}

/** Follows a run to its end: a line an outcome, progress, the report, the summary. Returns the exit code. */
export async function followRun(request: RunOutputRequest): Promise<number> {
  const { call, output, open, ledger, running, total } = request;
  let done = 0;
  let next = await running.next();
  for (; !next.done; next = await running.next()) {
    const { entry, ...outcome } = next.value;
    await output.line(outcomeLine(entry, outcome, output.showNumbers));
    output.progress({ phase: "writing", done: ++done, total });
  }
  output.settle();
  const end = next.value;
  const { clock, graph } = open.edges;
  const seconds = Math.round((performance.now() - request.startedAt) / 10) / 100;
  const report = call.options.report as string | undefined;
  // What is written back to a list is no part of the run.
  const stats = graph.stats();
  const result: RunResult = {
    run: { ...end.run, state: end.state },
    // The page shows every row of the run, also those that an earlier process finished.
    counts: end.whole,
    open: end.open,
    seconds,
    ...stats,
    ...(report === undefined ? {} : { report }),
    outcomes: () => recorded(ledger, end.run.id),
    issues: () => ledger.issues(end.run.id),
  };
  if (report !== undefined) {
    const { writeReport } = await import("./files.ts");
    await writeReport({ kind: "run", result }, report, output.showNumbers);
  }
  const stopped = end.stop ? stopError(end, clock.wall()) : undefined;
  const exitCode = stopped?.exitCode ?? runExitCode(end.whole);
  if (output.json) {
    if (stopped) {
      await output.line({ type: "error", code: stopped.code, message: stopped.message, hint: stopped.hint });
    }
    const written = await request.writeBack?.(result);
    await output.line({
      type: "summary",
      command: call.command,
      exitCode,
      run: end.run.id,
      state: end.state,
      tenantId: end.run.tenant.id,
      digest: end.run.digest,
      counts: end.counts,
      open: end.open,
      seconds,
      ...stats,
      report: report ?? null,
      ...(written === undefined ? {} : { writeBack: written }),
      ...request.told,
    });
    return exitCode;
  }
  const { width, color, showNumbers } = output;
  const { planShown = false, list } = request;
  const view = { width, color, showNumbers, planShown, ...(list === undefined ? {} : { list }) };
  for (const line of runText(result, view)) await output.say(line);
  if (request.writeBack !== undefined) {
    await sayWriteBack(await request.writeBack(result), end.run.source, output);
  }
  // What an interrupted run says of itself is the same in more words.
  if (stopped && end.stop?.kind !== "interrupted") output.note(`${stopped.message}\n${stopped.hint}`);
  return exitCode;
}
