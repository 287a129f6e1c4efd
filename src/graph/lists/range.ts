import type { SharedCell, SharedRows } from "../../model/sharedList.ts";
import { readOf, unreadable } from "../answer.ts";
import { type Call, get } from "../wire.ts";

/** An area of a sheet: where it is, `A2:D501`, and its cells where they were asked for. */
export type Range = SharedRows & { readonly ref: string };

const cellProperties = "address,values,text,valueTypes,numberFormat,formulas,rowHidden";

/**
 * Reads a range. Its lists must all have the shape that its address says: a cell that slipped by one row would give one
 * person another's number.
 * @throws GraphFault
 */
export async function readRange(
  call: Call,
  path: string,
  what: "address" | "cells",
  wanted?: string,
): Promise<Range> {
  const answer = await call(get(`${path}?$select=${what === "cells" ? cellProperties : "address"}`));
  const range = readOf(answer);
  const ref = refOf(range.address);
  if (ref === undefined || (wanted !== undefined && ref !== wanted)) {
    throw unreadable(answer, "The range does not say where it is, or is another one than was asked for.");
  }
  if (what === "address") return { ref, cells: [], hidden: [] };
  const { rows, columns } = sizeOf(ref);
  const [values, text, valueTypes, numberFormat, formulas] = (
    ["values", "text", "valueTypes", "numberFormat", "formulas"] as const
  ).map(name => range[name]);
  for (const list of [values, text, numberFormat, formulas, valueTypes]) {
    if (!hasShape(list, rows, columns))
      throw unreadable(answer, "The range has other cells than its address says.");
  }
  const cells = (values as readonly (readonly unknown[])[]).map((row, down) =>
    row.map((value, along) =>
      cellOf({
        value,
        text: at(text, down, along),
        type: at(valueTypes, down, along),
        format: at(numberFormat, down, along),
        formula: at(formulas, down, along),
      }),
    ),
  );
  const { rowHidden } = range;
  // null: some are and some are not.
  const hidden =
    rowHidden === null
      ? await hiddenRows(call, path, ref, rows)
      : Array.from({ length: rows }, () => rowHidden === true);
  return { ref, cells, hidden };
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
  const top = Number(/^\D+(\d+)/.exec(ref)?.[1]);
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
    format: typeof format === "string" ? format : "General",
    isFormula: typeof formula === "string" && formula.startsWith("=") && formula !== held,
  };
}

function at(list: unknown, down: number, along: number): unknown {
  const row: unknown = Array.isArray(list) ? list[down] : undefined;
  return Array.isArray(row) ? row[along] : undefined;
}

function hasShape(list: unknown, rows: number, columns: number): boolean {
  return (
    Array.isArray(list) &&
    list.length === rows &&
    list.every((row: unknown) => Array.isArray(row) && row.length === columns)
  );
}

/** `'Staff list'!A2:B602` without its sheet; a single cell as an area of one. */
function refOf(address: unknown): string | undefined {
  if (typeof address !== "string") return undefined;
  const bare = address.slice(address.lastIndexOf("!") + 1).replaceAll("$", "");
  if (/^[A-Z]{1,3}\d{1,7}$/.test(bare)) return `${bare}:${bare}`;
  return /^[A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7}$/.test(bare) ? bare : undefined;
}

function sizeOf(ref: string): { readonly rows: number; readonly columns: number } {
  const [, left = "", top = "", right = "", bottom = ""] = /^([A-Z]+)(\d+):([A-Z]+)(\d+)$/.exec(ref) ?? [];
  return { rows: Number(bottom) - Number(top) + 1, columns: columnOf(right) - columnOf(left) + 1 };
}

function columnOf(letters: string): number {
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
}
