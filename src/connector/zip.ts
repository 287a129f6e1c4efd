import { crc32 } from "node:zlib";
import type { MadeFile } from "./package.ts";

/**
 * A ZIP archive of a few small files, the same bytes on every machine: entries in the order given, forward slashes, one
 * fixed date, and stored without compression, because compressed bytes differ between builds of zlib.
 */
export function zipOf(files: readonly MadeFile[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { path, content } of files) {
    const name = Buffer.from(path);
    const data = Buffer.from(content);
    const shared = sharedHeader(name, data);
    bodies.push(signature("PK\u0003\u0004"), shared, name, data);
    const place = Buffer.alloc(4);
    place.writeUInt32LE(offset);
    // Made by: version 2.0 on FAT; no comment, first disk, no attributes.
    directory.push(signature("PK\u0001\u0002"), uint16(20), shared, Buffer.alloc(10), place, name);
    offset += 4 + shared.length + name.length + data.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(entries.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...bodies, entries, signature("PK\u0005\u0006"), end]);
}

/** 1 January 2020, midnight, as DOS counts: day, month and years since 1980. */
const date = ((2020 - 1980) << 9) | (1 << 5) | 1;
/** Names are UTF-8. */
const flags = 0x800;

/** What the header of an entry and its line in the directory share. */
function sharedHeader(name: Buffer, data: Buffer): Buffer {
  const sizes = Buffer.alloc(12);
  sizes.writeUInt32LE(crc32(data), 0);
  sizes.writeUInt32LE(data.length, 4);
  sizes.writeUInt32LE(data.length, 8);
  const stored = 0;
  const midnight = 0;
  return Buffer.concat([
    ...[20, flags, stored, midnight, date].map(uint16),
    sizes,
    uint16(name.length),
    uint16(0),
  ]);
}

function signature(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}
