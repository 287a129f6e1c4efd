import { type Pace, type PaceLimits, startPace, take } from "../../src/decide/pace.ts";
import { accepted, throttled } from "../../src/decide/paceLearns.ts";

/** An invented service, to send writes to through the pace. */
export type Service = {
  /** Writes at once and a second; undefined: no limit. */
  readonly quota?: { readonly burst: number; readonly perSecond: number };
  readonly latencyMs: number;
  /** What it can work on a second: beyond that, answers take longer and longer. */
  readonly capacity?: number;
  /** Whether answers above 0.8 of the limit say so. */
  readonly tellsShare?: boolean;
  /** Each answer takes up to this much longer, ms. */
  readonly jitterMs?: number;
  readonly retryAfterMs?: number;
};

export type Client = {
  readonly start?: Pace;
  readonly limits?: PaceLimits;
  /** Writes under way at once. */
  readonly sideBySide?: number;
  /** From 0 to below 1, for the jitter. */
  readonly random?: () => number;
};

/** The rate that was let through from a time on. */
export type RateAt = { readonly at: number; readonly rate: number };

export type Sending = {
  readonly seconds: number;
  readonly writes: number;
  readonly throttled: number;
  readonly mostASecond: number;
  /** When each write was sent, ms. */
  readonly sentAt: readonly number[];
  /** When each pause ended, ms. */
  readonly pausesEnded: readonly number[];
  readonly rates: readonly RateAt[];
  readonly longestMs: number;
  readonly pace: Pace;
};

type Answer = { readonly at: number; readonly sentAt: number; readonly ok: boolean; readonly share?: number };

/** Sends writes through the pace until so many are done, on a clock that only this loop moves. */
export function sendThrough(changes: number, service: Service, client: Client = {}): Sending {
  const { limits = {}, sideBySide = 1_000 } = client;
  const { retryAfterMs = 1_050 } = service;
  const serve = serviceOf(service, client.random ?? (() => 0));
  let pace = client.start ?? startPace(0);
  let now = 0;
  let waiting = changes;
  let done = 0;
  let refused = 0;
  let longestMs = 0;
  /** Those to come, by their time. */
  const answers: Answer[] = [];
  const sentAt: number[] = [];
  const pauses = new Set<number>();
  const rates: RateAt[] = [];

  const hear = (answer: Answer): void => {
    const ms = answer.at - answer.sentAt;
    longestMs = Math.max(longestMs, ms);
    if (answer.ok) {
      done++;
      const share = answer.share === undefined ? {} : { share: answer.share };
      pace = accepted(pace, now, { answered: { ms, operations: 1 }, ...share });
    } else {
      waiting++;
      refused++;
      pace = throttled(pace, now, answer.sentAt, retryAfterMs);
      pauses.add(pace.pausedUntil);
    }
  };

  while (done < changes) {
    for (let next = answers[0]; next && next.at <= now; next = answers[0]) {
      answers.shift();
      hear(next);
    }
    let wait = Number.POSITIVE_INFINITY;
    while (waiting > 0 && answers.length < sideBySide) {
      const taken = take(pace, now, limits);
      pace = taken.pace;
      if (pace.rate !== rates.at(-1)?.rate) rates.push({ at: now, rate: pace.rate });
      wait = taken.waitMs;
      if (wait > 0) break;
      wait = Number.POSITIVE_INFINITY;
      waiting--;
      sentAt.push(now);
      const answer = serve(now);
      answers.splice(answers.findLastIndex(({ at }) => at <= answer.at) + 1, 0, answer);
    }
    if (done === changes) break;
    now = Math.min(now + wait, answers[0]?.at ?? Number.POSITIVE_INFINITY);
  }
  return {
    seconds: now / 1_000,
    writes: sentAt.length,
    throttled: refused,
    mostASecond: mostWithin(1_000, sentAt),
    sentAt,
    pausesEnded: [...pauses],
    rates,
    longestMs,
    pace,
  };
}

/** A token bucket in front of one that works through what it took at its capacity. */
function serviceOf(service: Service, random: () => number): (sentAt: number) => Answer {
  const { quota, latencyMs, capacity, jitterMs = 0, tellsShare = false } = service;
  let tokens = quota?.burst ?? 0;
  let tokensAt = 0;
  let busyUntil = 0;
  return sentAt => {
    const arrives = sentAt + latencyMs / 2;
    if (quota) {
      tokens = Math.min(quota.burst, tokens + ((arrives - tokensAt) / 1_000) * quota.perSecond);
      tokensAt = arrives;
      if (tokens < 1) return { at: sentAt + latencyMs, sentAt, ok: false };
      tokens--;
    }
    busyUntil = Math.max(busyUntil, arrives) + (capacity === undefined ? 0 : 1_000 / capacity);
    const at = busyUntil + latencyMs / 2 + jitterMs * random();
    const share = quota && 1 - tokens / quota.burst;
    return { at, sentAt, ok: true, ...(tellsShare && share !== undefined && share > 0.8 ? { share } : {}) };
  };
}

/** The most of these times that lie within any such stretch. */
export function mostWithin(stretchMs: number, times: readonly number[]): number {
  let most = 0;
  let from = 0;
  for (const [to, time] of times.entries()) {
    while ((times[from] ?? time) <= time - stretchMs) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}
