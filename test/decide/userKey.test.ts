import assert from "node:assert/strict";
import { test } from "node:test";
import { userKey } from "../../src/decide/userKey.ts";
import type { RosterCell, RosterRow } from "../../src/model/row.ts";
import type { Match } from "../../src/model/user.ts";

function row(cells: RosterRow["cells"]): RosterRow {
  return { ref: { row: 2 }, hidden: false, cells };
}

const cell = (text: string, stored: RosterCell["stored"] = "text"): RosterCell => ({ text, stored });
const keyOf = (text: string, match: Match = "upn", stored: RosterCell["stored"] = "text") =>
  userKey(row({ user: cell(text, stored) }), match);

for (const name of [
  "anna.berg@contoso.com",
  "Femke.Visser@Contoso.COM",
  "first.last+test@contoso.com",
  "guest.user_fabrikam.com#EXT#@contoso.onmicrosoft.com",
  `${"long.".repeat(20)}_fabrikam.com#EXT#@contoso.onmicrosoft.com`,
  "o'brien.sean@contoso.com",
  "under_score-dash!hash#tilde~caret^@contoso.com",
  "josé.alvarez@contoso.com",
  "a@localhost",
]) {
  test(`${name} can name a user`, () => assert.equal(keyOf(name).kind, "key"));
}

for (const name of [
  "../../groups/x@contoso.com",
  "=cmd|'/C calc'!A0@contoso.com",
  "=anna@contoso.com",
  "Jan Bakker <jan.bakker@contoso.com>",
  "a@b@contoso.com",
  "elif\u200b.demir@contoso.com",
  "elif\u202e.demir@contoso.com",
  "lotte bos@contoso.com",
  "lotte\u00a0bos@contoso.com",
  "lotte\tbos@contoso.com",
  "mailto:kees.mulder@contoso.com",
  "mees.peters@contoso.com; noor.hendriks@contoso.com",
  "anna@contoso.com,bram@contoso.com",
  '"anna.berg@contoso.com"',
  "a\\b@contoso.com",
  "@contoso.com",
  "anna@",
  "@",
  "anna.berg",
  "#N/A",
  `${"x".repeat(65)}@contoso.com`,
  `a@${"x".repeat(400)}.com`,
]) {
  test(`${JSON.stringify(name)} cannot name a user`, () => {
    assert.equal(keyOf(name).kind, "invalid");
    assert.equal(keyOf(name, "mail").kind, "invalid");
  });
}

/** Why a text names no user. */
const reasons: readonly (readonly [
  text: string,
  why: string,
  match?: Match,
  stored?: RosterCell["stored"],
])[] = [
  ["TRUE", "it holds true or false", "employeeId", "boolean"],
  ["[]", "it holds a list", "employeeId", "list"],
  ["{}", "it holds an object", "employeeId", "object"],
  ["42", "it holds an error of the spreadsheet", "employeeId", "error"],
  ["#n/a", "it holds an error of the spreadsheet", "employeeId"],
  ["#DIV/0!", "it holds an error of the spreadsheet"],
  ["el\u200bif@contoso.com", "it holds the invisible character U+200B"],
  ["el\u0001if@contoso.com", "it holds the invisible character U+0001"],
  ["A\u202d42", "it holds the invisible character U+202D", "employeeId"],
  ["A\u{e0001}42", "it holds the invisible character U+E0001", "employeeId"],
  ["=anna@contoso.com", "it looks like a formula"],
  ["lotte bos@contoso.com", "it holds a space"],
  ["lotte\u00a0bos@contoso.com", "it holds a space"],
  ["a/b@contoso.com", "it holds the character /"],
  ["<anna@contoso.com>", "it holds the character <"],
  ["a@b@contoso.com", "it holds more than one @"],
  ["anna.berg", "it holds no @"],
  ["@contoso.com", "nothing stands before the @"],
  ["anna@", "nothing stands after the @"],
  [`${"x".repeat(65)}@contoso.com`, "it is too long"],
  [`${"x".repeat(65)}#EXT#x@contoso.com`, "it is too long"],
  [`a@${"x".repeat(319)}`, "it is too long"],
  ["4".repeat(129), "it is too long for an employeeId", "employeeId"],
  ["1.2E+12", "the scientific notation has lost digits", "employeeId", "number"],
  ["1.2e+12", "the scientific notation has lost digits", "employeeId", "number"],
  ["x3179e48a-750b-4051-897c-87b9720928f7", "it is no object id (a GUID)", "id"],
  ["3179e48a-750b-4051-897c-87b9720928f7x", "it is no object id (a GUID)", "id"],
];

for (const [text, why, match = "upn", stored = "text"] of reasons) {
  test(`as ${match}, ${JSON.stringify(text.slice(0, 60))} names no user: ${why}`, () => {
    assert.deepEqual(keyOf(text, match, stored), { kind: "invalid", why });
  });
}

