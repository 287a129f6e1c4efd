import { outcomeWithoutSend } from "../decide/outcomeWithoutSend.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Entry, EntryOutcome } from "../model/run.ts";

/** A run's entries with what is said of each now; what has no outcome yet is said to be so. */
export function* recorded(ledger: Ledger, runId: string): Iterable<EntryOutcome & { readonly entry: Entry }> {
  for (const { entry, outcome, ...rest } of ledger.outcomes(runId)) {
    if (outcome === undefined) yield { entry, ...outcomeWithoutSend(entry) };
    else yield { entry, outcome, attempts: entry.attempts, ...rest };
  }
}
