import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PrepopError } from "../../src/model/errors.ts";
import type { Plan } from "../../src/model/plan.ts";
import { decodeLines, encodePlan, readPlanFile } from "../../src/report/planFile.ts";
import { hostileText, plan } from "./arbitraries.ts";
import { aChange, anIssue, aPlan } from "./build.ts";

/** What a file says, as one value. */
function decoded(lines: Iterable<string>): unknown {
  const items = [...decodeLines(lines, "tonight.plan")];
  return items.map(item =>
    "header" in item
      ? item.header
      : "change" in item
        ? item.change
        : "issue" in item
          ? item.issue
          : item.digest,
  );
}

const contentsOf = (made: Plan): unknown => [made.header, ...made.changes(), ...made.issues(), made.digest];

function refusal(lines: Iterable<string>): string {
  try {
    decoded(lines);
  } catch (error) {
    assert.ok(error instanceof PrepopError, String(error));
    assert.equal(error.code, "PREPOP_PLAN_FORMAT");
    return error.message;
  }
  return assert.fail("the file was taken");
}

test("any plan comes back from its file as it was", () => {
  fc.assert(
    fc.property(plan, made => {
      assert.deepEqual(decoded(encodePlan(made)), JSON.parse(JSON.stringify(contentsOf(made))));
      assert.deepEqual(decoded(encodePlan(made)), contentsOf(made));
    }),
  );
});

test("a file that arrives line by line gives its header, its entries and its digest", async () => {
  const made = aPlan({ changes: [aChange("create"), aChange("delete")], issues: [anIssue()] });
  async function* arriving(): AsyncGenerator<string> {
    for (const line of encodePlan(made)) yield `${line}\r`;
  }
  const file = readPlanFile(arriving(), "tonight.plan");
  assert.deepEqual(await file.header(), made.header);
  const kinds: string[] = [];
  for await (const entry of file.entries()) kinds.push(entry.kind);
  assert.deepEqual(kinds, ["change", "change", "issue"]);
  assert.equal(file.digest(), made.digest);
});

test("the digest of a file is not told before its end was read", async () => {
  async function* arriving(): AsyncGenerator<string> {
    yield* encodePlan(aPlan());
  }
  const file = readPlanFile(arriving(), "tonight.plan");
  await file.header();
  assert.throws(() => file.digest(), { code: "PREPOP_PLAN_FORMAT" });
});

test("a mark at the start, Windows line ends and blank lines are no reason to refuse", () => {
  const made = aPlan({ changes: [aChange("create")] });
  const lines = [...encodePlan(made)].map((line, at) => `${at === 0 ? "\ufeff" : ""}${line}\r`);
  assert.deepEqual(decoded([...lines, "", "  "]), contentsOf(made));
});

/** Edits the object of one line; line 0 is the header, -1 the trailer. */
function edited(at: number, change: Readonly<Record<string, unknown>>): string[] {
  const lines = [
    ...encodePlan(aPlan({ changes: [aChange("create"), aChange("update"), aChange("delete")] })),
  ];
  const index = at < 0 ? lines.length + at : at;
  return lines.map((line, each) =>
    each === index ? JSON.stringify({ ...(JSON.parse(line) as object), ...change }) : line,
  );
}

