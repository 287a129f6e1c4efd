import { hash, randomBytes } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { changeHash } from "../decide/digest.ts";
import type { Change } from "../model/change.ts";
import type { RowIssue } from "../model/issue.ts";
import type { PhoneNumber } from "../model/phone.ts";
import type { User, UserLookup } from "../model/user.ts";
import { type BlockStore, createBlocks } from "./blocks.ts";
import { createBulk } from "./bulk.ts";
import { ephemeralSealer } from "./seal.ts";

/** A row with its place in the roster, from 1. `Row` is what the caller keeps of it: anything that JSON can hold. */
export type SpooledRow<Row> = { readonly ordinal: number; readonly row: Row };

/** The rows of one user, in roster order. */
export type SpooledUser<Row> = { readonly user: User; readonly rows: readonly SpooledRow<Row>[] };

/**
 * The private workspace of one `check` or `plan`: what would otherwise be arrays as long as the roster. It is a SQLite
 * database without a name, which only this process can open and which is gone when it ends, however it ends. Rows,
 * issues and changes are sealed with a key that exists only in memory.
 */
export type Spool<Row> = {
  /** `fold` is the user key to compare by; undefined for a row that names no usable user. */
  addRow(row: Row, fold: string | undefined): number;
  /** Notes that a row asks for a number, to find numbers that two owners share. */
  addNumber(number: PhoneNumber, owner: string, ordinal: number): void;
  addIssue(ordinal: number, issue: RowIssue): void;
  addChange(change: Change): void;
  /** Keeps what the registration report says of users. */
  addRegistrations(
    page: Iterable<{ readonly id: string; readonly isAdmin: boolean; readonly nothingRegistered: boolean }>,
  ): void;
  /** What was found for a key that first stands in that row; once for each key. */
  setLookup(fold: string, firstOrdinal: number, lookup: UserLookup): void;

  /** How many distinct keys there are. */
  keyCount(): number;
  /** What the report said of a user, as far as it was read. */
  registration(
    userId: string,
  ): { readonly isAdmin: boolean; readonly nothingRegistered: boolean } | undefined;
  /** Every row with the issues noted at it, walked side by side. */
  rowsWithIssues(): Iterable<SpooledRow<Row> & { readonly issues: readonly RowIssue[] }>;
  /** Rows whose user was not found, with what the lookup gave; undefined for a row that was not looked up. */
  unfound(): Iterable<
    SpooledRow<Row> & { readonly lookup: Exclude<UserLookup, { kind: "one" }> | undefined }
  >;
  /** Distinct keys in the order in which they first stand, with the first row. */
  keys(): Iterable<{ readonly fold: string; readonly first: SpooledRow<Row> }>;
  /** The rows of each key that stands on more than one. */
  repeatedKeys(): Iterable<readonly SpooledRow<Row>[]>;
  /** The places of the rows that ask for one number for different owners. */
  sharedNumbers(): Iterable<readonly number[]>;
  /** Users that were found, in the order of their first row. */
  users(): Iterable<SpooledUser<Row>>;
  rowAt(ordinal: number): Row | undefined;
  issues(): Iterable<RowIssue>;
  changes(): Iterable<Change>;
  /** Whether the very same change was added twice. */
  repeatsChange(): boolean;
  /** What decide/digest binds, in its order. */
  changeHashes(): Iterable<Uint8Array>;
  close(): void;
};

const pageSize = 1_000;
const printDigits = 24;

