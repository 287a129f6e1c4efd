import { tooManyFailures } from "../decide/guard.ts";
import { type Blocker, outcomeWithoutSend } from "../decide/outcomeWithoutSend.ts";
import { largestBatch } from "../graph/connect.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { isWrite } from "../model/change.ts";
import type { Limit, PaceOptions } from "../model/options.ts";
import {
  type Entry,
  type EntryOutcome,
  type Outcome,
  type OutcomeKind,
  outcomeKinds,
  type Run,
  type RunCounts,
  type RunState,
} from "../model/run.ts";
import { createChannel } from "./channel.ts";
import type { Edges } from "./edges.ts";
import { executeEntry } from "./execute.ts";
import type { ExecuteContext } from "./executeContext.ts";
import { createHolderSearch, nameHolder } from "./holder.ts";
import { createLane } from "./lane.ts";
import { patienceFor } from "./plan.ts";
import { createRenewal } from "./renewal.ts";
import { Interrupted, Stopped, type StopReason } from "./stop.ts";
import { isOfSignIn, isUnwritable, stateText, withState } from "./stopError.ts";

export type RunRequest = {
  readonly run: Run;
  readonly ledger: Ledger;
  readonly pace: PaceOptions;
  readonly stopAtFailures: Limit;
  /** Only read back what was sent without an answer; send nothing. */
  readonly settleOnly?: boolean;
};

/** Users side by side: with packed requests, as many as fill the requests that may be under way. */
export function usersUnderWay(pace: Pick<PaceOptions, "concurrency" | "batch">): number {
  return pace.batch ? pace.concurrency * largestBatch : pace.concurrency;
}

/** How a run ended. */
export type RunEnd = {
  readonly run: Run;
  readonly state: RunState;
  readonly counts: RunCounts;
  /** The same of the whole run, with what earlier processes did of it. */
  readonly whole: RunCounts;
  /** Entries that are still to be sent or settled. */
  readonly open: number;
  readonly stop?: StopReason;
};

/** So many different users in a row refused as 401 or 403 mean that the caller lost the right, not the users. */
const refusalsInARow = 10;
/** Outcomes that wait for a slow reader before the workers do. */
const waitingOutcomes = 1_000;

/**
 * Sends the open entries of a run, users side by side and each user's entries in order, and yields every outcome as it
 * happens. Entries that an earlier process sent without an answer are read back first. It decides nothing.
 */
