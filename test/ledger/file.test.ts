import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { openLedger } from "../../src/ledger/ledger.ts";
import { startChild } from "../support/childProcess.ts";
import { aRun, changes, filesOf, temporaryFolder, testKey } from "../support/ledgerData.ts";

/** A home with a ledger of one run, closed. */
function aHome(entries = 3): string {
  const home = temporaryFolder();
  const ledger = openLedger({ home, key: testKey, newId: () => "run-1" });
  ledger.startRun(aRun(), changes(entries), []);
  ledger.close();
  return home;
}

/** A file that another program, or another prepop, made. */
function aHomeWithDatabase(sql: string): string {
  const home = temporaryFolder();
  const database = new DatabaseSync(join(home, "ledger.db"));
  database.exec(sql);
  database.close();
  return home;
}

test("a missing home is made with an empty ledger when it is opened to write", () => {
  const home = join(temporaryFolder(), "a", "b");
  const ledger = openLedger({ home });
  assert.deepEqual([...ledger.runs()], []);
  ledger.close();
  assert.deepEqual(readdirSync(home).sort(), ["ledger.db", "locks"]);
});

test("a look at a home without a ledger finds an empty one and makes nothing", async () => {
  const home = temporaryFolder();
  for (const folder of [home, join(home, "missing")]) {
    const ledger = openLedger({ home: folder, readOnly: true });
    assert.deepEqual([...ledger.runs()], []);
    assert.equal(ledger.run("x"), undefined);
    assert.equal(ledger.newestOpenRun("tenant-1"), undefined);
    assert.equal(ledger.recentWrite("tenant-1", "user-1", "mobile", 0), undefined);
    await ledger.flush();
    ledger.close();
  }
  assert.deepEqual(readdirSync(home), []);
});

test("a look at a ledger leaves every byte of the home as it was", () => {
  const home = aHome();
  const before = filesOf(home);
  const ledger = openLedger({ home, key: testKey, readOnly: true });
  assert.equal([...ledger.outcomes("run-1")].length, 3);
  assert.throws(() => ledger.startRun(aRun(), [], []), { code: "PREPOP_LEDGER_WRITE" });
  assert.throws(() => ledger.endRun("run-1", "done", 1), { code: "PREPOP_LEDGER_WRITE" });
  ledger.close();
  assert.deepEqual(filesOf(home), before);
});

test("a look at the ledger of a killed process sees its log and leaves it in place", async t => {
  const home = temporaryFolder();
  const child = startChild({ test: t, script: "ledgerWriter.ts", arguments: [home, "5000"] });
  await child.line();
  await child.kill();
  const before = filesOf(home);
  assert.ok(before.get("ledger.db-wal")?.length, "the log is there");
  const ledger = openLedger({ home, key: testKey, readOnly: true });
  assert.deepEqual(
    Array.from(ledger.runs(), run => run.state),
    ["interrupted"],
  );
  ledger.close();
  const after = filesOf(home);
  for (const file of ["ledger.db", "ledger.db-wal"]) assert.deepEqual(after.get(file), before.get(file));
});

test("a look works while another connection writes", async t => {
  const home = temporaryFolder();
  const writer = openLedger({ home, key: testKey, newId: () => "run-1" });
  t.after(() => writer.close());
  writer.startRun(aRun(), changes(2), []);
  const reader = openLedger({ home, key: testKey, readOnly: true });
  t.after(() => reader.close());
  await writer.finish("run-1", 1, { outcome: "applied", attempts: 1 });
  assert.equal(reader.counts("run-1").applied, 1);
});

test("an empty file, which a crash can leave, is a ledger without runs", () => {
  const home = temporaryFolder();
  writeFileSync(join(home, "ledger.db"), "");
  const look = openLedger({ home, readOnly: true });
  assert.deepEqual([...look.runs()], []);
  look.close();
  assert.equal(readFileSync(join(home, "ledger.db")).length, 0);
  const ledger = openLedger({ home, key: testKey });
  assert.equal(ledger.startRun(aRun(), changes(1), []).state, "open");
  ledger.close();
});

