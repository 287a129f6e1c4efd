import assert from "node:assert/strict";
import { test } from "node:test";
import { type DesireContext, type DesiredRow, desireRow } from "../../src/decide/desire.ts";
import type { Policy } from "../../src/model/change.ts";
import { phoneTypes } from "../../src/model/phone.ts";
import type { ColumnKind, RosterRow } from "../../src/model/row.ts";
import type { User } from "../../src/model/user.ts";

type Cells = { readonly [Kind in ColumnKind]?: string };

const anna: User = {
  id: "11111111-1111-4111-8111-111111111111",
  userPrincipalName: "anna.berg@contoso.com",
  mail: "anna@contoso.com",
  employeeId: "A42",
  usageLocation: "NL",
};

function rosterRow(cells: Cells): RosterRow {
  const stored = Object.entries(cells).map(([kind, text]) => [kind, { text, stored: "text" }]);
  return { ref: { row: 2, sheet: "Sheet1" }, hidden: false, cells: Object.fromEntries(stored) };
}

const desire = (cells: Cells, context: Partial<DesireContext> = {}): DesiredRow =>
  desireRow(rosterRow({ user: "anna.berg@contoso.com", ...cells }), {
    match: "upn",
    region: "NL",
    ...context,
  });

const codes = ({ issues }: DesiredRow) =>
  issues.map(({ code, phoneType }) => (phoneType ? `${code} ${phoneType}` : code));
const kinds = ({ phones }: DesiredRow) => phoneTypes.map(phoneType => phones[phoneType].kind);

test("a row asks for its phones; blank, unreadable and unmapped are three values", () => {
  const row = desire({ mobile: "0612345678", alternateMobile: "" });
  assert.deepEqual(row.phones, {
    mobile: { kind: "number", number: "+31 612345678", landline: false },
    alternateMobile: { kind: "blank" },
    office: { kind: "unmapped" },
  });
  assert.deepEqual(row.parsed, { mobile: "+31 612345678" });
  assert.deepEqual(row.issues, []);
  assert.equal(row.user, "anna.berg@contoso.com");
  assert.deepEqual(row.ref, { row: 2, sheet: "Sheet1" });
  assert.deepEqual(kinds(desire({ mobile: "n/a", office: " " })), ["unusable", "unmapped", "blank"]);
});

test("an error of one phone leaves the others alone", () => {
  const row = desire({ mobile: "06-1234", office: "020 1234567" });
  assert.deepEqual(kinds(row), ["unusable", "unmapped", "number"]);
  assert.deepEqual(row.parsed, { office: "+31 201234567" });
  assert.deepEqual(codes(row), ["invalid-phone mobile"]);
});

test("an error of the user makes every mapped phone unusable, and the cells still show what they say", () => {
  for (const user of ["not an address", ""]) {
    const row = desire({ user, mobile: "0612345678", office: "" });
    assert.deepEqual(kinds(row), ["unusable", "unmapped", "unusable"]);
    assert.deepEqual(row.parsed, { mobile: "+31 612345678" });
  }
});

test("a phone without a user is missing-user, and a row without both is nothing", () => {
  const row = desire({ user: " ", mobile: "0612345678" });
  assert.deepEqual(codes(row), ["missing-user"]);
  assert.equal(row.user, null);
  assert.deepEqual(codes(desire({ user: "", mobile: "n/a" })), ["missing-user", "invalid-phone mobile"]);
  assert.deepEqual(codes(desire({ user: "", mobile: "" })), []);
});

test("a key that cannot name a user is invalid-user", () => {
  const row = desire({ user: "=cmd|'/C calc'!A0@contoso.com", mobile: "0612345678" });
  assert.deepEqual(codes(row), ["invalid-user"]);
  assert.equal(row.user, "=cmd|'/C calc'!A0@contoso.com");
});

