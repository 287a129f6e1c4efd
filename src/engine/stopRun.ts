import { outcomeWithoutSend } from "../decide/outcomeWithoutSend.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Run } from "../model/run.ts";

/** Outcomes that are recorded together. */
const together = 1_000;

/**
 * Stops a run for good, in the ledger only: what was not sent is skipped, what was sent without an answer is in doubt until
 * an undo reads it back. It cannot be resumed afterwards.
 */
export async function stopRun(run: Run, ledger: Ledger, wallNow: number): Promise<void> {
  const lock = ledger.lock(run.tenant.id);
  try {
    let recording: Promise<void>[] = [];
    for (const entries of ledger.users(run.id)) {
      for (const entry of entries) {
        recording.push(ledger.finish(run.id, entry.seq, outcomeWithoutSend(entry), wallNow));
      }
      if (recording.length < together) continue;
      await Promise.all(recording);
      recording = [];
    }
    await Promise.all(recording);
    ledger.endRun(run.id, "ended", wallNow);
  } finally {
    lock.release();
  }
}
