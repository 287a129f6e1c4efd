import { createHash } from "node:crypto";
import { type FileHandle, mkdtemp, open, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { PrepopError } from "../model/errors.ts";

/** Where a roster comes from. */
export type RosterSource =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "stdin"; readonly stream: NodeJS.ReadableStream }
  /** What comes from elsewhere under the name of a file. */
  | { readonly kind: "stream"; readonly name: string; readonly stream: NodeJS.ReadableStream };

/** An opened roster file: one handle for every pass, so that a file replaced meanwhile cannot mix two versions. */
export type OpenFile = {
  /** File name without its folder, or "stdin". */
  readonly name: string;
  readonly handle: FileHandle;
  readonly size: number;
  /** SHA-256 of the bytes, hex. */
  readonly hash: string;
  /** The first bytes, at most 64 KiB. */
  readonly head: Buffer;
  /** Whether all bytes are UTF-8. */
  readonly utf8: boolean;
  bytes(): AsyncIterable<Buffer>;
  /** Throws PREPOP_ROSTER_CORRUPT when the file was written to since it was opened. */
  assertUnchanged(): Promise<void>;
  close(): Promise<void>;
};

const headSize = 64 * 1024;
const pieceSize = 32 * 1024;
/** What standard input may bring; a file may be bigger, because it is already on disk. */
const spoolLimit = 4 * 1024 ** 3;

/** Opens a file, or spools a stream into a temporary file that only its user can read. Errors: PREPOP_ROSTER_NOT_FOUND. */
export async function openSource(source: RosterSource): Promise<OpenFile> {
  if (source.kind === "stdin") return describe("stdin", await spool("stdin", source.stream));
  if (source.kind === "stream") return describe(source.name, await spool(source.name, source.stream));
  const name = basename(source.path);
  const handle = await openPath(source.path, name);
  const stat = await handle.stat();
  if (stat.isDirectory()) {
    await handle.close();
    throw new PrepopError("PREPOP_ROSTER_NOT_FOUND", { file: name, why: "it is a folder" });
  }
  // A pipe, such as a shell's <(command), can be read only once.
  if (!stat.isFile()) return describe(name, await spool(name, handle.createReadStream()));
  return describe(name, { handle, remove: async () => undefined });
}

type Opened = { readonly handle: FileHandle; readonly remove: () => Promise<void> };

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "you may not read it",
  EPERM: "you may not read it",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "its links lead in a circle",
  EBUSY: "another program holds it open",
};

async function openPath(path: string, name: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    const why = reasons[code] ?? `the system says ${code === "" ? "no" : code}`;
    throw new PrepopError("PREPOP_ROSTER_NOT_FOUND", { file: name, why }, cause);
  }
}

async function spool(name: string, stream: NodeJS.ReadableStream): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), "prepop-"));
  const path = join(folder, "roster");
  const handle = await open(path, "wx+", 0o600);
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    // Where the system lets an open file lose its name, nothing stays behind even when the process is killed.
    if (process.platform !== "win32") {
      await rm(path);
      await rmdir(folder);
    }
    let size = 0;
    for await (const chunk of stream) {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      size += bytes.length;
      if (size > spoolLimit) {
        throw new PrepopError("PREPOP_ROSTER_TOO_LARGE", { file: name, why: "the input is over 4 GiB" });
      }
      await handle.writeFile(bytes);
    }
    return { handle, remove };
  } catch (cause) {
    await handle.close();
    await remove();
    if (cause instanceof PrepopError) throw cause;
    throw new PrepopError("PREPOP_ROSTER_NOT_FOUND", { file: name, why: "the input broke off" }, cause);
  }
}

async function describe(name: string, { handle, remove }: Opened): Promise<OpenFile> {
  const close = async () => {
    await handle.close();
    await remove();
  };
  const bytes = () => readAll(handle);
  try {
    const hash = createHash("sha256");
    const decoder = new TextDecoder("utf-8", { fatal: true });
    let head = Buffer.alloc(0);
    let utf8 = true;
    for await (const chunk of bytes()) {
      hash.update(chunk);
      if (head.length < headSize) head = Buffer.concat([head, chunk.subarray(0, headSize - head.length)]);
      utf8 &&= decodes(decoder, chunk);
    }
    utf8 &&= decodes(decoder, undefined);
    const before = await handle.stat();
    const assertUnchanged = async () => {
      const now = await handle.stat();
      if (now.size !== before.size || now.mtimeMs !== before.mtimeMs) {
        throw new PrepopError("PREPOP_ROSTER_CORRUPT", {
          file: name,
          why: "it was changed while it was read",
        });
      }
    };
    const digest = hash.digest("hex");
    return { name, handle, size: before.size, hash: digest, head, utf8, bytes, assertUnchanged, close };
  } catch (cause) {
    await close();
    if (cause instanceof PrepopError) throw cause;
    throw new PrepopError(
      "PREPOP_ROSTER_NOT_FOUND",
      { file: name, why: "it cannot be read to its end" },
      cause,
    );
  }
}

/** Reads by position: walks may overlap, and one that is left early leaves the handle as it was. */
async function* readAll(handle: FileHandle): AsyncGenerator<Buffer> {
  for (let position = 0; ; ) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(pieceSize), 0, pieceSize, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

function decodes(decoder: TextDecoder, chunk: Buffer | undefined): boolean {
  try {
    decoder.decode(chunk, { stream: chunk !== undefined });
    return true;
  } catch (cause) {
    if (cause instanceof TypeError) return false;
    throw cause;
  }
}
