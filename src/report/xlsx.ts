/** The one file that knows hucre. It writes texts and numbers, never a formula. */
import {
  type CellStyle,
  type CellValue,
  type ColumnDef,
  type WriteSheet,
  writeXlsx,
  writeXlsxStream,
} from "hucre/xlsx";
import type { ReportCell, ReportColumn } from "./reportRows.ts";

/** One sheet: a header row and rows of texts and numbers. */
export type ReportSheet = {
  readonly name: string;
  readonly columns: readonly ReportColumn[];
  readonly rows: Iterable<readonly ReportCell[]>;
  /** What to colour a row's cell in the column of this name by. */
  readonly tint?: { readonly column: string; readonly tones: Readonly<Record<string, ReportTone>> };
};

export type ReportTone = "good" | "change" | "bad" | "quiet";

/**
 * A whole workbook: each sheet an Excel table with a filter, a frozen header, and text cells that stay text when they are
 * edited. It is built in memory: for many rows use workbookStream.
 */
export async function workbook(
  sheets: readonly ReportSheet[],
  title: string,
  madeAt: Date,
): Promise<Uint8Array> {
  return writeXlsx({
    sheets: sheets.map(sheetOf),
    properties: { title, creator: "prepop", created: madeAt, modified: madeAt },
    stringMode: "inline",
  });
}

/**
 * A workbook of one sheet for any number of rows, in little memory; past Excel's 1,048,576 rows it goes on in a second
 * sheet. hucre's stream knows no tables, so this one has a frozen header and no filter.
 */
export function workbookStream(sheet: ReportSheet): AsyncIterable<Uint8Array> {
  return writeXlsxStream(streamRows(sheet.rows), {
    name: sheet.name,
    columns: sheet.columns.map(columnOf),
    freezePane: { rows: 1 },
  });
}

function sheetOf({ name, columns, rows, tint }: ReportSheet): WriteSheet {
  const cells = new Map<string, { style: CellStyle }>();
  for (const at of columns.keys()) cells.set(`0,${at}`, { style: headerStyle });
  const values: CellValue[][] = [columns.map(column => column.name)];
  const tinted = tint ? columns.findIndex(column => column.name === tint.column) : -1;
  for (const row of rows) {
    const tone = tint?.tones[String(row[tinted] ?? "")];
    if (tone !== undefined)
      cells.set(`${values.length},${tinted}`, { style: { numFmt: "@", font: tones[tone] } });
    values.push(row.map(cellValue));
  }
  return {
    name,
    columns: columns.map(({ width, type }) => ({ width, style: styleOf(type) })),
    rows: values,
    cells,
    freezePane: { rows: 1 },
    pageSetup: {
      orientation: "landscape",
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: 0,
      printTitlesRow: "$1:$1",
    },
    // An Excel table needs at least one row below its header.
    ...(values.length > 1
      ? {
          tables: [
            { name, columns: columns.map(column => ({ name: column.name })), style: "TableStyleLight1" },
          ],
        }
      : {}),
  };
}

function* streamRows(rows: Iterable<readonly ReportCell[]>): Iterable<CellValue[]> {
  for (const row of rows) yield row.map(cellValue);
}

function columnOf({ name, type, width }: ReportColumn): ColumnDef {
  return { header: name, width, style: styleOf(type) };
}

function styleOf(type: ReportColumn["type"]): CellStyle {
  return type === "text" ? { numFmt: "@" } : { numFmt: "0" };
}

const face = { name: "Calibri", size: 11 } as const;

/** Said once more than the table's own style, for programs that do not know Excel's table styles. */
const headerStyle: CellStyle = {
  numFmt: "@",
  font: { ...face, bold: true, color: { rgb: "FFFFFF" } },
  fill: { type: "pattern", pattern: "solid", fgColor: { rgb: "1F4E79" } },
};

const tones: Readonly<Record<ReportTone, NonNullable<CellStyle["font"]>>> = {
  good: { ...face, color: { rgb: "1A7F37" }, bold: true },
  change: { ...face, color: { rgb: "9A6700" }, bold: true },
  bad: { ...face, color: { rgb: "CF222E" }, bold: true },
  quiet: { ...face, color: { rgb: "6E7781" } },
};

/** Excel calls a file damaged when a cell holds more. */
const longestCell = 32_767;

function cellValue(cell: ReportCell): CellValue {
  return typeof cell === "string" ? cellText(cell) : cell;
}

/**
 * What a workbook cannot hold becomes visible: control characters, half surrogates. `_x0041_` is Excel's own escape for
 * a character and would be read as one, so its first `_` is escaped.
 */
function cellText(text: string): string {
  const clean = text
    .toWellFormed()
    .replace(/(?![\t\n\r\u007f-\u009f])\p{Cc}|[\ufffe\uffff]/gu, "\ufffd")
    .replace(/\r\n?/g, "\n")
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_");
  return clean.length > longestCell ? `${clean.slice(0, longestCell - 1).toWellFormed()}…` : clean;
}
