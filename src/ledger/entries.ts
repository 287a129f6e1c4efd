import { writeKinds } from "../model/change.ts";
import type { PhoneType, SmsSignInState } from "../model/phone.ts";
import type { Entry, EntryOutcome, Outcome } from "../model/run.ts";
import { type EntryPlace, integer, toEntry, toOutcome } from "./convert.ts";
import type { Database } from "./database.ts";
import type { Numbers } from "./numbers.ts";
import { pages } from "./runs.ts";

/** An entry with its outcome, or without one yet (`outcome` is undefined then). */
export type EntryStanding =
  | (EntryOutcome & { readonly entry: Entry })
  | { readonly entry: Entry; readonly outcome?: undefined };

/** An attempt that is about to be sent. */
export type SentMark = EntryPlace & {
  /** 1 for the first. */
  readonly attempt: number;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  readonly clientRequestId?: string;
  /** What the last read before the send showed of SMS sign-in. */
  readonly smsBefore?: SmsSignInState;
};

/** A slot of a user, and since when (milliseconds since 1970) it is asked about. */
type SlotSince = {
  readonly tenantId: string;
  readonly userId: string;
  readonly phoneType: PhoneType;
  readonly since: number;
  /** The entry that asks, which does not count. */
  readonly notEntry: EntryPlace | undefined;
};

/**
 * The entries of the runs, and the moves of each: open -> sent (again and again) -> finished. An outcome inDoubt keeps
 * an entry unfinished; it can be sent again or finished later. A finished entry is never sent again.
 */
export type Entries = {
  unfinishedByUser(run: RunKey): Iterable<readonly Entry[]>;
  ofUser(run: RunKey, userId: string): readonly Entry[];
  /** The first write of a user that was refused or failed. */
  blocker(run: RunKey, userId: string): (EntryOutcome & { readonly entry: Entry }) | undefined;
  standings(run: RunKey): Iterable<EntryStanding>;
  sentSince(slot: SlotSince, notRun: number | undefined): number | undefined;
  /** Throws a defect for an entry that is finished or not there: it must not be sent. */
  markSent(run: RunKey, mark: SentMark): void;
  markUnsent(run: RunKey, seq: number): void;
  markDoubt(run: RunKey, seq: number, since: number): void;
  finish(run: RunKey, seq: number, outcome: Outcome, at: number): void;
};

/** A run by its id and by its key in the tables. */
export type RunKey = { readonly id: string; readonly number: number };

// The indexes are named because SQLite, without statistics, walks the whole run by its key instead. The two halves are
// read side by side in the order of the index; finished entries are not looked at.
const unfinished = `
  SELECT * FROM entry INDEXED BY entry_outcome WHERE run = ?1 AND outcome IS NULL AND seq > ?2
  UNION ALL
  SELECT * FROM entry INDEXED BY entry_outcome WHERE run = ?1 AND outcome = 'inDoubt' AND seq > ?2
  ORDER BY seq LIMIT ?3`;

const writes = writeKinds.map(kind => `'${kind}'`).join(", ");

/** How far ahead a run's last send is noted. */
const lastSentAheadMs = 500;

