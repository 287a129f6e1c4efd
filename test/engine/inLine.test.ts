import assert from "node:assert/strict";
import { test } from "node:test";
import { lockTenant } from "../../src/engine/inLine.ts";
import { skippingClock } from "../../src/engine/skippingClock.ts";
import { Interrupted } from "../../src/engine/stop.ts";
import { openLedger } from "../../src/ledger/ledger.ts";
import { temporaryFolder } from "../support/ledgerData.ts";

/** Two ledgers of one home, as two processes have them, and a clock that needs no waiting. */
function twoLedgers(t: { after(clean: () => void): void }, lockTimeoutMs: number) {
  const home = temporaryFolder();
  const holder = openLedger({ home });
  const waiter = openLedger({ home, lockTimeoutMs });
  t.after(() => holder.close());
  t.after(() => waiter.close());
  return { holder, waiter, clock: skippingClock({ now: () => 0, wall: () => 0 }) };
}

test("while one waits in line everything else goes on, and the lock is taken as soon as it is free", async t => {
  const { holder, waiter, clock } = twoLedgers(t, 30_000);
  const held = holder.lock("tenant-1");
  let tookAt: number | undefined;
  const waiting = lockTenant(waiter, "tenant-1", { clock }).then(() => {
    tookAt = clock.now();
  });
  await clock.sleep(5_000);
  assert.equal(tookAt, undefined);
  held.release();
  await waiting;
  assert.ok(tookAt !== undefined && tookAt <= 5_100, `taken at ${tookAt} ms`);
});

test("the wait ends when its time is over, and the message names the holder", async t => {
  const { holder, waiter, clock } = twoLedgers(t, 2_000);
  holder.lock("tenant-1");
  await assert.rejects(lockTenant(waiter, "tenant-1", { clock }), {
    code: "PREPOP_LEDGER_LOCKED",
    facts: { pid: String(process.pid) },
  });
  assert.equal(clock.now(), 2_000);
});

test("Ctrl-C ends the wait", async t => {
  const { holder, waiter, clock } = twoLedgers(t, 3_600_000);
  holder.lock("tenant-1");
  const stop = new AbortController();
  const waiting = lockTenant(waiter, "tenant-1", { clock, signal: stop.signal });
  await clock.sleep(1_000);
  stop.abort(new Interrupted());
  await assert.rejects(waiting, Interrupted);
});
