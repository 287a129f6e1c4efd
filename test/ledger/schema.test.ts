import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { openDatabase } from "../../src/ledger/database.ts";
import { openLedger } from "../../src/ledger/ledger.ts";
import { type Migration, migrate, migrations, schemaVersion } from "../../src/ledger/schema.ts";
import { aChange, aRun, temporaryFolder, testKey } from "../support/ledgerData.ts";

/** Every version that was ever released, each with a ledger as it wrote it. A new version is one more row. */
const versions: readonly (readonly [version: number, file: string])[] = [
  [1, "version1.sql"],
  [2, "version2.sql"],
];

function aHomeOf(file: string): string {
  const home = temporaryFolder();
  const database = new DatabaseSync(join(home, "ledger.db"));
  database.exec(readFileSync(join(import.meta.dirname, "schemas", file), "utf8"));
  database.close();
  return home;
}

/** Tables and indexes as SQLite knows them, without regard to how their SQL is laid out. */
function schemaOf(home: string): unknown {
  const database = new DatabaseSync(join(home, "ledger.db"), { readOnly: true });
  const rows = database.prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY name").all();
  database.close();
  return rows.map(row => [row.type, row.name, String(row.sql).replace(/--.*|\s+/g, " ")]);
}

test("each version has its ledger in this test", () => {
  assert.deepEqual(
    versions.map(([version]) => version),
    migrations.map(step => step.version),
  );
  assert.deepEqual(
    migrations.map(step => step.version),
    Array.from({ length: schemaVersion }, (_, at) => at + 1),
  );
});

for (const [version, file] of versions) {
  test(`a ledger of version ${version} comes up to date with all that it held`, async () => {
    const home = aHomeOf(file);
    const ledger = openLedger({ home, key: testKey, newId: () => "run-2" });
    const [run] = ledger.runs();
    assert.deepEqual(run, {
      ...aRun({
        tenant: { id: "tenant-1", domain: "contoso.example", displayName: "Contoso", source: "organization" },
        rosterHash: "r",
        optionsHash: "o",
        issues: 1,
      }),
      id: "run-1",
      startedAt: 1_000,
      endedAt: 1_500,
      state: "inDoubt",
      counts: { applied: 1, alreadySo: 0, refused: 0, failed: 0, inDoubt: 1, skipped: 0, issues: 1, open: 2 },
    });
    assert.deepEqual(
      Array.from(ledger.outcomes("run-1"), ({ entry, outcome }) => [
        entry.kind,
        entry.from,
        entry.to,
        entry.state,
        outcome,
      ]),
      [
        ["create", null, "+44 7700900001", "finished", "applied"],
        ["enableSms", null, "+44 7700900001", "open", undefined],
        ["delete", "+44 7700900002", null, "sent", "inDoubt"],
        ["create", null, "+44 7700900003", "open", undefined],
      ],
    );
    assert.equal([...ledger.issues("run-1")].length, 1);

    ledger.startRun(aRun(), [aChange(1)], []);
    await ledger.finish("run-1", 4, { outcome: "skipped", attempts: 0 });
    ledger.close();

    const fresh = temporaryFolder();
    openLedger({ home: fresh }).close();
    assert.deepEqual(schemaOf(home), schemaOf(fresh));
  });
}

test("a look at a ledger of an older version brings it up to date", t => {
  const home = aHomeOf("version1.sql");
  const ledger = openLedger({ home, readOnly: true });
  t.after(() => ledger.close());
  assert.deepEqual(
    Array.from(ledger.runs(), ({ id }) => id),
    ["run-1"],
  );
});

test("version 2 keeps the state of SMS sign-in before a write, and what was exported", t => {
  const ledger = openLedger({ home: aHomeOf("version2.sql"), key: testKey });
  t.after(() => ledger.close());
  assert.deepEqual(
    Array.from(ledger.outcomes("run-1"), ({ entry }) => entry.smsBefore),
    [undefined, undefined, "ready", undefined],
  );
  assert.deepEqual(ledger.exportedAs(Buffer.alloc(32, 9)), { runId: "run-1", at: 1_000 });
  assert.equal(ledger.exportedAs(Buffer.alloc(32, 8)), undefined);
});

test("a step that fails leaves the ledger in the version before, and can be taken again", t => {
  const database = openDatabase(join(temporaryFolder(), "ledger.db"), { readOnly: false });
  t.after(() => database.close());
  const first: Migration = { version: 1, sql: "CREATE TABLE a (x)" };
  const broken: Migration = { version: 2, sql: "CREATE TABLE b (x); CREATE TABLE a (x)" };
  assert.throws(() => migrate(database, [first, broken]), /already exists/);
  assert.equal(database.pragma("user_version"), 1);
  migrate(database, [first, { version: 2, sql: "CREATE TABLE b (x)" }]);
  assert.equal(database.pragma("user_version"), 2);
});

test("a step that was taken is not taken again", t => {
  const database = openDatabase(":memory:", { readOnly: false });
  t.after(() => database.close());
  migrate(database);
  migrate(database);
  assert.equal(database.pragma("user_version"), schemaVersion);
});
