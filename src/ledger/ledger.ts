import { randomUUID } from "node:crypto";
import type { Change } from "../model/change.ts";
import type { RowIssue } from "../model/issue.ts";
import type { PhoneType } from "../model/phone.ts";
import type { Entry, EntryOutcome, LaterWrite, Outcome, Run, RunState } from "../model/run.ts";
import type { EntryPlace } from "./convert.ts";
import { type EntryStanding, ledgerEntries, type RunKey, type SentMark } from "./entries.ts";
import { type Exported, exportedAs, noteExport } from "./exports.ts";
import { openLedgerFile, openLedgerFileToRead } from "./file.ts";
import { forgetRun, runsToForget } from "./forget.ts";
import { groupCommit } from "./groupCommit.ts";
import { laterWrites } from "./laterWrites.ts";
import { isLocked, type Lock, takeLock } from "./lock.ts";
import { ledgerNumbers } from "./numbers.ts";
import { type CountedRun, type LedgerCounts, ledgerRuns, type NewRun } from "./runs.ts";

export type { EntryPlace } from "./convert.ts";
export type { EntryStanding, SentMark } from "./entries.ts";
export type { Lock } from "./lock.ts";
export type { CountedRun, LedgerCounts, NewRun } from "./runs.ts";

export type LedgerOptions = {
  /** The folder of homeFolder(). */
  readonly home: string;
  /** PREPOP_LEDGER_KEY: 32 bytes, base64. Undefined: the key file beside the ledger. */
  readonly key?: string | undefined;
  readonly now?: () => number;
  readonly newId?: () => string;
  /** For looking only: nothing in the home folder is made or changed. */
  readonly readOnly?: boolean;
  /** How long to wait in line for a lock; 0 when not given. */
  readonly lockTimeoutMs?: number;
};

/**
 * Where runs are kept: each entry before its send, its outcome after. Reads show what is committed: await a mark or an
 * outcome before looking for it.
 *
 * Errors: PREPOP_LEDGER_WRITE (disk full, no rights; after a mark or outcome could not be committed, everything that
 * writes is refused), PREPOP_LEDGER_CORRUPT, PREPOP_LEDGER_FOREIGN, PREPOP_LEDGER_KEY (only where a number must be
 * sealed or opened), PREPOP_LEDGER_LOCKED, PREPOP_RUN_NOT_FOUND.
 */
export type Ledger = {
  /** Records a run with all its entries, in order, in one transaction. Nothing is sent before it has returned. */
  startRun(run: NewRun, changes: Iterable<Change>, issues: Iterable<RowIssue>): Run;
  /** By its id, or by the beginning of an id that only one run has. */
  run(id: string): Run | undefined;
  /** Newest first. */
  runs(): Iterable<CountedRun>;
  /** The newest run of a tenant that can be gone on with: open, interrupted or inDoubt. */
  newestOpenRun(tenantId: string): Run | undefined;
  /**
   * The entries without an outcome or in doubt, one user at a time in the order of the run. They are read page by page,
   * so a million do not lie in memory, and entries may be marked and finished during the walk.
   */
  users(runId: string): Iterable<readonly Entry[]>;
  /** All entries of one user in a run, finished ones too. */
  entriesOfUser(runId: string, userId: string): readonly Entry[];
  /** A user's first write in a run that was refused or failed: what came after it is not to be sent. */
  blocker(runId: string, userId: string): (EntryOutcome & { readonly entry: Entry }) | undefined;
  /** Before the send: on the disk when the promise resolves. A finished entry is refused. */
  markSent(mark: SentMark): Promise<void>;
  /** After the answer. Outcome inDoubt leaves the entry unfinished. It outlives the process when the promise resolves. */
  finish(runId: string, seq: number, outcome: Outcome, at?: number): Promise<void>;
  /** The service answered that it did not execute the attempt: the entry is open again, with its attempts counted. */
  markUnsent(runId: string, seq: number): Promise<void>;
  /** The attempt sent at `since` (ms since 1970) had no trustworthy answer. */
  markDoubt(runId: string, seq: number, since: number): Promise<void>;
  /**
   * When this ledger last sent a write of any kind to that slot, at `since` or later and other than the given entry's;
   * ms since 1970, undefined for none.
   */
  recentWrite(
    tenantId: string,
    userId: string,
    phoneType: PhoneType,
    since: number,
    notEntry?: EntryPlace,
  ): number | undefined;
  /** Whether any other run sent a write to the tenant at `since` (ms since 1970) or later. */
  otherRunSent(tenantId: string, since: number, runId: string): boolean;
  /** All entries in their order, each with its outcome if it has one. */
  outcomes(runId: string): Iterable<EntryStanding>;
  issues(runId: string): Iterable<RowIssue>;
  counts(runId: string): LedgerCounts;
  /** What later runs wrote, or may have written, to a user of a run; oldest first. */
  laterWrites(runId: string, userId: string): readonly LaterWrite[];
  /** Finished runs of a tenant (undefined: of all) that started before `before` (ms since 1970) and still have numbers. */
  runsToForget(before: number, tenantId?: string): readonly Run[];
  /** Removes the numbers of a finished run and the issues of its roster for good; its outcomes stay. */
  forget(runId: string): void;
  /** Notes the SHA-256 of a record that was exported. */
  noteExport(runId: string, hash: Uint8Array): void;
  /** Which run a record is of that this ledger exported, by its SHA-256. The key is not needed. */
  exportedAs(hash: Uint8Array): Exported | undefined;
  /** Also for an end that is not final (interrupted, inDoubt). */
  endRun(runId: string, state: RunState, at: number): void;
  /** Before an interrupted run goes on: it is open again. */
  reopenRun(runId: string): void;
  /** The right to write to a tenant, at once. Throws PREPOP_LEDGER_LOCKED, with the holder's pid, when it is not free. */
  lock(tenantId: string): Lock;
  /** How long whoever wants a lock waits in line (engine/inLine). */
  readonly lockTimeoutMs: number;
  /** Resolves when everything asked for so far is committed; rejects when that failed. */
  flush(): Promise<void>;
  /** Commits what waits, releases every lock and closes the file. */
  close(): void;
};

