import { PrepopError } from "../model/errors.ts";
import type { RosterCell } from "../model/row.ts";
import { type Encoding, isDecodingError } from "./fileKind.ts";
import { type JsonElement, JsonShapeError, JsonSplitter, LineSplitter } from "./jsonSplitter.ts";
import type { OpenFile } from "./source.ts";

/** One object of a JSON list: its number (in NDJSON: its line) and its members as cells. */
export type JsonRow = { readonly row: number; readonly cells: ReadonlyMap<string, RosterCell> };

/** A list of objects in JSON text, read piece by piece. It can be walked more than once. */
export type JsonList = { rows(): AsyncIterable<readonly JsonRow[]> };

/** Opens a JSON array of objects, one object around such an array, or one object a line. */
export function jsonList(file: OpenFile, kind: "json" | "ndjson", encoding: Encoding): JsonList {
  const byLine = kind === "ndjson" || isLineByLine(new TextDecoder(encoding).decode(file.head));
  return {
    async *rows() {
      const splitter = byLine ? new LineSplitter() : new JsonSplitter();
      const decoder = new TextDecoder(encoding, { fatal: true });
      try {
        for await (const bytes of file.bytes()) {
          const elements = splitter.push(decoder.decode(bytes, { stream: true }));
          if (elements.length > 0) yield elements.map(toRow);
        }
        const last = splitter.push(decoder.decode()).concat(splitter.end() ?? []);
        if (last.length > 0) yield last.map(toRow);
      } catch (cause) {
        throw converted(file.name, cause);
      }
    },
  };
}

/** A JSON value as a cell. A number loses nothing but its exponent; a list or object is its JSON, even a list of one. */
export function jsonCell(value: unknown): RosterCell {
  switch (typeof value) {
    case "string":
      return { text: value, stored: "text" };
    case "number":
      return { text: plainDigits(value), stored: "number" };
    case "boolean":
      return { text: String(value), stored: "boolean" };
    case "object":
      if (value === null) return { text: "", stored: "text" };
      return { text: JSON.stringify(value), stored: Array.isArray(value) ? "list" : "object" };
    default:
      return { text: "", stored: "text" };
  }
}

/** A number without exponent and without a trailing `.0`. */
export function plainDigits(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value)) return BigInt(value).toString();
  const text = String(value);
  return text.includes("e") ? value.toFixed(20).replace(/0+$/, "") : text;
}

function toRow({ number, text }: JsonElement): JsonRow {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof RangeError)) throw cause;
    throw new JsonShapeError("corrupt", `element or line ${number} is not valid JSON`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new JsonShapeError("shape", `element or line ${number} is not an object`);
  }
  return {
    row: number,
    cells: new Map(Object.entries(value).map(([key, member]) => [key, jsonCell(member)])),
  };
}

/** Whether a text that starts with an object is one object a line, not one object around everything. */
function isLineByLine(head: string): boolean {
  const [first = "", ...rest] = head.trimStart().split("\n");
  if (!first.startsWith("{")) return false;
  try {
    const value: unknown = JSON.parse(first);
    const next = rest.find(line => line.trim() !== "");
    if (next !== undefined) return next.trimStart().startsWith("{");
    return typeof value === "object" && value !== null && !Object.values(value).some(holdsObjects);
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof RangeError) return false;
    throw cause;
  }
}

const holdsObjects = (value: unknown): boolean =>
  Array.isArray(value) && value.every(element => typeof element === "object" && element !== null);

function converted(name: string, cause: unknown): unknown {
  if (cause instanceof JsonShapeError) {
    const code = {
      corrupt: "PREPOP_ROSTER_CORRUPT",
      tooLarge: "PREPOP_ROSTER_TOO_LARGE",
      shape: "PREPOP_ROSTER_UNSUPPORTED_FORMAT",
    } as const;
    return new PrepopError(code[cause.kind], { file: name, why: cause.message }, cause);
  }
  if (isDecodingError(cause)) {
    return new PrepopError("PREPOP_ROSTER_CORRUPT", { file: name, why: "its text cannot be decoded" }, cause);
  }
  return cause;
}
