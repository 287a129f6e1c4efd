import { crc32, deflateRawSync } from "node:zlib";

/** One part of an archive. What is given beside `data` is a lie that the archive tells of it. */
export type ZipPart = {
  readonly name: string;
  readonly data: string | Buffer;
  readonly stored?: boolean;
  readonly encrypted?: boolean;
  readonly method?: number;
  readonly declaredSize?: number;
  readonly declaredCrc?: number;
};

/** Builds a zip archive, as odd as a test needs it. */
export function zip(parts: readonly ZipPart[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const { body, head, name } = packed(part);
    const local = Buffer.concat([Buffer.from("504b0304", "hex"), head, name, body]);
    const central = Buffer.concat([
      Buffer.from("504b01021400", "hex"),
      head,
      Buffer.alloc(10),
      uint32(offset),
      name,
    ]);
    bodies.push(local);
    directory.push(central);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const count = uint16(parts.length);
  const end = Buffer.concat([
    Buffer.from("504b050600000000", "hex"),
    count,
    count,
    uint32(central.length),
    uint32(offset),
    uint16(0),
  ]);
  return Buffer.concat([...bodies, central, end]);
}

/** `head` is what local and central headers share: version needed to extra field length. */
function packed({ name, data, stored, encrypted, method, declaredSize, declaredCrc }: ZipPart) {
  const raw = typeof data === "string" ? Buffer.from(data) : data;
  const body = stored ? raw : deflateRawSync(raw);
  const encoded = Buffer.from(name);
  const head = Buffer.concat([
    uint16(20),
    uint16(0x800 + (encrypted ? 1 : 0)),
    uint16(method ?? (stored ? 0 : 8)),
    uint32(0),
    uint32(declaredCrc ?? crc32(raw)),
    uint32(body.length),
    uint32(declaredSize ?? raw.length),
    uint16(encoded.length),
    uint16(0),
  ]);
  return { body, head, name: encoded };
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
