import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { checkRoster } from "../../src/engine/check.ts";
import type { RosterRow } from "../../src/model/row.ts";
import { openRoster } from "../../src/roster/open.ts";

const folder = resolve(import.meta.dirname, "../../examples");

async function read(name: string): Promise<readonly RosterRow[]> {
  const roster = await openRoster({ kind: "file", path: join(folder, name) });
  const rows = (await Array.fromAsync(roster.batches())).flat();
  await roster.close();
  return rows;
}

test("the workbook and the text file hold the same list", async () => {
  const texts = (rows: readonly RosterRow[]) =>
    rows.map(({ ref, cells }) => [ref.row, cells.user?.text, cells.mobile?.text, cells.region?.text]);
  assert.deepEqual(texts(await read("employees.xlsx")), texts(await read("employees.csv")));
});

test("the workbook is an Excel table in which two numbers were kept as numbers", async () => {
  const rows = await read("employees.xlsx");
  assert.equal(rows[0]?.ref.table, "Employees");
  assert.equal(rows.filter(({ cells }) => cells.mobile?.stored === "number").length, 2);
});

test("the list has the faults that lists have, each named", async () => {
  const roster = await openRoster({ kind: "file", path: join(folder, "employees.xlsx") });
  const check = await checkRoster(roster, {});
  const found = [...check.rows()].flatMap(({ ref, issues }) =>
    issues.map(({ code }) => `${ref.row} ${code}`),
  );
  assert.deepEqual(found.toSorted(), [
    "122 possible-only",
    "13 repaired",
    "138 invalid-phone",
    "202 duplicate",
    "29 repaired",
    "46 landline",
    "60 invalid-phone",
    "75 missing-phone",
    "92 possible-only",
  ]);
  check.close();
  await roster.close();
});
