import assert from "node:assert/strict";
import { test } from "node:test";
import { inspectRoster } from "../../src/roster/inspect.ts";
import { rosterFile } from "../support/rosterFile.ts";
import { workbook } from "../support/workbook.ts";

const inspect = (name: string, content: string | Buffer) =>
  Array.fromAsync(inspectRoster({ kind: "file", path: rosterFile(name, content) }));

test("a workbook is listed sheet by sheet, with its tables and first cells", async () => {
  const many = Array.from({ length: 25 }, (_, index) => [`row ${index + 1}`]);
  const lines = await inspect(
    "book.xlsx",
    workbook({
      sheets: [
        {
          name: "Staff",
          rows: [["Title"], ["UPN", "Mobile"], ["a@x.example", 612345678], ["Total", true]],
          hiddenRows: [3],
          tables: [{ name: "t", ref: "A2:B4", columns: ["UPN", "Mobile"], totalsRowCount: 1 }],
        },
        { name: "Old", state: "veryHidden", rows: many, hiddenRows: [24, 25] },
      ],
    }),
  );
  assert.deepEqual(lines.slice(0, 9), [
    { type: "sheet", name: "Staff", state: "visible", hiddenRows: [3] },
    { type: "cell", sheet: "Staff", ref: "A1", text: "Title" },
    { type: "cell", sheet: "Staff", ref: "A2", text: "UPN" },
    { type: "cell", sheet: "Staff", ref: "B2", text: "Mobile" },
    { type: "cell", sheet: "Staff", ref: "A3", text: "a@x.example" },
    { type: "cell", sheet: "Staff", ref: "B3", text: "612345678" },
    { type: "cell", sheet: "Staff", ref: "A4", text: "Total" },
    { type: "cell", sheet: "Staff", ref: "B4", text: "TRUE" },
    {
      type: "table",
      name: "t",
      sheet: "Staff",
      ref: "A2:B4",
      headers: ["UPN", "Mobile"],
      dataRows: 1,
      totalsRow: true,
    },
  ]);
  assert.deepEqual(lines[9], { type: "sheet", name: "Old", state: "veryHidden", hiddenRows: [24, 25] });
  assert.equal(lines.length, 30, "20 of the 25 rows are shown");
});

test("a text file is one sheet", async () => {
  assert.deepEqual(await inspect("list.csv", "UPN;Mobile\na@x.example;\n"), [
    { type: "sheet", name: "list.csv", state: "visible", hiddenRows: [] },
    { type: "cell", sheet: "list.csv", ref: "A1", text: "UPN" },
    { type: "cell", sheet: "list.csv", ref: "B1", text: "Mobile" },
    { type: "cell", sheet: "list.csv", ref: "A2", text: "a@x.example" },
  ]);
});

test("a text file without known columns is listed too", async () => {
  const lines = await inspect("list.csv", "Wer;Was\n1;2\n");
  assert.deepEqual(
    lines.map(line => (line.type === "cell" ? line.text : "")),
    ["", "Wer", "Was", "1", "2"],
  );
});

test("a JSON list is a sheet and a table of its members", async () => {
  assert.deepEqual(await inspect("list.json", '[{"upn":"a@x.example"},{"upn":"b@x.example","tel":6}]'), [
    { type: "sheet", name: "list.json", state: "visible", hiddenRows: [] },
    {
      type: "table",
      name: "list.json",
      sheet: "list.json",
      ref: "A1:B2",
      headers: ["upn", "tel"],
      dataRows: 2,
      totalsRow: false,
    },
    { type: "cell", sheet: "list.json", ref: "A1", text: "a@x.example" },
    { type: "cell", sheet: "list.json", ref: "A2", text: "b@x.example" },
    { type: "cell", sheet: "list.json", ref: "B2", text: "6" },
  ]);
});

test("what cannot be read is refused like any roster", async () => {
  await assert.rejects(inspect("a.xlsx", "%PDF-1.7"), { code: "PREPOP_ROSTER_NOT_A_WORKBOOK" });
});
