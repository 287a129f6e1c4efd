import { type ChosenColumns, chooseColumns, mappedPhones } from "../../decide/columns.ts";
import { PrepopError } from "../../model/errors.ts";
import { maskDigits } from "../../model/phone.ts";
import { findHeader, type HeaderRequest } from "../header.ts";
import type { List } from "../list.ts";
import { dataRows, type Table } from "./tables.ts";
import type { Sheet, Workbook } from "./workbook.ts";

/** Which list of a workbook is wanted. */
export type ListRequest = HeaderRequest & { readonly sheet?: string; readonly table?: string };

/**
 * Chooses the list in a workbook. An Excel table whose headers fit comes before bare cells; more than one that fits
 * is refused with their names, never guessed. Hidden sheets are looked at only when they, or a table on them, are named.
 */
export async function chooseList(file: string, workbook: Workbook, request: ListRequest): Promise<List> {
  const sheets = namedSheets(file, workbook, request);
  const tables = namedTables(file, sheets, request);
  const chosen = chooseTable(file, sheets, tables, request);
  if (chosen !== undefined) return chosen;
  if (request.table !== undefined) throw refuseTable(file, tables, request);
  return chooseSheet(file, workbook, sheets, request);
}

type Candidate =
  | { readonly kind: "fits"; readonly where: string; readonly phones: boolean; readonly list: List }
  | { readonly kind: "unclear"; readonly where: string; readonly why: string };

function chooseTable(
  file: string,
  sheets: readonly Sheet[],
  tables: readonly Table[],
  request: ListRequest,
): List | undefined {
  const candidates = tables.flatMap((table): Candidate[] => {
    const choice = chooseColumns(tableHeaders(table), request);
    const where = `the table ${table.name} (${table.sheet}!${table.ref})`;
    if (choice.kind === "notFound") return [];
    if (choice.kind === "unclear") return [{ kind: "unclear", where, why: choice.why }];
    const phones = mappedPhones(choice.columns).length > 0;
    if (!phones && request.requirePhones) return [];
    return [{ kind: "fits", where, phones, list: tableList(file, sheets, table, choice.columns) }];
  });
  return pick(file, candidates);
}

async function chooseSheet(
  file: string,
  workbook: Workbook,
  sheets: readonly Sheet[],
  request: ListRequest,
): Promise<List> {
  const candidates: Candidate[] = [];
  let missing: { readonly why: string; readonly headers: readonly string[] } | undefined;
  for (const { name, grid, tables } of sheets) {
    const areas = tables.map(({ area }) => area);
    const search = await findHeader(grid, request, areas);
    const where = `the sheet ${name}`;
    switch (search.kind) {
      case "unclear":
        candidates.push({ kind: "unclear", where, why: search.why });
        break;
      case "notFound":
        if (search.headers.length > (missing?.headers.length ?? 0)) missing = search;
        break;
      case "found": {
        const { headerRow, columns } = search;
        const list = { file, grid, columns, sheet: name, headerRow, firstRow: headerRow + 1 };
        candidates.push({ kind: "fits", where, phones: mappedPhones(columns).length > 0, list });
        break;
      }
    }
  }
  const list = pick(file, candidates);
  if (list !== undefined) return list;

  const tables = sheets.flatMap(sheet => sheet.tables);
  const [first] = tables;
  if (missing === undefined && first !== undefined) throw refuseTable(file, tables, request);
  if (missing === undefined && request.headerRow === undefined) {
    throw new PrepopError("PREPOP_ROSTER_EMPTY", { file });
  }
  const hidden = workbook.sheets.filter(sheet => !sheets.includes(sheet)).map(sheet => `"${sheet.name}"`);
  const aside =
    hidden.length === 0 || request.sheet !== undefined
      ? ""
      : ` (not looked at, because hidden: ${hidden.join(", ")})`;
  const headers = missing?.headers ?? [];
  throw columnsNotFound(file, `${missing?.why ?? `row ${request.headerRow} is empty`}${aside}`, headers);
}

