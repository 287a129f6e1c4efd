import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { cellOf, flawedRow, formerNumber, wantedNumber, writeChanges } from "../../bench/list.ts";

test("in each thousand rows one is blank, one wrong, one nameless and one a repeat of the row before", () => {
  for (const thousand of [0, 7_000]) {
    const at = (row: number) => flawedRow(thousand + row);
    assert.equal(at(7)[1], "");
    assert.equal(at(13)[1].length, 7);
    assert.equal(at(31)[0], "");
    assert.equal(at(30)[0], at(29)[0]);
    assert.equal(at(30)[1].slice(-7), at(29)[1].slice(-7));
  }
});

test("a list of deletes names the numbers that are there, the others the numbers that shall be", () => {
  assert.equal(cellOf("delete", 12), `0${formerNumber(12).slice(4)}`);
  assert.equal(cellOf("create", 12), wantedNumber(12).cell);
  assert.notEqual(wantedNumber(12).stored, formerNumber(12));
});

test("a list has a header and one line a user", async t => {
  const folder = mkdtempSync(join(tmpdir(), "prepop-list-"));
  t.after(() => rmSync(folder, { recursive: true }));
  await writeChanges(join(folder, "list.csv"), "create", 10_001);
  const lines = readFileSync(join(folder, "list.csv"), "utf8").trimEnd().split("\r\n");
  assert.equal(lines.length, 10_002);
  assert.deepEqual(
    [lines[0], lines.at(-1)],
    ["userPrincipalName,telephoneNumber", "user010000@contoso.com,0610010000"],
  );
});
