import { calm, noStrain, type Strain } from "./strain.ts";

/**
 * How fast to send, as a pure decision: a model of the tenant's token bucket. What the service answers corrects it
 * (decide/paceLearns). All times are ms on one monotonic clock, all rates are operations a second.
 *
 *   ramp ── each second without trouble: twice the rate ──► until the documented burst is spent ─► steady
 *     │ ├── a 429, or a share of the limit from which the size of the bucket follows ────────────► steady
 *     │ └── answers take too long ──► eased ── burst spent, 429 or share ────────────────────────► steady
 *   free ── (reads) no limit but the requests side by side ── a 429 ─────────────────────────────► steady
 *   steady ──────── 429: pause, and the refill is what was accepted between two empty moments
 *   steady, eased ─ answers take too long: less than the service works through until they do not, then nearly that
 *     └──────────── a while without either: a quarter of the base more. After each of them that while is twice as long
 *
 * Source of the prior: 3,000 writes per 150 s for one app in one tenant,
 * https://learn.microsoft.com/graph/throttling-limits (read 2026-11-23). Which class covers phone methods is unknown.
 */
export type Pace = {
  readonly mode: "free" | "ramp" | "eased" | "steady";
  /** What is let through: the ramp's rate, or the refill that is believed in. */
  readonly rate: number;
  readonly tokens: number;
  readonly tokensAt: number;
  readonly pausedUntil: number;
  readonly startedAt: number;
  /** Sent, accepted and refused since the start. */
  readonly sent: number;
  readonly accepted: number;
  readonly refused: number;
  /** When the ramp's rate was last doubled, or another rate last changed. */
  readonly changedAt: number;
  /** The rate before the last growth, or what the service works through: what to go back to. */
  readonly lastGood: number;
  /** How long to go without trouble before growing. */
  readonly holdMs: number;
  /** When the bucket was last known to be empty. */
  readonly emptyAt?: number;
  /** The empty moment from which the refill is measured, and what was accepted until then. */
  readonly measuredFrom?:
    | { readonly at: number; readonly accepted: number; readonly refused: number }
    | undefined;
  readonly strain: Strain;
  /** When answers last took longer than they need to, and when the rate was last lowered for it. */
  readonly slowAt: number;
  readonly easedAt: number;
  /** What was accepted a second in the last second that was counted, and where that count began. */
  readonly throughput: number;
  readonly countedAt: number;
  readonly acceptedAtCount: number;
};

export type PaceLimits = {
  /** --rate: never faster than this. */
  readonly ceiling?: number;
};

const firstRate = 100;
/** The ramp doubles each second, in small steps. */
const rampStepMs = 100;
const rampStep = 2 ** (rampStepMs / 1_000);
const documentedBurst = 3_000;
export const documentedRefill = 20;
/** Tokens that may be spent at once: what gathers in this time, and never less than one. */
const gatherMs = 50;
const gatherSteadyMs = 2_000;
/** What gathers during a pause is spent in its first moment, by everybody who waited for it: no more than this. */
const gatherPausedMs = 1_000;
const firstHoldMs = 5_000;
const growth = 0.25;

/** Writes to a tenant of which nothing is known yet. */
export function startPace(now: number): Pace {
  return {
    mode: "ramp",
    rate: firstRate,
    tokens: 1,
    tokensAt: now,
    pausedUntil: now,
    startedAt: now,
    sent: 0,
    accepted: 0,
    refused: 0,
    changedAt: now,
    lastGood: documentedRefill,
    holdMs: firstHoldMs,
    strain: noStrain(now),
    slowAt: now,
    easedAt: Number.NEGATIVE_INFINITY,
    throughput: 0,
    countedAt: now,
    acceptedAtCount: 0,
  };
}

/**
 * Reads: their documented limits are far above those of writes, so the requests side by side are all that holds them,
 * until the service refuses one.
 */
export function startReadPace(now: number): Pace {
  return { ...startPace(now), mode: "free" };
}

/** Asks to send one operation: `waitMs` 0 means now, and the token is taken; else ask again after it. */
export function take(
  before: Pace,
  now: number,
  limits: PaceLimits,
): { readonly pace: Pace; readonly waitMs: number } {
  if (now < before.pausedUntil) return { pace: before, waitMs: before.pausedUntil - now };
  const sent = before.sent + 1;
  if (before.mode === "free") return { pace: { ...before, sent }, waitMs: 0 };
  const pace = refill(grow(before, now), now, limits);
  if (pace.tokens < 1) {
    const waitMs = Math.max(1, ((1 - pace.tokens) / effective(pace, limits)) * 1_000);
    return { pace, waitMs };
  }
  const taken = { ...pace, tokens: pace.tokens - 1, sent };
  const burstSpent = taken.mode !== "steady" && sent >= documentedBurst;
  return { pace: burstSpent ? steady(taken, now, documentedRefill, 0) : taken, waitMs: 0 };
}

/** Nobody goes before `until`; it says nothing about the rate. */
export function pause(pace: Pace, until: number): Pace {
  if (until <= pace.pausedUntil) return pace;
  return { ...pace, pausedUntil: until, tokensAt: Math.max(pace.tokensAt, until - gatherPausedMs) };
}

/** The same pace with a rate that is believed in. */
export function steady(pace: Pace, now: number, rate: number, tokens: number): Pace {
  return { ...pace, mode: "steady", rate, lastGood: rate, tokens, tokensAt: now, changedAt: now };
}

function grow(pace: Pace, now: number): Pace {
  // While nobody goes, nothing is learnt that would allow more.
  const since = Math.max(pace.changedAt, pace.pausedUntil);
  if (pace.mode === "ramp") {
    const steps = Math.max(0, Math.floor((now - since) / rampStepMs));
    if (steps === 0) return pace;
    const rate = pace.strain.level > calm ? pace.rate : pace.rate * rampStep ** steps;
    return { ...pace, rate, changedAt: since + steps * rampStepMs };
  }
  if (pace.rate < pace.lastGood && pace.strain.level <= calm)
    return { ...pace, rate: pace.lastGood, changedAt: now };
  if (now - Math.max(since, pace.slowAt) < pace.holdMs) return pace;
  return { ...pace, lastGood: pace.rate, rate: pace.rate + growth * pace.lastGood, changedAt: now };
}

function refill(pace: Pace, now: number, limits: PaceLimits): Pace {
  const rate = effective(pace, limits);
  const gathered = (Math.max(0, now - pace.tokensAt) / 1_000) * rate;
  const room = Math.max(
    1,
    (rate * (pace.mode === "steady" ? gatherSteadyMs : gatherMs)) / 1_000,
    pace.tokens,
  );
  return { ...pace, tokens: Math.min(room, pace.tokens + gathered), tokensAt: Math.max(now, pace.tokensAt) };
}

function effective(pace: Pace, { ceiling }: PaceLimits): number {
  return ceiling === undefined ? pace.rate : Math.min(pace.rate, ceiling);
}
