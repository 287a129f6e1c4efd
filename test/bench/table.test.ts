import assert from "node:assert/strict";
import { test } from "node:test";
import { caseTable, judgedTable, round } from "../../bench/table.ts";
import { aCase, aMeasurement, aReadCase } from "./build.ts";

test("a case shows each contender with its ratio, and what is extrapolated or not all done says so", () => {
  const lines = caseTable({
    case: aCase({ summary: "a thousand", quota: { burst: 200, perSecond: 100 } }),
    measurements: [
      aMeasurement(),
      aMeasurement({ contender: "microsoft", seconds: 25, done: 640, writes: 2_000, throttled: 500 }),
      aMeasurement({ contender: "oneByOne", seconds: 150, requests: 1_000, extrapolatedFrom: 100 }),
    ],
  });
  assert.match(lines[0] ?? "", /^creates: a thousand\. The quota's own minimum: 8 s$/);
  const [, , prepop = "", microsoft = "", oneByOne = ""] = lines;
  assert.match(prepop, /prepop apply +10 s +1 x +0\.1 +0 % +1 ms +100 MB +all$/);
  assert.match(microsoft, /25 s +2\.5 x +0\.1 +25 % +1 ms +100 MB +640 of 1000$/);
  assert.match(oneByOne, /150 s \(extrapolated from 100\) +15 x +1 /);
});

test("a case that only reads shows time, CPU and memory", () => {
  const lines = caseTable({ case: aReadCase({ summary: "rows" }), measurements: [aMeasurement()] });
  assert.equal(lines[0], "check: rows");
  assert.match(lines[2] ?? "", /prepop check +10 s +1 s +100 MB$/);
});

test("each target has one line with its verdict", () => {
  const base = { case: "creates", what: "time", bound: "at most 10" };
  const lines = judgedTable([
    { ...base, value: 9, pass: true },
    { ...base, value: 11, pass: false },
    { ...base, value: undefined, pass: undefined },
  ]);
  assert.match(lines[1] ?? "", /pass +creates +time +at most 10 +9$/);
  assert.match(lines[2] ?? "", /FAIL .* 11$/);
  assert.match(lines[3] ?? "", /\? .* not measured$/);
});

for (const [value, text] of [
  [0, "0"],
  [0.00012, "0.0001"],
  [0.186, "0.186"],
  [1.2345, "1.23"],
  [10, "10"],
  [151.4, "151"],
  [3_000, "3000"],
] as const) {
  test(`${value} is shown as ${text}`, () => assert.equal(round(value), text));
}
