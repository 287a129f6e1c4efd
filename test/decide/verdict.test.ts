import assert from "node:assert/strict";
import { test } from "node:test";
import { planExitCode, runExitCode, worstExitCode } from "../../src/decide/verdict.ts";
import { changeKinds } from "../../src/model/change.ts";
import type { PlanCounts } from "../../src/model/plan.ts";
import { outcomeKinds, type RunCounts } from "../../src/model/run.ts";

const planned: PlanCounts = {
  create: 0,
  update: 0,
  delete: 0,
  unchanged: 0,
  kept: 0,
  refused: 0,
  enableSms: 0,
  disableSms: 0,
  rows: 3,
  users: 3,
  issues: 0,
  warnings: 3,
  outOfScope: 3,
  excluded: 3,
};
const codesOfPlan = { create: 2, update: 2, delete: 2, enableSms: 2, disableSms: 2, refused: 3, issues: 3 };

for (const count of [...changeKinds, "issues"] as const) {
  const code = count in codesOfPlan ? codesOfPlan[count as keyof typeof codesOfPlan] : 0;
  test(`a plan with one ${count} is exit ${code}`, () => {
    assert.equal(planExitCode({ ...planned, [count]: 1 }), code);
  });
}

test("what is to be written is said before what is refused", () => {
  assert.equal(planExitCode({ ...planned, create: 1, refused: 1, issues: 1 }), 2);
});

test("five kinds of writes do not cancel each other", () => {
  assert.equal(planExitCode({ ...planned, create: 1, update: 1, delete: 1, enableSms: 1, disableSms: 1 }), 2);
});

const done: RunCounts = {
  applied: 0,
  alreadySo: 0,
  refused: 0,
  failed: 0,
  inDoubt: 0,
  skipped: 0,
  issues: 0,
};
const bad: readonly string[] = ["issues", "refused", "failed", "inDoubt"];

for (const count of [...outcomeKinds, "issues"] as const) {
  const code = bad.includes(count) ? 3 : 0;
  test(`a run with one ${count} is exit ${code}`, () => {
    assert.equal(runExitCode({ ...done, [count]: 1 }), code);
  });
}

for (const left of bad) {
  for (const right of bad) {
    test(`${left} and ${right} do not cancel each other`, () => {
      assert.equal(runExitCode({ ...done, [left]: 1, [right]: 1 }), 3);
    });
  }
}

/** Each code beside all milder ones, as the exit codes of a plan, or of what writes, are chosen for one tenant. */
const orders = [
  { writes: false, order: [130, 7, 4, 6, 5, 1, 2, 3, 0] },
  { writes: true, order: [130, 7, 8, 6, 4, 5, 1, 3, 0] },
];

for (const { writes, order } of orders) {
  for (const [at, code] of order.entries()) {
    test(`${code} is the worst beside ${order.slice(at + 1).join(", ") || "nothing"} (${writes ? "runs" : "plans"})`, () => {
      assert.equal(worstExitCode(order.slice(at).toReversed(), writes), code);
    });
  }
}

test("where nothing was run, nothing went wrong", () => {
  assert.equal(worstExitCode([], true), 0);
});
