import type { FileHandle } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { type Entry, fromFdPromise, getFileNameLowLevel, type ZipFile } from "yauzl";
import { PrepopError } from "../../model/errors.ts";

/** The parts of a workbook's archive. Names are compared without case, as Office does. */
export type Zip = {
  readonly names: readonly string[];
  has(name: string): boolean;
  /** Inflates one part piece by piece. The checksum is verified at its end. */
  read(name: string): AsyncGenerator<Buffer>;
};

/**
 * Normal exports are about ten times as big as their archive. More than this is refused from the directory, before
 * anything is inflated; yauzl then holds the data to the declared size.
 */
const limits = { parts: 20_000, partSize: 512 * 1024 ** 2, ratio: 100, ratioFrom: 50 * 1024 ** 2 };

/** Opens the archive over a handle that stays the caller's. Errors: CORRUPT, NOT_A_WORKBOOK, TOO_LARGE. */
export async function openZip(name: string, handle: FileHandle): Promise<Zip> {
  const entries = new Map<string, Entry | "twice">();
  let zip: ZipFile;
  try {
    // Names are decoded here, because yauzl would refuse the whole archive for one absolute name.
    zip = await fromFdPromise(handle.fd, { autoClose: false, lazyEntries: true, decodeStrings: false });
    if (zip.entryCount > limits.parts) throw tooLarge(name, `its archive has ${zip.entryCount} parts`);
    for await (const entry of zip.eachEntry()) {
      const key = partKey(entryName(entry));
      entries.set(key, entries.has(key) ? "twice" : entry);
    }
  } catch (cause) {
    throw converted(name, cause);
  }
  return {
    names: [...entries.keys()],
    has: part => entries.has(partKey(part)),
    read: part => readPart(name, zip, part, entries.get(partKey(part))),
  };
}

const partKey = (part: string): string => part.replaceAll("\\", "/").replace(/^\/+/, "").toLowerCase();

function entryName(entry: Entry): string {
  return getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
}

async function* readPart(
  name: string,
  zip: ZipFile,
  part: string,
  entry: Entry | "twice" | undefined,
): AsyncGenerator<Buffer> {
  if (entry === undefined) throw notAWorkbook(name, `its part ${part} is missing`);
  if (entry === "twice") throw notAWorkbook(name, `its part ${part} is there twice`);
  if (entry.isEncrypted()) throw new PrepopError("PREPOP_ROSTER_ENCRYPTED", { file: name });
  if (!entry.canDecodeFileData())
    throw notAWorkbook(name, `its part ${part} is packed in a way that is not known`);
  const size = entry.uncompressedSize;
  if (size > limits.partSize) throw tooLarge(name, `its part ${part} unpacks to ${megabytes(size)}`);
  if (size > limits.ratioFrom && size > entry.compressedSize * limits.ratio) {
    throw tooLarge(
      name,
      `its part ${part} unpacks from ${megabytes(entry.compressedSize)} to ${megabytes(size)}`,
    );
  }
  let checksum = 0;
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      checksum = crc32(chunk, checksum);
      yield chunk;
    }
  } catch (cause) {
    throw converted(name, cause);
  }
  if (checksum !== entry.crc32) throw corrupt(name, `the checksum of its part ${part} does not fit`);
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1024 ** 2)} MB`;

/** Refusals of a workbook, each with the reason as part of a sentence. */
export function notAWorkbook(name: string, why: string, cause?: unknown): PrepopError {
  return new PrepopError("PREPOP_ROSTER_NOT_A_WORKBOOK", { file: name, why }, cause);
}

export function corrupt(name: string, why: string, cause?: unknown): PrepopError {
  return new PrepopError("PREPOP_ROSTER_CORRUPT", { file: name, why }, cause);
}

export function tooLarge(name: string, why: string, cause?: unknown): PrepopError {
  return new PrepopError("PREPOP_ROSTER_TOO_LARGE", { file: name, why }, cause);
}

function converted(name: string, cause: unknown): unknown {
  if (cause instanceof PrepopError) return cause;
  const text = cause instanceof Error ? cause.message : "";
  if (/too many bytes/i.test(text))
    return tooLarge(name, "a part unpacks to more than its archive says", cause);
  if (/end of central directory/i.test(text)) return corrupt(name, "its end is missing", cause);
  return corrupt(name, "its archive is broken", cause);
}