const schema = `
  PRAGMA journal_mode = OFF;
  PRAGMA synchronous = OFF;
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA cache_size = -16000;
  CREATE TABLE row (ordinal INTEGER PRIMARY KEY, fold TEXT) STRICT;
  -- By the first row of the key.
  CREATE TABLE lookup
    (ordinal INTEGER PRIMARY KEY, fold TEXT NOT NULL, kind TEXT NOT NULL, count INTEGER, user_id TEXT, user TEXT) STRICT;
  CREATE TABLE number (print TEXT NOT NULL, owner INTEGER NOT NULL, ordinal INTEGER NOT NULL) STRICT;
  CREATE TABLE registration (user_id TEXT PRIMARY KEY, admin INTEGER, bare INTEGER) STRICT, WITHOUT ROWID;
  CREATE TABLE issue (ordinal INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT;
  CREATE INDEX issue_ordinal ON issue (ordinal);
  CREATE TABLE change_hash (hash BLOB NOT NULL) STRICT;
  CREATE TABLE row_block (block INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
  CREATE TABLE change_block (block INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
`;

/** Built when they are first needed: an index over a filled table costs a third of one that grows with it. */
const lateIndexes = {
  folds: "CREATE INDEX row_fold ON row (fold) WHERE fold IS NOT NULL",
  lookups: `CREATE INDEX lookup_fold ON lookup (fold);
    CREATE INDEX lookup_user ON lookup (user_id, ordinal) WHERE user_id IS NOT NULL`,
  numbers: "CREATE INDEX number_print ON number (print, owner, ordinal)",
  hashes: "CREATE INDEX change_hash_hash ON change_hash (hash)",
} as const;

