import assert from "node:assert/strict";
import { test } from "node:test";
import { skippingClock } from "../../src/engine/skippingClock.ts";

/** The machine's time, held still until a test moves it. */
function heldTime() {
  let ms = 0;
  return { now: () => ms, wall: () => 1_800_000_000_000 + ms, pass: (more: number) => (ms += more) };
}

test("whoever sleeps wakes in the order of time, at the very moment, and nobody waits for it", async () => {
  const real = heldTime();
  const clock = skippingClock(real);
  const woken: [name: string, at: number][] = [];
  const sleep = async (name: string, ms: number) => {
    await clock.sleep(ms);
    woken.push([name, clock.now()]);
  };
  await Promise.all([sleep("hour", 3_600_000), sleep("second", 1_000), sleep("minute", 60_000)]);
  assert.deepEqual(woken, [
    ["second", 1_000],
    ["minute", 60_000],
    ["hour", 3_600_000],
  ]);
  assert.equal(clock.wall(), 1_800_003_600_000);
  assert.equal(real.now(), 0);
});

test("time does not jump while work goes on from turn to turn of the event loop", async () => {
  const clock = skippingClock(heldTime());
  const sleeping = clock.sleep(1_000).then(() => clock.now());
  const seen: number[] = [];
  for (let turn = 0; turn < 20; turn++) {
    await new Promise(resolve => setImmediate(resolve));
    seen.push(clock.now());
  }
  assert.deepEqual(new Set(seen), new Set([0]));
  assert.equal(await sleeping, 1_000);
});

test("work that takes time takes it, and shortens the wait beside it", async () => {
  const real = heldTime();
  const clock = skippingClock(real);
  const sleeping = clock.sleep(1_000);
  real.pass(400);
  await sleeping;
  assert.equal(clock.now(), 1_000);
});

test("a sleeper who sleeps again is not overtaken by a later one", async () => {
  const clock = skippingClock(heldTime());
  const woken: string[] = [];
  const twice = async () => {
    await clock.sleep(100);
    woken.push("first");
    await clock.sleep(100);
    woken.push("second");
  };
  const once = async () => {
    await clock.sleep(250);
    woken.push("third");
  };
  await Promise.all([once(), twice()]);
  assert.deepEqual(woken, ["first", "second", "third"]);
});

test("an abort wakes the sleeper with its reason, before and during the sleep", async () => {
  const clock = skippingClock(heldTime());
  const stop = new AbortController();
  const sleeping = assert.rejects(clock.sleep(1_000, stop.signal), /enough/);
  stop.abort(new Error("enough"));
  await sleeping;
  await assert.rejects(clock.sleep(1_000, stop.signal), /enough/);
});

test("work that another machine would do takes no time, even when it fails", async () => {
  const real = heldTime();
  const clock = skippingClock(real);
  assert.equal(
    clock.free(() => real.pass(300)),
    300,
  );
  assert.throws(() =>
    clock.free(() => {
      real.pass(300);
      throw new Error("broken");
    }),
  );
  assert.equal(clock.now(), 0);
  real.pass(50);
  assert.equal(clock.now(), 50);
});
