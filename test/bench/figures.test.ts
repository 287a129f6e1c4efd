import assert from "node:assert/strict";
import { test } from "node:test";
import { quotaSeconds, type Target } from "../../bench/cases.ts";
import { type CaseResult, judge } from "../../bench/figures.ts";
import { aCase, aMeasurement, aReadCase } from "./build.ts";

const figures: readonly {
  readonly target: Target;
  readonly value: number;
  readonly pass: boolean;
}[] = [
  { target: { kind: "seconds", most: 10 }, value: 10, pass: true },
  { target: { kind: "seconds", most: 9.9 }, value: 10, pass: false },
  { target: { kind: "ofMinimum", most: 1.1 }, value: 10 / 8, pass: false },
  { target: { kind: "throttledShare", most: 0.05 }, value: 0.05, pass: true },
  { target: { kind: "ofContender", contender: "flow2020", most: 0.25 }, value: 0.25, pass: true },
  { target: { kind: "changesPerSecond", least: 3_000 }, value: 100, pass: false },
  { target: { kind: "cpuMsPerChange", most: 1 }, value: 1, pass: true },
  { target: { kind: "cpuOfCase", case: "small", most: 1.2 }, value: 0.5, pass: true },
  { target: { kind: "predicted", most: 0.15 }, value: 0.25, pass: false },
  { target: { kind: "peakMb", most: 99 }, value: 100, pass: false },
  { target: { kind: "bytesPerRow", case: "small", most: 64 }, value: (50 * 2 ** 20) / 900, pass: false },
];

for (const { target, value, pass } of figures) {
  test(`${target.kind} is ${value} and ${pass ? "passes" : "fails"}`, () => {
    const result: CaseResult = {
      case: aCase({ quota: { burst: 200, perSecond: 100 }, targets: [target] }),
      measurements: [
        aMeasurement({ throttled: 50, told: { seconds: 8, predictedSeconds: 10 } }),
        aMeasurement({ contender: "flow2020", seconds: 40 }),
      ],
    };
    const small: CaseResult = {
      case: aCase({ name: "small", users: 100 }),
      measurements: [aMeasurement({ users: 100, cpuSeconds: 0.2, peakMb: 50 })],
    };
    const [judged] = judge([small, result]);
    assert.equal(judged?.value, value);
    assert.equal(judged?.pass, pass);
  });
}

test("a target whose other half was not measured is neither passed nor failed", () => {
  const target: Target = { kind: "ofContender", contender: "microsoft", most: 0.25 };
  const [judged] = judge([{ case: aCase({ targets: [target] }), measurements: [aMeasurement()] }]);
  assert.equal(judged?.value, undefined);
  assert.equal(judged?.pass, undefined);
});

test("a case that only reads is judged by its rows", () => {
  const target: Target = { kind: "cpuMsPerChange", most: 1 };
  const [judged] = judge([
    { case: aReadCase({ rows: 500, targets: [target] }), measurements: [aMeasurement()] },
  ]);
  assert.equal(judged?.value, 2);
});

test("a quota costs what is left after its burst, and nothing where all fits into it", () => {
  assert.equal(quotaSeconds({ burst: 3_000, perSecond: 20 }, 6_000), 150);
  assert.equal(quotaSeconds({ burst: 3_000, perSecond: 20 }, 1_000), 0);
  assert.equal(quotaSeconds(undefined, 1_000), 0);
});
