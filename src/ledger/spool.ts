import { DatabaseSync } from "node:sqlite";
import { digestKey } from "../decide/digest.ts";
import type { Change } from "../model/change.ts";
import type { RowIssue } from "../model/issue.ts";
import type { PhoneNumber } from "../model/phone.ts";
import type { User, UserLookup } from "../model/user.ts";
import { ephemeralSealer } from "./seal.ts";

/** A row with its place in the roster, from 1. `Row` is what the caller keeps of it: anything that JSON can hold. */
export type SpooledRow<Row> = { readonly ordinal: number; readonly row: Row };

/** The rows of one user, in roster order. */
export type SpooledUser<Row> = { readonly user: User; readonly rows: readonly SpooledRow<Row>[] };

/**
 * The private workspace of one `check` or `plan`: what would otherwise be arrays as long as the roster. It is a SQLite
 * database without a name, which only this process can open and which is gone when it ends, however it ends. Rows and
 * numbers are sealed with a key that exists only in memory.
 */
export type Spool<Row> = {
  /** `fold` is the user key to compare by; undefined for a row that names no usable user. */
  addRow(row: Row, fold: string | undefined): number;
  /** Notes that a row of a user asks for a number, to find numbers that two users share. */
  addNumber(number: PhoneNumber, owner: string, ordinal: number): void;
  addIssue(ordinal: number, issue: RowIssue): void;
  addChange(change: Change): void;
  setLookup(fold: string, lookup: UserLookup): void;

  rows(): Iterable<SpooledRow<Row>>;
  /** Every row with the issues noted at it, walked side by side. */
  rowsWithIssues(): Iterable<SpooledRow<Row> & { readonly issues: readonly RowIssue[] }>;
  /** Distinct keys in the order in which they first stand, with the first row. */
  keys(): Iterable<{ readonly fold: string; readonly first: SpooledRow<Row> }>;
  /** The rows of each key that stands on more than one. */
  repeatedKeys(): Iterable<readonly SpooledRow<Row>[]>;
  /** The rows that ask for a number which another owner's row asks for too. */
  sharedNumbers(): Iterable<{ readonly number: Uint8Array; readonly ordinals: readonly number[] }>;
  /** The lookup of the row's key. */
  lookupOf(ordinal: number): UserLookup | undefined;
  /** Users that were found, in the order of their first row. */
  users(): Iterable<SpooledUser<Row>>;
  rowAt(ordinal: number): Row | undefined;
  issues(): Iterable<RowIssue>;
  changes(): Iterable<Change>;
  /** In the order of decide/digest. */
  changesForDigest(): Iterable<Change>;
  close(): void;
};

const pageSize = 1_000;
/** Rows written in one transaction. */
const transactionSize = 5_000;

const schema = `
  PRAGMA journal_mode = OFF;
  PRAGMA synchronous = OFF;
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA cache_size = -16000;
  CREATE TABLE row (ordinal INTEGER PRIMARY KEY, fold TEXT, sealed BLOB NOT NULL) STRICT;
  CREATE INDEX row_fold ON row (fold) WHERE fold IS NOT NULL;
  CREATE TABLE lookup (fold TEXT PRIMARY KEY, kind TEXT NOT NULL, count INTEGER, user_id TEXT) STRICT, WITHOUT ROWID;
  CREATE INDEX lookup_user ON lookup (user_id) WHERE user_id IS NOT NULL;
  CREATE TABLE person (user_id TEXT PRIMARY KEY, first_ordinal INTEGER NOT NULL, user TEXT NOT NULL) STRICT;
  CREATE INDEX person_first ON person (first_ordinal);
  CREATE TABLE number (print BLOB NOT NULL, owner TEXT NOT NULL, ordinal INTEGER NOT NULL) STRICT;
  CREATE INDEX number_print ON number (print, owner, ordinal);
  CREATE TABLE issue (ordinal INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT;
  CREATE INDEX issue_ordinal ON issue (ordinal);
  CREATE TABLE change (seq INTEGER PRIMARY KEY, digest_key TEXT NOT NULL, sealed BLOB NOT NULL) STRICT;
  CREATE INDEX change_digest ON change (digest_key, seq);
`;

