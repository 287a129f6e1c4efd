import { confirms, guardPlan, needsConfirmation } from "../decide/guard.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { defaultKeepNumbersMs } from "../model/defaults.ts";
import { PrepopError } from "../model/errors.ts";
import type { Limits, PaceOptions } from "../model/options.ts";
import type { Plan } from "../model/plan.ts";
import type { EntryOutcome, Run } from "../model/run.ts";
import type { Edges } from "./edges.ts";
import { lockTenant } from "./inLine.ts";
import { type RunEnd, runEntries } from "./run.ts";
import { isUnwritable, withState } from "./stopError.ts";

export type ApplyRequest = {
  readonly plan: Plan;
  readonly ledger: Ledger;
  readonly limits: Limits;
  readonly pace: PaceOptions;
  /** apply, undo, phone create … */
  readonly command: string;
  readonly undoes?: string;
  /** Refuses any other plan than the one that was shown. */
  readonly digest?: string;
  /** Finished runs of the tenant that started longer ago lose their numbers, ms; default 90 days. */
  readonly keepNumbersMs?: number;
};

/**
 * Refuses a plan before anything is sent: another digest, too much change, too many deletes, no confirmation.
 * @throws PrepopError with exit code 6 or 8
 */
export function guardApply(plan: Plan, limits: Limits, digest?: string): void {
  if (digest !== undefined && digest.toLowerCase() !== plan.digest) {
    throw new PrepopError("PREPOP_PLAN_DIGEST", { actual: plan.digest, expected: digest });
  }
  const refusal = guardPlan(plan.header, limits);
  if (refusal) throw refusal;
  const wanted = needsConfirmation(plan.header);
  if (wanted !== undefined && !confirms(plan.header, limits.confirmTenant)) {
    throw new PrepopError("PREPOP_GUARD_CONFIRM_TENANT", {
      count: plan.header.counts.delete,
      tenant: wanted,
    });
  }
}

/**
 * Applies a plan: guards, ledger, then the run. Yields every outcome as it happens and returns how the run ended.
 * One writer a ledger and tenant: the lock is held until the run ends.
 */
export async function* applyPlan(request: ApplyRequest, edges: Edges): AsyncGenerator<EntryOutcome, RunEnd> {
  const { plan, ledger, limits, pace } = request;
  guardApply(plan, limits, request.digest);
  const lock = await lockTenant(ledger, plan.header.tenantId, edges);
  try {
    const run = await recordRun(request, edges);
    return yield* runEntries({ run, ledger, pace, stopAtFailures: limits.stopAtFailures }, edges);
  } finally {
    lock.release();
  }
}

/** Puts the run into the ledger with all its changes; nothing is sent before. */
async function recordRun(request: ApplyRequest, edges: Edges): Promise<Run> {
  const { plan, ledger } = request;
  try {
    const { header } = plan;
    const { keepNumbersMs = defaultKeepNumbersMs } = request;
    for (const old of ledger.runsToForget(edges.clock.wall() - keepNumbersMs, header.tenantId)) {
      ledger.forget(old.id);
    }
    return ledger.startRun(
      {
        planId: header.id,
        digest: plan.digest,
        tenant: header.tenant,
        actor: await edges.graph.actor(),
        command: request.command,
        source: header.source,
        policy: header.policy,
        smsSignIn: header.smsSignIn,
        issues: header.counts.issues,
        ...(header.rosterHash === undefined ? {} : { rosterHash: header.rosterHash }),
        ...(header.optionsHash === undefined ? {} : { optionsHash: header.optionsHash }),
        ...(request.undoes === undefined ? {} : { undoes: request.undoes }),
      },
      plan.changes(),
      plan.issues(),
    );
  } catch (error) {
    throw isUnwritable(error) ? withState(error, "Nothing was sent.") : error;
  }
}
