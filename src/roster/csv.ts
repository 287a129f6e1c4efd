import { type Parser, parse } from "csv-parse";
import { parse as parseSync } from "csv-parse/sync";
import { type ColumnRequest, chooseColumns, mappedPhones } from "../decide/columns.ts";
import { PrepopError } from "../model/errors.ts";
import type { RosterCell } from "../model/row.ts";
import type { Encoding } from "./fileKind.ts";
import type { Grid, GridRow } from "./grid.ts";
import type { OpenFile } from "./source.ts";

/** A record may be a megabyte: more is a quote that was opened and never closed, or no list. */
const maxRecordSize = 1024 * 1024;

/** As many columns as a sheet has; a line of more is looked at so far. */
const mostColumns = 16_384;

/** How a text file is to be split. */
type Dialect = { readonly separator: string; readonly firstLine: number };

/** A text file as a grid: quoted line breaks, any line ends, and `row` as the line where a record starts. */
export function csvGrid(
  file: OpenFile,
  encoding: Encoding,
  request: ColumnRequest,
  headerRow?: number,
): Grid {
  const dialect = sniffDialect(new TextDecoder(encoding).decode(file.head), request, headerRow);
  return {
    async *rows({ only, from = 1, to = Number.POSITIVE_INFINITY } = {}) {
      for await (const batch of records(file, encoding, dialect)) {
        const rows = batch
          .filter(({ line }) => line >= from && line <= to)
          .map(record => gridRow(record, only));
        if (rows.length > 0) yield rows;
        if ((batch.at(-1)?.line ?? 0) >= to) return;
      }
    },
  };
}

type TextRecord = { readonly line: number; readonly fields: readonly string[] };

function gridRow({ line, fields }: TextRecord, only: ReadonlySet<number> | undefined): GridRow {
  const cells = new Map<number, RosterCell>();
  if (only === undefined) {
    for (const [index, text] of fields.slice(0, mostColumns).entries())
      cells.set(index + 1, { text, stored: "text" });
  } else {
    for (const column of only) cells.set(column, { text: fields[column - 1] ?? "", stored: "text" });
  }
  return { row: line, hidden: false, cells };
}

const grammar = (separator: string) => ({
  delimiter: separator,
  // Named, because discovery would take the first line's ending for the whole file.
  record_delimiter: ["\r\n", "\n", "\r"],
  relax_column_count: true,
  relax_quotes: true,
  max_record_size: maxRecordSize,
});

/** The records in batches, one batch for each piece that was read. */
async function* records(
  file: OpenFile,
  encoding: Encoding,
  { separator, firstLine }: Dialect,
): AsyncGenerator<TextRecord[]> {
  let batch: TextRecord[] = [];
  let line = 1;
  const parser = parse({
    ...grammar(separator),
    on_record: (fields: string[]) => {
      const start = line;
      line += 1 + lineBreaks(fields);
      assertWhole(file.name, start, fields, separator);
      if (start >= firstLine) batch.push({ line: start, fields });
      return null;
    },
  });
  const failure = (cause: unknown) => converted(file.name, cause, line);
  // Each write reports its own error; without a listener the event would end the process.
  parser.on("error", () => parser.destroy());
  parser.resume();
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const bytes of file.bytes()) {
      await feed(parser, decoder.decode(bytes, { stream: true }));
      if (batch.length > 0) yield batch;
      batch = [];
    }
    await feed(parser, decoder.decode());
    await finish(parser);
  } catch (cause) {
    throw failure(cause);
  } finally {
    parser.destroy();
  }
  if (batch.length > 0) yield batch;
}

function feed(parser: Parser, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.write(text, error => (error ? reject(error) : resolve()));
  });
}

function finish(parser: Parser): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.once("error", reject);
    parser.end(() => resolve());
  });
}

