import type { SandboxChange } from "./exchange.ts";
import type { FaultKind } from "./faults/kinds.ts";

/** One operation as it was received: a request of its own, or an item of a batch. */
export type SandboxLogEntry = {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly method: string;
  /** Path and query as sent. */
  readonly path: string;
  /** Name of the operation, `batch` for the outer request; undefined for a path that is none. */
  readonly operation: string | undefined;
  readonly userId: string | undefined;
  readonly phoneType: string | undefined;
  /** The status sent; for a connection that hung or broke, the one that would have been. */
  readonly status: number;
  /** Whether it took effect. */
  readonly executed: boolean;
  /** What it changed. */
  readonly change?: SandboxChange;
  /** The batch it was in, by request-id, and its id there. */
  readonly batch?: { readonly requestId: string; readonly id: string };
  readonly fault?: FaultKind;
  readonly requestId: string;
  readonly clientRequestId: string;
};

export type SandboxStats = {
  /** HTTP requests, a batch being one. */
  readonly requests: number;
  /** Write operations received, each batch item one. */
  readonly writes: number;
  /** Writes that took effect. */
  readonly executed: number;
  /** Operations answered 429. */
  readonly throttled: number;
};

/** The record of a sandbox: the newest entries and exact totals. */
export type Journal = {
  readonly limit: number;
  readonly entries: SandboxLogEntry[];
  requests: number;
  writes: number;
  executed: number;
  throttled: number;
};

export function emptyJournal(limit: number): Journal {
  return { limit, entries: [], requests: 0, writes: 0, executed: 0, throttled: 0 };
}

/** Enters one operation. Entries beyond twice the limit are cut in one go, so that a long run stays cheap. */
export function record(journal: Journal, entry: SandboxLogEntry, effect: "read" | "write"): void {
  journal.entries.push(entry);
  if (journal.entries.length > journal.limit * 2) journal.entries.splice(0, journal.limit);
  if (effect === "write" && entry.operation !== "batch") journal.writes++;
  if (entry.executed) journal.executed++;
  if (entry.status === 429) journal.throttled++;
}
