import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, unlinkSync, writeSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname } from "node:path";
import { PrepopError } from "../model/errors.ts";

/** Bytes of the key: AES-256. */
export const keyBytes = 32;

/** Where the key comes from: the text of PREPOP_LEDGER_KEY, else the file beside the ledger. */
export type KeySource = {
  readonly text?: string;
  readonly file: string;
  /** Makes the key file where there is none. Only for a ledger in which nothing has been sealed yet. */
  readonly create: boolean;
};

/** The key that seals numbers. Throws PREPOP_LEDGER_KEY when there is none, or it is not 32 bytes in base64. */
export function ledgerKey({ text, file, create }: KeySource): Uint8Array {
  if (text !== undefined) return decode(text, "PREPOP_LEDGER_KEY");
  if (!existsSync(file)) {
    if (!create) throw new PrepopError("PREPOP_LEDGER_KEY", { why: `there is no key file ${file}` });
    return createKeyFile(file);
  }
  return decode(readKeyFile(file), `the key file ${file}`);
}

const base64OfKey = /^[A-Za-z0-9+/]{43}=$/;

/** The text itself is never part of the error: it may be a key with one wrong character. */
function decode(text: string, where: string): Uint8Array {
  const trimmed = text.trim();
  if (!base64OfKey.test(trimmed)) {
    throw new PrepopError("PREPOP_LEDGER_KEY", { why: `${where} does not hold ${keyBytes} bytes in base64` });
  }
  return Buffer.from(trimmed, "base64");
}

function readKeyFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new PrepopError("PREPOP_LEDGER_KEY", { why: `${file} cannot be read (${reason(error)})` }, error);
  }
}

/** The key is on the disk, with its folder entry, before the first number is sealed with it. */
function createKeyFile(file: string): Uint8Array {
  const key = randomBytes(keyBytes);
  try {
    const descriptor = openSync(file, "wx", 0o600);
    try {
      writeSync(descriptor, `${key.toString("base64")}\n`);
      fsyncSync(descriptor);
    } catch (error) {
      unlinkSync(file); // half a key would look like a damaged one for ever
      throw error;
    } finally {
      closeSync(descriptor);
    }
    if (process.platform === "win32") keepToOwnerOnWindows(file);
    else syncFolder(dirname(file));
  } catch (error) {
    throw new PrepopError("PREPOP_LEDGER_KEY", { why: `${file} cannot be made (${reason(error)})` }, error);
  }
  return key;
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Windows has no file modes. The user data directory is private to its user already; this also covers a PREPOP_HOME
 * elsewhere. Its answer is not looked at: on a drive without access lists nothing can be done.
 */
function keepToOwnerOnWindows(file: string): void {
  spawnSync("icacls", [file, "/inheritance:r", "/grant:r", `${userInfo().username}:F`], {
    stdio: "ignore",
    windowsHide: true,
  });
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
