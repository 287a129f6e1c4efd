import { columnLetters } from "../decide/columns.ts";
import type { ProfileSource } from "../model/directoryProfile.ts";
import { PrepopError } from "../model/errors.ts";
import type { RosterOptions } from "../model/options.ts";
import type { ColumnKind, RosterRow } from "../model/row.ts";
import { columnKinds } from "../model/row.ts";
import type { SharedOrigin } from "../model/sharedList.ts";
import { csvGrid } from "./csv.ts";
import { type FileKind, fileKind } from "./fileKind.ts";
import { findHeader, type HeaderRequest } from "./header.ts";
import { jsonList } from "./json.ts";
import { chooseMembers, memberRows } from "./jsonRoster.ts";
import { type List, listRows } from "./list.ts";
import { oleContent } from "./ole.ts";
import { type OpenFile, openSource, type RosterSource } from "./source.ts";
import { chooseList, columnsNotFound } from "./xlsx/chooseList.ts";

export type { RosterSource } from "./source.ts";

/** A column that was chosen: its header text and, for cells in columns, its letters. */
export type RosterColumn = { readonly header: string; readonly column?: string };

/** An opened roster. Its rows are streamed; nothing of it lies in memory but a workbook's shared texts. */
export type Roster = {
  /** File name without its folder, or "stdin". */
  readonly name: string;
  /** SHA-256 of the bytes, hex. */
  readonly hash: string;
  /** The chosen columns. A kind without one is absent; a list without phone columns has no phone kind here. */
  readonly columns: { readonly [Kind in ColumnKind]?: RosterColumn };
  readonly sheet?: string;
  readonly table?: string;
  /** 1-based; absent for JSON and for a table without a header row. */
  readonly headerRow?: number;
  /** Of a roster that is no file: what was read of the directory's profiles. */
  readonly fromProfile?: ProfileSource;
  /** Of a list in Microsoft 365. */
  readonly shared?: SharedOrigin;
  /** The rows that name a user or hold an identity or a phone, in order. It can be walked more than once. */
  batches(): AsyncIterable<readonly RosterRow[]>;
  /** How many of the rows of the last walk were hidden. */
  hiddenRows(): number;
  close(): Promise<void>;
};

export type OpenOptions = RosterOptions & {
  /** Default true: a list without a phone column is PREPOP_ROSTER_COLUMNS_NOT_FOUND. Policy remove can do without. */
  readonly requirePhones?: boolean;
};

/**
 * Opens a roster: says what the bytes are, finds the list and its columns, and checks that it has a row.
 * Reading goes on in `batches()`, which throws PrepopError too where a later part of the file is damaged.
 * Errors: every PREPOP_ROSTER_* code but TYPES_NEEDED.
 */
export async function openRoster(source: RosterSource, options: OpenOptions = {}): Promise<Roster> {
  const file = await openSource(source);
  try {
    const roster = asRoster(file, await readable(file, options));
    await assertHasRows(roster);
    return roster;
  } catch (cause) {
    await file.close();
    throw cause;
  }
}

/** A list with its columns, whatever kind of file holds it. */
type Readable = Pick<Roster, "columns" | "sheet" | "table" | "headerRow"> & {
  rows(): AsyncIterable<readonly RosterRow[]>;
};

async function readable(file: OpenFile, options: OpenOptions): Promise<Readable> {
  const request = { ...options, requirePhones: options.requirePhones ?? true };
  const kind = await usableKind(file, options.format);
  switch (kind.kind) {
    case "zip": {
      // What reads workbooks takes longer to load than most text lists take to read.
      const { openWorkbook } = await import("./xlsx/workbook.ts");
      return fromList(await chooseList(file.name, await openWorkbook(file), request));
    }
    case "csv":
      return fromList(await textList(file, kind, request));
    case "json":
    case "ndjson": {
      const list = jsonList(file, kind.kind, kind.encoding);
      const columns = await chooseMembers(file.name, list, request);
      return {
        columns: Object.fromEntries(
          Object.entries(columns).map(([name, { text }]) => [name, { header: text }]),
        ),
        rows: () => memberRows(file.name, list, columns, request),
      };
    }
  }
}

