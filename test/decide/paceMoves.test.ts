import assert from "node:assert/strict";
import { test } from "node:test";
import { type Pace, pause, startPace, startReadPace, steady, take } from "../../src/decide/pace.ts";
import { accepted, throttled, unanswered } from "../../src/decide/paceLearns.ts";

/** Each move of the pace by itself; what comes of all of them together is in pace.test.ts. */

const ramp = (more: Partial<Pace> = {}): Pace => ({ ...startPace(0), ...more });
const settled = (rate: number, more: Partial<Pace> = {}): Pace => ({
  ...steady(startPace(0), 0, rate, 0),
  ...more,
});
const picked = <Key extends keyof Pace>(pace: Pace, ...keys: readonly Key[]): Partial<Pace> =>
  Object.fromEntries(keys.map(key => [key, pace[key]])) as Partial<Pace>;
/** What is let through now, ignoring what it costs. */
const rateAt = (pace: Pace, now: number): number => take(pace, now, {}).pace.rate;

test("the first operation goes at once, and the next when its token has gathered", () => {
  const first = take(ramp(), 0, {});
  assert.deepEqual([first.waitMs, first.pace.sent, first.pace.tokens], [0, 1, 0]);
  const second = take(first.pace, 0, {});
  assert.deepEqual([second.waitMs, second.pace.sent], [10, 1]);
  assert.equal(take(second.pace, 10, {}).waitMs, 0);
});

test("half a token is half a wait, and never less than a millisecond", () => {
  assert.equal(take(ramp({ tokens: 0.5 }), 0, {}).waitMs, 5);
  assert.equal(take(ramp({ tokens: 0.5, rate: 10_000 }), 0, {}).waitMs, 1);
});

test("nobody goes during a pause, and nothing is learnt in it", () => {
  const paused = ramp({ pausedUntil: 500 });
  assert.deepEqual(take(paused, 100, {}), { pace: paused, waitMs: 400 });
  assert.equal(take(paused, 500, {}).waitMs, 0);
  assert.equal(rateAt(paused, 599), 100);
  assert.equal(rateAt(paused, 600), 100 * 2 ** 0.1);
});

test("reads are held by nothing until the service refuses one", () => {
  const { pace, waitMs } = take({ ...startReadPace(0), tokens: 0 }, 0, {});
  assert.deepEqual([waitMs, pace.sent, pace.mode, pace.tokens], [0, 1, "free", 0]);
  assert.equal(take({ ...startReadPace(0), sent: 5_000 }, 0, {}).pace.mode, "free");
});

test("the ramp doubles in each second, in tenths", () => {
  assert.equal(rateAt(ramp(), 99), 100);
  assert.equal(rateAt(ramp(), 100).toFixed(3), "107.177");
  assert.equal(rateAt(ramp(), 1_000).toFixed(3), "200.000");
  assert.equal(take(ramp(), 950, {}).pace.changedAt, 900);
});

test("the ramp does not grow while answers take longer than they need to", () => {
  const slow = { fastestMs: [], level: 1.6, at: 0 };
  const { pace } = take(ramp({ strain: slow }), 1_000, {});
  assert.deepEqual(picked(pace, "rate", "changedAt"), { rate: 100, changedAt: 1_000 });
  assert.equal(rateAt(ramp({ strain: { ...slow, level: 1.5 } }), 1_000).toFixed(3), "200.000");
});

test("--rate is never exceeded", () => {
  assert.equal(take(ramp({ tokens: 0 }), 0, { ceiling: 10 }).waitMs, 100);
  assert.equal(take(ramp({ tokens: 0 }), 0, { ceiling: 1_000 }).waitMs, 10);
  assert.equal(take(settled(20, { tokens: 0 }), 1_000, { ceiling: 5 }).pace.tokens, 4);
});

test("what gathers while nobody asks is limited", () => {
  assert.equal(take(ramp({ tokens: 0, changedAt: 60_000 }), 60_000, {}).pace.tokens, 4);
  assert.equal(take(settled(20, { changedAt: 60_000 }), 60_000, {}).pace.tokens, 39);
  assert.equal(take(settled(0.2, { changedAt: 60_000 }), 60_000, {}).pace.tokens, 0);
  assert.equal(take(settled(20), 500, {}).pace.tokens, 9);
});

test("what is left of a known bucket is not taken away", () => {
  assert.equal(take(settled(20, { tokens: 100 }), 10, {}).pace.tokens, 99);
});

