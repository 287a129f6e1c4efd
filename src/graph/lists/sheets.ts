import type { SharedSheet, SharedTable } from "../../model/sharedList.ts";
import { isRecord, textOf } from "../json.ts";
import { meansWithout } from "../optional.ts";
import type { Call } from "../wire.ts";
import { part } from "./paths.ts";
import { edgesOf, type Range, readRange } from "./range.ts";

/** Reads a whole list of the workbook. */
export type ListOf = (path: string) => Promise<readonly unknown[]>;

/**
 * The sheets of an open workbook with their tables. A service that does not know sheets is asked for its tables alone; one
 * that denies this caller is not asked on.
 * @throws GraphFault
 */
export async function sheetsOf(call: Call, base: string, list: ListOf): Promise<readonly SharedSheet[]> {
  try {
    return await wholeSheets(call, base, list);
  } catch (error) {
    if (!meansWithout(error) || error.fault.status === 403) throw error;
    return await tablesAlone(call, base, list);
  }
}

async function wholeSheets(call: Call, base: string, list: ListOf): Promise<readonly SharedSheet[]> {
  const sheets: SharedSheet[] = [];
  for (const value of await list(`${base}/worksheets`)) {
    const { id, name, visibility } = isRecord(value) ? value : {};
    if (typeof id !== "string" || typeof name !== "string") continue;
    const path = `${base}/worksheets/${part(id)}`;
    const used = await usedRange(call, path);
    const tables: SharedTable[] = [];
    for (const each of await list(`${path}/tables`)) {
      const own = `${base}/tables/${keyOf(each)}`;
      const { ref } = await readRange(call, { path: `${own}/range`, what: "address" });
      tables.push(tableOf(each, ref, await headersOf(call, own, each, list)));
    }
    sheets.push({
      id,
      name,
      state: visibility === "VeryHidden" ? "veryHidden" : visibility === "Hidden" ? "hidden" : "visible",
      tables,
      used: used.ref,
      read: ref => readRange(call, { path: `${path}/range(address='${ref}')`, what: "cells", ref }),
    });
  }
  return sheets;
}

/** What holds a value: a column that is formatted to its end would make a million rows of a short list. */
async function usedRange(call: Call, path: string): Promise<Range> {
  try {
    return await readRange(call, { path: `${path}/usedRange(valuesOnly=true)`, what: "address" });
  } catch (error) {
    if (!meansWithout(error) || error.fault.status === 403) throw error;
    return await readRange(call, { path: `${path}/usedRange`, what: "address" });
  }
}

/** Each table as a sheet of its own, read at once. */
async function tablesAlone(call: Call, base: string, list: ListOf): Promise<readonly SharedSheet[]> {
  const sheets: SharedSheet[] = [];
  for (const each of await list(`${base}/tables`)) {
    const path = `${base}/tables/${keyOf(each)}`;
    const whole = await readRange(call, { path: `${path}/range`, what: "cells" });
    const [first = []] = whole.cells;
    const headers = hasHeader(each)
      ? first.map(({ value }) => String(value))
      : await headersOf(call, path, each, list);
    sheets.push({
      id: whole.sheet,
      name: whole.sheet,
      state: "visible",
      tables: [tableOf(each, whole.ref, headers)],
      used: whole.ref,
      read: async ref => slice(whole, ref),
    });
  }
  return sheets;
}

async function headersOf(call: Call, path: string, table: unknown, list: ListOf): Promise<readonly string[]> {
  if (!hasHeader(table)) {
    const columns = await list(`${path}/columns?$select=name`);
    return columns.map(column => (isRecord(column) ? (textOf(column.name) ?? "") : ""));
  }
  const { cells } = await readRange(call, { path: `${path}/headerRowRange`, what: "cells" });
  return cells.flat().map(({ value }) => String(value));
}

function tableOf(value: unknown, ref: string, headers: readonly string[]): SharedTable {
  const { id, name, showTotals } = isRecord(value) ? value : {};
  const key = textOf(id) ?? textOf(name) ?? "";
  return {
    id: key,
    name: textOf(name) ?? key,
    ref,
    headers,
    hasHeader: hasHeader(value),
    hasTotals: showTotals === true,
  };
}

function keyOf(table: unknown): string {
  const { id, name } = isRecord(table) ? table : {};
  return part(textOf(id) ?? textOf(name) ?? "unnamed");
}

function hasHeader(table: unknown): boolean {
  return !isRecord(table) || table.showHeaders !== false;
}

/** Part of a range that was read whole. */
function slice(whole: Range, ref: string): Pick<Range, "cells" | "hidden"> {
  const own = edgesOf(whole.ref);
  const wanted = edgesOf(ref);
  const rows = [wanted.top - own.top, wanted.bottom - own.top + 1] as const;
  return {
    cells: whole.cells
      .slice(...rows)
      .map(row => row.slice(wanted.left - own.left, wanted.right - own.left + 1)),
    hidden: whole.hidden.slice(...rows),
  };
}