/** The kinds that can be read; everything else is refused by name. */
export type UsableKind = Extract<FileKind, { kind: "zip" | "csv" | "json" | "ndjson" }>;

/** Says what a file is, or throws what it is instead. */
export async function usableKind(file: OpenFile, format: RosterOptions["format"]): Promise<UsableKind> {
  const kind = fileKind(file, format);
  switch (kind.kind) {
    case "empty":
      throw new PrepopError("PREPOP_ROSTER_EMPTY", { file: file.name });
    case "other": {
      const code = kind.asWorkbook ? "PREPOP_ROSTER_NOT_A_WORKBOOK" : "PREPOP_ROSTER_UNSUPPORTED_FORMAT";
      throw new PrepopError(code, { file: file.name, why: kind.why });
    }
    case "ole":
      throw oleRefusal(file.name, await oleContent(file.handle));
    case "csv":
      if (format === "xlsx") {
        throw new PrepopError("PREPOP_ROSTER_NOT_A_WORKBOOK", {
          file: file.name,
          why: "its content is plain text",
        });
      }
      return kind;
    default:
      return kind;
  }
}

function oleRefusal(file: string, content: Awaited<ReturnType<typeof oleContent>>): PrepopError {
  switch (content) {
    case "encrypted":
      return new PrepopError("PREPOP_ROSTER_ENCRYPTED", { file });
    case "oldWorkbook":
      return new PrepopError("PREPOP_ROSTER_UNSUPPORTED_FORMAT", {
        file,
        why: "it is an old .xls workbook (Excel 97-2003)",
      });
    case "other":
      return new PrepopError("PREPOP_ROSTER_NOT_A_WORKBOOK", {
        file,
        why: "it is an old Office document, a mail or a damaged .xls workbook",
      });
  }
}

async function textList(
  file: OpenFile,
  { encoding, misnamed }: Extract<FileKind, { kind: "csv" }>,
  request: HeaderRequest,
): Promise<List> {
  const grid = csvGrid(file, encoding, request, request.headerRow);
  const search = await findHeader(grid, request);
  switch (search.kind) {
    case "found":
      return {
        file: file.name,
        grid,
        columns: search.columns,
        headerRow: search.headerRow,
        firstRow: search.headerRow + 1,
      };
    case "unclear":
      throw new PrepopError("PREPOP_ROSTER_COLUMNS_UNCLEAR", { file: file.name, why: search.why });
    case "notFound":
      if (misnamed) {
        const why = "its content is plain text without the columns of a list";
        throw new PrepopError("PREPOP_ROSTER_NOT_A_WORKBOOK", { file: file.name, why });
      }
      throw columnsNotFound(file.name, search.why, search.headers);
  }
}

export function fromList(list: List): Readable {
  const { columns, sheet, table, headerRow } = list;
  return {
    columns: Object.fromEntries(
      columnKinds.flatMap(kind => {
        const header = columns[kind];
        return header === undefined
          ? []
          : [[kind, { header: header.text, column: columnLetters(header.column) }]];
      }),
    ),
    ...(sheet === undefined ? {} : { sheet }),
    ...(table === undefined ? {} : { table }),
    ...(headerRow === undefined ? {} : { headerRow }),
    rows: () => listRows(list),
  };
}

function asRoster(file: OpenFile, { rows, ...layout }: Readable): Roster {
  let hidden = 0;
  return {
    ...layout,
    name: file.name,
    hash: file.hash,
    async *batches() {
      hidden = 0;
      for await (const batch of rows()) {
        for (const row of batch) if (row.hidden) hidden++;
        yield batch;
      }
      await file.assertUnchanged();
    },
    hiddenRows: () => hidden,
    close: file.close,
  };
}

export async function assertHasRows(roster: Roster): Promise<void> {
  for await (const batch of roster.batches()) {
    if (batch.length > 0) return;
  }
  throw new PrepopError("PREPOP_ROSTER_NO_ROWS", { file: roster.name });
}
