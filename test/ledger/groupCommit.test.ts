import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { type Database, type Durability, openDatabase } from "../../src/ledger/database.ts";
import { groupCommit } from "../../src/ledger/groupCommit.ts";
import { temporaryFolder } from "../support/ledgerData.ts";

/** Notes each transaction; everything else of a database is not for a group commit. */
function aNotebook(): Pick<Database, "transaction"> & { readonly transactions: Durability[] } {
  const transactions: Durability[] = [];
  return {
    transactions,
    transaction(durability, work) {
      transactions.push(durability);
      return work();
    },
  };
}

const nothing = (): void => undefined;

test("writes of one tick share a transaction, and those of the next have another", async () => {
  const database = aNotebook();
  const commits = groupCommit(database);
  await Promise.all([commits.add("normal", nothing), commits.add("normal", nothing)]);
  await commits.add("normal", nothing);
  assert.deepEqual(database.transactions, ["normal", "normal"]);
});

test("a tick with one mark in it waits for the disk", async () => {
  const database = aNotebook();
  const commits = groupCommit(database);
  await Promise.all([
    commits.add("normal", nothing),
    commits.add("full", nothing),
    commits.add("normal", nothing),
  ]);
  await commits.add("normal", nothing);
  assert.deepEqual(database.transactions, ["full", "normal"]);
});

test("writes are done in the order in which they were asked for", async () => {
  const commits = groupCommit(aNotebook());
  const done: number[] = [];
  await Promise.all([1, 2, 3].map(n => commits.add("normal", () => void done.push(n))));
  assert.deepEqual(done, [1, 2, 3]);
});

test("a defect in one write is its own affair", async () => {
  const commits = groupCommit(aNotebook());
  const results = await Promise.allSettled([
    commits.add("full", nothing),
    commits.add("full", () => {
      throw new Error("no such entry");
    }),
    commits.add("full", nothing),
  ]);
  assert.deepEqual(
    results.map(result => result.status),
    ["fulfilled", "rejected", "fulfilled"],
  );
  commits.assertUsable();
});

test("flush of nothing opens no transaction", async () => {
  const database = aNotebook();
  await groupCommit(database).flush();
  assert.deepEqual(database.transactions, []);
});

test("a full disk rejects the whole tick and all that comes later, and keeps what was there", async t => {
  const database = openDatabase(join(temporaryFolder(), "full.db"), { readOnly: false });
  t.after(() => database.close());
  database.exec("PRAGMA journal_mode = WAL; CREATE TABLE note (text TEXT) STRICT; PRAGMA max_page_count = 8");
  const commits = groupCommit(database);
  const note = (bytes: number) =>
    commits.add("full", () => void database.insert("note", { text: "x".repeat(bytes) }));
  const full = { code: "PREPOP_LEDGER_WRITE", message: /disk is full/ };

  await note(10);
  const results = await Promise.allSettled([note(11), note(100_000), note(12)]);
  for (const result of results) {
    assert.equal(result.status, "rejected");
    assert.throws(() => {
      throw result.reason;
    }, full);
  }
  await assert.rejects(note(1), full);
  await assert.rejects(commits.flush(), full);
  assert.throws(() => commits.assertUsable(), full);
  assert.deepEqual(
    database.all("SELECT length(text) AS length FROM note").map(row => row.length),
    [10],
  );
});
