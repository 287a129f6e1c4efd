import { lockTenant } from "../engine/inLine.ts";
import { patienceFor } from "../engine/plan.ts";
import { continues, resumeRun, supersede } from "../engine/resume.ts";
import { tenantOf } from "../engine/tenantOf.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Limits, PaceOptions } from "../model/options.ts";
import type { Run } from "../model/run.ts";
import type { Roster } from "../roster/open.ts";
import type { Call } from "./command.ts";
import type { OpenEdges } from "./openEdges.ts";
import { optionsHash } from "./optionsHash.ts";
import type { Output } from "./output.ts";
import { followRun } from "./runOutput.ts";
import { type WriteBack, writeBackOf } from "./writeBack.ts";

/** One apply: what was asked, and everything that it goes to. */
export type ApplyCall = {
  readonly call: Call;
  readonly output: Output;
  readonly open: OpenEdges;
  readonly ledger: Ledger;
  readonly limits: Limits;
  readonly pace: PaceOptions;
  readonly startedAt: number;
  /** The roster, as it was typed with its options; undefined for a saved plan. */
  readonly list?: string;
};

/**
 * Goes on with the newest interrupted run when it is of the same roster and options, and of the plan that --digest names;
 * else it and all older ones are taken out of the way, because the new plan is made from what they left.
 */
export async function continueRun(opened: Roster, request: ApplyCall): Promise<number | undefined> {
  const { call, output, open, ledger, limits, pace: pacing, startedAt } = request;
  if (ledger.runs()[Symbol.iterator]().next().done) return undefined;
  const tenantNow = await tenantOf(open.edges, patienceFor(open.edges, pacing.maxWaitMs));
  if (!ledger.newestOpenRun(tenantNow.id)) return undefined;
  // An open run may be another process's that is writing now: it is waited for, and may be done then.
  (await lockTenant(ledger, tenantNow.id, open.edges)).release();
  const newest = ledger.newestOpenRun(tenantNow.id);
  if (!newest) return undefined;
  const key = { tenantId: tenantNow.id, rosterHash: opened.hash, optionsHash: optionsHash(call) };
  const digest = (call.options.digest as string | undefined)?.toLowerCase() ?? newest.digest;
  if (digest === newest.digest && continues(newest, key, limits.maxAgeMs, open.edges.clock.wall())) {
    const doing = newest.state === "inDoubt" ? "Reading back what is in doubt of" : "Continuing interrupted";
    output.note(`${doing} run ${newest.id}.`);
    const running = resumeRun({ run: newest, ledger, limits, pace: pacing }, open.edges);
    const { open: unsent, inDoubt } = ledger.counts(newest.id);
    const writeBack = await writeBackFor(opened, request);
    const total = unsent + inDoubt;
    return await followRun({ call, output, open, ledger, running, total, startedAt, writeBack });
  }
  for (let run: Run | undefined = newest; run; run = ledger.newestOpenRun(tenantNow.id)) {
    if (!(await supersede({ run, ledger, pace: pacing }, open.edges))) continue;
    output.note(
      `Run ${run.id} was not at its end and does not fit this roster and these options: it is superseded by a new plan.`,
    );
  }
  return undefined;
}

/** Where the outcomes go beside the ledger, if the call asks for that. */
export async function writeBackFor(
  opened: Roster,
  { call, open, output }: ApplyCall,
): Promise<WriteBack | undefined> {
  return writeBackOf(call, opened, open, output);
}
