import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openLedger } from "../../src/ledger/ledger.ts";
import { isLocked, takeLock } from "../../src/ledger/lock.ts";
import { startChild } from "../support/childProcess.ts";
import { aRun, changes, temporaryFolder, testKey } from "../support/ledgerData.ts";

const script = "ledgerLocker.ts";

test("one process at a time writes to a tenant, and the other learns who it is", async t => {
  const home = temporaryFolder();
  const child = startChild({ test: t, script, arguments: [home, "tenant-1", "0"] });
  assert.deepEqual([await child.line(), await child.line()], ["waiting", "locked"]);

  const ledger = openLedger({ home });
  t.after(() => ledger.close());
  assert.throws(() => ledger.lock("tenant-1"), {
    code: "PREPOP_LEDGER_LOCKED",
    exitCode: 5,
    message: new RegExp(`process ${child.pid}\\b`),
  });
  ledger.lock("tenant-2").release();

  child.tell("release");
  assert.equal(await child.line(), "released");
  ledger.lock("tenant-1").release();
});

test("a process that was killed cannot keep the lock", async t => {
  const home = temporaryFolder();
  const child = startChild({ test: t, script, arguments: [home, "tenant-1", "0"] });
  assert.deepEqual([await child.line(), await child.line()], ["waiting", "locked"]);
  await child.kill();

  const ledger = openLedger({ home });
  t.after(() => ledger.close());
  ledger.lock("tenant-1").release();
});

test("a process waits in line as long as it was told to", async t => {
  const home = temporaryFolder();
  const ledger = openLedger({ home });
  t.after(() => ledger.close());
  const lock = ledger.lock("tenant-1");

  const impatient = startChild({ test: t, script, arguments: [home, "tenant-1", "1"] });
  assert.deepEqual(await impatient.rest(), ["waiting", `PREPOP_LEDGER_LOCKED ${process.pid}`]);

  const patient = startChild({ test: t, script, arguments: [home, "tenant-1", "60000"] });
  assert.equal(await patient.line(), "waiting");
  lock.release();
  assert.equal(await patient.line(), "locked");
});

test("a run that a killed process left open is shown as interrupted, to who looks and to who goes on", async t => {
  const home = temporaryFolder();
  const child = startChild({ test: t, script, arguments: [home, "tenant-1", "0"] });
  assert.deepEqual([await child.line(), await child.line()], ["waiting", "locked"]);
  const ledger = openLedger({ home, key: testKey });
  t.after(() => ledger.close());
  const run = ledger.startRun(aRun({ tenant: { id: "tenant-1", source: "signIn" } }), changes(1), []);
  const looking = openLedger({ home, readOnly: true });
  t.after(() => looking.close());
  const states = () => [ledger.run(run.id)?.state, ...[...looking.runs()].map(({ state }) => state)];
  assert.deepEqual(states(), ["open", "open"]);

  await child.kill();
  assert.deepEqual(states(), ["interrupted", "interrupted"]);
  ledger.lock("tenant-1");
  // Whoever is at work now is at work on another run, until he reopens this one.
  assert.deepEqual(states(), ["interrupted", "interrupted"]);
  ledger.reopenRun(run.id);
  assert.deepEqual(states(), ["open", "open"]);
});

test("looking whether a lock is taken does not take it from whoever wants it", () => {
  const request = { home: temporaryFolder(), name: "tenant-1", timeoutMs: 0 };
  assert.equal(isLocked(request), false);
  assert.deepEqual(readdirSync(request.home), []);
  const lock = takeLock(request);
  assert.equal(isLocked(request), true);
  assert.throws(() => takeLock(request), { code: "PREPOP_LEDGER_LOCKED" });
  lock.release();
  assert.equal(isLocked(request), false);
  takeLock(request).release();
});

test("a second lock in the same process is refused too, and closing the ledger gives the first one back", () => {
  const home = temporaryFolder();
  const first = openLedger({ home });
  const second = openLedger({ home });
  first.lock("Tenant-1");
  assert.throws(() => first.lock("tenant-1"), { code: "PREPOP_LEDGER_LOCKED" });
  assert.throws(() => second.lock("tenant-1"), { code: "PREPOP_LEDGER_LOCKED" });
  first.close();
  second.lock("tenant-1");
  second.close();
});

test("releasing twice does not release the next holder's lock", () => {
  const request = { home: temporaryFolder(), name: "tenant-1", timeoutMs: 0 };
  const first = takeLock(request);
  first.release();
  const second = takeLock(request);
  first.release();
  assert.throws(() => takeLock(request), {
    code: "PREPOP_LEDGER_LOCKED",
    facts: { pid: String(process.pid) },
  });
  second.release();
});

test("any tenant id makes a file name, and different ones different files", () => {
  const home = temporaryFolder();
  const names = ["../../outside", "a/b", "con", "", "x".repeat(300), "tenant*", "unknown"];
  const locks = names.map(name => takeLock({ home, name, timeoutMs: 0 }));
  for (const lock of locks) lock.release();
  const files = readdirSync(join(home, "locks"));
  assert.equal(files.length, names.length);
  for (const file of files) assert.match(file, /^[a-z0-9-]{5,64}\.lock$/);
  assert.deepEqual(readdirSync(home), ["locks"]);
});

test("a ledger that is open for looking only takes no lock", t => {
  const home = temporaryFolder();
  const ledger = openLedger({ home, readOnly: true });
  t.after(() => ledger.close());
  assert.throws(() => ledger.lock("tenant-1"), /looking only/);
  assert.deepEqual(readdirSync(home), []);
});
