import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { documentedRefill, type Pace, pause, startPace, startReadPace, take } from "../../src/decide/pace.ts";
import { accepted, throttled, unanswered } from "../../src/decide/paceLearns.ts";
import { mostWithin, type RateAt, type Service, sendThrough } from "../support/paceService.ts";
import { seeded } from "../support/seeded.ts";

const documented = { burst: 3_000, perSecond: documentedRefill };

type Row = {
  readonly name: string;
  readonly changes: number;
  readonly service: Service & { readonly quota: NonNullable<Service["quota"]> };
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
      name: `300 under 20 at once and 2 a second, answers after 150 to 300 ms, ${told}`,
      changes: 300,
      service: { quota: { burst: 20, perSecond: 2 }, latencyMs: 150, jitterMs: 150, tellsShare },
      within: 1.15,
      throttledShare: 0.1,
    },
    {
      name: `2,000 under 100 at once and three times the documented rate, ${told}`,
      changes: 2_000,
      service: { quota: { burst: 100, perSecond: 60 }, latencyMs: 150, tellsShare },
      within: 1.4,
      throttledShare: 0.03,
    },
    {
      name: `1,000 under 150 at once and 20 a second, asked to wait ten seconds each time, ${told}`,
      changes: 1_000,
      service: { quota: { burst: 150, perSecond: 20 }, latencyMs: 150, retryAfterMs: 10_000, tellsShare },
      within: 1.3,
      throttledShare: 0.05,
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
    const least = (changes - quota.burst) / quota.perSecond + latencyMs / 1_000;
    const result = sendThrough(changes, service, { random: seeded(20261128) });
    const said = `${result.seconds.toFixed(1)} s of at least ${least.toFixed(1)}, ${result.throttled} of ${result.writes} throttled`;
    assert.ok(result.seconds <= least * within, said);
    assert.ok(result.throttled / result.writes <= throttledShare, said);
  });
}

for (const latencyMs of [20, 150, 2_000, 10_000]) {
  test(`without a quota and with answers after ${latencyMs} ms, 1,000 writes are sent within four seconds`, () => {
    const { sentAt } = sendThrough(1_000, { latencyMs });
    assert.ok((sentAt.at(-1) ?? 0) < 4_000, `${sentAt.at(-1)}`);
  });
}

test("a ceiling is never passed", () => {
  const { mostASecond } = sendThrough(200, { latencyMs: 50 }, { limits: { ceiling: 10 } });
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
  assert.ok(takenAtOnce(pace, 11_001) <= 2);
});

test("a refusal of a write that was sent before the bucket was known to be empty only lengthens the pause", () => {
  const first = throttled(startPace(0), 1_000, 900, 1_000);
  const second = throttled(first, 1_010, 950, 3_000);
  assert.equal(second.rate, first.rate);
  assert.equal(second.pausedUntil, 4_010);
});

test("a pause of ten seconds does not make the ramp ten times as steep", () => {
  const paused = pause(startPace(0), 10_000);
  const { pace } = take(paused, 10_000, {});
  assert.equal(pace.rate, paused.rate);
  assert.ok(takenAtOnce(paused, 10_000) <= 5);
});

// Each refusal asks for a second, and the documented 20 a second would take 50 s: so much cannot be saved.
const strays: readonly (readonly [oneIn: number, most: number])[] = [
  [200, 60],
  [50, 110],
  [20, 250],
];
for (const [oneIn, most] of strays) {
  test(`a service that refuses one in ${oneIn} for reasons of its own is not taken for one with hardly any quota`, () => {
    for (let seed = 1; seed <= 10; seed++) {
      const random = seeded(seed);
      let pace = startPace(0);
      let now = 0;
      for (let done = 0; done < 1_000 && now < 600_000; now += 10) {
        const taken = take(pace, now, {});
        pace = taken.pace;
        if (taken.waitMs > 0) continue;
        const refused = random() * oneIn < 1;
        pace = refused ? throttled(pace, now, now, 1_050) : accepted(pace, now);
        if (!refused) done++;
      }
      assert.ok(now < most * 1_000, `seed ${seed}: ${now} ms`);
    }
  });
}

const anyQuota = fc.record({
  burst: fc.integer({ min: 1, max: 4_000 }),
  perSecond: fc.integer({ min: 1, max: 200 }),
});

