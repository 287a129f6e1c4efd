import assert from "node:assert/strict";
import { test } from "node:test";
import { noStrain, observe, type Strain } from "../../src/decide/strain.ts";

const answer = (ms: number, operations = 1) => ({ ms, operations });
const known: Strain = { fastestMs: [100, 200, 300], level: 1, at: 0 };
/** Long enough for an answer to count in full. */
const later = 10_000;
const levelOf = (before: Strain, now: number, ...given: readonly [Parameters<typeof observe>[2]]): string =>
  observe(before, now, ...given).level.toFixed(3);

test("the first answer is the fastest there is, and no strain", () => {
  assert.deepEqual(observe(noStrain(0), later, answer(900, 2)), {
    fastestMs: [900, 900],
    level: 1,
    at: later,
  });
});

test("an answer is compared with the fastest to a request of at least that size", () => {
  assert.equal(levelOf(known, later, answer(1_050)), "1.600");
  assert.equal(levelOf(known, later, answer(1_350, 2)), "1.600");
  assert.equal(levelOf(known, later, answer(1_650, 3)), "1.600");
  assert.equal(levelOf(known, later, answer(5_000, 4)), "1.000");
});

test("a quarter of a second more is the network's own", () => {
  assert.equal(levelOf(known, later, answer(350)), "1.000");
  assert.equal(levelOf(known, later, answer(420)), "1.060");
});

test("one answer moves the level by less than a third of the way, and counts four times at most", () => {
  assert.equal(levelOf(known, later, answer(100_000)), "1.900");
  assert.equal(levelOf(known, later, undefined), "1.900");
  assert.equal(levelOf({ ...known, level: 3 }, later, answer(100)), "2.400");
});

test("answers that come close after another count by the time between them", () => {
  assert.equal(levelOf(known, 150, undefined), "1.300");
  assert.equal(levelOf(known, 0, undefined), "1.000");
  assert.equal(levelOf({ ...known, at: 500 }, 100, undefined), "1.000");
  assert.equal(observe({ ...known, at: 500 }, 100, undefined).at, 500);
});

test("a faster answer is remembered for its size and all below", () => {
  const fastest = (given: ReturnType<typeof answer>) => observe(known, later, given).fastestMs;
  assert.deepEqual(fastest(answer(150, 2)), [100, 150, 300]);
  assert.deepEqual(fastest(answer(50, 2)), [50, 50, 300]);
  assert.deepEqual(fastest(answer(50, 3)), [50, 50, 50]);
  assert.deepEqual(fastest(answer(250, 5)), [100, 200, 250, 250, 250]);
  assert.deepEqual(fastest(answer(200, 2)), [100, 200, 300]);
  assert.deepEqual(fastest(answer(400)), [100, 200, 300]);
});

test("no answer teaches nothing about the fastest", () => {
  assert.equal(observe(known, later, undefined).fastestMs, known.fastestMs);
});
