import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseFault, type FaultSubject } from "../../../src/sandbox/faults/chooseFault.ts";
import { type FaultRule, faultTable } from "../../../src/sandbox/faults/rules.ts";

const create: FaultSubject = {
  operation: "createPhone",
  effect: "write",
  userId: "id-1",
  upn: "kim@contoso.com",
  phoneType: "mobile",
  packed: false,
};
const list: FaultSubject = { ...create, operation: "listPhones", effect: "read", phoneType: undefined };

const packed: FaultSubject = { ...create, packed: true };

/** Which of a row of requests (100 ms apart) a rule hits, as a string of x and dots. */
function hits(rule: FaultRule, subjects: readonly FaultSubject[], seed = 1): string {
  const table = faultTable([rule], seed, 0);
  return subjects
    .map((subject, at) => (chooseFault(table, subject, at * 100) === undefined ? "." : "x"))
    .join("");
}

const six = Array.from({ length: 6 }, () => create);
const mixed = [create, list, create, list, create, list];

const rows: readonly {
  readonly rule: FaultRule;
  readonly subjects?: readonly FaultSubject[];
  readonly hits: string;
}[] = [
  { rule: { kind: "serverError" }, hits: "xxxxxx" },
  { rule: { kind: "serverError", times: 2 }, hits: "xx...." },
  { rule: { kind: "serverError", count: 1 }, hits: "x....." },
  { rule: { kind: "serverError", match: { nth: 3 } }, hits: "..x..." },
  { rule: { kind: "serverError", match: { nth: [1, 6] } }, hits: "x....x" },
  { rule: { kind: "forbidden", from: 4 }, hits: "...xxx" },
  { rule: { kind: "outage", from: 2, to: 3 }, hits: ".xx..." },
  { rule: { kind: "outage", afterMs: 200, untilMs: 400 }, hits: "..xx.." },
  { rule: { kind: "serverError", probability: 0 }, hits: "......" },
  { rule: { kind: "serverError", match: { operation: "listPhones" } }, subjects: mixed, hits: ".x.x.x" },
  { rule: { kind: "serverError", match: { packed: true } }, subjects: [create, packed], hits: ".x" },
  { rule: { kind: "serverError", match: { packed: false } }, subjects: [create, packed], hits: "x." },
  {
    rule: { kind: "serverError", match: { operation: ["createPhone", "x"] } },
    subjects: mixed,
    hits: "x.x.x.",
  },
  { rule: { kind: "serverError", match: { effect: "read", nth: 2 } }, subjects: mixed, hits: "...x.." },
  { rule: { kind: "serverError", match: { phoneType: "mobile" } }, subjects: mixed, hits: "x.x.x." },
  { rule: { kind: "serverError", match: { user: "KIM@contoso.com" } }, subjects: mixed, hits: "xxxxxx" },
  { rule: { kind: "serverError", match: { user: ["id-1"] } }, subjects: mixed, hits: "xxxxxx" },
  { rule: { kind: "serverError", match: { user: "ana@contoso.com" } }, subjects: mixed, hits: "......" },
  { rule: { kind: "committedThen504" }, subjects: mixed, hits: "x.x.x." },
  { rule: { kind: "staleReads" }, subjects: mixed, hits: ".x.x.x" },
  { rule: { kind: "batchOuter424" }, subjects: mixed, hits: "......" },
];

for (const row of rows) {
  test(`${JSON.stringify(row.rule)} hits ${row.hits}`, () => {
    assert.equal(hits(row.rule, row.subjects ?? six), row.hits);
  });
}

test("a probability is kept roughly, and exactly the same for a seed in any order of arrival", () => {
  const rule: FaultRule = { kind: "serverError", probability: 0.3 };
  const subjects = Array.from({ length: 2000 }, (_, at) => ({ ...create, userId: `id-${at}` }));
  const chosen = (order: readonly FaultSubject[], seed: number) => {
    const table = faultTable([rule], seed, 0);
    return new Set(
      order.filter(subject => chooseFault(table, subject, 0) !== undefined).map(({ userId }) => userId),
    );
  };
  const forwards = chosen(subjects, 1);
  assert.deepEqual(chosen([...subjects].reverse(), 1), new Set([...forwards].reverse()));
  assert.notDeepEqual(chosen(subjects, 2), forwards);
  assert.ok(forwards.size > 500 && forwards.size < 700, `${forwards.size} of 2000`);
});

test("a retried request is drawn anew", () => {
  const rule: FaultRule = { kind: "serverError", probability: 0.5 };
  assert.match(
    hits(
      rule,
      Array.from({ length: 40 }, () => create),
    ),
    /x.*\..*x/,
  );
});

test("the first rule that strikes wins, and the others count all the same", () => {
  const table = faultTable(
    [
      { kind: "serverError", times: 1 },
      { kind: "forbidden", match: { nth: 2 } },
    ],
    1,
    0,
  );
  const kinds = [1, 2, 3].map(() => chooseFault(table, create, 0)?.kind);
  assert.deepEqual(kinds, ["serverError", "forbidden", undefined]);
});

test("a rule that came too late keeps its stroke for the next request", () => {
  const table = faultTable(
    [
      { kind: "serverError", times: 1 },
      { kind: "forbidden", times: 1 },
    ],
    1,
    0,
  );
  const kinds = [1, 2, 3].map(() => chooseFault(table, create, 0)?.kind);
  assert.deepEqual(kinds, ["serverError", "forbidden", undefined]);
});
