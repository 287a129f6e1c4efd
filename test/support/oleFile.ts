/**
 * Builds a compound file (MS-CFB) with streams of these names. All streams share the content, which is long enough
 * not to lie in the mini stream.
 */
export function oleFile(names: readonly string[], content: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(512, 0);
  Buffer.from("d0cf11e0a1b11ae1", "hex").copy(header);
  header.writeUInt16LE(9, 30);
  header.writeUInt32LE(1, 44);
  header.writeUInt32LE(1, 48);
  header.writeUInt32LE(4096, 56);
  header.writeUInt32LE(endOfChain, 60);
  header.writeUInt32LE(endOfChain, 68);
  header.fill(0xff, 76);
  header.writeUInt32LE(0, 76);

  const streamSectors = 8;
  const fat = Buffer.alloc(512, 0xff);
  fat.writeUInt32LE(0xfffffffd, 0);
  fat.writeUInt32LE(endOfChain, 4);
  for (let sector = 2; sector < 2 + streamSectors; sector++) {
    fat.writeUInt32LE(sector === 1 + streamSectors ? endOfChain : sector + 1, sector * 4);
  }

  const directory = Buffer.concat([
    entry("Root Entry", 5, endOfChain, 0),
    ...names.map(name => entry(name, 2, 2, 4096)),
  ]);
  const stream = Buffer.alloc(4096);
  content.copy(stream);
  return Buffer.concat([header, fat, Buffer.concat([directory, Buffer.alloc(512)]).subarray(0, 512), stream]);
}

const endOfChain = 0xfffffffe;

function entry(name: string, type: number, start: number, size: number): Buffer {
  const bytes = Buffer.alloc(128);
  bytes.write(name, "utf16le");
  bytes.writeUInt16LE((name.length + 1) * 2, 64);
  bytes.writeUInt8(type, 66);
  bytes.writeUInt32LE(start, 116);
  bytes.writeUInt32LE(size, 120);
  return bytes;
}
