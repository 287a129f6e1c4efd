import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeRows, sharedNumberIssue } from "../../src/decide/across.ts";
import { type DesiredRow, desireRow } from "../../src/decide/desire.ts";
import type { ColumnKind, RosterRow } from "../../src/model/row.ts";

type Cells = { readonly [Kind in ColumnKind]?: string };

/** Rows of one user from row 2 on, under mirror, where a blank cell says most. */
function merge(...rows: readonly Cells[]) {
  const desired = rows.map((cells, at) => {
    const stored = Object.entries({ user: "anna.berg@contoso.com", ...cells }).map(([kind, text]) => [
      kind,
      { text, stored: "text" },
    ]);
    const row: RosterRow = { ref: { row: at + 2 }, hidden: false, cells: Object.fromEntries(stored) };
    return desireRow(row, { match: "upn", region: "NL", policy: "mirror" });
  });
  const { phones, issues } = mergeRows(desired);
  return {
    phones,
    issues: issues.map(({ code, ref, phoneType }) => [code, ref.row, phoneType ?? "row"].join(" ")),
  };
}

const number = { kind: "number", number: "+31 612345678", landline: false };

test("equal numbers are one, and the rows that add nothing are duplicates", () => {
  const { phones, issues } = merge(
    { mobile: "0612345678" },
    { mobile: "+31 6 12345678" },
    { mobile: "06-12345678" },
  );
  assert.deepEqual(phones.mobile, { desired: number, ref: { row: 2 }, rows: [2, 3, 4] });
  assert.deepEqual(issues, ["duplicate 3 row", "duplicate 4 row"]);
});

test("a row that adds a phone is no duplicate", () => {
  const { phones, issues } = merge(
    { mobile: "0612345678", office: "" },
    { mobile: "", office: "0201234567" },
    { mobile: "0612345678", office: "0201234567" },
  );
  assert.deepEqual(phones.mobile.rows, [2, 4]);
  assert.deepEqual(phones.office.rows, [3, 4]);
  assert.deepEqual(phones.office.ref, { row: 3 });
  assert.deepEqual(issues, ["duplicate 4 row"]);
});

test("a row that repeats one phone and adds another is no duplicate", () => {
  const { issues } = merge(
    { mobile: "0612345678", office: "" },
    { mobile: "0612345678", office: "0201234567" },
  );
  assert.deepEqual(issues, []);
});

test("two different numbers are a conflict on each row, and that type gets no change", () => {
  const { phones, issues } = merge(
    { mobile: "0612345678", office: "0201234567" },
    { mobile: "0612345679", office: "" },
    { mobile: "0612345678", office: "" },
  );
  assert.deepEqual(phones.mobile, { desired: { kind: "unusable" }, ref: { row: 2 }, rows: [2, 3, 4] });
  assert.equal(phones.office.desired.kind, "number");
  assert.deepEqual(issues, ["conflict 2 mobile", "conflict 3 mobile", "conflict 4 mobile"]);
});

test("an unreadable cell holds the number of another row", () => {
  const { phones, issues } = merge({ mobile: "06-1234" }, { mobile: "0612345678" });
  assert.deepEqual(phones.mobile, { desired: { kind: "unusable" }, ref: { row: 2 }, rows: [2, 3] });
  assert.deepEqual(issues, ["conflict 3 mobile"]);
});

test("a number wins over a blank cell, in either order", () => {
  for (const rows of [
    [{ mobile: "" }, { mobile: "0612345678" }],
    [{ mobile: "0612345678" }, { mobile: " " }],
  ]) {
    const { phones, issues } = merge(...rows);
    assert.deepEqual(phones.mobile.desired, number);
    assert.deepEqual(phones.mobile.rows, [rows[0]?.mobile === "" ? 3 : 2]);
    assert.deepEqual(issues, []);
  }
});

test("a blank cell beside an unreadable one removes nothing, in either order", () => {
  assert.equal(merge({ mobile: "" }, { mobile: "n/a" }).phones.mobile.desired.kind, "unusable");
  assert.equal(merge({ mobile: "n/a" }, { mobile: "" }).phones.mobile.desired.kind, "unusable");
});