/** Opens an empty spool. */
export function openSpool<Row>(): Spool<Row> {
  const database = new DatabaseSync("");
  database.exec(schema);
  const sealer = ephemeralSealer();
  const prepared = new Map<string, ReturnType<DatabaseSync["prepare"]>>();
  let written = 0;
  let ordinal = 0;

  const statement = (sql: string) => {
    const known = prepared.get(sql);
    if (known) return known;
    const made = database.prepare(sql);
    prepared.set(sql, made);
    return made;
  };
  const write = (sql: string, ...values: (string | number | Uint8Array | null)[]): void => {
    if (written === 0) database.exec("BEGIN");
    statement(sql).run(...values);
    written++;
    if (written >= transactionSize) commit();
  };
  const commit = (): void => {
    if (written > 0) database.exec("COMMIT");
    written = 0;
  };
  const all = <Found>(sql: string, ...values: (string | number | Uint8Array)[]): Found[] => {
    commit();
    return statement(sql).all(...values) as Found[];
  };
  /** Walks a query page by page, so that the tables may be written during the walk. */
  function* pages<Found>(
    sql: string,
    next: (row: Found) => (string | number)[],
    start: (string | number)[],
  ): Iterable<Found> {
    for (let after = start; ; ) {
      const page = all<Found>(`${sql} LIMIT ${pageSize}`, ...after);
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < pageSize) return;
      after = next(last);
    }
  }

  const sealJson = (value: unknown): Uint8Array => sealer.seal(JSON.stringify(value));
  const openJson = <Value>(sealed: Uint8Array): Value => JSON.parse(sealer.open(sealed)) as Value;
  type RowRecord = { ordinal: number; sealed: Uint8Array };
  const spooled = (record: RowRecord): SpooledRow<Row> => ({
    ordinal: record.ordinal,
    row: openJson<Row>(record.sealed),
  });

  return {
    addRow(row, fold) {
      ordinal++;
      write("INSERT INTO row (ordinal, fold, sealed) VALUES (?, ?, ?)", ordinal, fold ?? null, sealJson(row));
      return ordinal;
    },
    addNumber(number, owner, at) {
      write(
        "INSERT INTO number (print, owner, ordinal) VALUES (?, ?, ?)",
        sealer.fingerprint(number),
        owner,
        at,
      );
    },
    addIssue(at, issue) {
      write("INSERT INTO issue (ordinal, sealed) VALUES (?, ?)", at, sealJson(issue));
    },
    addChange(change) {
      write("INSERT INTO change (digest_key, sealed) VALUES (?, ?)", digestKey(change), sealJson(change));
    },
    setLookup(fold, lookup) {
      const userId = lookup.kind === "one" ? lookup.user.id : null;
      const count = lookup.kind === "many" ? lookup.count : null;
      write(
        "INSERT OR REPLACE INTO lookup (fold, kind, count, user_id) VALUES (?, ?, ?, ?)",
        fold,
        lookup.kind,
        count,
        userId,
      );
      if (lookup.kind !== "one") return;
      write(
        `INSERT INTO person (user_id, first_ordinal, user)
         VALUES (?, (SELECT min(ordinal) FROM row WHERE fold = ?), ?)
         ON CONFLICT (user_id) DO UPDATE SET first_ordinal = min(first_ordinal, excluded.first_ordinal)`,
        lookup.user.id,
        fold,
        JSON.stringify(lookup.user),
      );
    },

    *rows() {
      const sql = "SELECT ordinal, sealed FROM row WHERE ordinal > ? ORDER BY ordinal";
      for (const record of pages<RowRecord>(sql, row => [row.ordinal], [0])) yield spooled(record);
    },
    *rowsWithIssues() {
      const sql = "SELECT ordinal, sealed FROM issue WHERE ordinal BETWEEN ? AND ? ORDER BY ordinal, rowid";
      for (let after = 0; ; ) {
        const page = all<RowRecord>(
          `SELECT ordinal, sealed FROM row WHERE ordinal > ? ORDER BY ordinal LIMIT ${pageSize}`,
          after,
        );
        const last = page.at(-1);
        if (!last) return;
        const noted = Map.groupBy(all<RowRecord>(sql, after + 1, last.ordinal), ({ ordinal: at }) => at);
        for (const record of page) {
          const issues = (noted.get(record.ordinal) ?? []).map(({ sealed }) => openJson<RowIssue>(sealed));
          yield { ...spooled(record), issues };
        }
        after = last.ordinal;
      }
    },
    *keys() {
      const sql = `SELECT ordinal, fold, sealed FROM row AS r WHERE ordinal > ? AND fold IS NOT NULL
        AND ordinal = (SELECT min(ordinal) FROM row WHERE fold = r.fold) ORDER BY ordinal`;
      for (const record of pages<RowRecord & { fold: string }>(sql, row => [row.ordinal], [0])) {
        yield { fold: record.fold, first: spooled(record) };
      }
    },
    *repeatedKeys() {
      const sql = `SELECT fold FROM row WHERE fold > ? GROUP BY fold HAVING count(*) > 1 ORDER BY fold`;
      for (const { fold } of pages<{ fold: string }>(sql, row => [row.fold], [""])) {
        const records = all<RowRecord>(
          "SELECT ordinal, sealed FROM row WHERE fold = ? ORDER BY ordinal",
          fold,
        );
        yield records.map(spooled);
      }
    },
    *sharedNumbers() {
      const sql = `SELECT print FROM number WHERE print > ? GROUP BY print HAVING min(owner) <> max(owner) ORDER BY print`;
      let after: Uint8Array = new Uint8Array();
      for (;;) {
        const page = all<{ print: Uint8Array }>(`${sql} LIMIT ${pageSize}`, after);
        for (const { print } of page) {
          const ordinals = all<{ ordinal: number }>(
            "SELECT DISTINCT ordinal FROM number WHERE print = ? ORDER BY ordinal",
            print,
          );
          yield { number: print, ordinals: ordinals.map(row => row.ordinal) };
        }
        const last = page.at(-1);
        if (last === undefined || page.length < pageSize) return;
        after = last.print;
      }
    },
    lookupOf(at) {
      const [found] = all<{ kind: string; count: number | null; user: string | null }>(
        `SELECT kind, count, user FROM row JOIN lookup USING (fold) LEFT JOIN person USING (user_id) WHERE ordinal = ?`,
        at,
      );
      if (!found) return undefined;
      if (found.user !== null) return { kind: "one", user: JSON.parse(found.user) as User };
      return found.kind === "many" ? { kind: "many", count: found.count ?? 2 } : { kind: "none" };
    },
    *users() {
      const sql =
        "SELECT first_ordinal, user_id, user FROM person WHERE first_ordinal > ? ORDER BY first_ordinal";
      type Person = { first_ordinal: number; user_id: string; user: string };
      for (const person of pages<Person>(sql, row => [row.first_ordinal], [0])) {
        const records = all<RowRecord>(
          "SELECT ordinal, sealed FROM lookup JOIN row USING (fold) WHERE user_id = ? ORDER BY ordinal",
          person.user_id,
        );
        yield { user: JSON.parse(person.user) as User, rows: records.map(spooled) };
      }
    },
    rowAt(at) {
      const [record] = all<RowRecord>("SELECT ordinal, sealed FROM row WHERE ordinal = ?", at);
      return record && spooled(record).row;
    },
    *issues() {
      const sql = `SELECT ordinal, rowid AS id, sealed FROM issue WHERE (ordinal, rowid) > (?, ?) ORDER BY ordinal, rowid`;
      type Found = { ordinal: number; id: number; sealed: Uint8Array };
      for (const { sealed } of pages<Found>(sql, row => [row.ordinal, row.id], [-1, 0])) {
        yield openJson<RowIssue>(sealed);
      }
    },
    *changes() {
      const sql = "SELECT seq, sealed FROM change WHERE seq > ? ORDER BY seq";
      for (const { sealed } of pages<{ seq: number; sealed: Uint8Array }>(sql, row => [row.seq], [0])) {
        yield openJson<Change>(sealed);
      }
    },
    *changesForDigest() {
      const sql = `SELECT seq, digest_key, sealed FROM change WHERE (digest_key, seq) > (?, ?) ORDER BY digest_key, seq`;
      type Found = { seq: number; digest_key: string; sealed: Uint8Array };
      for (const { sealed } of pages<Found>(sql, row => [row.digest_key, row.seq], ["", 0])) {
        yield openJson<Change>(sealed);
      }
    },
    close() {
      commit();
      database.close();
    },
  };
}
