import type { Ledger } from "../ledger/ledger.ts";
import { PrepopError } from "../model/errors.ts";
import type { Limit, Limits, PaceOptions } from "../model/options.ts";
import type { Plan } from "../model/plan.ts";
import type { EntryOutcome, Run, RunCounts } from "../model/run.ts";
import type { Edges } from "./edges.ts";
import { lockTenant } from "./inLine.ts";
import { patienceFor } from "./plan.ts";
import { type RunEnd, runEntries } from "./run.ts";
import { hours, proveTenant } from "./savedPlan.ts";
import { Interrupted } from "./stop.ts";
import { stopError } from "./stopError.ts";

export type ResumeRequest = {
  readonly run: Run;
  readonly ledger: Ledger;
  readonly limits: Limits;
  readonly pace: PaceOptions;
};

/**
 * Whether there is anything to go on with: a run that was not finished, or one that was stopped for good and still has
 * changes in doubt, which can be read back.
 */
export function isResumable(run: Pick<Run, "state">, counts: Pick<RunCounts, "inDoubt">): boolean {
  return run.state === "ended" ? counts.inDoubt > 0 : run.state !== "done";
}

/**
 * Goes on with an interrupted run: what was sent without an answer is read back first, the rest is sent. Of a run that was
 * stopped for good only what is in doubt is read back.
 * @throws PrepopError PREPOP_RUN_SUPERSEDED, PREPOP_RUN_TOO_OLD, PREPOP_TENANT_MISMATCH
 */
export async function* resumeRun(request: ResumeRequest, edges: Edges): AsyncGenerator<EntryOutcome, RunEnd> {
  const { run, ledger, limits, pace } = request;
  refuseStale(run, ledger, limits.maxAgeMs, edges.clock.wall());
  await proveTenant(planOfRun(run, ledger), edges, patienceFor(edges, pace.maxWaitMs));
  const lock = await lockTenant(ledger, run.tenant.id, edges);
  try {
    // Whoever held the lock until now may have been this run.
    const now = ledger.run(run.id) ?? run;
    refuseStale(now, ledger, limits.maxAgeMs, edges.clock.wall());
    const settleOnly = now.state === "ended";
    if (!settleOnly) ledger.reopenRun(run.id);
    const { stopAtFailures } = limits;
    return yield* runEntries({ run: now, ledger, pace, stopAtFailures, settleOnly }, edges);
  } finally {
    lock.release();
  }
}

function refuseStale(run: Run, ledger: Ledger, maxAgeMs: number, wallNow: number): void {
  if (run.state === "superseded") throw new PrepopError("PREPOP_RUN_SUPERSEDED", { run: run.id });
  if (!isResumable(run, ledger.counts(run.id))) {
    throw new PrepopError("PREPOP_USAGE", {
      why: `Run ${run.id} is finished, so there is nothing to resume`,
      fix: "`prepop plan` shows what is left to do.",
    });
  }
  const age = wallNow - run.startedAt;
  // Reading back sends nothing, so it is never too late for it.
  if (age > maxAgeMs && run.state !== "ended")
    throw new PrepopError("PREPOP_RUN_TOO_OLD", { run: run.id, age: hours(age), limit: hours(maxAgeMs) });
}

/** A run as the plan it was: what the tenant check looks at. */
export function planOfRun(
  run: Run,
  ledger: Ledger,
): Pick<Plan, "changes"> & { readonly header: { readonly tenantId: string } } {
  return {
    header: { tenantId: run.tenant.id },
    *changes() {
      for (const { entry } of ledger.outcomes(run.id)) yield entry;
    },
  };
}

export type ContinueKey = {
  readonly tenantId: string;
  readonly rosterHash: string;
  readonly optionsHash: string;
};

/** Whether `apply ROSTER` may go on with an interrupted run (rules.md, continuing an interrupted run). */
export function continues(run: Run, key: ContinueKey, maxAgeMs: number, wallNow: number): boolean {
  return (
    run.tenant.id === key.tenantId &&
    run.rosterHash === key.rosterHash &&
    run.optionsHash === key.optionsHash &&
    wallNow - run.startedAt <= maxAgeMs
  );
}

/**
 * Takes an interrupted run out of the way of a new plan: what was sent is read back, the rest is left. False when it
 * came to its end while this process waited for the lock.
 */
export async function supersede(
  request: {
    readonly run: Run;
    readonly ledger: Ledger;
    readonly pace: PaceOptions;
  },
  edges: Edges,
): Promise<boolean> {
  const { run, ledger, pace } = request;
  const lock = await lockTenant(ledger, run.tenant.id, edges);
  try {
    const now = ledger.run(run.id)?.state;
    if (now === "done" || now === "ended" || now === "superseded") return false;
    await settleDoubt({ run, ledger, pace }, edges);
    ledger.endRun(run.id, "superseded", edges.clock.wall());
    return true;
  } finally {
    lock.release();
  }
}

/**
 * Reads back what a run sent without an answer, however much it is, and sends nothing. The caller holds the lock.
 * @throws what ended it early: a PrepopError with exit code 4, 5 or 130
 */
export async function settleDoubt(
  request: { readonly run: Run; readonly ledger: Ledger; readonly pace: PaceOptions },
  edges: Edges,
): Promise<void> {
  const stopAtFailures: Limit = { kind: "count", value: Number.POSITIVE_INFINITY };
  const settling = runEntries({ ...request, stopAtFailures, settleOnly: true }, edges);
  let next = await settling.next();
  while (!next.done) next = await settling.next();
  const end = next.value;
  if (end.stop) throw stopError(end, edges.clock.wall()) ?? new Interrupted();
}
