import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { brandColor } from "../src/connector/options.ts";

/**
 * Draws the connector's icon and writes it into src/connector/icon.ts: a telephone with a tick on its screen, white on the
 * brand colour, 230x230, without transparency. Run it when the drawing changes: `node script/icon.ts`.
 */

type Point = { readonly x: number; readonly y: number };
type Shape = (point: Point) => boolean;

export const iconSize = 230;
const samples = 6;

const body = roundedBox({ x: 68, y: 32 }, { x: 162, y: 198 }, 20);
const screen = roundedBox({ x: 79, y: 54 }, { x: 151, y: 166 }, 6);
const speaker = roundedBox({ x: 101, y: 41 }, { x: 129, y: 46 }, 2.5);
const button = circle({ x: 115, y: 182 }, 8);
const tick = anyOf(
  stroke({ x: 94, y: 112 }, { x: 109, y: 127 }, 6.5),
  stroke({ x: 109, y: 127 }, { x: 137, y: 95 }, 6.5),
);
const cut = anyOf(screen, speaker, button);

/** White where the telephone is, and where the tick is. */
const drawing: Shape = point => (body(point) && !cut(point)) || tick(point);

/** The pixels, RGB, row after row. */
export function iconPixels(): Uint8Array {
  const back = [1, 3, 5].map(at => Number.parseInt(brandColor.slice(at, at + 2), 16));
  const pixels = new Uint8Array(iconSize * iconSize * 3);
  for (let y = 0; y < iconSize; y++) {
    for (let x = 0; x < iconSize; x++) {
      const share = coverage(x, y);
      for (const [channel, value] of back.entries()) {
        pixels[(y * iconSize + x) * 3 + channel] = Math.round(value + (255 - value) * share);
      }
    }
  }
  return pixels;
}

/** How much of a pixel the drawing covers, 0 to 1. */
function coverage(x: number, y: number): number {
  let hits = 0;
  for (let sample = 0; sample < samples * samples; sample++) {
    const point = {
      x: x + ((sample % samples) + 0.5) / samples,
      y: y + (Math.floor(sample / samples) + 0.5) / samples,
    };
    if (drawing(point)) hits++;
  }
  return hits / (samples * samples);
}

function anyOf(...shapes: readonly Shape[]): Shape {
  return point => shapes.some(shape => shape(point));
}

function circle(center: Point, radius: number): Shape {
  return ({ x, y }) => Math.hypot(x - center.x, y - center.y) <= radius;
}

function roundedBox(from: Point, to: Point, radius: number): Shape {
  return ({ x, y }) => {
    const outX = Math.max(from.x + radius - x, x - (to.x - radius), 0);
    const outY = Math.max(from.y + radius - y, y - (to.y - radius), 0);
    return Math.hypot(outX, outY) <= radius;
  };
}

/** A line with round ends. */
function stroke(from: Point, to: Point, radius: number): Shape {
  const along = { x: to.x - from.x, y: to.y - from.y };
  const length = along.x ** 2 + along.y ** 2;
  return ({ x, y }) => {
    const share = Math.min(Math.max(((x - from.x) * along.x + (y - from.y) * along.y) / length, 0), 1);
    return Math.hypot(x - from.x - share * along.x, y - from.y - share * along.y) <= radius;
  };
}

/** A PNG of 8-bit RGB. */
function png(pixels: Uint8Array): Buffer {
  const rows: Uint8Array[] = [];
  for (let y = 0; y < iconSize; y++) {
    rows.push(Uint8Array.of(0), pixels.subarray(y * iconSize * 3, (y + 1) * iconSize * 3));
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(iconSize, 0);
  header.writeUInt32BE(iconSize, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

if (import.meta.main) {
  const bytes = png(iconPixels());
  const lines = bytes.toString("base64").match(/.{1,100}/g) ?? [];
  const text = `/** The connector's icon, a PNG of 230x230 drawn by script/icon.ts. Made by it; do not edit. */
export function icon(): Uint8Array {
  return Buffer.from(base64.join(""), "base64");
}

const base64 = [
${lines.map(line => `  "${line}",`).join("\n")}
];
`;
  writeFileSync(join(import.meta.dirname, "../src/connector/icon.ts"), text);
}