function lineBreaks(fields: readonly string[]): number {
  let count = 0;
  for (const field of fields) {
    if (field.includes("\n") || field.includes("\r")) count += field.match(/\r\n|\n|\r/g)?.length ?? 0;
  }
  return count;
}

/**
 * A quote that opens a field and is closed by the opening quote of a later line swallows the lines between.
 * The parser keeps the text then, with its quote in front; rows lost in it must not pass for a long note.
 */
function assertWhole(name: string, line: number, fields: readonly string[], separator: string): void {
  const swallowed = fields.some(
    field =>
      field.startsWith('"') &&
      /[\r\n]/.test(field) &&
      field.slice(field.search(/[\r\n]/)).includes(separator),
  );
  if (swallowed) throw unclosedQuote(name, line);
}

function unclosedQuote(name: string, line: number, cause?: unknown): PrepopError {
  const why = `a quote (") that is opened in line ${line} is not closed`;
  return new PrepopError("PREPOP_ROSTER_CORRUPT", { file: name, why, line }, cause);
}

function converted(name: string, cause: unknown, line: number): unknown {
  if (cause instanceof PrepopError) return cause;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code === "CSV_QUOTE_NOT_CLOSED") return unclosedQuote(name, line, cause);
  if (code === "CSV_MAX_RECORD_SIZE") {
    const why = `line ${line} is longer than a megabyte, or a quote (") that is opened there is not closed`;
    return new PrepopError(
      line > 1 ? "PREPOP_ROSTER_CORRUPT" : "PREPOP_ROSTER_TOO_LARGE",
      { file: name, why, line },
      cause,
    );
  }
  return new PrepopError("PREPOP_ROSTER_CORRUPT", { file: name, why: `line ${line} cannot be read` }, cause);
}

const separators = [",", ";", "\t", "|"] as const;

/**
 * Finds the separator: a `sep=` line says it; else the one under which a header with the known or named columns
 * appears; else the one that the first lines hold most often, outside quotes.
 */
function sniffDialect(head: string, request: ColumnRequest, headerRow: number | undefined): Dialect {
  const declared = /^\uFEFF?"?sep=(.)"?(\r\n|\n|\r)/i.exec(head);
  if (declared?.[1] !== undefined) return { separator: declared[1], firstLine: 2 };
  const scored = separators.map(separator => ({ separator, ...score(head, separator, request, headerRow) }));
  const best = scored.toSorted((left, right) => right.header - left.header || right.count - left.count)[0];
  return { separator: best?.separator ?? ",", firstLine: 1 };
}

/** `header`: how much of a roster's header appears when split so; `count`: separators outside quotes. */
function score(
  head: string,
  separator: string,
  request: ColumnRequest,
  headerRow: number | undefined,
): { readonly header: number; readonly count: number } {
  const lines = firstRecords(head, separator);
  let header = 0;
  let line = 1;
  for (const fields of lines) {
    const here = line;
    line += 1 + lineBreaks(fields);
    if (headerRow !== undefined && here !== headerRow) continue;
    const choice = chooseColumns(
      fields.map((text, index) => ({ text, column: index + 1 })),
      request,
    );
    if (choice.kind === "unclear") header = Math.max(header, 2);
    if (choice.kind === "chosen") {
      header = Math.max(
        header,
        mappedPhones(choice.columns).length > 0 ? 2 + Object.keys(choice.columns).length : 1,
      );
    }
  }
  return { header, count: lines.reduce((sum, fields) => sum + fields.length - 1, 0) };
}

function firstRecords(head: string, separator: string): string[][] {
  const whole = head.slice(0, 32_000);
  const text = whole.length < head.length ? whole.slice(0, whole.lastIndexOf("\n") + 1) || whole : whole;
  try {
    return parseSync(text, { ...grammar(separator), bom: true, to: 40 }) as unknown as string[][];
  } catch (cause) {
    // Split so, the text is not well formed; the real reading will say what is wrong with the right one.
    if (cause instanceof Error && "code" in cause) return [];
    throw cause;
  }
}
