import assert from "node:assert/strict";
import { test } from "node:test";
import { type IssueFacts, issueMessage, rowIssue } from "../../src/decide/issueMessage.ts";
import { errorIssues, issueLevel, warningIssues } from "../../src/model/issue.ts";
import { phoneNumber } from "../../src/model/phone.ts";

const raw = "+31 612345678";
const number = phoneNumber("31", "612345678");
const cell = {
  phoneType: "mobile",
  raw,
  why: "it is too short for a number of NL",
  mayBeSettled: true,
} as const;

const facts: readonly IssueFacts[] = [
  { code: "invalid-phone", ...cell },
  { code: "ambiguous", ...cell },
  { code: "region-needed", ...cell },
  { code: "ambiguous-region", ...cell },
  { code: "premium-number", ...cell },
  { code: "repaired", phoneType: "mobile", raw, number },
  { code: "possible-only", phoneType: "mobile", number },
  { code: "landline", phoneType: "mobile", number },
  { code: "same-number", phoneType: "office", other: "mobile" },
  { code: "conflict", phoneType: "mobile", others: [3], because: "otherNumber" },
  { code: "conflict", phoneType: "mobile", others: [3, 4], because: "unreadable" },
  { code: "invalid-user", raw: "anna", why: "it holds no @" },
  { code: "user-mismatch", columns: ["id", "mail"] },
  { code: "duplicate", first: 2 },
  { code: "shared-number", others: [2, 3, 4, 5, 6, 7, 8] },
  { code: "alternate-without-mobile", phoneType: "alternateMobile" },
  { code: "missing-phone" },
  { code: "missing-user" },
  { code: "unknown-user" },
  { code: "ambiguous-user" },
  { code: "disabled-user" },
  { code: "admin-user" },
];

test("every issue has a text", () => {
  const codes = new Set(facts.map(({ code }) => code));
  assert.deepEqual([...codes].toSorted(), [...errorIssues, ...warningIssues].toSorted());
});

for (const fact of facts) {
  test(`the text of ${fact.code} is sentences without a number in full`, () => {
    const message = issueMessage(fact);
    assert.match(message, /^[A-Z].*\.$/);
    assert.doesNotMatch(message, /\d{3}|undefined|\[object/);
    const issue = rowIssue({ ref: { row: 7 }, user: "anna@contoso.com" }, fact);
    assert.equal(issue.level, issueLevel(fact.code));
    assert.equal(issue.phoneType, "phoneType" in fact ? fact.phoneType : undefined);
  });
}

test("a text says what happened, why and what to do", () => {
  assert.equal(
    issueMessage({ ...cell, code: "invalid-phone", raw: "06-123 56" }),
    'The mobile cell "••-••• 56" is not a usable number: it is too short for a number of NL. Write it in full, with + and country code.',
  );
});

test("a quoted cell is one short line", () => {
  const message = issueMessage({ ...cell, code: "invalid-phone", raw: `a\r\n\u0000b${"c".repeat(500)}` });
  assert.match(message, /"a bc{37}…"/);
});

test("many rows are named by the first few", () => {
  assert.match(
    issueMessage({ code: "shared-number", others: [2, 3, 4, 5, 6, 7, 8] }),
    /rows 2, 3, 4, 5, 6 and 2 more/,
  );
  assert.match(issueMessage({ code: "shared-number", others: [2] }), /in row 2\./);
});