for (const [text, match] of [
  [`${"x".repeat(64)}@contoso.com`, "upn"],
  [`${"x".repeat(65)}#ext#@contoso.com`, "upn"],
  [`a@${"x".repeat(318)}`, "upn"],
  ["4".repeat(128), "employeeId"],
  ["A#N/A", "employeeId"],
  ["#N/A of 42", "employeeId"],
] as const) {
  test(`as ${match}, ${text.slice(0, 60)} can name a user`, () =>
    assert.equal(keyOf(text, match).kind, "key"));
}

test("a key is trimmed of white space and kept as it is written", () => {
  assert.deepEqual(keyOf("\ufeff\u00a0 Lotte.Bos@contoso.com \t"), {
    kind: "key",
    key: "Lotte.Bos@contoso.com",
    fold: "lotte.bos@contoso.com",
  });
});

test("keys are compared without case but never normalised", () => {
  const fold = (text: string) => {
    const key = keyOf(text);
    return key.kind === "key" ? key.fold : undefined;
  };
  assert.equal(fold("DAAN.JANSEN@CONTOSO.COM"), fold("daan.jansen@contoso.com"));
  assert.equal(fold("JOSÉ@contoso.com"), fold("josé@contoso.com"));
  for (const [left, right] of [
    ["\u212aees@contoso.com", "kees@contoso.com"],
    ["\u0130ris@contoso.com", "iris@contoso.com"],
    ["\ufb01ona@contoso.com", "fiona@contoso.com"],
    ["br\u0430m@contoso.com", "bram@contoso.com"],
    ["jose\u0301@contoso.com", "jos\u00e9@contoso.com"],
  ] as const) {
    assert.notEqual(fold(left), fold(right));
  }
});

test("who was read from the directory is named by it, whatever his name looks like", () => {
  const found = { id: "user-1", userPrincipalName: "Anna Berg@contoso.com" };
  const row: RosterRow = { ref: { row: 2 }, hidden: false, cells: { user: cell("bram@contoso.com") }, found };
  assert.deepEqual(userKey(row, "upn"), { kind: "key", key: "Anna Berg@contoso.com", fold: "user-1" });
});

test("an empty cell, white space and an unmapped column are blank", () => {
  assert.equal(keyOf("").kind, "blank");
  assert.equal(keyOf(" \u00a0\t").kind, "blank");
  assert.equal(userKey(row({ mobile: cell("0612345678") }), "upn").kind, "blank");
});

test("without a user column the cell of the kind that is matched is the key", () => {
  const cells = { mail: cell("anna@contoso.com"), employeeId: cell("0042") };
  assert.deepEqual(userKey(row(cells), "employeeId"), { kind: "key", key: "0042", fold: "0042" });
  assert.equal(userKey(row(cells), "mail").kind, "key");
  assert.equal(userKey(row(cells), "upn").kind, "blank");
  const both = row({ ...cells, user: cell("bram@contoso.com") });
  assert.deepEqual(userKey(both, "mail"), { kind: "key", key: "bram@contoso.com", fold: "bram@contoso.com" });
});

const others: readonly (readonly [
  name: string,
  text: string,
  match: Match,
  stored: RosterCell["stored"],
  kind: string,
])[] = [
  ["an object id", "3179E48A-750b-4051-897c-87b9720928f7", "id", "text", "key"],
  ["an object id in braces", "{3179e48a-750b-4051-897c-87b9720928f7}", "id", "text", "invalid"],
  ["an address where an id is meant", "anna@contoso.com", "id", "text", "invalid"],
  ["an employee id of digits", "1042", "employeeId", "number", "key"],
  ["an employee id with spaces inside", "A 42", "employeeId", "text", "key"],
  ["an employee id in scientific notation", "1.2E+12", "employeeId", "number", "invalid"],
  ["an employee id that holds an E", "12E4", "employeeId", "text", "key"],
  ["an error for an employee id", "#N/A", "employeeId", "text", "invalid"],
  ["an error cell", "#REF!", "employeeId", "error", "invalid"],
  ["a boolean", "true", "employeeId", "boolean", "invalid"],
  ["a list", '["anna@contoso.com"]', "upn", "list", "invalid"],
  ["an object", "{}", "employeeId", "object", "invalid"],
  ["an employee id with a line end", "A\n42", "employeeId", "text", "invalid"],
  ["a very long employee id", "4".repeat(200), "employeeId", "text", "invalid"],
];

for (const [name, text, match, stored, kind] of others) {
  test(`as ${match}, ${name} is ${kind}`, () => assert.equal(keyOf(text, match, stored).kind, kind));
}
