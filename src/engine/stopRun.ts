import { outcomeWithoutSend } from "../decide/outcomeWithoutSend.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Run } from "../model/run.ts";
import type { Edges } from "./edges.ts";
import { lockTenant } from "./inLine.ts";

/** Outcomes that are recorded together. */
const together = 1_000;

/**
 * Stops a run for good, in the ledger only: what was not sent is skipped, what was sent without an answer is in doubt until
 * an undo reads it back. It cannot be resumed afterwards. A run that came to its end while this process waited for the
 * lock stays as it is.
 */
export async function stopRun(
  run: Run,
  ledger: Ledger,
  edges: Pick<Edges, "clock" | "signal">,
): Promise<void> {
  const lock = await lockTenant(ledger, run.tenant.id, edges);
  const wallNow = edges.clock.wall();
  try {
    if (isOver(ledger.run(run.id) ?? run)) return;
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

/** Whether nothing of a run will be sent any more. */
export function isOver({ state }: Pick<Run, "state">): boolean {
  return state === "done" || state === "ended" || state === "superseded";
}