test("tokens that count from later on do not gather before", () => {
  const { pace, waitMs } = take(settled(20, { tokensAt: 2_000 }), 1_000, {});
  assert.deepEqual([waitMs, pace.tokens, pace.tokensAt], [50, 0, 2_000]);
});

for (const mode of ["ramp", "eased"] as const) {
  test(`${mode}: with the documented burst spent, the documented refill is believed in`, () => {
    const before = take(ramp({ mode, sent: 2_998 }), 0, {}).pace;
    assert.deepEqual(picked(before, "mode", "rate", "sent"), { mode, rate: 100, sent: 2_999 });
    const { pace } = take(ramp({ mode, sent: 2_999, tokens: 5, lastGood: 50 }), 7, {});
    assert.deepEqual(picked(pace, "mode", "rate", "lastGood", "tokens", "tokensAt", "changedAt", "sent"), {
      mode: "steady",
      rate: 20,
      lastGood: 20,
      tokens: 0,
      tokensAt: 7,
      changedAt: 7,
      sent: 3_000,
    });
  });
}

test("a steady pace does not begin anew when the burst is spent", () => {
  assert.equal(take(settled(50, { sent: 2_999, tokens: 5 }), 7, {}).pace.rate, 50);
});

test("a steady pace grows by a quarter of its base after a while without trouble", () => {
  assert.equal(rateAt(settled(40), 4_999), 40);
  const { pace } = take(settled(40), 5_000, {});
  assert.deepEqual(picked(pace, "rate", "lastGood", "changedAt"), {
    rate: 50,
    lastGood: 40,
    changedAt: 5_000,
  });
  assert.equal(rateAt(pace, 10_000), 60);
  assert.equal(rateAt(settled(40, { slowAt: 1 }), 5_000), 40);
  assert.equal(rateAt(settled(40, { pausedUntil: 1 }), 5_000), 40);
  assert.equal(rateAt(settled(40, { holdMs: 100 }), 100), 50);
});

test("a service that has caught up is given nearly what it works through", () => {
  const eased = settled(10, { lastGood: 18 });
  assert.deepEqual(picked(take(eased, 100, {}).pace, "rate", "changedAt"), { rate: 18, changedAt: 100 });
  const slow = { fastestMs: [], level: 1.6, at: 0 };
  assert.equal(rateAt({ ...eased, strain: slow }, 100), 10);
  assert.equal(rateAt({ ...eased, strain: { ...slow, level: 1.5 } }, 100), 18);
});

test("a pause only ever gets longer, and what gathers in it is limited", () => {
  const pace = settled(20, { pausedUntil: 500 });
  assert.equal(pause(pace, 500), pace);
  assert.equal(pause(pace, 400), pace);
  assert.deepEqual(picked(pause(pace, 5_000), "pausedUntil", "tokensAt"), {
    pausedUntil: 5_000,
    tokensAt: 4_000,
  });
  assert.equal(pause({ ...pace, tokensAt: 4_500 }, 5_000).tokensAt, 4_500);
});

test("a share of the limit tells the size of the bucket", () => {
  const pace = accepted(ramp({ accepted: 799, sent: 850, tokens: 3 }), 500, { share: 0.8 });
  assert.deepEqual(picked(pace, "mode", "rate", "lastGood", "tokens", "tokensAt", "holdMs", "accepted"), {
    mode: "steady",
    rate: 20,
    lastGood: 20,
    tokens: 150,
    tokensAt: 500,
    holdMs: 2_000,
    accepted: 800,
  });
  assert.equal(
    accepted(ramp({ mode: "eased", accepted: 799, sent: 850 }), 500, { share: 0.8 }).mode,
    "steady",
  );
  assert.equal(accepted(ramp({ accepted: 799, sent: 1_200 }), 500, { share: 0.8 }).tokens, 0);
});

test("a smaller share tells nothing, nor does one to a pace that knows already", () => {
  assert.equal(accepted(ramp({ accepted: 799 }), 500, { share: 0.79 }).mode, "ramp");
  assert.equal(accepted(ramp({ accepted: 799 }), 500).mode, "ramp");
  assert.deepEqual(picked(accepted(settled(7), 500, { share: 0.9 }), "rate", "holdMs", "accepted"), {
    rate: 7,
    holdMs: 5_000,
    accepted: 1,
  });
  assert.equal(accepted(startReadPace(0), 500, { share: 0.9 }).mode, "free");
});

