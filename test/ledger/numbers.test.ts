import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { type LedgerOptions, openLedger } from "../../src/ledger/ledger.ts";
import { aRun, changes, temporaryFolder, testKey } from "../support/ledgerData.ts";

const otherKey = Buffer.alloc(32, 8).toString("base64");

/** Starts a run of two entries; the key is the file's where none is given. */
function startRun(home: string, key?: string): void {
  const ledger = openLedger({ home, key });
  try {
    ledger.startRun(aRun(), changes(2), []);
  } finally {
    ledger.close();
  }
}

function readNumbers(options: LedgerOptions): (string | null)[] {
  const ledger = openLedger(options);
  try {
    const [run] = ledger.runs();
    return run ? Array.from(ledger.outcomes(run.id), ({ entry }) => entry.to) : [];
  } finally {
    ledger.close();
  }
}

const wanted = ["+44 7700900001", "+44 7700900002"];

test("without PREPOP_LEDGER_KEY the key is made beside the ledger with the first run and used from then on", () => {
  const home = temporaryFolder();
  openLedger({ home }).close();
  assert.equal(existsSync(join(home, "ledger.key")), false);
  startRun(home);
  startRun(home);
  assert.deepEqual(readNumbers({ home }), wanted);
});

test("with PREPOP_LEDGER_KEY no key file is made", () => {
  const home = temporaryFolder();
  startRun(home, testKey);
  assert.equal(existsSync(join(home, "ledger.key")), false);
  assert.deepEqual(readNumbers({ home, key: testKey }), wanted);
});

type Case = {
  readonly name: string;
  /** Keys with which it was made and is opened; undefined: the key file. */
  readonly made: string | undefined;
  readonly opened: string | undefined;
  readonly before?: (home: string) => void;
  readonly why: RegExp;
};
const cases: readonly Case[] = [
  { name: "another key", made: testKey, opened: otherKey, why: /not the key that this ledger was made with/ },
  { name: "no key", made: testKey, opened: undefined, why: /there is no key file/ },
  { name: "a key that is none", made: testKey, opened: "short", why: /does not hold 32 bytes/ },
  {
    name: "a key in the environment beside the key file",
    made: undefined,
    opened: otherKey,
    why: /not the key that this ledger was made with/,
  },
  {
    name: "a key file that was removed",
    made: undefined,
    opened: undefined,
    before: home => rmSync(join(home, "ledger.key")),
    why: /there is no key file/,
  },
  {
    name: "a key file of another ledger",
    made: undefined,
    opened: undefined,
    before: home => writeFileSync(join(home, "ledger.key"), otherKey),
    why: /not the key that this ledger was made with/,
  },
];
for (const { name, made, opened, before, why } of cases) {
  test(`with ${name} runs are listed and numbers neither read nor added`, () => {
    const home = temporaryFolder();
    startRun(home, made);
    before?.(home);
    const refused = { code: "PREPOP_LEDGER_KEY", message: why };
    const hadKeyFile = existsSync(join(home, "ledger.key"));

    const ledger = openLedger({ home, key: opened });
    assert.deepEqual(
      Array.from(ledger.runs(), run => run.counts.open),
      [2],
    );
    ledger.close();
    assert.throws(() => readNumbers({ home, key: opened }), refused);
    assert.throws(() => readNumbers({ home, key: opened, readOnly: true }), refused);
    assert.throws(() => startRun(home, opened), refused);
    assert.equal(existsSync(join(home, "ledger.key")), hadKeyFile);
    const again = openLedger({ home, key: made ?? testKey });
    assert.equal([...again.runs()].length, 1);
    again.close();
  });
}

test("a run that could not be recorded leaves the ledger open to any key", () => {
  const home = temporaryFolder();
  const ledger = openLedger({ home, key: testKey });
  const twice = [...changes(1), ...changes(1)];
  assert.throws(() => ledger.startRun(aRun(), twice, []), /UNIQUE/);
  ledger.close();
  startRun(home, otherKey);
  assert.deepEqual(readNumbers({ home, key: otherKey }), wanted);
});

const tampers: readonly (readonly [name: string, sql: string])[] = [
  [
    "moved to another entry",
    "UPDATE entry SET numbers = (SELECT numbers FROM entry WHERE seq = 1) WHERE seq = 2",
  ],
  ["cut short", "UPDATE entry SET numbers = substr(numbers, 1, 20) WHERE seq = 2"],
  ["replaced by nothing", "UPDATE entry SET numbers = x'' WHERE seq = 2"],
];
for (const [name, sql] of tampers) {
  test(`a number that was ${name} is never read as one`, () => {
    const home = temporaryFolder();
    startRun(home, testKey);
    const database = new DatabaseSync(join(home, "ledger.db"));
    database.exec(sql);
    database.close();
    assert.throws(() => readNumbers({ home, key: testKey }), {
      code: "PREPOP_LEDGER_CORRUPT",
      message: /entry 2 of run/,
    });
  });
}

test("two ledgers do not share a key file", () => {
  const homes = [temporaryFolder(), temporaryFolder()];
  for (const home of homes) startRun(home);
  const keys = homes.map(home => readFileSync(join(home, "ledger.key"), "utf8"));
  assert.notEqual(keys[0], keys[1]);
});
