import type { Ledger, Lock } from "../ledger/ledger.ts";
import { PrepopError } from "../model/errors.ts";
import type { Edges } from "./edges.ts";

/** How often the lock is tried again, ms. */
const againMs = 100;

/**
 * Takes the right to write to a tenant, waiting in line as long as the ledger was told to (--lock-timeout). Everything
 * else goes on meanwhile, and Ctrl-C ends the wait.
 * @throws PrepopError PREPOP_LEDGER_LOCKED, with the holder's process
 */
export async function lockTenant(
  ledger: Ledger,
  tenantId: string,
  { clock, signal }: Pick<Edges, "clock" | "signal">,
): Promise<Lock> {
  const until = clock.now() + ledger.lockTimeoutMs;
  for (;;) {
    try {
      return ledger.lock(tenantId);
    } catch (error) {
      const left = until - clock.now();
      const taken = error instanceof PrepopError && error.code === "PREPOP_LEDGER_LOCKED";
      if (!taken || left <= 0) throw error;
      await clock.sleep(Math.min(againMs, left), signal);
    }
  }
}
