import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fromBufferPromise } from "yauzl";
import { openRoster } from "../../src/roster/open.ts";
import { writeTemplate } from "../../src/roster/template.ts";
import { inShort, rosterFile } from "../support/rosterFile.ts";

const folder = dirname(rosterFile("x", ""));

test("the template is read without options", async () => {
  const path = join(folder, "phones.xlsx");
  await writeTemplate(path);
  const roster = await openRoster({ kind: "file", path });
  const rows = (await Array.fromAsync(roster.batches())).flat();
  await roster.close();
  assert.deepEqual([roster.sheet, roster.table, roster.headerRow], ["Phones", "Phones", 1]);
  assert.deepEqual(roster.columns, {
    user: { header: "userPrincipalName", column: "A" },
    mobile: { header: "telephoneNumber", column: "B" },
    region: { header: "region", column: "C" },
  });
  assert.deepEqual(inShort(rows), [[2, "first.last@contoso.com", "+31 612345678"]]);
  assert.deepEqual(rows[0]?.cells.region, { text: "NL", stored: "text" });
});

test("the template's header stays in view, and every cell to fill in is text", async () => {
  const path = join(folder, "parts.xlsx");
  await writeTemplate(path);
  const sheet = await part(path, "xl/worksheets/sheet1.xml");
  assert.match(sheet, /<pane [^>]*ySplit="1"[^>]*state="frozen"/);
  const styles = await part(path, "xl/styles.xml");
  const textFormats = new Set([
    "49",
    ...[...styles.matchAll(/numFmtId="(\d+)" formatCode="@"/g)].map(match => match[1]),
  ]);
  const textStyles = [...styles.replace(/[\s\S]*<cellXfs/, "").matchAll(/<xf [^>]*numFmtId="(\d+)"/g)].map(
    match => match[1],
  );
  const prepared = [...sheet.matchAll(/<c r="B(\d+)" s="(\d+)"/g)];
  assert.ok(prepared.length > 500, "rows are prepared ahead");
  for (const [, , style = "0"] of prepared) assert.ok(textFormats.has(textStyles[Number(style)]));
});

test("a template that cannot be written is refused", async () => {
  await assert.rejects(writeTemplate(join(folder, "none", "phones.xlsx")), { code: "PREPOP_FILE_WRITE" });
});

async function part(path: string, name: string): Promise<string> {
  const zip = await fromBufferPromise(readFileSync(path));
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName !== name) continue;
    return Buffer.concat(await Array.fromAsync(await zip.openReadStreamPromise(entry))).toString("utf8");
  }
  throw new Error(`no part ${name}`);
}
