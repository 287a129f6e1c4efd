import { type CarriedRequest, connectGraph, fixedToken } from "../graph/connect.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { GraphFault } from "../model/fault.ts";
import type { Limits, PaceOptions } from "../model/options.ts";
import type { Plan } from "../model/plan.ts";
import type { EntryOutcome } from "../model/run.ts";
import { type FaultRule, openSandbox, type UnservedSandbox } from "../sandbox/sandbox.ts";
import { applyPlan } from "./apply.ts";
import type { Clock } from "./clock.ts";
import type { Edges } from "./edges.ts";
import { packRequests } from "./packing.ts";
import { rehearsable, usersIn } from "./rehearsalUsers.ts";
import type { RunEnd } from "./run.ts";
import { type SkippingClock, skippingClock } from "./skippingClock.ts";

/** What a rehearsal assumes of the tenant. */
export type Conditions = {
  /** Writes at once, and writes a second after that; undefined: no limit. */
  readonly quota?: { readonly burst: number; readonly perSecond: number };
  readonly faults: readonly FaultRule[];
  /** How long each answer takes, ms. */
  readonly latencyMs: number;
};

export type RehearsalRequest = {
  readonly plan: Plan;
  /** A ledger of the rehearsal's own, to be thrown away. */
  readonly ledger: Ledger;
  readonly limits: Limits;
  readonly pace: PaceOptions;
  readonly conditions: Conditions;
};

/** How a rehearsal ended, and what the run is to expect. */
export type Rehearsal = {
  readonly end: RunEnd;
  /** What the run would take, s. */
  readonly seconds: number;
  readonly requests: number;
  readonly writes: number;
  readonly throttled: number;
};

/**
 * Applies a plan to an invented tenant in this process that holds what the plan knows of the real one, with the same
 * engine and pace, on a clock that skips all waiting (docs/decisions/rehearseOnASkippingClock.md). No connection is made.
 * @throws PrepopError as applyPlan does, from the same guards
 */
export async function* rehearse(
  request: RehearsalRequest,
  edges: Pick<Edges, "clock" | "random" | "newId" | "signal">,
): AsyncGenerator<EntryOutcome, Rehearsal> {
  const { ledger, limits, pace, conditions } = request;
  const plan = rehearsable(request.plan);
  const clock = skippingClock(edges.clock);
  const sandbox = tenantOf(plan, conditions, clock);
  const graph = connectGraph({
    origin: sandbox.url,
    credential: fixedToken(sandbox.token),
    clock,
    carrier: carried => carry(carried, sandbox, clock),
  });
  const { concurrency, batch } = pace;
  const packing = { concurrency, batch, onNotice: () => undefined, clock };
  const inside: Edges = { ...edges, clock, graph: packRequests(graph, packing) };
  const startedAt = clock.now();
  const end = yield* applyPlan({ plan, ledger, limits, pace, command: "rehearse" }, inside);
  const seconds = (clock.now() - startedAt) / 1_000;
  await graph.close();
  return { end, seconds, ...graph.stats() };
}

/** How long the tenant takes to answer a small request, ms: the shortest of a few. Undefined where it does not say. */
export async function measureLatency(
  plan: Pick<Plan, "changes">,
  { graph, clock }: Pick<Edges, "graph" | "clock">,
): Promise<number | undefined> {
  let shortest: number | undefined;
  for (const { userId } of plan.changes()) {
    for (let probe = 0; probe < probes; probe++) {
      const startedAt = clock.now();
      try {
        await graph.listPhones(userId);
      } catch (error) {
        if (error instanceof GraphFault) return shortest;
        throw error;
      }
      shortest = Math.min(shortest ?? Number.POSITIVE_INFINITY, clock.now() - startedAt);
    }
    break;
  }
  return shortest;
}

const probes = 3;

function tenantOf(plan: Plan, conditions: Conditions, clock: Clock): UnservedSandbox {
  const { quota, faults, latencyMs } = conditions;
  const { smsSignIn, findings } = plan.header;
  // Finer than wall(): a quota that refills by the second is kept to a fraction of it.
  const since1970 = clock.wall() - clock.now();
  const sandbox = openSandbox({
    ...(quota ? { quota: { writeBurst: quota.burst, writePerSecond: quota.perSecond } } : {}),
    latencyMs,
    faults,
    smsPolicy: { usableForSignIn: smsSignIn !== "leave" || (findings.smsSideEffect ?? 0) > 0 },
    logLimit: keptLog,
    clock: { now: () => since1970 + clock.now(), after: (ms, run) => void clock.sleep(ms).then(run) },
  });
  sandbox.seedUsers(usersIn(plan.changes()));
  return sandbox;
}

/** Nobody reads the sandbox's log. */
const keptLog = 100;
/** As graph/ waits for an answer over a connection: from the send to its end, and twice that for a batch. */
const answerMs = 30_000;

async function carry(request: CarriedRequest, sandbox: UnservedSandbox, clock: SkippingClock) {
  const { delivery, delayMs, ...answer } = clock.free(() => sandbox.ask(request));
  const patienceMs = request.url.endsWith("/$batch") ? 2 * answerMs : answerMs;
  const lost = delivery === "hang" || delayMs > patienceMs;
  await clock.sleep(lost ? patienceMs : delayMs);
  return lost || delivery === "reset" ? undefined : answer;
}
