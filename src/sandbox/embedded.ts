import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { PrepopError } from "../model/errors.ts";
import { type Sandbox, type SandboxConfig, type SandboxSnapshot, startSandbox } from "./sandbox.ts";

/** The tenant behind `--sandbox`: a sandbox that can be kept. */
export type EmbeddedSandbox = Sandbox & {
  /** Writes the tenant to `<home>/sandbox.json`; nothing else ever does. */
  save(): Promise<void>;
};

/**
 * Opens the embedded tenant: the one kept in `home`, or a new one made by the config. A file that cannot be read is
 * PREPOP_USAGE and stays as it is.
 */
export async function openEmbeddedSandbox(options: {
  readonly home: string;
  readonly config?: SandboxConfig;
}): Promise<EmbeddedSandbox> {
  const kept = await read(options.home);
  const sandbox = await startSandbox(options.config);
  if (kept !== undefined) {
    try {
      sandbox.restore(kept);
    } catch (error) {
      await sandbox.close();
      throw error;
    }
  }
  return { ...sandbox, save: () => write(options.home, sandbox.snapshot()) };
}

/** Forgets the embedded tenant; the next one begins anew. */
export async function resetEmbedded(home: string): Promise<void> {
  await rm(fileIn(home), { force: true });
}

function fileIn(home: string): string {
  return join(home, "sandbox.json");
}

async function read(home: string): Promise<SandboxSnapshot | undefined> {
  let text: string;
  try {
    text = await readFile(fileIn(home), "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unreadable(error);
  }
  try {
    // Its form is checked where it is restored.
    return JSON.parse(text) as SandboxSnapshot;
  } catch (error) {
    throw unreadable(error);
  }
}

/** Beside and then over the old file, so that a crash leaves the one or the other, whole. */
async function write(home: string, snapshot: SandboxSnapshot): Promise<void> {
  const temporary = `${fileIn(home)}.${process.pid}.tmp`;
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    const file = await open(temporary, "w", 0o600);
    try {
      await file.writeFile(JSON.stringify(snapshot));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, fileIn(home));
  } catch (error) {
    await rm(temporary, { force: true });
    throw new PrepopError("PREPOP_FILE_WRITE", { file: "sandbox.json", why: messageOf(error) }, error);
  }
}

function unreadable(error: unknown): PrepopError {
  return new PrepopError(
    "PREPOP_USAGE",
    {
      why: `The embedded sandbox tenant (sandbox.json) cannot be read: ${messageOf(error)}`,
      fix: "`prepop sandbox reset` begins with an empty tenant.",
    },
    error,
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
