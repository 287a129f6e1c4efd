import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { test } from "node:test";
import { PrepopError } from "../../src/model/errors.ts";
import { type OpenOptions, openRoster } from "../../src/roster/open.ts";
import { inShort, rosterFile } from "../support/rosterFile.ts";
import { workbook } from "../support/workbook.ts";

const csv = "userPrincipalName,telephoneNumber\nanna@x.example,0612345678\n";
const book = workbook({
  sheets: [
    {
      name: "S",
      rows: [
        ["UPN", "Mobile"],
        ["anna@x.example", "0612345678"],
      ],
    },
  ],
});
const list = [[2, "anna@x.example", "0612345678"]];

const spools = () => readdirSync(tmpdir()).filter(name => /^prepop-[A-Za-z0-9]{6}$/.test(name));
const stdin = (content: string | Buffer, options?: OpenOptions) =>
  openRoster({ kind: "stdin", stream: Readable.from([content]) }, options);

test("a roster tells the file's name without its folder and the hash of its bytes", async () => {
  const roster = await openRoster({ kind: "file", path: rosterFile("my list.csv", csv) });
  assert.equal(roster.name, "my list.csv");
  assert.equal(roster.hash, createHash("sha256").update(csv).digest("hex"));
  await roster.close();
});

for (const [name, content] of [
  ["text", csv],
  ["a workbook", book],
  ["JSON", '[{"upn":"anna@x.example","mobile":"0612345678"}]'],
] as const) {
  test(`standard input that is ${name} is known by its content and walked twice`, async () => {
    const before = spools();
    const roster = await stdin(content);
    assert.equal(roster.name, "stdin");
    const first = inShort((await Array.fromAsync(roster.batches())).flat());
    const second = inShort((await Array.fromAsync(roster.batches())).flat());
    await roster.close();
    assert.deepEqual(first, name === "JSON" ? [[1, "anna@x.example", "0612345678"]] : list);
    assert.deepEqual(second, first);
    assert.deepEqual(spools(), before, "no temporary file is left");
  });
}

test("standard input that is refused leaves nothing behind", async () => {
  const before = spools();
  await assert.rejects(stdin("a,b\n1,2\n"), {
    code: "PREPOP_ROSTER_COLUMNS_NOT_FOUND",
    facts: { file: "stdin", why: "no column says whose phone it is", headers: "a, b" },
  });
  await assert.rejects(stdin(""), { code: "PREPOP_ROSTER_EMPTY" });
  assert.deepEqual(spools(), before);
});

test("a list without a header does not show its numbers in the refusal", async () => {
  const error = await stdin("anna@x.example,0612345678\n").catch(cause => cause);
  assert.match(error.hint, /Headers seen: anna@x\.example, ••••••••78/);
});

test("standard input that breaks off is one refusal", async () => {
  const before = spools();
  const stream = Readable.from(
    (function* () {
      yield csv;
      throw new Error("broken pipe");
    })(),
  );
  await assert.rejects(openRoster({ kind: "stdin", stream }), { code: "PREPOP_ROSTER_NOT_FOUND" });
  assert.deepEqual(spools(), before);
});

test("a missing file, a folder and a file used as a folder are not found", async () => {
  const path = rosterFile("a.csv", csv);
  const folder = join(dirname(path), "folder.csv");
  mkdirSync(folder);
  for (const [wrong, why] of [
    [join(dirname(path), "none.csv"), /no such file/],
    [folder, /it is a folder/],
    [join(path, "x.csv"), /no such file/],
    [join(dirname(path), "x".repeat(300)), /too long/],
  ] as const) {
    const error = await openRoster({ kind: "file", path: wrong }).catch(cause => cause);
    assert.ok(error instanceof PrepopError);
    assert.equal(error.code, "PREPOP_ROSTER_NOT_FOUND");
    assert.match(error.message, why);
    assert.ok(!error.message.includes(dirname(path)));
  }
});

test("a file that is replaced meanwhile is read to its end as it was", async () => {
  const path = rosterFile("replaced.csv", csv);
  const roster = await openRoster({ kind: "file", path });
  renameSync(rosterFile("new.csv", csv.replace("anna", "bram")), path);
  assert.deepEqual(inShort((await Array.fromAsync(roster.batches())).flat()), list);
  await roster.close();
});

test("a file that is written to meanwhile is refused", async () => {
  const path = rosterFile("written.csv", csv);
  const roster = await openRoster({ kind: "file", path });
  appendFileSync(path, "bram@x.example,1\n");
  await assert.rejects(Array.fromAsync(roster.batches()), { code: "PREPOP_ROSTER_CORRUPT" });
  await roster.close();
});

test("a walk that is left early and one beside it do not disturb each other", async () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `user${index}@x.example,06\n`).join("");
  const roster = await openRoster({ kind: "file", path: rosterFile("big.csv", `UPN,Mobile\n${lines}`) });
  for await (const _ of roster.batches()) break;
  const [left, right] = await Promise.all([
    Array.fromAsync(roster.batches()),
    Array.fromAsync(roster.batches()),
  ]);
  assert.deepEqual([left.flat().length, right.flat().length], [20_000, 20_000]);
  await roster.close();
});