export async function* runEntries(request: RunRequest, edges: Edges): AsyncGenerator<EntryOutcome, RunEnd> {
  const { run, ledger, pace } = request;
  const stopping = new AbortController();
  const signal = edges.signal ? AbortSignal.any([edges.signal, stopping.signal]) : stopping.signal;
  const inner: Edges = { ...edges, signal };
  const othersWrote = ledger.otherRunSent(run.tenant.id, edges.clock.wall() - pace.settleHorizonMs, run.id);
  const renew = createRenewal(inner);
  const rate = pace.rate === undefined ? {} : { rate: pace.rate };
  const notSending = new AbortController();
  const sending = AbortSignal.any([signal, notSending.signal]);
  const lane = createLane({ clock: edges.clock, signal: sending, ...rate });
  const context: ExecuteContext = {
    edges: inner,
    ledger,
    lane,
    patience: patienceFor(inner, pace.maxWaitMs, { renew, writes: lane }),
    renew,
    timing: { horizonMs: pace.settleHorizonMs },
    tenantId: run.tenant.id,
    maxWaitMs: pace.maxWaitMs,
    sending,
    settleOnly: request.settleOnly === true,
    ownWriteAt: entry => ownWriteAt(entry, run, ledger, inner, pace.settleHorizonMs, othersWrote),
  };

  const told = ledger.counts(run.id);
  const resumed = outcomeKinds.some(kind => told[kind] > 0);
  const holders = createHolderSearch(run, ledger, inner.graph);
  const channel = createChannel<EntryOutcome>(waitingOutcomes);
  const watch = createWatch(request.stopAtFailures);
  let stop: StopReason | undefined;
  const end = (reason: StopReason): void => {
    stop ??= reason;
    // Who waits for a turn need not wait on. After too many failures what is in doubt is still settled.
    const stopped = new Stopped(reason);
    notSending.abort(stopped);
    if (reason.kind !== "failures") stopping.abort(stopped);
  };
  const users = ledger.users(run.id)[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = users.next(); !stop && !next.done; next = users.next()) {
      if (edges.signal?.aborted) end({ kind: "interrupted" });
      if (stop) break;
      const entries = request.settleOnly ? next.value.filter(wasSent) : next.value;
      const blocker = resumed ? blockerOf(entries, run, ledger) : undefined;
      await executeUser(entries, context, blocker, async (entry, said) => {
        const outcome = await nameHolder(entry, said, holders);
        await ledger.finish(entry.runId, entry.seq, outcome, edges.clock.wall());
        await channel.put({ entry, ...outcome });
        const reason = isWrite(entry) ? watch(entry, outcome) : undefined;
        if (reason) end(reason);
        return stop !== undefined;
      });
    }
  };
  const workers = Array.from({ length: usersUnderWay(pace) }, () =>
    work().catch(error => end(reasonOf(error, edges))),
  );
  const workersDone = Promise.all(workers);
  const finished = workersDone.then(() => channel.close());

  const counts = Object.fromEntries(outcomeKinds.map(kind => [kind, 0])) as Record<OutcomeKind, number>;
  const saidInDoubt = new Set<number>();
  let drained = false;
  try {
    for await (const outcome of channel.items()) {
      counts[outcome.outcome]++;
      if (outcome.outcome === "inDoubt") saidInDoubt.add(outcome.entry.seq);
      yield outcome;
    }
    drained = true;
  } finally {
    // Whoever stops listening stops the run: nothing is sent behind his back, and the lock is not given up before.
    if (!drained) {
      end({ kind: "interrupted" });
      channel.close();
      await workersDone;
      await ledger.flush();
      leaveInterrupted(request, edges);
    }
  }
  await finished;
  if (stop?.kind === "error") {
    // What the ledger does not take cannot be its end either: a run that nobody is at work on is interrupted anyway.
    if (isUnwritable(stop.error)) throw withState(stop.error, stateInLedger(run, ledger, counts));
    leaveInterrupted(request, edges);
    throw stop.error;
  }
  await ledger.flush();

  if (request.settleOnly) {
    return {
      run,
      state: run.state,
      counts: { ...counts, issues: run.issues },
      whole: ledger.counts(run.id),
      open: 0,
      ...(stop ? { stop } : {}),
    };
  }
  let open = 0;
  for (const entries of ledger.users(run.id)) {
    for (const entry of entries) {
      open++;
      if (saidInDoubt.has(entry.seq)) continue;
      const outcome = outcomeWithoutSend(entry);
      if (stop?.kind === "failures") await ledger.finish(run.id, entry.seq, outcome, edges.clock.wall());
      counts[outcome.outcome]++;
      yield { entry, ...outcome };
    }
  }
  const state = stateAfter(stop, counts);
  ledger.endRun(run.id, state, edges.clock.wall());
  return {
    run,
    state,
    counts: { ...counts, issues: run.issues },
    whole: ledger.counts(run.id),
    open,
    ...(stop ? { stop } : {}),
  };
}

/** Who only reads back leaves a run as it was: one that was stopped for good stays so. */
function leaveInterrupted({ run, ledger, settleOnly }: RunRequest, edges: Edges): void {
  if (!settleOnly) ledger.endRun(run.id, "interrupted", edges.clock.wall());
}

