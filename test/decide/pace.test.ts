import assert from "node:assert/strict";
import { test } from "node:test";
import { type Pace, type PaceLimits, startPace, take } from "../../src/decide/pace.ts";
import { accepted, throttled } from "../../src/decide/paceLearns.ts";

type Service = {
  /** Writes at once and a second; undefined: no limit. */
  readonly quota?: { readonly burst: number; readonly perSecond: number };
  readonly latencyMs: number;
  /** Whether answers above 0.8 of the limit say so. */
  readonly tellsShare: boolean;
};

type Result = {
  readonly seconds: number;
  readonly writes: number;
  readonly throttled: number;
  readonly mostASecond: number;
};

type Answer = { readonly at: number; readonly sentAt: number; readonly ok: boolean; readonly share?: number };

/** Sends `changes` writes through the pace against a token bucket, on a clock that only this loop moves. */
function simulate(changes: number, service: Service, limits: PaceLimits = {}): Result {
  const { quota, latencyMs } = service;
  let pace: Pace = startPace(0);
  let now = 0;
  let waiting = changes;
  let done = 0;
  let writes = 0;
  let refused = 0;
  let tokens = quota?.burst ?? 0;
  let tokensAt = 0;
  const answers: Answer[] = [];
  const sentIn = new Map<number, number>();

  const serve = (sentAt: number): Answer => {
    const at = sentAt + latencyMs;
    if (!quota) return { at, sentAt, ok: true };
    const arrives = sentAt + latencyMs / 2;
    tokens = Math.min(quota.burst, tokens + ((arrives - tokensAt) / 1_000) * quota.perSecond);
    tokensAt = arrives;
    const ok = tokens >= 1;
    if (ok) tokens--;
    const share = 1 - tokens / quota.burst;
    return { at, sentAt, ok, ...(service.tellsShare && share > 0.8 ? { share } : {}) };
  };

  while (done < changes) {
    while (answers[0] && answers[0].at <= now) {
      const answer = answers.shift();
      if (!answer) break;
      if (answer.ok) {
        done++;
        pace = accepted(pace, now, {
          ...(answer.share === undefined ? {} : { share: answer.share }),
          answered: { ms: answer.at - answer.sentAt, operations: 1 },
        });
      } else {
        waiting++;
        refused++;
        pace = throttled(pace, now, answer.sentAt, 1_000 * 1.05);
      }
    }
    let wait = Number.POSITIVE_INFINITY;
    while (waiting > 0) {
      const taken = take(pace, now, limits);
      pace = taken.pace;
      wait = taken.waitMs;
      if (wait > 0) break;
      waiting--;
      writes++;
      sentIn.set(Math.floor(now / 1_000), (sentIn.get(Math.floor(now / 1_000)) ?? 0) + 1);
      answers.push(serve(now));
    }
    if (done === changes) break;
    now = Math.min(answers[0]?.at ?? Number.POSITIVE_INFINITY, now + wait);
  }
  return { seconds: now / 1_000, writes, throttled: refused, mostASecond: Math.max(...sentIn.values()) };
}

const documented = { burst: 3_000, perSecond: 20 };

type Row = {
  readonly name: string;
  readonly changes: number;
  readonly service: Service;
  /** Times the least that the quota allows. */
  readonly within: number;
  readonly throttledShare: number;
};

const rows: readonly Row[] = [true, false].flatMap(tellsShare => {
  const told = tellsShare ? "told the share" : "told nothing";
  return [
    {
      name: `6,000 under the documented quota, ${told}`,
      changes: 6_000,
      service: { quota: documented, latencyMs: 150, tellsShare },
      within: 1.03,
      throttledShare: 0.01,
    },
    {
      name: `1,000 under 150 at once and 20 a second, ${told}`,
      changes: 1_000,
      service: { quota: { burst: 150, perSecond: 20 }, latencyMs: 150, tellsShare },
      within: 1.1,
      throttledShare: 0.05,
    },
    {
      name: `300 under 20 at once and 2 a second, ${told}`,
      changes: 300,
      service: { quota: { burst: 20, perSecond: 2 }, latencyMs: 150, tellsShare },
      within: 1.15,
      throttledShare: 0.1,
    },
    {
      name: `20,000 under ten times the documented quota, ${told}`,
      changes: 20_000,
      service: { quota: { burst: 3_000, perSecond: 200 }, latencyMs: 150, tellsShare },
      within: 2.2,
      throttledShare: 0.01,
    },
    {
      name: `2,000 under 500 at once and 5 a second with slow answers, ${told}`,
      changes: 2_000,
      service: { quota: { burst: 500, perSecond: 5 }, latencyMs: 2_000, tellsShare },
      within: 1.15,
      throttledShare: 0.6,
    },
  ];
});

for (const { name, changes, service, within, throttledShare } of rows) {
  test(`${name}: near the quota's own minimum, with few refusals`, () => {
    const { quota, latencyMs } = service;
    const least = quota ? (changes - quota.burst) / quota.perSecond + latencyMs / 1_000 : 0;
    const result = simulate(changes, service);
    const said = `${result.seconds.toFixed(1)} s of at least ${least.toFixed(1)}, ${result.throttled} of ${result.writes} throttled`;
    assert.ok(result.seconds <= least * within, said);
    assert.ok(result.throttled / result.writes <= throttledShare, said);
  });
}

test("without a quota, 1,000 writes go out within four seconds", () => {
  const { seconds } = simulate(1_000, { latencyMs: 150, tellsShare: false });
  assert.ok(seconds < 4, `${seconds}`);
});

test("a ceiling is never passed", () => {
  const { mostASecond } = simulate(200, { latencyMs: 50, tellsShare: false }, { ceiling: 10 });
  assert.ok(mostASecond <= 11, `${mostASecond}`);
});

test("after a Retry-After nobody goes before it is over, and then not all at once", () => {
  let pace = startPace(0);
  for (let sent = 0, now = 0; sent < 50; now += 10) {
    const taken = take(pace, now, {});
    pace = taken.pace;
    if (taken.waitMs === 0) sent++;
  }
  pace = throttled(pace, 1_000, 900, 10_000);
  assert.equal(take(pace, 10_999, {}).waitMs, 1);
  let atOnce = 0;
  for (let next = take(pace, 11_001, {}); next.waitMs === 0; next = take(next.pace, 11_001, {})) atOnce++;
  assert.ok(atOnce <= 2, `${atOnce}`);
});

test("a refusal of a write that was sent before the bucket was known to be empty only lengthens the pause", () => {
  const first = throttled(startPace(0), 1_000, 900, 1_000);
  const second = throttled(first, 1_010, 950, 3_000);
  assert.equal(second.rate, first.rate);
  assert.equal(second.pausedUntil, 4_010);
});
