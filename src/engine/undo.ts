import type { UndoEntry } from "../decide/undo.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { openSpool, type Spool } from "../ledger/spool.ts";
import { type ChangeKind, changeKinds } from "../model/change.ts";
import { PrepopError } from "../model/errors.ts";
import type { Fault } from "../model/fault.ts";
import type { Limits, PaceOptions } from "../model/options.ts";
import { type PlanHeader, planFormatVersion } from "../model/plan.ts";
import type { EntryOutcome, Run } from "../model/run.ts";
import { type ApplyRequest, applyPlan, guardApply } from "./apply.ts";
import type { Edges, Watch } from "./edges.ts";
import { lockTenant } from "./inLine.ts";
import { ordered } from "./ordered.ts";
import type { Patience } from "./patience.ts";
import { type OpenPlan, patienceFor, planOf } from "./plan.ts";
import { planOfRun, settleDoubt, supersede } from "./resume.ts";
import { type RunEnd, usersUnderWay } from "./run.ts";
import { proveTenant } from "./savedPlan.ts";
import { tenantOf } from "./tenantOf.ts";
import { type UserEntries, undoUser } from "./undoUser.ts";
import { forbidden } from "./worldErrors.ts";

export type UndoRequest = {
  /** The run to take back. */
  readonly run: Run;
  readonly ledger: Ledger;
  readonly limits: Limits;
  readonly pace: PaceOptions;
  readonly watch?: Watch;
  /** Told what was done on the way to the plan: doubt that was settled, an earlier undo that was taken over. */
  readonly note?: (text: string) => void;
};

export type UndoPlan = OpenPlan & {
  /** Users whom it leaves without any method, by userPrincipalName; the first of them. */
  readonly leftWithoutMethod: readonly string[];
};

/** Names that are kept; all are counted. */
const namesKept = 50;
/** Every read refused and none allowed after this many users: the caller lacks the permission, not the users. */
const refusalsInARow = 10;

/**
 * Makes the plan that takes a finished run back. What of it is in doubt is read back first, and so is an earlier undo of it
 * that was interrupted. Nothing is written to the tenant.
 * @throws PrepopError PREPOP_RUN_NOT_ENDED, PREPOP_RUN_FORGOTTEN, PREPOP_LEDGER_KEY, PREPOP_TENANT_MISMATCH, and those of reading
 */
export async function planUndo(request: UndoRequest, edges: Edges): Promise<UndoPlan> {
  const { run, ledger, pace, limits } = request;
  refuseUnfit(run, ledger);
  const patience = patienceFor(edges, pace.maxWaitMs);
  await proveTenant(planOfRun(run, ledger), edges, patience);
  const known = await tenantOf(edges, patience, { what: "The run", tenantId: run.tenant.id });
  // Where the tenant does not say its domain now, the run knows it.
  const tenant = known.id === run.tenant.id ? { ...run.tenant, ...known } : run.tenant;
  await takeOverEarlierUndo(request, edges);
  await settle(request, edges);

  const spool = openSpool<never>();
  try {
    const { counts, findings, names } = await fill(spool, request, edges, patience);
    const createdAt = edges.clock.wall();
    const header: PlanHeader = {
      formatVersion: planFormatVersion,
      id: edges.newId(),
      tenantId: tenant.id,
      tenant,
      // What an undo may do is what mirror may: create, update and delete. The guards count accordingly.
      policy: "mirror",
      smsSignIn: "leave",
      createdAt: new Date(createdAt).toISOString(),
      expiresAt: new Date(createdAt + limits.maxAgeMs).toISOString(),
      counts,
      findings,
      source: `run ${run.id}`,
      undoes: run.id,
    };
    return { ...planOf(header, spool), leftWithoutMethod: names };
  } catch (error) {
    spool.close();
    throw error;
  }
}

/**
 * Applies the plan of an undo. A run of which something is still in doubt cannot be gone on with from here on: what it
 * would send is what the undo takes back.
 */
export async function* applyUndo(
  request: Omit<ApplyRequest, "command" | "undoes"> & { readonly run: Run },
  edges: Edges,
): AsyncGenerator<EntryOutcome, RunEnd> {
  const { run, plan, ledger, limits, digest } = request;
  guardApply(plan, limits, digest);
  if (ledger.run(run.id)?.state === "inDoubt") ledger.endRun(run.id, "ended", edges.clock.wall());
  return yield* applyPlan({ ...request, command: "undo", undoes: run.id }, edges);
}

