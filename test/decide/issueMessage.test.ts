import assert from "node:assert/strict";
import { test } from "node:test";
import {
  alternateWithoutMobileIssue,
  type IssueFacts,
  issueMessage,
  rowIssue,
} from "../../src/decide/issueMessage.ts";
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

test("no two issues have the same text, in a list and in a profile", () => {
  for (const at of [{}, { property: "mobilePhone" as const }]) {
    const texts = facts.map(fact => issueMessage(fact, at));
    assert.equal(new Set(texts).size, texts.length);
  }
});

test("a number of a profile is called by its property, and corrected there", () => {
  const at = { property: "mobilePhone" } as const;
  assert.match(
    issueMessage({ code: "region-needed", ...cell }, at),
    /the mobilePhone of the profile .*give the user a usageLocation/,
  );
  assert.match(issueMessage({ code: "region-needed", ...cell }), /the mobile cell .*add a region column/);
  assert.match(
    issueMessage({ code: "repaired", phoneType: "mobile", raw, number }, at),
    /Correct it in the profile\./,
  );
  assert.match(
    issueMessage({ code: "repaired", phoneType: "mobile", raw, number }),
    /Format the column as text/,
  );
  const same = { code: "same-number", phoneType: "office", other: "mobile" } as const;
  assert.match(issueMessage(same), /as the mobile cell,/);
  assert.match(issueMessage(same, at), /as the mobile,/);
});

test("a plan may know the country that a check does not", () => {
  const says = / A plan may still succeed/;
  assert.match(issueMessage({ code: "region-needed", ...cell }), says);
  assert.match(issueMessage({ code: "region-needed", ...cell, mayBeSettled: false }), /give --region\.$/);
});

test("what differs is said in the singular and in the plural", () => {
  assert.match(issueMessage({ code: "user-mismatch", columns: ["id"] }), /: id does not belong/);
  assert.match(
    issueMessage({ code: "user-mismatch", columns: ["id", "mail"] }),
    /: id and mail do not belong/,
  );
});

test("users of the directory are named instead of rows", () => {
  const users = ["kim@contoso.com", "lee@contoso.com"];
  assert.match(
    issueMessage({ code: "shared-number", others: [1, 2], users }),
    /the same number \(kim@contoso\.com, lee@contoso\.com\)\./,
  );
});

test("a conflict says which of the two it is", () => {
  const conflict = { code: "conflict", phoneType: "mobile", others: [3] } as const;
  assert.match(issueMessage({ ...conflict, because: "otherNumber" }), /another mobile number in row 3/);
  assert.match(issueMessage({ ...conflict, because: "unreadable" }), /in row 3 cannot be used/);
});

test("an alternate mobile without a mobile is an issue of its row", () => {
  const issue = alternateWithoutMobileIssue({ ref: { row: 9 } }, "anna@contoso.com");
  assert.deepEqual(
    { ...issue, message: "" },
    {
      code: "alternate-without-mobile",
      level: "error",
      ref: { row: 9 },
      user: "anna@contoso.com",
      phoneType: "alternateMobile",
      message: "",
    },
  );
});

test("a cell of 40 characters is quoted in full", () => {
  const message = (text: string) => issueMessage({ ...cell, code: "invalid-phone", raw: text });
  assert.match(message(` ${"c".repeat(40)} `), /"c{40}"/);
  assert.match(message("c".repeat(41)), /"c{40}…"/);
});

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
