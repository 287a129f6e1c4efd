import type { SharedCell, SharedRows } from "../../model/sharedList.ts";
import { type Answer, readOf, unreadable } from "../answer.ts";
import { type Call, get } from "../wire.ts";

/** An area of a sheet: where it is, `A2:D501`, and its cells where they were asked for. */
export type Range = SharedRows & { readonly ref: string; readonly sheet: string };

export type RangeRequest = {
  readonly path: string;
  readonly what: "address" | "cells";
  /** The area that it must be, where that is known. */
  readonly ref?: string;
};

const cellProperties = "address,values,text,valueTypes,numberFormat,formulas,rowHidden";

/**
 * Reads a range. Its lists must all have the shape that its address says: a cell that slipped by one row would give one
 * person another's number.
 * @throws GraphFault
 */
export async function readRange(call: Call, { path, what, ref }: RangeRequest): Promise<Range> {
  const answer = await call(get(`${path}?$select=${what === "cells" ? cellProperties : "address"}`));
  const range = readOf(answer);
  const address = addressOf(range.address);
  if (address === undefined || (ref !== undefined && address.ref !== ref)) {
    throw unreadable(answer, "The range does not say where it is, or is another one than was asked for.");
  }
  if (what === "address") return { ...address, cells: [], hidden: [] };
  const { rows, columns } = sizeOf(address.ref);
  const { values, text, valueTypes, numberFormat, formulas, rowHidden } = range;
  for (const list of [values, text]) assertShape(list, rows, columns, answer);
  for (const list of [valueTypes, numberFormat, formulas]) {
    if (list !== undefined) assertShape(list, rows, columns, answer);
  }
  const at = (list: unknown, down: number, along: number): unknown => {
    const row: unknown = Array.isArray(list) ? list[down] : undefined;
    return Array.isArray(row) ? row[along] : undefined;
  };
  const cells = Array.from({ length: rows }, (_, down) =>
    Array.from({ length: columns }, (_, along) =>
      cellOf({
        value: at(values, down, along),
        text: at(text, down, along),
        type: at(valueTypes, down, along),
        format: at(numberFormat, down, along),
        formula: at(formulas, down, along),
      }),
    ),
  );
  // null: some are and some are not.
  const hidden =
    rowHidden === null
      ? await hiddenRows(call, path, address.ref, rows)
      : Array.from({ length: rows }, () => rowHidden === true);
  return { ...address, cells, hidden };
}

/** Rows and columns of an area. */
export function sizeOf(ref: string): { readonly rows: number; readonly columns: number } {
  const { top, left, bottom, right } = edgesOf(ref);
  return { rows: bottom - top + 1, columns: right - left + 1 };
}

/** An area in numbers, 1-based. */
export function edgesOf(ref: string) {
  const [, left = "", top = "", right = "", bottom = ""] = /^([A-Z]+)(\d+):([A-Z]+)(\d+)$/.exec(ref) ?? [];
  return { top: Number(top), left: columnOf(left), bottom: Number(bottom), right: columnOf(right) };
}

/** Which rows of a range are hidden: those that its visible view leaves out. */
async function hiddenRows(call: Call, path: string, ref: string, rows: number): Promise<boolean[]> {
  const answer = await call(get(`${path}/visibleView?$select=cellAddresses`));
  const { cellAddresses } = readOf(answer);
  if (!Array.isArray(cellAddresses)) throw unreadable(answer, "The view does not say which cells it shows.");
  const shown = new Set(
    cellAddresses.map((row: unknown) => {
      const first: unknown = Array.isArray(row) ? row[0] : undefined;
      return typeof first === "string" ? Number(/(\d+)$/.exec(first)?.[1]) : Number.NaN;
    }),
  );
  const { top } = edgesOf(ref);
  return Array.from({ length: rows }, (_, down) => !shown.has(top + down));
}

type RawCell = {
  readonly value: unknown;
  readonly text: unknown;
  readonly type: unknown;
  readonly format: unknown;
  readonly formula: unknown;
};

function cellOf({ value, text, type, format, formula }: RawCell): SharedCell {
  const held =
    typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : "";
  return {
    kind:
      type === "Error" ? "error" : held === "" ? "empty" : (typeof held as "string" | "number" | "boolean"),
    value: held,
    text: typeof text === "string" ? text : String(held),
    ...(typeof format === "string" ? { format } : {}),
    isFormula: typeof formula === "string" && formula.startsWith("=") && formula !== held,
  };
}

function assertShape(list: unknown, rows: number, columns: number, answer: Answer): void {
  const fits =
    Array.isArray(list) &&
    list.length === rows &&
    list.every((row: unknown) => Array.isArray(row) && row.length === columns);
  if (!fits) throw unreadable(answer, "The range has other cells than its address says.");
}

/** `'Staff list'!A2:B602` in its two parts; a single cell is an area of one. */
function addressOf(address: unknown): { readonly ref: string; readonly sheet: string } | undefined {
  if (typeof address !== "string") return undefined;
  const mark = address.lastIndexOf("!");
  const quoted = address.slice(0, Math.max(0, mark));
  const sheet = quoted.startsWith("'") ? quoted.slice(1, -1).replaceAll("''", "'") : quoted;
  const bare = address.slice(mark + 1).replaceAll("$", "");
  if (/^[A-Z]{1,3}\d{1,7}$/.test(bare)) return { ref: `${bare}:${bare}`, sheet };
  return /^[A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7}$/.test(bare) ? { ref: bare, sheet } : undefined;
}

function columnOf(letters: string): number {
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
}
