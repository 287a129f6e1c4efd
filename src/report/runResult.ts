import type { RowIssue } from "../model/issue.ts";
import type { EntryOutcome, Run, RunCounts } from "../model/run.ts";

/** A run with all that its views and reports speak of. The engine makes it from the ledger. */
export type RunResult = {
  readonly run: Run;
  readonly counts: RunCounts;
  /** Entries without an outcome: what an interrupted run left open. */
  readonly open: number;
  readonly seconds: number;
  /** HTTP requests, a `$batch` being one. */
  readonly requests: number;
  /** Write operations sent, repeats counted. */
  readonly writes: number;
  /** Operations answered 429. */
  readonly throttled: number;
  /** Where the report lies. */
  readonly report?: string;
  /** In roster order; can be walked again and again, and is streamed. */
  outcomes(): Iterable<EntryOutcome>;
  issues(): Iterable<RowIssue>;
};
