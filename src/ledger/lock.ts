import { createHash } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { PrepopError } from "../model/errors.ts";
import { isBusy } from "./database.ts";

/** The right to write, held by this process until it is released or the process ends. */
export type Lock = { release(): void };

export type LockRequest = {
  readonly home: string;
  /** What is locked: a tenant id, or the ledger itself. */
  readonly name: string;
  /** How long to wait in line; the process does nothing else in that time. */
  readonly timeoutMs: number;
};

/** Whether any process holds a lock. It disturbs a holder in no way, and makes no file. */
export function isLocked({ home, name }: Pick<LockRequest, "home" | "name">): boolean {
  const file = `${join(home, "locks", fileName(name))}.lock`;
  if (!existsSync(file)) return false;
  const connection = new DatabaseSync(file, { readOnly: true, timeout: 0 });
  try {
    connection.prepare("SELECT 1 FROM sqlite_schema").get();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    connection.close();
  }
}

/**
 * Takes a lock. Throws PREPOP_LEDGER_LOCKED, naming the holder's process, when it is not free in time.
 *
 * The lock is SQLite's own exclusive lock on a file that stays empty. The operating system drops it with the process,
 * also after kill -9, so a dead process cannot keep it and no age has to be guessed. The file is never removed
 * and never opened by other means: on POSIX systems closing any descriptor of a file drops this process's locks on it.
 * That is why the holder's number stands in a file of its own.
 */
export function takeLock({ home, name, timeoutMs }: LockRequest): Lock {
  const folder = join(home, "locks");
  const base = join(folder, fileName(name));
  const pidFile = `${base}.pid`;
  const connection = openLockFile(folder, `${base}.lock`, timeoutMs);
  try {
    connection.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    connection.close();
    if (!isBusy(error)) throw notWritable(error);
    throw new PrepopError("PREPOP_LEDGER_LOCKED", { pid: readPid(pidFile) }, error);
  }
  writeFileSync(pidFile, String(process.pid), { mode: 0o600 });
  return {
    release() {
      if (!connection.isOpen) return;
      rmSync(pidFile, { force: true });
      connection.close();
    },
  };
}

/**
 * Ids of tenants are GUIDs; anything else (a path, say) is hashed into a name that files can have. Windows has no file
 * that is called con or nul.
 */
function fileName(name: string): string {
  const folded = name.toLowerCase();
  if (/^[a-z0-9-]{5,64}$/.test(folded)) return folded;
  return createHash("sha256").update(folded).digest("hex");
}

function openLockFile(folder: string, file: string, timeoutMs: number): DatabaseSync {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    createEmpty(file);
    return new DatabaseSync(file, { timeout: timeoutMs });
  } catch (error) {
    throw notWritable(error);
  }
}

/** Makes the file for its owner only, where there is none; one that is there is not opened. */
export function createEmpty(file: string): void {
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

/** Only for the message: it may be gone, or be an older one for a moment. */
function readPid(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "unknown";
  }
}

function notWritable(error: unknown): PrepopError {
  const why = error instanceof Error ? error.message : String(error);
  return new PrepopError("PREPOP_LEDGER_WRITE", { why, state: "" }, error);
}
