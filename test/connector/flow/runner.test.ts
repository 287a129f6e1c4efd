import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { evaluate, type Value } from "../../support/flow/expression.ts";
import { runFlow, type Services } from "../../support/flow/run.ts";
import { virtualClock } from "../../support/virtualClock.ts";

const nobody: Services = {
  clock: virtualClock(),
  call: () => Promise.reject(new Error("nothing is called here")),
};
const flow = (actions: Value): Promise<Awaited<ReturnType<typeof runFlow>>> =>
  runFlow({ parameters: {}, actions }, nobody);
const compose = (inputs: Value, runAfter: Value = {}): Value => ({ type: "Compose", inputs, runAfter });
const after = (name: string, ...ends: readonly string[]): Value => ({ [name]: ends });

describe("expressions", () => {
  const cases: readonly (readonly [expression: string, value: Value])[] = [
    ["plain", "plain"],
    ["@@home", "@home"],
    ["@concat('it''s', ' ', string(4))", "it's 4"],
    ["a@{string(1)}b@{string(2)}", "a1b2"],
    ["@coalesce(first(json('[]'))?['a'], '')", ""],
    ["@equals(length(split('|a||b|', '|a|')), 2)", true],
    ["@startsWith('+31', '+')", true],
    ["@createArray(1, 'a')", [1, "a"]],
  ];
  for (const [expression, value] of cases) {
    test(expression, () =>
      assert.deepEqual(
        evaluate(expression, () => undefined),
        value,
      ),
    );
  }

  const refused: readonly (readonly [expression: string, why: RegExp])[] = [
    ["@guid()", /function guid is not known/],
    ["@trim(json('null'))", /A text is needed/],
    ["@if(equals(1, 1), 'a', trim(json('null')))", /A text is needed/],
    ["@string('a')?['b']", /b is asked of a string/],
    ["@concat('a'", /\) is missing/],
    ["@variables('a')", /function variables is not known/],
  ];
  for (const [expression, why] of refused) {
    test(`${expression} is refused`, () => assert.throws(() => evaluate(expression, () => undefined), why));
  }
});

describe("constructs that our flows do not use are refused by name", () => {
  const cases: readonly (readonly [what: string, actions: Value, why: RegExp])[] = [
    ["an action", { Ask: { type: "Switch", inputs: {} } }, /Switch \(Ask\)/],
    ["a member of an action", { A: { type: "Compose", inputs: 1, limit: {} } }, /limit of A/],
    [
      "a setting",
      { A: { type: "Compose", inputs: 1, runtimeConfiguration: { contentTransfer: {} } } },
      /contentTransfer/,
    ],
    ["a step that is not there", { A: compose("@outputs('B')") }, /B is asked before it has ended/],
    [
      "a step that need not have ended",
      { A: compose("@outputs('B')"), B: compose("1", after("A", "Succeeded")) },
      /B is asked/,
    ],
    ["a step that does not stand beside it", { A: compose(1, after("B", "Succeeded")) }, /runs after B/],
    [
      "a retry policy",
      { A: { type: "Http", inputs: { retryPolicy: { type: "fixed" } } } },
      /retry policy fixed/,
    ],
  ];
  for (const [what, actions, why] of cases) {
    test(what, () => assert.rejects(flow(actions), why));
  }
});

describe("how steps end", () => {
  test("an expression that cannot be evaluated fails its step, and what runs after it is skipped", async () => {
    const { actions, status } = await flow({
      A: compose("@trim(json('null'))"),
      B: compose("b", after("A", "Succeeded")),
    });
    assert.deepEqual(
      [actions.get("A")?.status, actions.get("B")?.status, status],
      ["Failed", "Skipped", "Failed"],
    );
  });

  test("a failure that is handled does not fail the run", async () => {
    const { status } = await flow({
      A: compose("@trim(json('null'))"),
      B: compose("b", after("A", "Failed")),
    });
    assert.equal(status, "Succeeded");
  });

  test("what stands inside a condition that was not met is skipped", async () => {
    const { actions } = await flow({
      A: {
        type: "If",
        expression: { and: [{ equals: ["@equals(1, 2)", true] }] },
        actions: { B: compose(1), C: { type: "If", expression: { and: [] }, actions: { D: compose(1) } } },
        else: { actions: { E: compose(2) } },
      },
      F: compose("@actions('D')?['status']", after("A", "Succeeded")),
    });
    assert.equal(actions.get("F")?.outputs, "Skipped");
    assert.equal(actions.get("E")?.status, "Succeeded");
  });

  test("a run that is ended stops, and says why", async () => {
    const { status, error, actions } = await flow({
      A: {
        type: "Terminate",
        inputs: { runStatus: "Failed", runError: { code: "No", message: "@concat('so', '!')" } },
      },
      B: compose(1, after("A", "Succeeded")),
    });
    assert.deepEqual(
      [status, error, actions.get("B")?.status],
      ["Failed", { code: "No", message: "so!" }, "Skipped"],
    );
  });
});
