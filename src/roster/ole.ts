import type { FileHandle } from "node:fs/promises";

/** What a compound file (the container of old Office files and of encrypted new ones) holds. */
export type OleContent = "encrypted" | "oldWorkbook" | "other";

const endOfChain = 0xfffffffa;
const maxSectors = 4096;
const maxFatEntries = 1 << 20;

/**
 * Looks into a compound file only as far as needed to say what it is.
 * Source: [MS-CFB] sections 2.2-2.6 and [MS-XLS] 2.4.117 FilePass.
 */
export async function oleContent(handle: FileHandle): Promise<OleContent> {
  const header = await read(handle, 0, 512);
  if (header.length < 512) return "other";
  const shift = header.readUInt16LE(30);
  if (shift !== 9 && shift !== 12) return "other";
  const file = { handle, sectorSize: 1 << shift, fat: await readFat(handle, header, 1 << shift) };

  const entries = directoryEntries(await readChain(file, header.readUInt32LE(48), maxSectors));
  const names = new Set(entries.map(entry => entry.name.toLowerCase()));
  if (names.has("encryptedpackage") || names.has("encryptioninfo")) return "encrypted";
  const book = entries.find(entry => ["workbook", "book"].includes(entry.name.toLowerCase()));
  if (book === undefined) return "other";

  const mini = book.size < header.readUInt32LE(56);
  const root = entries.find(entry => entry.type === 5);
  const start = mini && root !== undefined ? await readChain(file, root.start, maxSectors) : undefined;
  const records =
    start === undefined
      ? await readChain(file, book.start, 2)
      : start.subarray(book.start * 64, book.start * 64 + 64);
  return hasFilePass(records) ? "encrypted" : "oldWorkbook";
}

type OleFile = { readonly handle: FileHandle; readonly sectorSize: number; readonly fat: readonly number[] };
type Entry = { readonly name: string; readonly type: number; readonly start: number; readonly size: number };

async function read(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** The allocation table: the header names its first 109 sectors, a chain of further sectors the rest. */
async function readFat(handle: FileHandle, header: Buffer, sectorSize: number): Promise<number[]> {
  const fat: number[] = [];
  let list = header.subarray(76, 512);
  let next = header.readUInt32LE(68);
  for (let lists = 0; lists < maxSectors; lists++) {
    for (let at = 0; at + 4 <= list.length; at += 4) {
      const sector = list.readUInt32LE(at);
      if (sector >= endOfChain || fat.length > maxFatEntries) return fat;
      const bytes = await read(handle, (sector + 1) * sectorSize, sectorSize);
      for (let entry = 0; entry + 4 <= bytes.length; entry += 4) fat.push(bytes.readUInt32LE(entry));
    }
    if (next >= endOfChain) break;
    const further = await read(handle, (next + 1) * sectorSize, sectorSize);
    if (further.length < sectorSize) break;
    list = further.subarray(0, sectorSize - 4);
    next = further.readUInt32LE(sectorSize - 4);
  }
  return fat;
}

async function readChain(
  { handle, sectorSize, fat }: OleFile,
  first: number,
  limit: number,
): Promise<Buffer> {
  const parts: Buffer[] = [];
  const seen = new Set<number>();
  let sector = first;
  while (sector < endOfChain && parts.length < limit && !seen.has(sector)) {
    seen.add(sector);
    const bytes = await read(handle, (sector + 1) * sectorSize, sectorSize);
    if (bytes.length === 0) break;
    parts.push(bytes);
    sector = fat[sector] ?? endOfChain;
  }
  return Buffer.concat(parts);
}

function directoryEntries(bytes: Buffer): Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at + 128 <= bytes.length; at += 128) {
    const nameLength = Math.min(64, bytes.readUInt16LE(at + 64));
    entries.push({
      name: bytes.toString("utf16le", at, at + Math.max(0, nameLength - 2)),
      type: bytes.readUInt8(at + 66),
      start: bytes.readUInt32LE(at + 116),
      size: bytes.readUInt32LE(at + 120),
    });
  }
  return entries;
}

/** FilePass (0x002F) stands among the first records of an encrypted workbook. */
function hasFilePass(records: Buffer): boolean {
  for (let at = 0; at + 4 <= records.length; at += 4 + records.readUInt16LE(at + 2)) {
    if (records.readUInt16LE(at) === 0x2f) return true;
  }
  return false;
}