/** A run that can go on is not undone, and one without numbers cannot be. */
function refuseUnfit(run: Run, ledger: Ledger): void {
  if (run.state === "open" || run.state === "interrupted") {
    const { open } = ledger.counts(run.id);
    throw new PrepopError("PREPOP_RUN_NOT_ENDED", { run: run.id, open, what: "undone" });
  }
  if (run.forgottenAt !== undefined) {
    const when = new Date(run.forgottenAt).toISOString().slice(0, 10);
    throw new PrepopError("PREPOP_RUN_FORGOTTEN", { run: run.id, when });
  }
}

/** An undo of the same run that was interrupted is settled and gives way: what it did shows in the tenant. */
async function takeOverEarlierUndo(request: UndoRequest, edges: Edges): Promise<void> {
  const { run, ledger, pace, note } = request;
  const earlier = ledger.newestOpenRun(run.tenant.id);
  if (earlier?.undoes !== run.id) return;
  if (!(await supersede({ run: earlier, ledger, pace }, edges))) return;
  note?.(`Run ${earlier.id}, an earlier undo of it, was not at its end: it is superseded by a new plan.`);
}

async function settle(request: UndoRequest, edges: Edges): Promise<void> {
  const { run, ledger, pace, note } = request;
  const { inDoubt, open } = ledger.counts(run.id);
  if (inDoubt + open === 0) return;
  const lock = await lockTenant(ledger, run.tenant.id, edges);
  try {
    await settleDoubt({ run, ledger, pace }, edges);
    const left = ledger.counts(run.id).inDoubt;
    if (run.state === "inDoubt" && left === 0) ledger.endRun(run.id, "done", edges.clock.wall());
    if (inDoubt > 0) note?.(`${inDoubt} changes in doubt were read back; of ${left} it is still not known.`);
  } finally {
    lock.release();
  }
}

async function fill(
  spool: Spool<never>,
  request: UndoRequest,
  edges: Edges,
  patience: Patience,
): Promise<Pick<PlanHeader, "counts" | "findings"> & { readonly names: readonly string[] }> {
  const { run, ledger, pace, watch } = request;
  const kinds = Object.fromEntries(changeKinds.map(kind => [kind, 0])) as Record<ChangeKind, number>;
  const counts = { rows: 0, users: 0 };
  const findings = {
    masked: false,
    maskedFits: 0,
    phonesHeld: 0,
    mobileNumbers: 0,
    mobileLandlines: 0,
    methodsUnknown: 0,
    leftWithoutMethod: 0,
    smsUnknown: 0,
    defaultsKept: 0,
  };
  const names: string[] = [];
  const refusals: Fault[] = [];
  let allowed = false;
  const undone = ordered(usersOf(ledger, run.id), usersUnderWay(pace), entries =>
    undoUser(entries, { runId: run.id, ledger }, edges, patience),
  );
  for await (const user of undone) {
    if (user.read === "done") allowed = true;
    else if (user.read !== "notNeeded" && user.read.status === 403) refusals.push(user.read);
    const [refusal] = refusals;
    if (refusal && !allowed && refusals.length >= refusalsInARow) throw forbidden(refusal);
    if (user.changes.length === 0) continue;
    counts.users++;
    counts.rows += user.rows;
    for (const change of user.changes) {
      kinds[change.kind]++;
      spool.addChange(change);
    }
    findings.masked ||= user.masked;
    findings.phonesHeld += user.phonesHeld;
    if (user.methodsUnknown) findings.methodsUnknown++;
    if (user.smsUnknown) findings.smsUnknown++;
    if (user.defaultKept) findings.defaultsKept++;
    if (user.leftWithoutMethod) {
      findings.leftWithoutMethod++;
      if (names.length < namesKept) names.push(user.userPrincipalName);
    }
    watch?.({ phase: "comparing", done: counts.users });
  }
  return {
    counts: { ...counts, ...kinds, issues: 0, warnings: 0, outOfScope: 0, excluded: 0 },
    findings,
    names,
  };
}

/** The users of a run in its order; those of whom nothing can be said are left out. */
function* usersOf(ledger: Ledger, runId: string): Iterable<UserEntries> {
  let mine: [UndoEntry, ...UndoEntry[]] | undefined;
  for (const standing of ledger.outcomes(runId)) {
    if (mine && mine[0].entry.userId === standing.entry.userId) {
      mine.push(standing);
      continue;
    }
    if (mine) yield mine;
    mine = [standing];
  }
  if (mine) yield mine;
}
