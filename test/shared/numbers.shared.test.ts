import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { mergeRows } from "../../src/decide/across.ts";
import { desireRow } from "../../src/decide/desire.ts";
import { userKey } from "../../src/decide/userKey.ts";
import type { RowIssue } from "../../src/model/issue.ts";
import { type PhoneType, phoneTypes } from "../../src/model/phone.ts";
import type { RosterCell, RosterRow } from "../../src/model/row.ts";

type ExpectedRow = {
  readonly row: number;
  readonly user: string;
  readonly rawUser?: string;
  readonly cells: Readonly<Record<string, string>>;
  readonly types?: Readonly<Record<string, RosterCell["stored"]>>;
  readonly expect: Readonly<Record<string, string | null>>;
  readonly accept?: Readonly<Record<string, readonly (string | null)[]>>;
  readonly never?: Readonly<Record<string, readonly (string | null)[]>>;
  readonly problem: string | null;
  readonly acceptProblem?: readonly (string | null)[];
};
type Entry = {
  readonly file: string;
  readonly defaultRegion?: string;
  readonly options: { readonly table?: string };
  readonly rows?: readonly ExpectedRow[];
};

/** What JSON holds where the cell is no text; the answers write it as text. */
const storedInJson: Readonly<Record<string, RosterCell["stored"]>> = {
  "[": "list",
  "{": "object",
  t: "boolean",
};

const folder = process.env.PREPOP_SHARED;
const skip = folder === undefined && "PREPOP_SHARED is not set: the rosters with answers are not here";
const entries: readonly Entry[] =
  folder === undefined
    ? []
    : JSON.parse(readFileSync(join(folder, "data/roster/expected.json"), "utf8")).entries;

test("rosters with answers are read as their answers say", { skip }, async t => {
  for (const entry of entries) {
    const { rows } = entry;
    if (!rows) continue;
    await t.test(`${entry.file} ${entry.options.table ?? ""}`, () => {
      const context = {
        match: "upn" as const,
        ...(entry.defaultRegion === undefined ? {} : { region: entry.defaultRegion }),
      };
      const read = rows.map(expected => {
        const row = rosterRow(entry, expected);
        const key = userKey(row, "upn");
        return { expected, key: key.kind === "key" ? key.fold : undefined, desired: desireRow(row, context) };
      });
      const byUser = Map.groupBy(read, ({ key, expected }) => key ?? expected.row);
      const across = [...byUser.values()].flatMap(
        same => mergeRows(same.map(({ desired }) => desired)).issues,
      );
      for (const { expected, desired } of read) {
        const issues = [...desired.issues, ...across.filter(({ ref }) => ref.row === expected.row)];
        checkPhones(expected, desired.parsed);
        checkProblem(expected, issues);
        assert.equal(desired.user ?? "", expected.user);
      }
    });
  }
});

function checkPhones(expected: ExpectedRow, parsed: { readonly [Type in PhoneType]?: string }): void {
  for (const phoneType of phoneTypes) {
    if (!(phoneType in expected.expect)) continue;
    const got = parsed[phoneType] ?? null;
    const allowed = [expected.expect[phoneType], ...(expected.accept?.[phoneType] ?? [])];
    assert.ok(allowed.includes(got), `row ${expected.row} ${phoneType}: ${got}, not ${allowed.join(" or ")}`);
    assert.ok(!expected.never?.[phoneType]?.includes(got), `row ${expected.row} ${phoneType}: never ${got}`);
  }
}

/** Warnings that the answers do not speak of are no problem; every error must be one they allow. */
function checkProblem(expected: ExpectedRow, issues: readonly RowIssue[]): void {
  const allowed = [expected.problem, ...(expected.acceptProblem ?? [])];
  for (const { code, level } of issues) {
    if (level === "error") assert.ok(allowed.includes(code), `row ${expected.row}: ${code}, not ${allowed}`);
  }
  const found = issues.map(({ code }) => code as string);
  const settled = allowed.includes(null) || found.some(code => allowed.includes(code));
  assert.ok(settled, `row ${expected.row}: ${found.join() || "no issue"}, not ${allowed.join(" or ")}`);
}

function rosterRow(entry: Entry, { row, user, rawUser, cells, types }: ExpectedRow): RosterRow {
  const cell = (kind: string, text: string): RosterCell => {
    const inJson = entry.file.endsWith(".json") ? storedInJson[text.slice(0, 1)] : undefined;
    return { text, stored: types?.[kind] ?? inJson ?? "text" };
  };
  const phones = Object.fromEntries(Object.entries(cells).map(([kind, text]) => [kind, cell(kind, text)]));
  return {
    ref: { row },
    hidden: false,
    cells: { user: { text: rawUser ?? user, stored: "text" }, ...phones },
  };
}