/** A look whether the lock is free must not make it seem taken, ms. */
const graceMs = 5;

/**
 * Opens the ledger of a home folder.
 * @example const ledger = openLedger({ home: homeFolder(process.env, process.platform), key: process.env.PREPOP_LEDGER_KEY });
 */
export function openLedger(options: LedgerOptions): Ledger {
  const { home, key, now = Date.now, newId = randomUUID, readOnly = false, lockTimeoutMs = 0 } = options;
  const database = readOnly ? openLedgerFileToRead(home) : openLedgerFile(home);
  const numbers = ledgerNumbers({ database, home, key });
  const runs = ledgerRuns(database, numbers);
  const entries = ledgerEntries(database, numbers);
  const commits = groupCommit(database);
  const locks = new Set<Lock>(); // a lock that nobody refers to would be let go by the garbage collector

  const runKey = (id: string): RunKey => ({ id, number: runs.numberOf(id) });
  const settled = (): void => {
    commits.commit();
    commits.assertUsable();
  };
  /** A process that was killed left its run open; nobody holds its lock any more. */
  const atWork = <Kept extends Run>(run: Kept): Kept =>
    run.state !== "open" || isLocked({ home, name: run.tenant.id }) ? run : { ...run, state: "interrupted" };

  return {
    lockTimeoutMs,
    startRun(newRun, changes, issues) {
      settled();
      const run: Run = { ...newRun, id: newId(), startedAt: now(), state: "open" };
      runs.start(run, changes, issues);
      return run;
    },
    run(id) {
      const run = runs.find(id);
      return run && atWork(run);
    },
    *runs() {
      for (const run of runs.newestFirst()) yield atWork(run);
    },
    newestOpenRun(tenantId) {
      const run = runs.newestOpen(tenantId);
      return run && atWork(run);
    },
    users: runId => entries.unfinishedByUser(runKey(runId)),
    entriesOfUser: (runId, userId) => entries.ofUser(runKey(runId), userId),
    blocker: (runId, userId) => entries.blocker(runKey(runId), userId),
    async markSent(mark) {
      const run = runKey(mark.runId);
      await commits.add("full", () => entries.markSent(run, mark));
    },
    async finish(runId, seq, outcome, at = now()) {
      const run = runKey(runId);
      await commits.add("normal", () => entries.finish(run, seq, outcome, at));
    },
    async markUnsent(runId, seq) {
      const run = runKey(runId);
      await commits.add("normal", () => entries.markUnsent(run, seq));
    },
    async markDoubt(runId, seq, since) {
      const run = runKey(runId);
      await commits.add("normal", () => entries.markDoubt(run, seq, since));
    },
    recentWrite: (tenantId, userId, phoneType, since, notEntry) =>
      entries.sentSince(
        { tenantId, userId, phoneType, since, notEntry },
        notEntry && runs.numberOf(notEntry.runId),
      ),
    otherRunSent: (tenantId, since, runId) => runs.otherSent(tenantId, since, runKey(runId).number),
    outcomes: runId => entries.standings(runKey(runId)),
    issues: runId => runs.issues(runId),
    counts: runId => runs.counts(runId),
    laterWrites: (runId, userId) => laterWrites(database, runKey(runId), userId),
    runsToForget: (before, tenantId) => runsToForget(database, before, tenantId),
    forget(runId) {
      settled();
      forgetRun(database, runKey(runId), now());
    },
    noteExport: (runId, hash) => noteExport(database, runKey(runId), hash, now()),
    exportedAs: hash => exportedAs(database, hash),
    endRun(runId, state, at) {
      settled();
      runs.setState(runId, state, at);
    },
    reopenRun(runId) {
      settled();
      runs.setState(runId, "open", undefined);
    },
    lock(tenantId) {
      if (readOnly) throw new Error("A ledger that is open for looking only takes no lock.");
      const held = takeLock({ home, name: tenantId, timeoutMs: graceMs });
      locks.add(held);
      // Who holds the lock is the only one at work: what says open was left by a process that was killed.
      settled();
      runs.interruptOpen(tenantId);
      return {
        release() {
          locks.delete(held);
          held.release();
        },
      };
    },
    flush: () => commits.flush(),
    close() {
      commits.commit();
      for (const held of locks) held.release();
      locks.clear();
      database.close();
    },
  };
}