test("what is accepted is counted second by second", () => {
  const early = accepted(ramp({ accepted: 10 }), 999);
  assert.deepEqual(picked(early, "throughput", "countedAt"), { throughput: 0, countedAt: 0 });
  const pace = accepted(ramp({ accepted: 99, acceptedAtCount: 20 }), 2_000);
  assert.deepEqual(picked(pace, "throughput", "countedAt", "acceptedAtCount"), {
    throughput: 40,
    countedAt: 2_000,
    acceptedAtCount: 100,
  });
  assert.equal(accepted(ramp({ accepted: 99 }), 1_000).throughput, 100);
});

test("the first refusal ends the ramp: everybody waits, and the documented refill is believed in", () => {
  const pace = throttled(ramp({ accepted: 30, tokens: 2 }), 1_000, 900, 5_000);
  assert.deepEqual(
    picked(pace, "mode", "rate", "tokens", "tokensAt", "pausedUntil", "emptyAt", "measuredFrom", "holdMs"),
    {
      mode: "steady",
      rate: 20,
      tokens: 0,
      tokensAt: 6_000,
      pausedUntil: 6_000,
      emptyAt: 1_000,
      measuredFrom: { at: 1_000, accepted: 30, refused: 1 },
      holdMs: 2_000,
    },
  );
  assert.equal(throttled(ramp({ mode: "eased" }), 1_000, 900, 5_000).rate, 20);
  assert.equal(throttled(ramp({ pausedUntil: 9_000 }), 1_000, 900, 5_000).pausedUntil, 9_000);
});

test("reads that are refused go on at half of what was accepted", () => {
  const free = { ...startReadPace(0), accepted: 400 };
  assert.equal(throttled(free, 4_000, 3_900, 1_000).rate, 50);
  assert.equal(throttled(free, 100, 50, 1_000).rate, 200);
  assert.equal(throttled({ ...free, accepted: 0 }, 4_000, 3_900, 1_000).rate, 20);
});

test("a refusal of what was sent before the last one is old news", () => {
  const before = settled(40, { emptyAt: 1_000, accepted: 30 });
  const pace = throttled(before, 1_200, 1_000, 5_000);
  assert.deepEqual(pace, { ...before, refused: 1, pausedUntil: 6_200, tokensAt: 5_200 });
  assert.notEqual(throttled(before, 1_200, 1_001, 5_000).emptyAt, 1_000);
});

test("what was accepted between two empty moments is the refill", () => {
  const emptied = settled(40, { emptyAt: 1_000, measuredFrom: { at: 1_000, accepted: 30, refused: 0 } });
  const pace = throttled({ ...emptied, accepted: 130, refused: 39 }, 11_000, 10_900, 3_000);
  assert.deepEqual(picked(pace, "rate", "measuredFrom", "tokensAt", "holdMs", "emptyAt"), {
    rate: 10,
    measuredFrom: { at: 11_000, accepted: 130, refused: 40 },
    tokensAt: 13_000,
    holdMs: 10_000,
    emptyAt: 11_000,
  });
  assert.equal(throttled({ ...emptied, accepted: 50, refused: 9 }, 11_000, 10_900, 3_000).rate, 2);
});

test("a refusal now and then lowers the rate by steps only, and none above the documented one", () => {
  const from = { at: 1_000, accepted: 30, refused: 0 };
  const rateAfter = (rate: number, accepted: number, refused: number): number =>
    throttled(
      { ...settled(rate, { emptyAt: 1_000, measuredFrom: from }), accepted, refused },
      11_000,
      10_900,
      3_000,
    ).rate;
  assert.equal(rateAfter(20, 130, 0), 19.2);
  assert.equal(rateAfter(20, 130, 32), 19.2);
  assert.equal(rateAfter(20, 130, 33), 10);
  assert.equal(rateAfter(200, 1_030, 0), 100);
  assert.equal(rateAfter(5, 33, 4), 4.8);
  assert.equal(rateAfter(5, 33, 5), 0.4);
});

test("a stray refusal at a rate that went well does not make the next growth wait longer; one after a growth does", () => {
  const from = { at: 1_000, accepted: 30, refused: 0 };
  const holdAfter = (lastGood: number, refused: number): number => {
    const emptied = settled(20, { emptyAt: 1_000, measuredFrom: from, lastGood });
    return throttled({ ...emptied, accepted: 130, refused }, 11_000, 10_900, 3_000).holdMs;
  };
  assert.equal(holdAfter(20, 0), 5_000);
  assert.equal(holdAfter(16, 0), 10_000);
  assert.equal(holdAfter(20, 40), 10_000);
});