test("in the second after a Retry-After no more goes out than two seconds' worth of what the bucket gets", () => {
  fc.assert(
    fc.property(
      anyQuota,
      fc.integer({ min: 20, max: 3_000 }),
      fc.integer({ min: 1_000, max: 60_000 }),
      (quota, latencyMs, retryAfterMs) => {
        const service = { quota, latencyMs, retryAfterMs };
        const { sentAt, pausesEnded, rates } = sendThrough(quota.burst + 500, service);
        for (const end of pausesEnded) {
          const inFirstSecond = sentAt.filter(at => at >= end && at < end + 1_000).length;
          const most = Math.max(...ratesWithin(end, end + 1_000, rates));
          assert.ok(inFirstSecond <= 2 * most + 2, `${inFirstSecond} at ${most} a second after ${end}`);
          const atOnce = sentAt.filter(at => at >= end && at < end + 10).length;
          assert.ok(atOnce <= most + 2, `${atOnce} at once at ${most} a second after ${end}`);
        }
      },
    ),
    { seed: 20261124, numRuns: 40 },
  );
});

test("a service that cannot keep up is left to catch up, and is kept nearly busy after that", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 60, max: 200 }),
      fc.integer({ min: 20, max: 400 }),
      fc.integer({ min: 1, max: 1_000_000 }),
      (capacity, latencyMs, seed) => {
        // Fewer than the documented burst, after which the rate is the documented one anyway.
        const changes = Math.min(2_900, capacity * 40);
        const service = { capacity, latencyMs, jitterMs: latencyMs / 2 };
        const client = { random: seeded(seed), sideBySide: 400 };
        const { sentAt, seconds } = sendThrough(changes, service, client);
        assert.ok(seconds <= (changes / capacity) * 1.5, `${seconds} s of ${changes / capacity}`);
        // Sent as many as fit side by side, 400 would wait there all the time, which is two seconds and more.
        const late = [...backlogs(sentAt, capacity)].slice(-changes / 3);
        const meanWait = late.reduce((sum, waiting) => sum + waiting, 0) / late.length / capacity;
        assert.ok(meanWait <= 0.5, `${meanWait} s`);
      },
    ),
    { seed: 20261124, numRuns: 40 },
  );
});

test("while answers take too long the rate is never raised", () => {
  fc.assert(
    fc.property(fc.integer({ min: 20, max: 2_000 }), fc.integer({ min: 3, max: 30 }), (latencyMs, factor) => {
      let pace = startPace(0);
      for (let now = 0; now < 1_000; now += 50) pace = answer(take(pace, now, {}).pace, now, latencyMs);
      const slowMs = (latencyMs + 250) * factor;
      let now = 1_000;
      // It needs a few answers to see a trend, and looks again only when it can see what came of the last step.
      for (; now < 5_000 + slowMs; now += 50) pace = answer(take(pace, now, {}).pace, now, slowMs);
      const calmed = pace.rate;
      assert.equal(pace.mode, "eased");
      for (const until = now + 60_000; now < until; now += 50) {
        const before = pace.rate;
        pace = answer(take(pace, now, {}).pace, now, slowMs);
        assert.ok(pace.rate <= before, `${pace.rate} after ${before} at ${now}`);
      }
      assert.ok(pace.rate <= calmed && pace.rate >= documentedRefill, `${pace.rate}`);
    }),
    { seed: 20261124, numRuns: 60 },
  );
});

test("one slow answer, or a batch that takes longer because more is in it, changes nothing", () => {
  const plain = (pace: Pace): Pace => {
    let next = pace;
    for (let now = 0; now < 2_000; now += 20) {
      next = accepted(take(next, now, {}).pace, now, { answered: { ms: 170, operations: 1 } });
    }
    return next;
  };
  const known = plain(startPace(0));
  const once = answer(known, 2_100, 10_000);
  assert.equal(once.rate, known.rate);
  assert.equal(once.mode, "ramp");
  let larger = known;
  for (let operations = 2; operations <= 20; operations++) {
    const at = 2_000 + operations * 20;
    larger = accepted(larger, at, { answered: { ms: 150 + operations * 150, operations } });
  }
  assert.equal(larger.mode, "ramp");
  assert.equal(larger.strain.level, 1);
});

