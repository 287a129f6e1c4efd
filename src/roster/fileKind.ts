import { extname } from "node:path";
import type { RosterOptions } from "../model/options.ts";

/** What the first bytes of a file say it is. The name is only asked where the bytes leave it open. */
export type FileKind =
  | { readonly kind: "empty" }
  | { readonly kind: "zip" }
  | { readonly kind: "ole" }
  | { readonly kind: "csv"; readonly encoding: Encoding; readonly misnamed: boolean }
  | { readonly kind: "json" | "ndjson"; readonly encoding: Encoding }
  /** A file that no roster can be read from; `why` is part of a sentence. */
  | { readonly kind: "other"; readonly why: string; readonly asWorkbook: boolean };

export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

type Facts = { readonly name: string; readonly head: Buffer; readonly utf8: boolean };

const workbookNames = new Set([".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb"]);

const signatures: readonly (readonly [bytes: string, what: string])[] = [
  ["25504446", "it is a PDF"],
  ["50415231", "it is a Parquet file"],
  ["1f8b", "it is compressed with gzip; unpack it first"],
  ["377abcaf271c", "it is a 7-Zip archive; unpack it first"],
  ["526172211a07", "it is a RAR archive; unpack it first"],
  ["fd377a585a00", "it is compressed with xz; unpack it first"],
  ["28b52ffd", "it is compressed with Zstandard; unpack it first"],
  ["425a6839", "it is compressed with bzip2; unpack it first"],
  ["53514c69746520666f726d617420330", "it is a SQLite database"],
  ["4f626a01", "it is an Avro file"],
  ["4152524f5731", "it is an Arrow file"],
  ["89504e47", "it is a picture"],
  ["ffd8ff", "it is a picture"],
  ["47494638", "it is a picture"],
  ["7b5c727466", "it is a Rich Text document"],
];

/** Old Excel (before version 5) wrote its records without a container. */
const bareWorkbook = /^(0900040000|0902060000|0904060000|0908(08|10)00)/;

/** Says what a file is from its content; `options.format` must agree with it. */
export function fileKind({ name, head, utf8 }: Facts, format: RosterOptions["format"]): FileKind {
  const asWorkbook =
    format === "xlsx" || (format === undefined && workbookNames.has(extname(name).toLowerCase()));
  const other = (why: string): FileKind => ({ kind: "other", why, asWorkbook });
  if (head.length === 0) return { kind: "empty" };

  const hex = head.subarray(0, 32).toString("hex");
  const binary = binaryKind(hex);
  if (binary !== undefined) {
    return format === undefined || format === "xlsx"
      ? { kind: binary }
      : other(`--format says ${format}, but its content is a workbook or another binary file`);
  }
  const known = signatures.find(([bytes]) => hex.startsWith(bytes));
  if (known !== undefined) return other(known[1]);
  if (bareWorkbook.test(hex)) return other("it is an old .xls workbook (Excel 4 or before)");

  const encoding = sniffEncoding(head, utf8);
  if (encoding === undefined) return other("its content is neither text nor a known kind of file");
  const text = new TextDecoder(encoding).decode(head).trimStart();
  if (text === "") return { kind: "empty" };
  if (text.startsWith("<")) return other(markupName(text));
  if (format === "csv") return { kind: "csv", encoding, misnamed: false };
  if (format === "json" || format === "ndjson") return { kind: format, encoding };
  const extension = extname(name).toLowerCase();
  if ([".ndjson", ".jsonl"].includes(extension)) return { kind: "ndjson", encoding };
  if (extension === ".json" || /^(\[\s*(\{|\[|\]|$)|\{\s*("|\}))/.test(text))
    return { kind: "json", encoding };
  return { kind: "csv", encoding, misnamed: asWorkbook };
}

function binaryKind(hex: string): "zip" | "ole" | undefined {
  if (/^504b(0304|0506|0708)/.test(hex)) return "zip";
  return hex.startsWith("d0cf11e0a1b11ae1") ? "ole" : undefined;
}

function markupName(text: string): string {
  if (/^<\?xml[\s\S]*urn:schemas-microsoft-com:office:spreadsheet/.test(text.slice(0, 2000))) {
    return "it is an XML spreadsheet (Excel 2003)";
  }
  return /<(!doctype html|html|table|head|body|meta|style|div)\b/i.test(text.slice(0, 2000))
    ? "it is a web page (HTML) with another name"
    : "it is an XML file";
}

/** A byte order mark decides; then NUL bytes where UTF-16 has them; then UTF-8 if every byte fits; else windows-1252. */
function sniffEncoding(head: Buffer, utf8: boolean): Encoding | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return utf8 ? "utf-8" : undefined;
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  const sample = head.subarray(0, 4096);
  const nul = [0, 0];
  sample.forEach((byte, index) => {
    if (byte === 0) nul[index % 2] = (nul[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = nul;
  const half = sample.length / 2;
  if (odd > half * 0.5 && even < half * 0.05) return "utf-16le";
  if (even > half * 0.5 && odd < half * 0.05) return "utf-16be";
  if (even + odd > 0) return undefined;
  // Control characters that no text has: the bytes are not a list, whatever their name.
  if (sample.some(byte => byte < 0x20 && ![0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1a].includes(byte)))
    return undefined;
  return utf8 ? "utf-8" : "windows-1252";
}

/** Whether a fatal TextDecoder refused the bytes. */
export function isDecodingError(cause: unknown): boolean {
  return cause instanceof TypeError && "code" in cause && cause.code === "ERR_ENCODING_INVALID_ENCODED_DATA";
}
