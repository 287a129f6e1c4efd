import assert from "node:assert/strict";
import { test } from "node:test";
import type { RowIssue } from "../../src/model/issue.ts";
import type { EntryOutcome } from "../../src/model/run.ts";
import { rowStatuses } from "../../src/report/rowStatus.ts";

const outcome = (
  row: number,
  outcome: EntryOutcome["outcome"],
  more: Partial<EntryOutcome> = {},
): EntryOutcome => ({
  entry: {
    seq: row,
    kind: "create",
    user: "kim@contoso.com",
    userPrincipalName: "kim@contoso.com",
    userId: "8d3f1c52-8a11-4c5e-9f6e-0a4b7c2d9e10",
    phoneType: "mobile",
    from: null,
    to: "+31 612345678",
    reason: "emptySlot",
    ref: { row },
    rows: [row],
  } as EntryOutcome["entry"],
  outcome,
  attempts: 1,
  ...more,
});
const issue = (row: number): RowIssue => ({
  code: "invalid-phone",
  level: "error",
  ref: { row },
  user: "kim@contoso.com",
  phoneType: "office",
  message: 'The office cell "•••••••78" is not a usable number.',
});

test("the phone of a row that went worst says what came of the row", () => {
  const order = ["alreadySo", "applied", "skipped", "refused", "failed", "inDoubt"] as const;
  const words = ["already so", "applied", "skipped", "refused", "failed", "in doubt"];
  for (const [index, worse] of order.entries()) {
    const better = order.slice(0, index).map(each => outcome(2, each));
    assert.equal(rowStatuses([...better, outcome(2, worse)], []).get(2)?.outcome, words[index]);
  }
});

test("an issue makes a row not usable, unless something was sent for it that went wrong", () => {
  assert.equal(rowStatuses([outcome(2, "applied")], [issue(2)]).get(2)?.outcome, "not usable");
  assert.equal(rowStatuses([outcome(2, "failed")], [issue(2)]).get(2)?.outcome, "failed");
});

test("merged rows have one status each, and a row that nothing is said of has none", () => {
  const merged = outcome(2, "applied");
  const statuses = rowStatuses([{ ...merged, entry: { ...merged.entry, rows: [2, 7] } }], []);
  assert.deepEqual([...statuses.keys()], [2, 7]);
});

const texts: readonly (readonly [said: string, written: string])[] = [
  ["The slot holds +31 612345678 now.", "mobile: The slot holds (number) now."],
  ["The slot holds +•• •••••••78 now.", "mobile: The slot holds (number) now."],
  ["Graph answered 503 (request-id 5a4d-4b0c).", "mobile: Graph answered 503 (request-id 5a4d-4b0c)."],
  ["Call (212) 555-0100.", "mobile: Call (number)."],
];
for (const [said, written] of texts) {
  test(`"${said}" is written without its number`, () => {
    assert.equal(rowStatuses([outcome(2, "refused", { message: said })], []).get(2)?.message, written);
  });
}
