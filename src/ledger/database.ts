import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from "node:sqlite";
import { PrepopError } from "../model/errors.ts";

export type Row = Readonly<Record<string, SQLOutputValue>>;

/** full: on the disk when the transaction returns. normal: survives the end of this process, maybe not a power cut. */
export type Durability = "full" | "normal";

/**
 * The one seam between the ledger and SQLite. Statements are prepared once, by their text. What SQLite says about the
 * disk or the file becomes a PrepopError here; what it says about a statement is a defect and passes unchanged.
 */
export type Database = {
  all(sql: string, ...values: SQLInputValue[]): Row[];
  get(sql: string, ...values: SQLInputValue[]): Row | undefined;
  /** One new row, by the names of its columns, which are the same for every row of a table. */
  insert(table: string, row: Readonly<Record<string, SQLInputValue>>): void;
  /** The number of rows that it changed. */
  run(sql: string, ...values: SQLInputValue[]): number;
  exec(sql: string): void;
  /** The value of a pragma that is a number. */
  pragma(name: "application_id" | "user_version"): number;
  /** All of `work` or nothing; other writers wait. */
  transaction<Result>(durability: Durability, work: () => Result): Result;
  close(): void;
};

/** How long a statement waits for a writer of another process (a run of a million entries is one transaction). */
const busyTimeoutMs = 60_000;

/** Opens a connection to the file at `path`, or to `:memory:`. */
export function openDatabase(path: string, options: { readonly readOnly: boolean }): Database {
  const statements = new Map<string, StatementSync>();
  const inserts = new Map<string, string>();
  let synchronous: Durability = "full"; // as node:sqlite opens it

  const reading = <Result>(work: () => Result): Result => converted(path, "read", work);
  const writing = <Result>(work: () => Result): Result => converted(path, "write", work);
  const connection = converted(
    path,
    options.readOnly ? "read" : "write",
    () => new DatabaseSync(path, { timeout: busyTimeoutMs, readOnly: options.readOnly }),
  );

  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known) return known;
    const made = connection.prepare(sql);
    statements.set(sql, made);
    return made;
  };
  const setDurability = (wanted: Durability): void => {
    if (synchronous !== wanted) connection.exec(`PRAGMA synchronous = ${wanted}`);
    synchronous = wanted;
  };

  return {
    all: (sql, ...values) => reading(() => prepared(sql).all(...values)),
    get: (sql, ...values) => reading(() => prepared(sql).get(...values)),
    insert(table, row) {
      const sql = inserts.get(table) ?? insertInto(table, Object.keys(row));
      inserts.set(table, sql);
      writing(() => prepared(sql).run(...Object.values(row)));
    },
    run: (sql, ...values) => writing(() => Number(prepared(sql).run(...values).changes)),
    exec: sql => writing(() => connection.exec(sql)),
    pragma: name => reading(() => Number(connection.prepare(`PRAGMA ${name}`).get()?.[name])),
    transaction(durability, work) {
      writing(() => {
        setDurability(durability);
        connection.exec("BEGIN IMMEDIATE");
      });
      try {
        const result = work();
        writing(() => connection.exec("COMMIT"));
        return result;
      } catch (error) {
        // A full disk may have rolled it back already.
        if (connection.isTransaction) connection.exec("ROLLBACK");
        throw error;
      }
    },
    close: () => writing(() => connection.close()),
  };
}

function insertInto(table: string, columns: readonly string[]): string {
  return `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;
}

// The primary codes of https://sqlite.org/rescode.html (read 2026-11-24).
const codes = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;

const ofTheDisk: ReadonlySet<number> = new Set([
  codes.busy,
  codes.locked,
  codes.readOnly,
  codes.ioError,
  codes.full,
  codes.cannotOpen,
]);

/** Whether SQLite says that another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  return resultCode(error) === codes.busy;
}

function converted<Result>(file: string, doing: "read" | "write", work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const code = resultCode(error);
    if (code === undefined) throw error;
    const why = error instanceof Error ? error.message : "";
    if (code === codes.notADatabase) {
      throw new PrepopError("PREPOP_LEDGER_FOREIGN", { file, why: "it is not a SQLite database" }, error);
    }
    if (code === codes.corrupt) throw new PrepopError("PREPOP_LEDGER_CORRUPT", { file, why }, error);
    if (!ofTheDisk.has(code)) throw error;
    if (doing === "read") throw new PrepopError("PREPOP_LEDGER_CORRUPT", { file, why }, error);
    throw new PrepopError("PREPOP_LEDGER_WRITE", { why, state: "" }, error);
  }
}

/** The primary result code; the extended one says in its upper bits which read or write it was. */
function resultCode(error: unknown): number | undefined {
  const known = error instanceof Error && "errcode" in error && typeof error.errcode === "number";
  return known ? Number(error.errcode) & 0xff : undefined;
}