test("a service that fails is not pushed harder either", () => {
  let pace = startPace(0);
  for (let now = 0; now < 10_000; now += 50) pace = unanswered(take(pace, now, {}).pace, now);
  assert.ok(pace.rate <= startPace(0).rate, `${pace.rate}`);
  assert.equal(pace.mode, "eased");
});

const steadies: readonly { readonly name: string; readonly service: Service }[] = [
  {
    name: "a quota of 150 and 20 a second",
    service: { quota: { burst: 150, perSecond: 20 }, latencyMs: 150 },
  },
  { name: "a quota of 20 and 2 a second", service: { quota: { burst: 20, perSecond: 2 }, latencyMs: 150 } },
  {
    name: "a quota of 500 and 100 a second",
    service: { quota: { burst: 500, perSecond: 100 }, latencyMs: 400 },
  },
  {
    name: "a capacity of 60 a second",
    service: { capacity: 60, latencyMs: 150, quota: { burst: 100, perSecond: 500 } },
  },
];
for (const { name, service } of steadies) {
  test(`under ${name} the rate settles and does not swing between two`, () => {
    const { quota, capacity = Number.POSITIVE_INFINITY } = service;
    const perSecond = Math.min(capacity, quota?.perSecond ?? capacity);
    const { rates, seconds } = sendThrough((quota?.burst ?? 0) + perSecond * 600, service);
    const until = seconds * 1_000;
    const settled = rates.filter(({ at }) => at > until / 2);
    // It looks for more every 80 seconds at most, and goes back once where there is none.
    assert.ok(settled.length <= 2 * Math.ceil(until / 2 / 80_000) + 2, JSON.stringify(settled));
    for (const rate of ratesWithin(until / 2, until, rates)) {
      assert.ok(rate <= perSecond * 1.6 && rate >= Math.min(perSecond, 20) * 0.7, `${rate} of ${perSecond}`);
    }
  });
}

test("reads go as they come until one is refused, and then as the service takes them", () => {
  const free = startReadPace(0);
  assert.equal(takenAtOnce(free, 0), 100);
  const service = { quota: { burst: 500, perSecond: 50 }, latencyMs: 150 };
  const {
    seconds,
    throttled: refused,
    writes,
  } = sendThrough(3_000, service, { start: free, sideBySide: 200 });
  assert.ok(seconds <= (2_500 / 50) * 1.25, `${seconds}`);
  assert.ok(refused / writes <= 0.15, `${refused} of ${writes}`);
});

test("reads that all waited for one Retry-After do not all go when it is over", () => {
  const service = { quota: { burst: 500, perSecond: 50 }, latencyMs: 150, retryAfterMs: 10_000 };
  const { sentAt, pausesEnded } = sendThrough(1_500, service, { start: startReadPace(0), sideBySide: 1_000 });
  for (const end of pausesEnded) {
    const after = sentAt.filter(at => at >= end && at < end + 1_000);
    assert.ok(after.length <= 500, `${after.length}`);
    assert.ok(mostWithin(10, after) <= 130, `${mostWithin(10, after)}`);
  }
});

/** How many go at one moment, of a hundred that want to. */
function takenAtOnce(before: Pace, now: number): number {
  let count = 0;
  let next = take(before, now, {});
  for (; next.waitMs === 0 && count < 100; next = take(next.pace, now, {})) count++;
  return count;
}

function answer(pace: Pace, now: number, ms: number): Pace {
  return accepted(pace, now, { answered: { ms, operations: 1 } });
}

/** How much waits at the service whenever something is sent. */
function* backlogs(sentAt: readonly number[], capacity: number): Generator<number> {
  let waiting = 0;
  let before = sentAt[0] ?? 0;
  for (const at of sentAt) {
    waiting = Math.max(0, waiting - ((at - before) / 1_000) * capacity) + 1;
    before = at;
    yield waiting;
  }
}

/** The rates that held at some moment of a stretch. */
function ratesWithin(from: number, to: number, rates: readonly RateAt[]): readonly number[] {
  return rates
    .filter(({ at }, index) => at < to && (rates[index + 1]?.at ?? Number.POSITIVE_INFINITY) >= from)
    .map(({ rate }) => rate);
}