test("blank cells stay blank and an unmapped column stays unmapped", () => {
  const { phones, issues } = merge({ mobile: "" }, { mobile: "" });
  assert.deepEqual(phones.mobile, { desired: { kind: "blank" }, ref: { row: 2 }, rows: [2, 3] });
  assert.deepEqual(phones.office, { desired: { kind: "unmapped" }, ref: { row: 2 }, rows: [] });
  assert.deepEqual(issues, []);
});

test("a row that cannot be used as a whole holds the user's other rows", () => {
  const desired = (cells: Cells, row: number): DesiredRow =>
    desireRow(
      {
        ref: { row },
        hidden: false,
        cells: Object.fromEntries(
          Object.entries({ user: "anna@contoso.com", ...cells }).map(([kind, text]) => [
            kind,
            { text, stored: "text" },
          ]),
        ),
      },
      { match: "upn", region: "NL", user: { id: "anna", userPrincipalName: "anna@contoso.com" } },
    );
  const rows = [
    desired({ id: "bram", mobile: "0612345678" }, 2),
    desired({ id: "anna", mobile: "0612345678" }, 3),
  ];
  const { phones, issues } = mergeRows(rows);
  assert.equal(phones.mobile.desired.kind, "unusable");
  assert.deepEqual(
    issues.map(({ code, ref }) => [code, ref.row]),
    [["conflict", 3]],
  );
});

test("a conflict names a few of the rows that say otherwise", () => {
  const cells = Array.from({ length: 40 }, (_, at) => ({ mobile: `06123456${10 + at}` }));
  const desired = cells.map(({ mobile }, at) =>
    desireRow(
      {
        ref: { row: at + 2 },
        hidden: false,
        cells: {
          user: { text: "anna@contoso.com", stored: "text" },
          mobile: { text: mobile, stored: "text" },
        },
      },
      { match: "upn", region: "NL" },
    ),
  );
  const { issues } = mergeRows(desired);
  assert.equal(issues.length, 40);
  assert.match(issues[0]?.message ?? "", /in rows 3, 4, 5, 6, 7, so none is written/);
});

test("a shared number is a warning that names the other rows", () => {
  const issue = sharedNumberIssue({ ref: { row: 9 }, user: "anna@contoso.com" }, [
    { ref: { row: 2 }, user: "kim@contoso.com" },
    { ref: { row: 5 }, user: "lee@contoso.com" },
  ]);
  assert.equal(issue.level, "warning");
  assert.deepEqual(issue.ref, { row: 9 });
  assert.match(issue.message, /the same number in rows 2, 5\./);
});

test("users of the directory are named by who they are", () => {
  const properties = { mobile: "mobilePhone" } as const;
  const issue = sharedNumberIssue({ ref: { row: 9 }, user: "anna@contoso.com" }, [
    { ref: { row: 2 }, user: "kim@contoso.com", properties },
    { ref: { row: 5 }, user: null, properties },
    { ref: { row: 6 }, user: "lee@contoso.com" },
  ]);
  assert.match(issue.message, /the same number \(kim@contoso\.com\)\./);
});

test("a conflict names one row of each other number, or the rows that cannot be used", () => {
  const messages = (...cells: readonly string[]): readonly string[] =>
    mergeRows(
      cells.map((mobile, at) =>
        desireRow(
          {
            ref: { row: at + 2 },
            hidden: false,
            cells: {
              user: { text: "anna@contoso.com", stored: "text" },
              mobile: { text: mobile, stored: "text" },
            },
          },
          { match: "upn", region: "NL" },
        ),
      ),
    ).issues.map(({ message }) => message);
  const [first] = messages("0612345678", "0612345679", "0612345679");
  assert.match(first ?? "", /another mobile number in row 3,/);
  const broken = Array.from({ length: 7 }, () => "n/a");
  assert.match(messages("0612345678", ...broken)[0] ?? "", /in rows 3, 4, 5, 6, 7 cannot be used/);
  assert.deepEqual(messages("n/a", "n/a"), []);
});

test("a row that is repeated twice is called by the first", () => {
  const rows = [2, 3, 4].map(row =>
    desireRow(
      {
        ref: { row },
        hidden: false,
        cells: {
          user: { text: "anna@contoso.com", stored: "text" },
          mobile: { text: "0612345678", stored: "text" },
        },
      },
      { match: "upn", region: "NL" },
    ),
  );
  const { issues } = mergeRows(rows);
  assert.ok(issues.every(({ message }) => message.includes("repeats row 2 ")));
  assert.equal(issues.length, 2);
});
