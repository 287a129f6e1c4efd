import { inflateSync } from "node:zlib";

/** What can be said of a PNG without showing it. */
export type PngFacts = {
  readonly width: number;
  readonly height: number;
  readonly transparent: boolean;
  /** The colour of the first pixel as `#rrggbb`; undefined where it is not 8 bits a channel. */
  readonly corner: string | undefined;
};

const signature = Buffer.from("89504e470d0a1a0a", "hex");
const mostBytes = 16 * 1024 * 1024;

/** Reads the head and the first pixel; undefined for what is not a PNG. */
export function pngFacts(bytes: Uint8Array): PngFacts | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = file.subarray(0, 8).equals(signature) ? chunksOf(file) : [];
  const header = chunks.find(({ type }) => type === "IHDR")?.data;
  if (header === undefined || header.length < 13) return undefined;
  const colorType = header[9] ?? 0;
  const transparent = colorType === 4 || colorType === 6 || chunks.some(({ type }) => type === "tRNS");
  return {
    width: header.readUInt32BE(0),
    height: header.readUInt32BE(4),
    transparent,
    corner: header[8] === 8 ? cornerOf(chunks, colorType) : undefined,
  };
}

type Chunk = { readonly type: string; readonly data: Buffer };

function chunksOf(file: Buffer): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 8; at + 12 <= file.length; ) {
    const length = file.readUInt32BE(at);
    chunks.push({
      type: file.toString("latin1", at + 4, at + 8),
      data: file.subarray(at + 8, at + 8 + length),
    });
    at += 12 + length;
  }
  return chunks;
}

/** The first pixel stands behind the filter byte of the first row, and every filter leaves it as it is. */
function cornerOf(chunks: readonly Chunk[], colorType: number): string | undefined {
  const packed = Buffer.concat(chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data));
  const pixels = inflated(packed)?.subarray(1);
  if (pixels === undefined) return undefined;
  if (colorType === 3) {
    const palette = chunks.find(({ type }) => type === "PLTE")?.data;
    const at = (pixels[0] ?? 0) * 3;
    return palette === undefined ? undefined : color(palette.subarray(at, at + 3));
  }
  const grey = colorType === 0 || colorType === 4;
  return color(grey ? Buffer.alloc(3, pixels[0] ?? 0) : pixels.subarray(0, 3));
}

function color(bytes: Buffer): string | undefined {
  return bytes.length === 3 ? `#${bytes.toString("hex")}` : undefined;
}

function inflated(packed: Buffer): Buffer | undefined {
  try {
    return inflateSync(packed, { maxOutputLength: mostBytes });
  } catch {
    // A picture that cannot be unpacked has no corner to compare; that it is broken shows as no colour.
    return undefined;
  }
}
