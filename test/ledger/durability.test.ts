import assert from "node:assert/strict";
import { test } from "node:test";
import { openLedger } from "../../src/ledger/ledger.ts";
import type { Entry } from "../../src/model/run.ts";
import { startChild } from "../support/childProcess.ts";
import { filesOf, temporaryFolder, testKey } from "../support/ledgerData.ts";

const script = "ledgerWriter.ts";

/** What the ledger of a home says of its only run, by seq. */
function recorded(home: string): ReadonlyMap<number, Entry> {
  const ledger = openLedger({ home, key: testKey });
  try {
    const [run] = ledger.runs();
    assert.ok(run, "the run is there");
    return new Map(Array.from(ledger.outcomes(run.id), ({ entry }) => [entry.seq, entry]));
  } finally {
    ledger.close();
  }
}

/** Every line that the writer said must be true of the ledger. */
function assertKept(lines: readonly string[], entries: ReadonlyMap<number, Entry>): void {
  for (const line of lines) {
    const [word, seq = ""] = line.split(" ");
    const entry = entries.get(Number(seq));
    if (word === "finished") assert.equal(entry?.state, "finished", line);
    if (word === "sent") assert.equal(entry?.sentAt, 1_000 + Number(seq), line);
  }
}

for (const killAfter of [1, 40, 333, 2_000]) {
  test(`kill -9 after ${killAfter} lines loses nothing that was acknowledged`, async t => {
    const home = temporaryFolder();
    const child = startChild({ test: t, script, arguments: [home, "20000"] });
    const lines: string[] = [];
    while (lines.length < killAfter) lines.push((await child.line()) ?? assert.fail("it ended by itself"));
    await child.kill();
    lines.push(...(await child.rest())); // what it had said before it died

    for (const [file, bytes] of filesOf(home)) {
      assert.equal(bytes.includes("7700900"), false, `a number in ${file} after the kill`);
    }
    const entries = recorded(home);
    assert.equal(entries.size, 20_000, "all entries were there before the first mark");
    assertKept(lines, entries);
    const ahead = [...entries.values()].filter(entry => entry.state !== "open").length;
    const said = new Set(lines.map(line => line.split(" ")[1])).size - 1;
    assert.ok(ahead <= said + 20, `${ahead} entries are marked, ${said} were acknowledged, 20 at a time`);
  });
}

test("what a run that ended by itself said is kept too", async t => {
  const home = temporaryFolder();
  const child = startChild({ test: t, script, arguments: [home, "500"] });
  const lines = await child.rest();
  assert.equal(lines.at(-1), "done");
  const entries = recorded(home);
  assertKept(lines, entries);
  assert.ok([...entries.values()].every(entry => entry.state === "finished"));
});

const noFileLimit = process.platform === "win32" && "the shell has no limit for files";
test("a disk that fills up stops the run before an unrecorded send", { skip: noFileLimit }, async t => {
  const home = temporaryFolder();
  // 4,096 blocks of 512 bytes: enough to start the run, not enough for the log of its marks.
  const child = startChild({ test: t, script, arguments: [home, "3000"], largestFile: 4_096 });
  const lines = await child.rest();
  assert.equal(lines.at(-1), "error PREPOP_LEDGER_WRITE");
  const entries = recorded(home);
  assertKept(lines, entries);
  assert.ok([...entries.values()].some(entry => entry.state === "open"));
});