type Refusal = {
  readonly name: string;
  readonly home: () => string;
  readonly code: string;
  readonly why: RegExp;
};
const refusals: readonly Refusal[] = [
  {
    name: "a text file",
    home: () => {
      const home = temporaryFolder();
      writeFileSync(join(home, "ledger.db"), "userPrincipalName;telephoneNumber\n".repeat(200));
      return home;
    },
    code: "PREPOP_LEDGER_FOREIGN",
    why: /not a SQLite database/,
  },
  {
    name: "a database of another program",
    home: () => aHomeWithDatabase("CREATE TABLE run (id TEXT)"),
    code: "PREPOP_LEDGER_FOREIGN",
    why: /another program/,
  },
  {
    name: "a database with another application id",
    home: () => aHomeWithDatabase("PRAGMA application_id = 1; PRAGMA user_version = 1"),
    code: "PREPOP_LEDGER_FOREIGN",
    why: /another program/,
  },
  {
    name: "a ledger of a newer prepop",
    home: () => {
      const home = aHome();
      const database = new DatabaseSync(join(home, "ledger.db"));
      database.exec("PRAGMA user_version = 99");
      database.close();
      return home;
    },
    code: "PREPOP_LEDGER_FOREIGN",
    why: /newer prepop made it \(version 99/,
  },
  {
    name: "a ledger that was cut off",
    home: () => {
      const home = aHome(500);
      truncateSync(join(home, "ledger.db"), 20_000);
      return home;
    },
    code: "PREPOP_LEDGER_CORRUPT",
    why: /malformed/,
  },
  {
    name: "a ledger whose tables were overwritten",
    home: () => {
      const home = aHome(500);
      const file = join(home, "ledger.db");
      const bytes = readFileSync(file);
      writeFileSync(file, bytes.fill(0xff, 4_096));
      return home;
    },
    code: "PREPOP_LEDGER_CORRUPT",
    why: /malformed/,
  },
  {
    name: "a ledger with a value that cannot be",
    home: () => {
      const home = aHome();
      const database = new DatabaseSync(join(home, "ledger.db"));
      database.exec("UPDATE run SET policy = 'everything'");
      database.close();
      return home;
    },
    code: "PREPOP_LEDGER_CORRUPT",
    why: /a value is not what it should be/,
  },
];
for (const { name, home, code, why } of refusals) {
  for (const readOnly of [false, true]) {
    test(`${name} is refused clearly ${readOnly ? "by a look" : "when it is to be written"} and left alone`, () => {
      const folder = home();
      const before = filesOf(folder);
      assert.throws(
        () => {
          const ledger = openLedger({ home: folder, key: testKey, readOnly });
          try {
            for (const run of ledger.runs()) assert.ok(run);
          } finally {
            ledger.close();
          }
        },
        { code, message: why },
      );
      assert.deepEqual(filesOf(folder), before);
    });
  }
}

test("a home that is a file is an error that says so", () => {
  const file = join(temporaryFolder(), "home");
  writeFileSync(file, "");
  assert.throws(() => openLedger({ home: file }), { code: "PREPOP_LEDGER_WRITE", message: /EEXIST|ENOTDIR/ });
});

test("processes that open a new ledger at once all come up, with one key", async t => {
  for (let round = 0; round < 3; round++) {
    const home = join(temporaryFolder(), "home");
    const children = [1, 2, 3, 4].map(() =>
      startChild({ test: t, script: "ledgerWriter.ts", arguments: [home, "10", "keyFile"] }),
    );
    const last = await Promise.all(children.map(async child => (await child.rest()).at(-1)));
    assert.deepEqual(last, ["done", "done", "done", "done"]);
    const ledger = openLedger({ home });
    const applied = Array.from(ledger.runs(), ({ id }) => [...ledger.outcomes(id)].length);
    assert.deepEqual(applied, [10, 10, 10, 10]);
    ledger.close();
    assert.equal(existsSync(join(home, "ledger.db-wal")), false);
  }
});
