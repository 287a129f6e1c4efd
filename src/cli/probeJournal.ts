import { mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { PrepopError } from "../model/errors.ts";
import type { User } from "../model/user.ts";

/** Whom a probe gave phones that are still to be taken back. It holds no number: test users held none. */
export type ProbeJournal = { readonly tenantId: string; readonly users: readonly User[] };

export function journalFile(home: string): string {
  return join(home, "probe.json");
}

/** Writes down, and to the disk, what must be taken back, before anything is given. */
export async function keepJournal(home: string, journal: ProbeJournal): Promise<void> {
  const file = journalFile(home);
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    const handle = await open(file, "w", 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(journal)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    const why = cause instanceof Error && "code" in cause ? String(cause.code) : "it failed";
    throw new PrepopError("PREPOP_FILE_WRITE", { file, why }, cause);
  }
}

/** What an earlier probe left; undefined where nothing is to be taken back. */
export async function readJournal(home: string): Promise<ProbeJournal | undefined> {
  let text: string;
  try {
    text = await readFile(journalFile(home), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const { tenantId, users } = JSON.parse(text) as ProbeJournal;
    if (typeof tenantId === "string" && Array.isArray(users)) return { tenantId, users };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  // It is written to the disk before anything is sent: half a journal means that nothing was.
  return undefined;
}

export async function dropJournal(home: string): Promise<void> {
  await rm(journalFile(home), { force: true });
}
