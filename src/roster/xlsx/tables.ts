import { type Area, parseArea } from "../grid.ts";
import { decodeEscapes } from "./sharedStrings.ts";
import { readXml } from "./xml.ts";
import { notAWorkbook, type Zip } from "./zip.ts";

/** An Excel table: where it stands and what its columns are called. */
export type Table = {
  readonly name: string;
  readonly sheet: string;
  readonly ref: string;
  readonly area: Area;
  readonly headers: readonly string[];
  /** 0 or 1. */
  readonly headerRows: number;
  readonly totalsRows: number;
};

/** The rows of a table that hold data. `last` is below `first` when there are none. */
export function dataRows({ area, headerRows, totalsRows }: Table): {
  readonly first: number;
  readonly last: number;
} {
  return { first: area.top + headerRows, last: area.bottom - totalsRows };
}

/** Reads one table part. */
export async function readTable(file: string, zip: Zip, part: string, sheet: string): Promise<Table> {
  let found: Omit<Table, "headers"> | undefined;
  const headers: string[] = [];
  await readXml(
    { file, part, bytes: zip.read(part) },
    {
      open(name, attributes) {
        if (name === "table" && found === undefined) {
          const {
            displayName,
            name: other,
            ref = "",
            headerRowCount = "1",
            totalsRowCount = "0",
          } = attributes;
          const area = parseArea(ref);
          if (area === undefined)
            throw notAWorkbook(file, `its part ${part} does not say where its table stands`);
          found = {
            name: displayName ?? other ?? "",
            sheet,
            ref,
            area,
            headerRows: Number(headerRowCount) || 0,
            totalsRows: Number(totalsRowCount) || 0,
          };
        }
        if (name === "tableColumn") headers.push(decodeEscapes(attributes.name ?? ""));
      },
    },
  );
  if (found === undefined) throw notAWorkbook(file, `its part ${part} is no table`);
  return { ...found, headers };
}
