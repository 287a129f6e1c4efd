import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { PrepopError } from "../model/errors.ts";
import { type Database, openDatabase } from "./database.ts";
import { createEmpty, takeLock } from "./lock.ts";
import { applicationId, migrate, schemaVersion } from "./schema.ts";

/**
 * Opens the ledger of a home folder for writing, and makes folder, file and schema where they are missing. Throws
 * PREPOP_LEDGER_FOREIGN for a file that is not a ledger or a newer one, PREPOP_LEDGER_CORRUPT for a damaged one.
 */
export function openLedgerFile(home: string): Database {
  const file = ledgerPath(home);
  makeFile(home, file);
  const database = openDatabase(file, { readOnly: false });
  return checked(database, () => {
    if (identify(database, file) < schemaVersion || !isWriteAhead(database)) prepare(database, home, file);
    // macOS keeps what fsync wrote in the drive's cache unless it is asked not to; elsewhere this says nothing.
    database.exec("PRAGMA fullfsync = ON; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -32000");
    return database;
  });
}

/**
 * Opens the ledger of a home folder for looking only: it creates nothing, changes nothing, and takes a home without a
 * ledger for an empty one. Only a ledger of an older version is brought up to date first.
 */
export function openLedgerFileToRead(home: string): Database {
  const file = ledgerPath(home);
  if (!existsSync(file)) return emptyLedger();
  if (isOlder(file)) openLedgerFile(home).close();
  // A read-only connection leaves a -wal and a -shm file behind where there were none; another one takes them away again.
  const database = openDatabase(file, { readOnly: existsSync(`${file}-wal`) });
  return checked(database, () => {
    database.exec("PRAGMA query_only = ON");
    const version = identify(database, file);
    if (version === 0) {
      const empty = emptyLedger();
      database.close();
      return empty;
    }
    return database;
  });
}

function isOlder(file: string): boolean {
  const database = openDatabase(file, { readOnly: existsSync(`${file}-wal`) });
  try {
    database.exec("PRAGMA query_only = ON");
    const version = identify(database, file);
    return version > 0 && version < schemaVersion;
  } finally {
    database.close();
  }
}

const ledgerPath = (home: string): string => join(home, "ledger.db");

function makeFile(home: string, file: string): void {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    createEmpty(file); // SQLite gives its side files the mode of this one
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new PrepopError("PREPOP_LEDGER_WRITE", { why, state: "" }, error);
  }
}

function emptyLedger(): Database {
  const database = openDatabase(":memory:", { readOnly: false });
  migrate(database);
  database.exec("PRAGMA query_only = ON");
  return database;
}

/** Closes the connection when what is looked at first cannot be used. */
function checked(database: Database, check: () => Database): Database {
  try {
    return check();
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The schema version of the file; 0 for an empty one. */
function identify(database: Database, file: string): number {
  // In this order, because another process may make the ledger meanwhile: who sees its tables sees its name after that.
  const holdsTables = database.get("SELECT 1 FROM sqlite_schema") !== undefined;
  const version = database.pragma("user_version");
  const application = database.pragma("application_id");
  if (application === 0 && version === 0 && !holdsTables) return 0;
  if (application !== applicationId) {
    throw new PrepopError("PREPOP_LEDGER_FOREIGN", { file, why: "another program made it" });
  }
  if (version > schemaVersion) {
    const why = `a newer prepop made it (version ${version}; this one knows ${schemaVersion})`;
    throw new PrepopError("PREPOP_LEDGER_FOREIGN", { file, why });
  }
  // Reads a page of each table, which is where damage shows that is not in the header.
  if (version > 0) database.get("SELECT (SELECT count(*) FROM ledger), max(number) FROM run");
  return version;
}

function isWriteAhead(database: Database): boolean {
  return database.get("PRAGMA journal_mode")?.journal_mode === "wal";
}

/** One process at a time: SQLite does not wait in line for a change of the journal mode. */
function prepare(database: Database, home: string, file: string): void {
  const lock = takeLock({ home, name: "ledger", timeoutMs: 60_000 });
  try {
    identify(database, file);
    migrate(database);
    database.exec("PRAGMA journal_mode = WAL");
  } finally {
    lock.release();
  }
}
