// Usage: node ledgerLocker.ts HOME TENANT TIMEOUT_MS. Says "waiting", takes the lock, says "locked" or the error's code,
// keeps the lock until a line comes in, and says "released".
import { once } from "node:events";
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { systemClock } from "../../src/engine/clock.ts";
import { lockTenant } from "../../src/engine/inLine.ts";
import { openLedger } from "../../src/ledger/ledger.ts";
import { PrepopError } from "../../src/model/errors.ts";

const [home = "", tenant = "", timeout = "0"] = process.argv.slice(2);
const say = (line: string): void => void writeSync(1, `${line}\n`);

const ledger = openLedger({ home, lockTimeoutMs: Number(timeout) });
const input = createInterface(process.stdin);
say("waiting");
try {
  const lock = await lockTenant(ledger, tenant, { clock: systemClock });
  say("locked");
  await once(input, "line");
  lock.release();
  say("released");
} catch (error) {
  say(error instanceof PrepopError ? `${error.code} ${error.facts.pid}` : String(error));
}
input.close();
ledger.close();