export function ledgerEntries(database: Database, numbers: Numbers): Entries {
  const lastSentNoted = new Map<number, number>();
  const changed = (place: EntryPlace, rows: number): void => {
    if (rows !== 1) throw new Error(`Entry ${place.seq} of run ${place.runId} is finished or not there.`);
  };

  /** What opens the numbers of a run; undefined when they were forgotten. */
  const opening = (run: RunKey): Numbers | undefined =>
    database.get("SELECT forgotten_at FROM run WHERE number = ?", run.number)?.forgotten_at === null
      ? numbers
      : undefined;

  return {
    *unfinishedByUser(run) {
      const open = opening(run);
      let user: Entry[] = [];
      for (const row of pages(database, unfinished, run.number)) {
        const entry = toEntry(row, run.id, open);
        if (user[0] && user[0].userId !== entry.userId) {
          yield user;
          user = [];
        }
        user.push(entry);
      }
      if (user.length > 0) yield user;
    },
    ofUser(run, userId) {
      const sql = "SELECT * FROM entry INDEXED BY entry_slot WHERE run = ? AND user_id = ? ORDER BY seq";
      const open = opening(run);
      return database.all(sql, run.number, userId).map(row => toEntry(row, run.id, open));
    },
    blocker(run, userId) {
      const row = database.get(
        `SELECT * FROM entry INDEXED BY entry_slot WHERE run = ? AND user_id = ?
           AND outcome IN ('refused', 'failed') AND kind IN (${writes}) ORDER BY seq LIMIT 1`,
        run.number,
        userId,
      );
      const outcome = row && toOutcome(row);
      return row && outcome && { entry: toEntry(row, run.id, opening(run)), ...outcome };
    },
    *standings(run) {
      const open = opening(run);
      const sql = "SELECT * FROM entry WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?";
      for (const row of pages(database, sql, run.number)) {
        const entry = toEntry(row, run.id, open);
        const outcome = toOutcome(row);
        yield outcome ? { entry, ...outcome } : { entry };
      }
    },
    sentSince({ tenantId, userId, phoneType, since, notEntry }, notRun) {
      const sql = `
        SELECT max(entry.sent_at) AS at FROM run JOIN entry INDEXED BY entry_slot ON entry.run = run.number
        WHERE run.tenant_id = ? AND run.last_sent_at >= ?
          AND entry.user_id = ? AND entry.phone_type = ? AND entry.sent_at >= ?
          AND NOT (entry.run = ? AND entry.seq = ?)`;
      const values = [tenantId, since, userId, phoneType, since, notRun ?? 0, notEntry?.seq ?? 0];
      const at = database.get(sql, ...values)?.at;
      return at === null || at === undefined ? undefined : integer(at);
    },
    markSent(run, mark) {
      const rows = database.run(
        `UPDATE entry SET attempts = ?, sent_at = ?, client_request_id = ?, sms_before = coalesce(?, sms_before),
           outcome = NULL, request_id = NULL, code = NULL, message = NULL, finished_at = NULL
         WHERE run = ? AND seq = ? AND (outcome IS NULL OR outcome = 'inDoubt')`,
        mark.attempt,
        mark.sentAt,
        mark.clientRequestId ?? null,
        mark.smsBefore ?? null,
        run.number,
        mark.seq,
      );
      changed(mark, rows);
      const { sentAt } = mark;
      if (sentAt <= (lastSentNoted.get(run.number) ?? 0)) return;
      // A little ahead, so that it is written once a while and not with every mark: it only narrows a search.
      const ahead = sentAt + lastSentAheadMs;
      const noted = "UPDATE run SET last_sent_at = ? WHERE number = ? AND last_sent_at < ?";
      database.run(noted, ahead, run.number, ahead);
      lastSentNoted.set(run.number, ahead);
    },
    markUnsent(run, seq) {
      const sql = "UPDATE entry SET sent_at = NULL WHERE run = ? AND seq = ? AND outcome IS NULL";
      changed({ runId: run.id, seq }, database.run(sql, run.number, seq));
    },
    markDoubt(run, seq, since) {
      const sql = "UPDATE entry SET doubt_since = max(coalesce(doubt_since, 0), ?) WHERE run = ? AND seq = ?";
      changed({ runId: run.id, seq }, database.run(sql, since, run.number, seq));
    },
    finish(run, seq, outcome, at) {
      const rows = database.run(
        `UPDATE entry SET outcome = ?, attempts = ?, request_id = ?, code = ?, message = ?, finished_at = ?
         WHERE run = ? AND seq = ?`,
        outcome.outcome,
        outcome.attempts,
        outcome.requestId ?? null,
        outcome.code ?? null,
        outcome.message ?? null,
        at,
        run.number,
        seq,
      );
      changed({ runId: run.id, seq }, rows);
    },
  };
}