/** How things stand by what the ledger says, when it cannot be told any more. */
function stateInLedger(run: Run, ledger: Ledger, counts: Readonly<Record<OutcomeKind, number>>): string {
  let open = 0;
  let inDoubt = 0;
  for (const entries of ledger.users(run.id)) {
    open += entries.length;
    inDoubt += entries.filter(wasSent).length;
  }
  return stateText({ counts: { ...counts, inDoubt, issues: run.issues }, open });
}

function wasSent(entry: Entry): boolean {
  return entry.state === "sent" || entry.doubtSince !== undefined;
}

/** What an earlier process found of the user's writes before these. */
function blockerOf([first]: readonly Entry[], run: Run, ledger: Ledger): Blocker | undefined {
  return first && ledger.blocker(run.id, first.userId);
}

/** One user's entries in order; what comes after a write that did not succeed is skipped. */
async function executeUser(
  entries: readonly Entry[],
  context: ExecuteContext,
  before: Blocker | undefined,
  finish: (entry: Entry, outcome: Outcome) => Promise<boolean>,
): Promise<void> {
  let blocker = before;
  for (const entry of entries) {
    const outcome = isWrite(entry)
      ? blocker
        ? outcomeWithoutSend(entry, blocker)
        : await executeEntry(entry, context)
      : outcomeWithoutSend(entry);
    const stopped = await finish(entry, outcome);
    if (isWrite(entry) && outcome.outcome !== "applied" && outcome.outcome !== "alreadySo") {
      blocker ??= { entry, outcome: outcome.outcome };
    }
    if (stopped) return;
  }
}

/** Looks at each outcome of a write and says when the run must stop. */
function createWatch(limit: Limit): (entry: Entry, outcome: Outcome) => StopReason | undefined {
  let finished = 0;
  let bad = 0;
  const refusedUsers = new Set<string>();
  return (entry, outcome) => {
    finished++;
    if (outcome.outcome === "failed" || outcome.outcome === "inDoubt") bad++;
    if (outcome.code === "PREPOP_ROW_FORBIDDEN") refusedUsers.add(entry.userId);
    else if (outcome.outcome === "applied" || outcome.outcome === "alreadySo") refusedUsers.clear();
    if (refusedUsers.size >= refusalsInARow) {
      const fault = {
        kind: "http" as const,
        status: 403,
        message: outcome.message ?? "",
        ...requestIdOf(outcome),
      };
      return { kind: "unauthorized", fault };
    }
    return tooManyFailures(bad, finished, limit) ? { kind: "failures", bad, finished } : undefined;
  };
}

function requestIdOf({ requestId }: Outcome): { readonly requestId?: string } {
  return requestId === undefined ? {} : { requestId };
}

function reasonOf(error: unknown, edges: Edges): StopReason {
  if (edges.signal?.aborted || error instanceof Interrupted) return { kind: "interrupted" };
  if (error instanceof Stopped) return error.reason;
  return isOfSignIn(error) ? { kind: "signIn", error } : { kind: "error", error };
}

/** When this ledger wrote the entry's slot within the last horizon, on the monotonic clock. */
function ownWriteAt(
  entry: Entry,
  run: Run,
  ledger: Ledger,
  edges: Edges,
  horizonMs: number,
  othersWrote: boolean,
): number | undefined {
  // Within one run only an SMS change shares its slot with another entry, and no other run writes beside this one.
  if (!othersWrote && entry.kind !== "enableSms" && entry.kind !== "disableSms") return undefined;
  const wall = edges.clock.wall();
  const at = ledger.recentWrite(run.tenant.id, entry.userId, entry.phoneType, wall - horizonMs, {
    runId: entry.runId,
    seq: entry.seq,
  });
  return at === undefined ? undefined : edges.clock.now() - (wall - at);
}

function stateAfter(stop: StopReason | undefined, counts: Readonly<Record<OutcomeKind, number>>): RunState {
  if (stop) return stop.kind === "failures" ? "ended" : "interrupted";
  return counts.inDoubt > 0 ? "inDoubt" : "done";
}