/** The one candidate, or undefined. A list with phones is preferred where lists without them would do too. */
function pick(file: string, candidates: readonly Candidate[]): List | undefined {
  const withPhones = candidates.filter(candidate => candidate.kind === "unclear" || candidate.phones);
  const rest = withPhones.length > 0 ? withPhones : candidates;
  const [first, second] = rest;
  if (second !== undefined) {
    throw new PrepopError("PREPOP_ROSTER_CHOOSE_TABLE", {
      file,
      choices: rest.map(({ where }) => where).join(", "),
    });
  }
  if (first?.kind === "unclear") {
    throw new PrepopError("PREPOP_ROSTER_COLUMNS_UNCLEAR", { file, why: `in ${first.where}, ${first.why}` });
  }
  return first?.list;
}

const tableHeaders = ({ headers, area }: Table) =>
  headers.map((text, index) => ({ text, column: area.left + index }));

function tableList(file: string, sheets: readonly Sheet[], table: Table, columns: ChosenColumns): List {
  const sheet = sheets.find(({ tables }) => tables.includes(table));
  if (sheet === undefined) throw new Error(`the table ${table.name} stands on no sheet`);
  const { first, last } = dataRows(table);
  return {
    file,
    grid: sheet.grid,
    columns,
    sheet: sheet.name,
    table: table.name,
    ...(table.headerRows > 0 ? { headerRow: table.area.top } : {}),
    firstRow: first,
    lastRow: last,
  };
}

function namedSheets(file: string, { sheets }: Workbook, { sheet, table }: ListRequest): readonly Sheet[] {
  if (sheet !== undefined) {
    const found = byName(sheets, sheet);
    if (found.length > 0) return found;
    const names = sheets.map(({ name, state }) => `"${name}"${state === "visible" ? "" : " (hidden)"}`);
    throw columnsNotFound(file, `it has no sheet named "${sheet}"; its sheets are ${names.join(", ")}`, []);
  }
  if (table !== undefined) return sheets;
  const visible = sheets.filter(({ state }) => state === "visible");
  if (visible.length > 0) return visible;
  const names = sheets.map(({ name }) => `"${name}"`).join(", ");
  throw columnsNotFound(file, `all its sheets are hidden (${names}); name one with --sheet`, []);
}

function namedTables(
  file: string,
  sheets: readonly Sheet[],
  { table, headerRow }: ListRequest,
): readonly Table[] {
  const tables = sheets.flatMap(sheet => sheet.tables);
  if (table === undefined) {
    return headerRow === undefined
      ? tables
      : tables.filter(({ area, headerRows }) => headerRows > 0 && area.top === headerRow);
  }
  const found = byName(tables, table);
  if (found.length > 0) return found;
  const names = tables.map(({ name, sheet, ref }) => `${name} (${sheet}!${ref})`);
  const others = names.length === 0 ? "it has no Excel table" : `its tables are ${names.join(", ")}`;
  throw columnsNotFound(file, `it has no table named "${table}"; ${others}`, []);
}

function byName<T extends { readonly name: string }>(things: readonly T[], wanted: string): readonly T[] {
  const exact = things.filter(({ name }) => name === wanted);
  return exact.length > 0
    ? exact
    : things.filter(({ name }) => name.toLowerCase() === wanted.trim().toLowerCase());
}

/** Why none of the tables can be the list: said of the widest one. */
function refuseTable(file: string, tables: readonly Table[], request: ListRequest): PrepopError {
  const table = tables.toSorted((left, right) => right.headers.length - left.headers.length)[0];
  const choice = table === undefined ? undefined : chooseColumns(tableHeaders(table), request);
  const why = choice?.kind === "notFound" ? choice.why : "no column holds phones";
  return columnsNotFound(file, `in the table ${table?.name}, ${why}`, table?.headers ?? []);
}

/**
 * The refusal of a list whose columns are not there, with the headers that were seen. A list without a header shows
 * its first row instead, so digits are hidden.
 */
export function columnsNotFound(file: string, why: string, headers: readonly string[]): PrepopError {
  const shown = headers
    .slice(0, 40)
    .map(header => maskDigits(header.length > 60 ? `${header.slice(0, 60)}…` : header));
  const seen = shown.length === 0 ? "none" : shown.join(", ");
  return new PrepopError("PREPOP_ROSTER_COLUMNS_NOT_FOUND", { file, why, headers: seen });
}
