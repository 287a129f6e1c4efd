import assert from "node:assert/strict";
import { test } from "node:test";
import { extrapolate } from "../../bench/measurement.ts";
import { aMeasurement } from "./build.ts";

const sample = {
  measured: aMeasurement({
    contender: "oneByOne",
    users: 100,
    done: 99,
    requests: 100,
    writes: 100,
    throttled: 1,
    seconds: 16,
    writingSeconds: 15,
    cpuSeconds: 0.5,
    peakMb: 80,
  }),
  growing: { seconds: 15, cpuSeconds: 0.1 },
};

test("what grows with the users is blown up, the start-up and the memory are not, and it is marked", () => {
  assert.deepEqual(extrapolate(sample, 1_000, 0), {
    ...sample.measured,
    users: 1_000,
    done: 990,
    requests: 1_000,
    writes: 1_000,
    throttled: 10,
    seconds: 151,
    writingSeconds: 150,
    cpuSeconds: 0.5 + 0.1 * 9,
    extrapolatedFrom: 100,
  });
});

test("an extrapolated time is never shorter than the quota allows", () => {
  assert.equal(extrapolate(sample, 1_000, 400).seconds, 400);
  assert.equal(extrapolate(sample, 1_000, 400).writingSeconds, 400);
});
