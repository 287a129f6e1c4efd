import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type FaultMeaning, meaningOf, retryAfterMs, waitFor } from "../../src/decide/retry.ts";
import type { Fault } from "../../src/model/fault.ts";
import { http } from "./build.ts";

const meanings: readonly (readonly [number, FaultMeaning])[] = [
  [400, "refused"],
  [401, "unauthorized"],
  [403, "forbidden"],
  [404, "refused"],
  [408, "doubt"],
  [409, "doubt"],
  [410, "refused"],
  [424, "doubt"],
  [429, "throttled"],
  [499, "refused"],
  [500, "doubt"],
  [503, "doubt"],
  [504, "doubt"],
  [302, "doubt"],
  [399, "doubt"],
];

for (const [status, meaning] of meanings) {
  test(`HTTP ${status} is ${meaning}`, () => {
    assert.equal(meaningOf(http(status)), meaning);
  });
}

const others: readonly (readonly [Fault["kind"], FaultMeaning])[] = [
  ["unreachable", "unsent"],
  ["timeout", "doubt"],
  ["network", "doubt"],
  ["unreadable", "doubt"],
  ["http", "doubt"],
];

for (const [kind, meaning] of others) {
  test(`${kind}, without a status, is ${meaning}`, () => {
    assert.equal(meaningOf({ kind, message: "" }), meaning);
  });
}

test("an unreadable answer is in doubt, whatever its status", () => {
  assert.equal(meaningOf({ kind: "unreadable", status: 400, message: "" }), "doubt");
});

const noon = "Wed, 01 Jul 2026 12:00:00 GMT";
const wallNow = Date.parse(noon) + 20_000;

const asked: readonly (readonly [string | undefined, string | undefined, number | undefined])[] = [
  [undefined, undefined, undefined],
  ["", undefined, undefined],
  ["  ", undefined, undefined],
  ["5", undefined, 5_000],
  [" 5 ", undefined, 5_000],
  ["0.5", undefined, 500],
  ["12.25", undefined, 12_250],
  ["+7", undefined, 7_000],
  ["120", undefined, 120_000],
  ["0", undefined, undefined],
  ["-5", undefined, undefined],
  ["5s", undefined, undefined],
  ["a5", undefined, undefined],
  ["5.", undefined, undefined],
  ["soon", undefined, undefined],
  // A date of digits alone is none: Date.parse takes it for a year or a month.
  ["2026-07-02", undefined, undefined],
  ["Wed, 01 Jul 2026 12:01:00 +0000", noon, 60_000],
  ["Wed, 01 Jul 2026 12:01:00 GMT", noon, 60_000],
  ["Wed, 01 Jul 2026 12:01:00 GMT", undefined, 40_000],
  ["Wed, 01 Jul 2026 12:01:00 GMT", "yesterday", 40_000],
  ["Wed, 01 Jul 2026 12:00:20 GMT", undefined, undefined],
  ["Wed, 01 Jul 2026 12:00:00 GMT", noon, undefined],
  ["Wed, 01 Jul 2026 11:59:00 GMT", noon, undefined],
  ["wed, 01 jul 2026 12:00:01 gmt", noon, 1_000],
];

for (const [retryAfter, date, ms] of asked) {
  test(`Retry-After ${JSON.stringify(retryAfter)} in an answer of ${date ?? "no date"} is ${ms ?? "absent"}`, () => {
    const fault = {
      ...(retryAfter === undefined ? {} : { retryAfter }),
      ...(date === undefined ? {} : { date }),
    };
    assert.equal(retryAfterMs(fault, wallNow), ms);
  });
}

test("a date that is less than a second away is a second away", () => {
  assert.equal(retryAfterMs({ retryAfter: noon }, Date.parse(noon) - 200), 1_000);
  assert.equal(retryAfterMs({ retryAfter: noon }, Date.parse(noon) - 1_200), 1_200);
});

test("without Retry-After the wait doubles from 1 s to 60 s", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8, 20].map(attempt => waitFor(http(429), attempt, wallNow, 0));
  assert.deepEqual(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});

test("a wait is spread by up to a tenth upwards", () => {
  assert.equal(waitFor(http(429), 1, wallNow, 0.5), 1_050);
  assert.equal(waitFor(http(429, { retryAfter: "10" }), 7, wallNow, 0), 10_000);
  assert.equal(waitFor(http(429, { retryAfter: "10" }), 7, wallNow, 0.5), 10_500);
});

test("a wait is never shorter than the service asked for, whatever the chance", () => {
  const seconds = fc.integer({ min: 1, max: 100_000 });
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(seconds, chance, fc.integer({ min: 1, max: 12 }), (asked, random, attempt) => {
      const wait = waitFor(http(429, { retryAfter: String(asked) }), attempt, wallNow, random);
      assert.ok(wait >= asked * 1_000 && wait < asked * 1_100 + 1);
    }),
    { seed: 20261128, numRuns: 200 },
  );
});
