import type { Graph } from "../graph/connect.ts";
import type { Spool } from "../ledger/spool.ts";
import type { Policy } from "../model/change.ts";
import { GraphFault } from "../model/fault.ts";

/** Below this many users their phones are read as quickly as the report, and more surely. */
const fewUsers = 200;

/** The registration report while it comes in. */
export type ReportReading = {
  /** Resolves when the first page is there, or when there will be none. */
  readonly begun: Promise<void>;
  /** No more pages are waited for; what came so far stands in the spool. */
  stop(): void;
};

const noReport: ReportReading = { begun: Promise.resolve(), stop: () => undefined };

/**
 * Reads the registration report beside the search for users, as far as it comes in meanwhile. Under policy add a user
 * for whom it lists no method at all need not be read: Graph itself refuses a second phone. It lags, so nothing else
 * is concluded from it, and under every other policy it is not asked.
 */
export function readReport(spool: Spool<unknown>, graph: Graph, policy: Policy): ReportReading {
  if (policy !== "add" || spool.keyCount() < fewUsers) return noReport;
  let stopped = false;
  let begin: () => void = () => undefined;
  const begun = new Promise<void>(resolve => {
    begin = resolve;
  });
  const read = async (): Promise<void> => {
    try {
      for await (const page of graph.registrations()) {
        if (stopped) return;
        spool.addRegistrations(page);
        begin();
      }
    } catch (error) {
      // Not permitted, throttled or cut off: every user is read, as if there were no report.
      if (!(error instanceof GraphFault)) throw error;
    } finally {
      begin();
    }
  };
  const reading = read();
  // A failure that is none of Graph's is met by whoever waits for the beginning.
  return {
    begun: Promise.race([begun, reading]),
    stop: () => {
      stopped = true;
    },
  };
}
