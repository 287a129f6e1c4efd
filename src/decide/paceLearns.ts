import { documentedRefill, type Pace, pause, steady } from "./pace.ts";
import { type Answered, calm, observe, strained } from "./strain.ts";

/** What each answer of the service teaches the pace. */

const slowest = 0.2;
const longestHoldMs = 80_000;
/** Once the burst is known the true refill is looked for soon: at its edge a probe that is too high costs one refusal or two. */
const firstProbeMs = 2_000;
/** Two empty moments closer than this say nothing about the refill. */
const shortestMeasureMs = 900;
/** What was accepted between two empty moments is counted in whole operations: from so many on that is exact enough. */
const exactFrom = 20;
/** So few refusals, or so small a share of them, may be stray ones: then the rate falls by small steps only. */
const fewRefusals = 6;
const strayShare = 0.25;
const strayStep = 0.96;
/** What is sent to a service that falls behind: less than it works through until it has caught up, then nearly that. */
const catchingUp = 0.5;
const keepingUp = 0.9;
const countMs = 1_000;
const easeAgainMs = 3_000;

/** What the service said when it took an operation. */
export type Acceptance = {
  /** x-ms-throttle-limit-percentage: the part of the limit that is used. */
  readonly share?: number;
  /** How long the answer took, and how many operations its request held. */
  readonly answered?: NonNullable<Answered>;
};

/** The service took an operation. */
export function accepted(before: Pace, now: number, { share, answered }: Acceptance = {}): Pace {
  const heard = answered === undefined ? before : heed(before, now, answered);
  const pace = count({ ...heard, accepted: heard.accepted + 1 }, now);
  if (share === undefined || share < 0.8 || pace.mode === "steady" || pace.mode === "free") return pace;
  // The limit is what was accepted over the share of it; what is still on the way is spent already.
  const left = pace.accepted / share - pace.sent;
  return { ...steady(pace, now, documentedRefill, Math.max(0, left)), holdMs: firstProbeMs };
}

/** No answer came in time, or the service failed: it is not pushed harder. */
export function unanswered(before: Pace, now: number): Pace {
  return heed(count(before, now), now, undefined);
}

/** The service refused an operation for now: everybody waits, and the bucket is empty. `sentAt` tells old news from new. */
export function throttled(heard: Pace, now: number, sentAt: number, waitMs: number): Pace {
  const before = { ...heard, refused: heard.refused + 1 };
  const until = Math.max(before.pausedUntil, now + waitMs);
  if (before.emptyAt !== undefined && sentAt <= before.emptyAt) return pause(before, until);
  const measure = measureOf(before, now);
  const well = guessOf(before, now);
  const stray = isStray(before);
  const least = stray ? strayStep * Math.min(documentedRefill, well) : slowest;
  const rate = Math.max(slowest, least, measure ?? well);
  const emptied = {
    ...steady(before, now, rate, 0),
    emptyAt: now,
    measuredFrom: measureFrom(before, now),
  };
  const paused = pause(emptied, until);
  return {
    ...paused,
    // Where the refill is not measured yet, what gathers during the pause is not counted on.
    ...(measure === undefined ? { tokensAt: until } : {}),
    holdMs: holdAfter(before, stray),
  };
}

/** A stray refusal at a rate that went well until now is no reason to wait longer before the next growth. */
function holdAfter({ emptyAt, holdMs, rate, lastGood }: Pace, stray: boolean): number {
  if (emptyAt === undefined) return firstProbeMs;
  return stray && rate <= lastGood ? holdMs : longer(holdMs);
}

/**
 * A service under load refuses one now and then, and such refusals must not add up to a crawl; an empty bucket refuses all
 * that comes above its refill.
 */
function isStray({ measuredFrom: from, accepted: all, refused }: Pace): boolean {
  if (from === undefined) return false;
  const refusals = refused - from.refused;
  return refusals < fewRefusals || refusals / (refusals + all - from.accepted) < strayShare;
}

/**
 * What was accepted between two empty moments is what the bucket was refilled with. Of a few operations the count is too
 * coarse, so one more is believed in: too high is corrected by the next 429, too low only after a long while.
 */
function measureOf({ measuredFrom: from, accepted: all }: Pace, now: number): number | undefined {
  if (from === undefined || now - from.at < shortestMeasureMs) return undefined;
  const count = all - from.accepted;
  return ((count < exactFrom ? count + 1 : count) / (now - from.at)) * 1_000;
}

/** The next measure begins at the same moment as long as it holds too little: it gets longer and so more exact. */
function measureFrom(
  { measuredFrom: from, accepted: all, refused }: Pace,
  now: number,
): Pace["measuredFrom"] {
  return from && all - from.accepted < exactFrom ? from : { at: now, accepted: all, refused };
}

/** The refill where it cannot be measured. */
function guessOf(pace: Pace, now: number): number {
  switch (pace.mode) {
    case "free":
      // What one of the first reads is refused for says nothing of how many there may be.
      return Math.max(documentedRefill, pace.accepted / 2 / Math.max(1, (now - pace.startedAt) / 1_000));
    case "ramp":
    case "eased":
      return documentedRefill;
    case "steady":
      return Math.min(pace.lastGood, pace.rate);
  }
}

/** What the service works through, second by second. */
function count(pace: Pace, now: number): Pace {
  const passed = now - pace.countedAt;
  if (passed < countMs) return pace;
  const throughput = ((pace.accepted - pace.acceptedAtCount) / passed) * 1_000;
  return { ...pace, throughput, countedAt: now, acceptedAtCount: pace.accepted };
}

/** How long an answer took decides whether the rate may grow, and whether it is too high. */
function heed(before: Pace, now: number, answered: Answered): Pace {
  const strain = observe(before.strain, now, answered);
  const pace = { ...before, strain, slowAt: strain.level > calm ? now : before.slowAt };
  // The answers must have had the time to show what came of the last time.
  const known = pace.countedAt > pace.startedAt && now - pace.easedAt >= easeAgainMs + (answered?.ms ?? 0);
  const rate = Math.max(documentedRefill, pace.throughput * catchingUp);
  if (pace.mode === "free" || strain.level <= strained || !known || rate >= pace.rate) return pace;
  return {
    ...pace,
    mode: pace.mode === "ramp" ? "eased" : pace.mode,
    rate,
    // While it catches up it is not given enough to show what it can.
    lastGood:
      pace.rate < pace.lastGood ? pace.lastGood : Math.max(documentedRefill, pace.throughput * keepingUp),
    tokens: Math.min(1, pace.tokens),
    changedAt: now,
    easedAt: now,
    holdMs: longer(pace.holdMs),
  };
}

function longer(holdMs: number): number {
  return Math.min(longestHoldMs, holdMs * 2);
}