const missing: readonly (readonly [policy: Policy | undefined, issue: boolean])[] = [
  [undefined, true],
  ["add", true],
  ["update", true],
  ["mirror", false],
  ["remove", false],
];

for (const [policy, issue] of missing) {
  test(`a row without any phone is ${issue ? "" : "not "}missing-phone under ${policy ?? "check"}`, () => {
    const context = policy === undefined ? {} : { policy };
    const row = desire({ mobile: "", office: " " }, context);
    assert.deepEqual(codes(row), issue ? ["missing-phone"] : []);
    assert.deepEqual(kinds(row), ["blank", "unmapped", "blank"]);
    assert.deepEqual(codes(desire({ mobile: "", office: "020 1234567" }, context)), []);
    assert.deepEqual(codes(desire({ mobile: "", office: "n/a" }, context)), ["invalid-phone office"]);
    assert.deepEqual(codes(desire({}, context)), []);
  });
}

test("other identity columns must belong to the user that the key found", () => {
  const cells = { mobile: "0612345678" };
  const same = { ...cells, id: anna.id.toUpperCase(), mail: " ANNA@contoso.com ", employeeId: "a42" };
  assert.deepEqual(codes(desire(same, { user: anna })), []);
  assert.deepEqual(codes(desire({ ...cells, id: "", mail: " " }, { user: anna })), []);
  for (const other of [
    { id: "22222222-2222-4222-8222-222222222222" },
    { mail: "bram@contoso.com" },
    { employeeId: "B1" },
  ]) {
    const row = desire({ ...cells, ...other }, { user: anna });
    assert.deepEqual(codes(row), ["user-mismatch"]);
    assert.deepEqual(kinds(row), ["unusable", "unmapped", "unmapped"]);
    assert.deepEqual(row.parsed, { mobile: "+31 612345678" });
    assert.deepEqual(codes(desire({ ...cells, ...other })), [], "offline nobody can tell");
  }
});

test("an identity that the user does not have is another one", () => {
  const { employeeId: _, ...without } = anna;
  assert.deepEqual(codes(desire({ mobile: "0612345678", employeeId: "A42" }, { user: without })), [
    "user-mismatch",
  ]);
});

test("the column that holds the key is not compared with itself", () => {
  const row = desireRow(rosterRow({ employeeId: "A42", mobile: "0612345678" }), {
    match: "employeeId",
    region: "NL",
    user: anna,
  });
  assert.deepEqual(codes(row), []);
  assert.equal(row.user, "A42");
});

test("a disabled account is a warning and its phones stay usable", () => {
  const row = desire({ mobile: "0612345678" }, { user: { ...anna, accountEnabled: false } });
  assert.deepEqual(codes(row), ["disabled-user"]);
  assert.deepEqual(kinds(row), ["number", "unmapped", "unmapped"]);
  assert.deepEqual(codes(desire({ mobile: "0612345678" }, { user: { ...anna, accountEnabled: true } })), []);
});

test("one number in two columns is said once, at the later one", () => {
  const row = desire({ mobile: "0612345678", alternateMobile: "+31 6 12345678", office: "06-12345678" });
  assert.deepEqual(codes(row), ["same-number alternateMobile", "same-number office"]);
  assert.deepEqual(kinds(row), ["number", "number", "number"]);
});

test("the notes of a number are warnings of its phone", () => {
  const row = desire({ mobile: "201234567", alternateMobile: "+1 5555551234" });
  assert.deepEqual(codes(row), ["repaired mobile", "landline mobile", "possible-only alternateMobile"]);
  assert.deepEqual(
    row.issues.map(({ level }) => level),
    ["warning", "warning", "warning"],
  );
  assert.deepEqual(row.phones.mobile, { kind: "number", number: "+31 201234567", landline: true });
});

test("the region column decides before --region and the user's usageLocation after it", () => {
  assert.deepEqual(desire({ region: "BE", mobile: "0470 12 34 56" }).parsed, { mobile: "+32 470123456" });
  const row = desireRow(rosterRow({ user: "anna.berg@contoso.com", mobile: "0612345678" }), {
    match: "upn",
    user: anna,
  });
  assert.deepEqual(row.parsed, { mobile: "+31 612345678" });
});