/** Opens an empty spool. */
export function openSpool<Row>(): Spool<Row> {
  const database = new DatabaseSync("");
  database.exec(schema);
  // One transaction that is never committed: reads on this connection see what it wrote, and nobody else may.
  database.exec("BEGIN");
  const sealer = ephemeralSealer();
  // The key that numbers and owners are compared under exists only here, like the one that seals.
  const secret = randomBytes(32).toString("base64");
  const print = (text: string): string => hash("sha256", secret + text, "hex").slice(0, printDigits);
  const ownerNumber = (owner: string): number =>
    Number.parseInt(hash("sha256", secret + owner, "hex").slice(0, 12), 16);
  const prepared = new Map<string, ReturnType<DatabaseSync["prepare"]>>();
  type Value = string | number | Uint8Array | null;

  const statement = (sql: string) => {
    const known = prepared.get(sql);
    if (known) return known;
    const made = database.prepare(sql);
    prepared.set(sql, made);
    return made;
  };
  const rowBulk = createBulk(database, "INSERT INTO row (ordinal, fold)", 2);
  const lookupBulk = createBulk(
    database,
    "INSERT INTO lookup (ordinal, fold, kind, count, user_id, user)",
    6,
  );
  const numberBulk = createBulk(database, "INSERT INTO number (print, owner, ordinal)", 3);
  const hashBulk = createBulk(database, "INSERT INTO change_hash (hash)", 1);
  const registrationBulk = createBulk(
    database,
    "INSERT OR REPLACE INTO registration (user_id, admin, bare)",
    3,
  );
  const filledBy = { folds: rowBulk, lookups: lookupBulk, numbers: numberBulk, hashes: hashBulk } as const;
  const built = new Set<keyof typeof lateIndexes>();
  const build = (index: keyof typeof lateIndexes): void => {
    filledBy[index].flush();
    if (built.has(index)) return;
    database.exec(lateIndexes[index]);
    built.add(index);
  };
  const write = (sql: string, ...values: Value[]): void => {
    statement(sql).run(...values);
  };
  const all = <Found>(sql: string, ...values: Value[]): Found[] => statement(sql).all(...values) as Found[];
  /** Walks a query page by page, so that the tables may be written during the walk. */
  function* pages<Found>(sql: string, next: (found: Found) => Value[], start: Value[]): Iterable<Found> {
    for (let after = start; ; ) {
      const page = all<Found>(`${sql} LIMIT ${pageSize}`, ...after);
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < pageSize) return;
      after = next(last);
    }
  }
  const blockStore = (table: "row_block" | "change_block"): BlockStore => ({
    put: (block, sealed) => write(`INSERT INTO ${table} (block, sealed) VALUES (?, ?)`, block, sealed),
    get: block =>
      all<{ sealed: Uint8Array }>(`SELECT sealed FROM ${table} WHERE block = ?`, block)[0]?.sealed,
  });
  const rows = createBlocks<Row>(blockStore("row_block"), sealer);
  const changes = createBlocks<Change>(blockStore("change_block"), sealer);

  const rowAt = (ordinal: number): Row => {
    const row = rows.at(ordinal);
    if (row === undefined) throw new RangeError(`The spool has no row ${ordinal}.`);
    return row;
  };
  const openIssue = (sealed: Uint8Array): RowIssue => JSON.parse(sealer.open(sealed)) as RowIssue;

  return {
    addRow(row, fold) {
      const ordinal = rows.push(row);
      rowBulk.add(ordinal, fold ?? null);
      return ordinal;
    },
    addNumber(number, owner, ordinal) {
      numberBulk.add(print(number), ownerNumber(owner), ordinal);
    },
    addIssue(ordinal, issue) {
      const sealed = sealer.seal(JSON.stringify(issue));
      write("INSERT INTO issue (ordinal, sealed) VALUES (?, ?)", ordinal, sealed);
    },
    addChange(change) {
      hashBulk.add(changeHash(change));
      changes.push(change);
    },
    addRegistrations(page) {
      for (const { id, isAdmin, nothingRegistered } of page) {
        registrationBulk.add(id, Number(isAdmin), Number(nothingRegistered));
      }
    },
    keyCount() {
      build("folds");
      return all<{ keys: number }>("SELECT count(DISTINCT fold) AS keys FROM row")[0]?.keys ?? 0;
    },
    registration(userId) {
      registrationBulk.flush();
      type Found = { admin: number; bare: number };
      const [found] = all<Found>("SELECT admin, bare FROM registration WHERE user_id = ?", userId);
      return found && { isAdmin: found.admin === 1, nothingRegistered: found.bare === 1 };
    },
    setLookup(fold, firstOrdinal, lookup) {
      const { kind } = lookup;
      const count = kind === "many" ? lookup.count : null;
      const [userId, user] = kind === "one" ? [lookup.user.id, JSON.stringify(lookup.user)] : [null, null];
      lookupBulk.add(firstOrdinal, fold, kind, count, userId, user);
    },

    *rowsWithIssues() {
      type Noted = { ordinal: number; id: number; sealed: Uint8Array };
      const sql = `SELECT ordinal, rowid AS id, sealed FROM issue WHERE (ordinal, rowid) > (?, ?) ORDER BY ordinal, rowid`;
      const noted = pages<Noted>(sql, each => [each.ordinal, each.id], [0, 0])[Symbol.iterator]();
      let next = noted.next();
      for (const { place, value } of rows.walk()) {
        const issues: RowIssue[] = [];
        for (; !next.done && next.value.ordinal === place; next = noted.next()) {
          issues.push(openIssue(next.value.sealed));
        }
        yield { ordinal: place, row: value, issues };
      }
    },
    *unfound() {
      build("folds");
      build("lookups");
      const sql = `SELECT row.ordinal AS ordinal, kind, count FROM row LEFT JOIN lookup USING (fold)
        WHERE row.ordinal > ? AND kind IS NOT 'one' ORDER BY row.ordinal`;
      type Found = { ordinal: number; kind: "none" | "many" | null; count: number | null };
      for (const { ordinal, kind, count } of pages<Found>(sql, each => [each.ordinal], [0])) {
        const lookup = kind === null ? undefined : kind === "many" ? { kind, count: count ?? 2 } : { kind };
        yield { ordinal, row: rowAt(ordinal), lookup };
      }
    },
    *keys() {
      build("folds");
      const sql = `SELECT ordinal, fold FROM row AS r WHERE ordinal > ? AND fold IS NOT NULL
        AND ordinal = (SELECT min(ordinal) FROM row WHERE fold = r.fold) ORDER BY ordinal`;
      for (const { ordinal, fold } of pages<{ ordinal: number; fold: string }>(
        sql,
        each => [each.ordinal],
        [0],
      )) {
        yield { fold, first: { ordinal, row: rowAt(ordinal) } };
      }
    },
    *repeatedKeys() {
      build("folds");
      const sql = `SELECT fold FROM row WHERE fold > ? GROUP BY fold HAVING count(*) > 1 ORDER BY fold`;
      for (const { fold } of pages<{ fold: string }>(sql, each => [each.fold], [""])) {
        const found = all<{ ordinal: number }>(
          "SELECT ordinal FROM row WHERE fold = ? ORDER BY ordinal",
          fold,
        );
        yield found.map(({ ordinal }) => ({ ordinal, row: rowAt(ordinal) }));
      }
    },
    *sharedNumbers() {
      build("numbers");
      const sql = `SELECT print FROM number WHERE print > ? GROUP BY print HAVING min(owner) <> max(owner) ORDER BY print`;
      for (const { print } of pages<{ print: string }>(sql, each => [each.print], [""])) {
        const found = all<{ ordinal: number }>(
          "SELECT DISTINCT ordinal FROM number WHERE print = ? ORDER BY ordinal",
          print,
        );
        yield found.map(({ ordinal }) => ordinal);
      }
    },
    *users() {
      build("folds");
      build("lookups");
      // A user whom several keys name stands at the first of them. The joins stand in this order so that SQLite walks
      // the page of users, and not the rows.
      const sql = `SELECT p.ordinal AS first, p.user AS user, row.ordinal AS ordinal
        FROM (SELECT ordinal, user_id, user FROM lookup AS l WHERE ordinal > ? AND user_id IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM lookup AS o WHERE o.user_id = l.user_id AND o.ordinal < l.ordinal)
              ORDER BY ordinal LIMIT ${pageSize}) AS p
        CROSS JOIN lookup AS k ON k.user_id = p.user_id CROSS JOIN row ON row.fold = k.fold
        ORDER BY p.ordinal, row.ordinal`;
      type Found = { first: number; user: string; ordinal: number };
      for (let after = 0; ; ) {
        const page = all<Found>(sql, after);
        const last = page.at(-1);
        if (!last) return;
        for (let from = 0; from < page.length; ) {
          const first = page[from]?.first;
          const user = JSON.parse(page[from]?.user ?? "") as User;
          const mine: SpooledRow<Row>[] = [];
          for (let each = page[from]; each && each.first === first; each = page[++from]) {
            mine.push({ ordinal: each.ordinal, row: rowAt(each.ordinal) });
          }
          yield { user, rows: mine };
        }
        after = last.first;
      }
    },
    rowAt: ordinal => rows.at(ordinal),
    *issues() {
      const sql = `SELECT ordinal, rowid AS id, sealed FROM issue WHERE (ordinal, rowid) > (?, ?) ORDER BY ordinal, rowid`;
      type Found = { ordinal: number; id: number; sealed: Uint8Array };
      for (const { sealed } of pages<Found>(sql, each => [each.ordinal, each.id], [-1, 0]))
        yield openIssue(sealed);
    },
    *changes() {
      for (const { value } of changes.walk()) yield value;
    },
    repeatsChange() {
      build("hashes");
      return all("SELECT 1 FROM change_hash GROUP BY hash HAVING count(*) > 1 LIMIT 1").length > 0;
    },
    *changeHashes() {
      build("hashes");
      const sql = "SELECT DISTINCT hash FROM change_hash WHERE hash > ? ORDER BY hash";
      for (const { hash } of pages<{ hash: Uint8Array }>(sql, each => [each.hash], [new Uint8Array()]))
        yield hash;
    },
    close() {
      database.close();
    },
  };
}