const whole = edited(0, {});
const tampered: readonly (readonly [name: string, lines: readonly string[], why: RegExp])[] = [
  ["an empty file", [], /is empty/],
  ["a file of another kind", ['{"type":"outcome"}'], /line 1: it is no plan/],
  ["a text that is no JSON", ["hello"], /line 1: it is not JSON/],
  ["a newer format", edited(0, { formatVersion: 2 }), /formatVersion is not 1/],
  ["a format written as text", edited(0, { formatVersion: "1" }), /formatVersion is not 1/],
  ["a missing trailer", whole.slice(0, -1), /its last line is missing, so it was cut off/],
  [
    "a line cut in the middle",
    [...whole.slice(0, 2), (whole[2] ?? "").slice(0, 40)],
    /line 3: it is not JSON/,
  ],
  ["a change taken out", whole.toSpliced(2, 1), /lines are missing or were added/],
  ["a change put in", whole.toSpliced(2, 0, whole[2] ?? ""), /lines are missing or were added/],
  ["a line behind the trailer", [...whole, whole[1] ?? ""], /something follows/],
  ["a second header", whole.toSpliced(1, 0, whole[0] ?? ""), /its type is not change/],
  [
    "a header that counts no deletes",
    edited(0, { counts: { ...aPlan().header.counts, create: 1, update: 1 } }),
    /counts other delete/,
  ],
  [
    "another tenant behind the id",
    edited(0, { tenantId: "11111111-1111-1111-1111-111111111111" }),
    /two tenants/,
  ],
  ["an unknown policy", edited(0, { policy: "wipe" }), /policy is not one of/],
  ["a moment that is none", edited(0, { expiresAt: "tomorrow" }), /expiresAt/],
  ["an unknown kind", edited(1, { kind: "purge" }), /kind is not one of/],
  ["an unknown phone type", edited(1, { phoneType: "fax" }), /phoneType is not one of/],
  ["a path for an id", edited(1, { userId: "../groups/1" }), /userId does not have the form/],
  ["a query behind an id", edited(1, { userId: "a?b" }), /userId does not have the form/],
  ["an object for an id", edited(1, { userId: { toString: "x" } }), /userId is not a text/],
  ["a number that is not canonical", edited(1, { to: "0612345678" }), /to is not a canonical number/],
  ["a list for a number", edited(1, { to: ["+31 612345678"] }), /to is not a text/],
  ["a create without a number", edited(1, { to: null }), /to is not a canonical number/],
  ["a create with a before", edited(1, { from: "+31 612345678" }), /a create has a from/],
  ["an update without a before", edited(2, { from: null }), /update has no from/],
  ["a delete with a number to write", edited(3, { to: "+31 612345678" }), /a delete has a to/],
  ["an unknown reason", edited(1, { reason: "because" }), /reason is not one of/],
  ["a row that is no number", edited(1, { row: "2" }), /row is not a whole number/],
  ["rows that are no numbers", edited(1, { rows: [2, "x"] }), /rows holds/],
  [
    "a switch of the default at a create",
    edited(1, { switchDefault: { from: "sms", to: "push" } }),
    /switchDefault stands/,
  ],
  [
    "a switch to an unknown method",
    edited(3, { switchDefault: { from: "sms", to: "fax" } }),
    /to is not one of/,
  ],
  ["a digest that is none", edited(-1, { digest: "abc" }), /digest does not have the form/],
];

for (const [name, lines, why] of tampered) {
  test(`${name} is refused by name`, () => assert.match(refusal(lines), why));
}

test("a refusal never shows what the file holds", () => {
  const number = "+31 (0)612345678";
  assert.doesNotMatch(refusal(edited(1, { to: number })), /612345678/);
});

test("fields that nobody knows are left behind, also ones named after a prototype", () => {
  const lines = [...encodePlan(aPlan({ changes: [aChange("create")] }))].map(line =>
    line.replace(/}$/, ',"__proto__":{"kind":"delete"},"extra":1}'),
  );
  assert.deepEqual(decoded(lines), contentsOf(aPlan({ changes: [aChange("create")] })));
});

test("whatever is done to a file, it is another plan, the same plan or PREPOP_PLAN_FORMAT", () => {
  const piece = fc.oneof(
    hostileText,
    fc.json(),
    fc.constantFrom("null", "[]", "{}", '"', "}", ",", "1e999", "[".repeat(5000)),
  );
  const mutation = fc.record({ at: fc.nat(), length: fc.nat(40), piece });
  fc.assert(
    fc.property(plan, fc.array(mutation, { minLength: 1, maxLength: 3 }), (made, mutations) => {
      let text = [...encodePlan(made)].join("\n");
      for (const { at, length, piece: put } of mutations) {
        const start = at % (text.length + 1);
        text = text.slice(0, start) + put + text.slice(start + length);
      }
      takesOrRefuses(text);
    }),
  );
});

test("whatever value a field is given, it is another plan, the same plan or PREPOP_PLAN_FORMAT", () => {
  fc.assert(
    fc.property(plan, fc.nat(), fc.nat(), fc.jsonValue(), (made, line, key, value) => {
      const lines = [...encodePlan(made)];
      const at = line % lines.length;
      const record = JSON.parse(lines[at] ?? "{}") as Record<string, unknown>;
      const keys = Object.keys(record);
      lines[at] = JSON.stringify({ ...record, [keys[key % keys.length] ?? "type"]: value });
      takesOrRefuses(lines.join("\n"));
    }),
  );
});

function takesOrRefuses(text: string): void {
  try {
    for (const item of decodeLines(text.split("\n"), "tonight.plan")) {
      if (item.kind === "change")
        assert.ok(["mobile", "alternateMobile", "office"].includes(item.change.phoneType));
    }
  } catch (error) {
    assert.ok(error instanceof PrepopError, String(error));
    assert.equal(error.code, "PREPOP_PLAN_FORMAT");
  }
}
