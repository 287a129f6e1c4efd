/**
 * How fast to send writes, as a pure decision: a model of the tenant's token bucket that is corrected by what the
 * service answers. All times are ms on one monotonic clock, all rates are writes a second.
 *
 *   ramp ── each second without a 429: twice the rate ──► until the documented burst is spent ──► steady
 *     └── a 429, or a share of the limit from which the size of the bucket follows ─────────────► steady
 *   steady ── 429: pause, and the refill is what was accepted between two empty moments
 *          └─ a while without one: a quarter of the base more; after a 429 that while is twice as long
 *
 * Source of the prior: 3,000 writes per 150 s for one app in one tenant,
 * https://learn.microsoft.com/graph/throttling-limits (read 2026-11-23). Which class covers phone methods is unknown.
 */
export type Pace = {
  readonly mode: "ramp" | "steady";
  /** What is let through: the ramp's rate, or the refill that is believed in. */
  readonly rate: number;
  readonly tokens: number;
  readonly tokensAt: number;
  readonly pausedUntil: number;
  /** Sent and accepted since the start. */
  readonly sent: number;
  readonly accepted: number;
  /** When the ramp's rate was last doubled, or the steady rate last changed. */
  readonly changedAt: number;
  /** The rate before the last growth: what to go back to. */
  readonly lastGood: number;
  /** How long to go without a 429 before growing. */
  readonly holdMs: number;
  /** When the bucket was last known to be empty, and what was accepted until then. */
  readonly emptyAt?: number;
  readonly acceptedAtEmpty: number;
  /** Whether the rate was measured between two empty moments. */
  readonly measured: boolean;
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
const documentedRefill = 20;
const slowest = 0.2;
/** Tokens that may be spent at once: what gathers in this time, and never less than one. */
const gatherMs = 50;
const gatherSteadyMs = 2_000;
const firstHoldMs = 5_000;
const longestHoldMs = 80_000;
const growth = 0.25;
/** Two empty moments closer than this say nothing about the refill. */
const shortestMeasureMs = 900;

/** Nothing is known yet. */
export function startPace(now: number): Pace {
  return {
    mode: "ramp",
    rate: firstRate,
    tokens: 1,
    tokensAt: now,
    pausedUntil: now,
    sent: 0,
    accepted: 0,
    changedAt: now,
    lastGood: documentedRefill,
    holdMs: firstHoldMs,
    acceptedAtEmpty: 0,
    measured: false,
  };
}

/** Asks to send one write: `waitMs` 0 means now, and the token is taken; else ask again after it. */
export function take(
  before: Pace,
  now: number,
  limits: PaceLimits,
): { readonly pace: Pace; readonly waitMs: number } {
  if (now < before.pausedUntil) return { pace: before, waitMs: before.pausedUntil - now };
  const pace = refill(grow(before, now), now, limits);
  if (pace.tokens < 1) {
    const waitMs = Math.max(1, ((1 - pace.tokens) / effective(pace, limits)) * 1_000);
    return { pace, waitMs };
  }
  const sent = pace.sent + 1;
  const taken = { ...pace, tokens: pace.tokens - 1, sent };
  const burstSpent = taken.mode === "ramp" && sent >= documentedBurst;
  return { pace: burstSpent ? steady(taken, now, documentedRefill, 0) : taken, waitMs: 0 };
}

/** The service took a write. `share` is x-ms-throttle-limit-percentage: the part of the limit that is used. */
export function accepted(before: Pace, now: number, share?: number): Pace {
  const pace = { ...before, accepted: before.accepted + 1 };
  if (share === undefined || share < 0.8 || pace.mode !== "ramp") return pace;
  // The limit is what was accepted over the share of it; what is still on the way is spent already.
  const left = pace.accepted / share - pace.sent;
  return steady(pace, now, documentedRefill, Math.max(0, left));
}

/** The service refused a write for now: everybody waits, and the bucket is empty. `sentAt` tells old news from new. */
export function throttled(before: Pace, now: number, sentAt: number, waitMs: number): Pace {
  const pausedUntil = Math.max(before.pausedUntil, now + waitMs);
  if (before.emptyAt !== undefined && sentAt <= before.emptyAt) return { ...before, pausedUntil };
  const emptied = { ...before, pausedUntil, emptyAt: now, acceptedAtEmpty: before.accepted };
  const measure = measureOf(before, now);
  const rate =
    measure ?? (before.mode === "ramp" ? documentedRefill : Math.min(before.lastGood, before.rate));
  const next = steady(emptied, now, Math.max(slowest, rate), 0);
  return {
    ...next,
    // Where the refill is not measured yet, what gathers during the pause is not counted on.
    tokensAt: measure === undefined ? pausedUntil : now,
    measured: measure !== undefined,
    holdMs: before.mode === "ramp" ? firstHoldMs : Math.min(longestHoldMs, before.holdMs * 2),
  };
}

/** What was accepted between two empty moments is what the bucket was refilled with. */
function measureOf(pace: Pace, now: number): number | undefined {
  if (pace.emptyAt === undefined || now - pace.emptyAt < shortestMeasureMs) return undefined;
  return ((pace.accepted - pace.acceptedAtEmpty) / (now - pace.emptyAt)) * 1_000;
}

function steady(pace: Pace, now: number, rate: number, tokens: number): Pace {
  return { ...pace, mode: "steady", rate, lastGood: rate, tokens, tokensAt: now, changedAt: now };
}

function grow(pace: Pace, now: number): Pace {
  if (pace.mode === "ramp") {
    const steps = Math.floor((now - pace.changedAt) / rampStepMs);
    if (steps === 0) return pace;
    return { ...pace, rate: pace.rate * rampStep ** steps, changedAt: pace.changedAt + steps * rampStepMs };
  }
  if (now - Math.max(pace.changedAt, pace.pausedUntil) < pace.holdMs) return pace;
  return { ...pace, lastGood: pace.rate, rate: pace.rate + growth * pace.lastGood, changedAt: now };
}

function refill(pace: Pace, now: number, limits: PaceLimits): Pace {
  const rate = effective(pace, limits);
  const gathered = (Math.max(0, now - pace.tokensAt) / 1_000) * rate;
  const room = Math.max(1, (rate * (pace.mode === "ramp" ? gatherMs : gatherSteadyMs)) / 1_000, pace.tokens);
  return { ...pace, tokens: Math.min(room, pace.tokens + gathered), tokensAt: Math.max(now, pace.tokensAt) };
}

function effective(pace: Pace, { ceiling }: PaceLimits): number {
  return ceiling === undefined ? pace.rate : Math.min(pace.rate, ceiling);
}