test("of a few operations one more is believed in, and the measure goes on", () => {
  const from = { at: 1_000, accepted: 30, refused: 0 };
  const emptied = settled(40, { emptyAt: 1_000, measuredFrom: from });
  const pace = throttled({ ...emptied, accepted: 49, refused: 9 }, 11_000, 10_900, 3_000);
  assert.deepEqual(picked(pace, "rate", "measuredFrom"), { rate: 2, measuredFrom: from });
});

test("two empty moments that are too close say nothing about the refill", () => {
  const emptied = settled(40, {
    emptyAt: 1_000,
    lastGood: 32,
    measuredFrom: { at: 1_000, accepted: 30, refused: 0 },
  });
  const pace = throttled({ ...emptied, accepted: 130 }, 1_899, 1_800, 3_000);
  assert.deepEqual(picked(pace, "rate", "tokensAt"), { rate: 32, tokensAt: 4_899 });
  assert.equal(throttled({ ...emptied, accepted: 120 }, 1_900, 1_800, 3_000).rate, 100);
  assert.equal(throttled({ ...emptied, lastGood: 60 }, 1_100, 1_050, 3_000).rate, 40);
});

test("each refusal doubles the while before the next try, up to 80 s", () => {
  const emptied = settled(40, { emptyAt: 1_000 });
  assert.equal(throttled(emptied, 2_000, 1_900, 0).holdMs, 10_000);
  assert.equal(throttled({ ...emptied, holdMs: 64_000 }, 2_000, 1_900, 0).holdMs, 80_000);
});

const pushed = { fastestMs: [], level: 3, at: 5_000 };
const hurt = (more: Partial<Pace> = {}): Pace =>
  ramp({ rate: 200, tokens: 3, strain: pushed, countedAt: 4_500, throughput: 100, ...more });

test("a service that falls behind is given half of what it works through", () => {
  const pace = unanswered(hurt(), 5_000);
  assert.deepEqual(
    picked(pace, "mode", "rate", "lastGood", "tokens", "changedAt", "easedAt", "holdMs", "slowAt"),
    {
      mode: "eased",
      rate: 50,
      lastGood: 90,
      tokens: 1,
      changedAt: 5_000,
      easedAt: 5_000,
      holdMs: 10_000,
      slowAt: 5_000,
    },
  );
  assert.equal(unanswered(hurt({ tokens: 0.5 }), 5_000).tokens, 0.5);
  assert.equal(unanswered(hurt({ mode: "steady" }), 5_000).mode, "steady");
});

test("it is never given less than the documented refill", () => {
  assert.deepEqual(picked(unanswered(hurt({ throughput: 10 }), 5_000), "rate", "lastGood"), {
    rate: 20,
    lastGood: 20,
  });
});

test("while it catches up, what it could take before is kept in mind", () => {
  assert.equal(unanswered(hurt({ lastGood: 300 }), 5_000).lastGood, 300);
});

const left: readonly (readonly [string, Partial<Pace>])[] = [
  ["reads", { mode: "free" }],
  ["a service that is not pushed too hard", { strain: { ...pushed, level: 2 } }],
  ["one of which no second was counted yet", { startedAt: 4_500 }],
  ["one that was eased a moment ago", { easedAt: 2_001 }],
  ["a rate that is low already", { rate: 50 }],
];
for (const [name, more] of left) {
  test(`the rate is left to ${name}`, () => {
    const before = hurt({ countedAt: 4_500, ...more });
    const pace = unanswered(before, 5_000);
    assert.deepEqual(picked(pace, "rate", "mode", "holdMs"), picked(before, "rate", "mode", "holdMs"));
  });
}

test("easing waits for the answers that can show what came of the last time", () => {
  assert.equal(unanswered(hurt({ easedAt: 2_000 }), 5_000).rate, 50);
  const slow = { answered: { ms: 1_000, operations: 1 } };
  assert.equal(accepted(hurt({ easedAt: 1_001 }), 5_000, slow).rate, 200);
  assert.equal(accepted(hurt({ easedAt: 1_000 }), 5_000, slow).rate, 50);
});

test("a calm answer is no slow one", () => {
  const answered = { ms: 100, operations: 1 };
  assert.equal(accepted(ramp(), 500, { answered }).slowAt, 0);
  const level = (is: number) =>
    accepted(ramp({ strain: { ...pushed, level: is } }), 5_000, { answered }).slowAt;
  assert.equal(level(1.5), 0);
  assert.equal(level(1.6), 5_000);
});

test("no answer is counted against the service", () => {
  assert.equal(unanswered(ramp(), 5_000).strain.level, 1.9);
  assert.equal(unanswered(ramp({ accepted: 50 }), 1_000).throughput, 50);
});