test("offline, a missing region says that a plan may still succeed, and only then", () => {
  const message = (cells: Cells, context: DesireContext) =>
    desireRow(rosterRow({ user: "anna.berg@contoso.com", mobile: "0612345678", ...cells }), context)
      .issues.map(issue => `${issue.code}: ${issue.message}`)
      .join();
  assert.match(message({}, { match: "upn" }), /^region-needed: .*plan may still succeed/);
  assert.doesNotMatch(message({ region: "Narnia" }, { match: "upn" }), /may still succeed/);
  const { usageLocation: _, ...nowhere } = anna;
  assert.match(message({}, { match: "upn", user: nowhere }), /^region-needed/);
  assert.doesNotMatch(message({}, { match: "upn", user: nowhere }), /may still succeed/);
});

/** A look-up that found nothing looks like a blank cell, and under mirror a blank cell removes a phone. */
const formulas: readonly (readonly [policy: Policy | undefined, text: string, kind: string])[] = [
  ["mirror", "", "unusable"],
  ["mirror", " ", "unusable"],
  ["mirror", "0612345678", "number"],
  ["update", "", "blank"],
  ["add", "", "blank"],
  ["remove", "", "blank"],
  [undefined, "", "blank"],
];

for (const [policy, text, kind] of formulas) {
  test(`under ${policy ?? "check"} a formula that gives ${JSON.stringify(text)} is ${kind}`, () => {
    const cells = { user: { text: "anna.berg@contoso.com", stored: "text" } } as const;
    const row = desireRow(
      { ...rosterRow({}), cells: { ...cells, mobile: { text, stored: "formula" } } },
      { match: "upn", region: "NL", ...(policy ? { policy } : {}) },
    );
    assert.equal(row.phones.mobile.kind, kind);
    if (kind === "unusable") {
      assert.deepEqual(codes(row), ["invalid-phone mobile"]);
      assert.match(row.issues[0]?.message ?? "", /its formula gives nothing/);
    }
  });
}

test("a text cell that is blank removes a phone under mirror", () => {
  assert.deepEqual(kinds(desire({ mobile: "" }, { policy: "mirror" })), ["blank", "unmapped", "unmapped"]);
});

test("a region that is named and blank names none", () => {
  const row = desireRow(rosterRow({ user: "anna.berg@contoso.com", region: " ", mobile: "0612345678" }), {
    match: "upn",
    region: "",
  });
  assert.match(row.issues[0]?.message ?? "", /may still succeed/);
});

test("a row without a column for the user has none", () => {
  const row = desireRow(rosterRow({ mobile: "0612345678" }), { match: "upn", region: "NL" });
  assert.equal(row.user, null);
  assert.deepEqual(codes(row), ["missing-user"]);
});

test("the key that found a user is his, also where he has another address by now", () => {
  const row = desireRow(rosterRow({ mail: "anna@fabrikam.com", mobile: "0612345678" }), {
    match: "mail",
    region: "NL",
    user: anna,
  });
  assert.deepEqual(codes(row), []);
});

test("a key that cannot name a user is quoted", () => {
  assert.match(desire({ user: "anna berg" }).issues[0]?.message ?? "", /"anna berg"/);
});

test("a number of the directory is an issue of its property", () => {
  const row = desireRow(
    { ...rosterRow({ user: "anna.berg@contoso.com", mobile: "n/a" }), properties: { mobile: "mobilePhone" } },
    { match: "upn", region: "NL" },
  );
  assert.deepEqual(row.properties, { mobile: "mobilePhone" });
  assert.match(row.issues[0]?.message ?? "", /mobilePhone of the profile/);
  assert.equal("properties" in desire({ mobile: "" }), false);
});
