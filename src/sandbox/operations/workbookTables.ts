import { type Result, refuse } from "../exchange.ts";
import type { Area } from "../files/area.ts";
import { cellAt } from "../files/book.ts";
import { fileOperation } from "../files/fileOperation.ts";
import { changed, type OpenWorkbook, workbookOf, workbookToWrite } from "../files/find.ts";
import {
  addColumn,
  addRows,
  type BookTable,
  bodyArea,
  columnsOf,
  findSheet,
  findTable,
  headerArea,
  nameOf,
  rowsOf,
  sheetId,
  tableArea,
  tableId,
  tablesOf,
} from "../files/tables.ts";
import { type Call, contextRoot, type Definition } from "../operation.ts";
import { rangeView } from "./worksheets.ts";

const common = { capability: "workbook", permission: "useWorkbook" } as const;

/** The tables of the workbook. Of all its parts only this one is content with the right to read. @see https://learn.microsoft.com/graph/api/workbook-list-tables */
const listTables = fileOperation({
  ...common,
  name: "listTables",
  method: "GET",
  path: "/workbook/tables",
  permission: "readFiles",
  run: call => tableList(call, () => true),
});

const listSheetTables = fileOperation({
  ...common,
  name: "listWorksheetTables",
  method: "GET",
  path: "/workbook/worksheets/{sheet}/tables",
  run: call => {
    const open = workbookOf(call);
    if ("kind" in open) return open;
    const sheet = findSheet(open.book, call.params.sheet ?? "");
    return sheet === undefined ? refuse("workbookNotFound") : tableList(call, table => table.sheet === sheet);
  },
});

const getTableSheet = fileOperation({
  ...common,
  name: "getTableWorksheet",
  method: "GET",
  path: "/workbook/tables/{table}/worksheet",
  run: call =>
    onTable(call, workbookOf(call), ({ sheet }, { book }) => ({
      kind: "json",
      status: 200,
      value: { id: sheetId(book, sheet), name: sheet.name, position: book.sheets.indexOf(sheet) },
    })),
});

/** @see https://learn.microsoft.com/graph/api/table-range, table-headerrowrange and table-databodyrange */
const tableRanges = [
  { name: "getTableRange", path: "range", area: tableArea },
  { name: "getHeaderRowRange", path: "headerRowRange", area: headerArea },
  { name: "getDataBodyRange", path: "dataBodyRange", area: bodyArea },
].flatMap(({ name, path, area }: { name: string; path: string; area: (table: BookTable) => Area }) =>
  fileOperation({
    ...common,
    name,
    method: "GET",
    path: `/workbook/tables/{table}/${path}`,
    run: call => onTable(call, workbookOf(call), table => rangeView(call, table.sheet, area(table))),
  }),
);

/** The rows, a page at a time, as raw values only. @see https://learn.microsoft.com/graph/api/table-list-rows */
const listRows = fileOperation({
  ...common,
  name: "listRows",
  method: "GET",
  path: "/workbook/tables/{table}/rows",
  run: call =>
    onTable(call, workbookOf(call), table => {
      const { pageRows } = call.settings.workbook;
      const skip = Number(call.query.get("$skip") ?? 0);
      const top = Number(call.query.get("$top") ?? Number.POSITIVE_INFINITY);
      if (!(skip >= 0) || !(top >= 0))
        return refuse("workbookRequest", { why: "$top or $skip is no number." });
      const area = bodyArea(table);
      const rows = rowsOf(area).slice(skip, skip + Math.min(top, pageRows));
      const value = rows.map((row, index) => ({
        index: skip + index,
        values: [columnsOf(area).map(column => cellAt(table.sheet, row, column).value)],
      }));
      const reached = skip + rows.length;
      const more = top > pageRows && reached < rowsOf(area).length;
      const left = top - rows.length;
      const [path = ""] = call.url.split("?");
      const next = `${call.origin}${path}?${Number.isFinite(left) ? `$top=${left}&` : ""}$skip=${reached}`;
      return {
        kind: "json",
        status: 200,
        value: {
          "@odata.context": `${contextRoot(call)}workbook/tables/rows`,
          ...(more ? { "@odata.nextLink": next } : {}),
          value,
        },
      };
    }),
});

/** @see https://learn.microsoft.com/graph/api/tablerowcollection-add */
const addTableRows = fileOperation({
  ...common,
  name: "addRows",
  method: "POST",
  path: "/workbook/tables/{table}/rows/add",
  body: ["index", "values"],
  run: call =>
    onTable(call, workbookToWrite(call), (table, open) => {
      const { values } = call.body;
      if (!isGrid(values)) return refuse("workbookRequest", { why: "The values are no rows." });
      const index = addRows(table, values);
      changed(open);
      return { kind: "json", status: 200, value: { index, values }, change: { setting: "rows" } };
    }),
});

/** Create a column at the right end; `values` begins with the header. @see https://learn.microsoft.com/graph/api/table-post-columns */
const createColumn = fileOperation({
  ...common,
  name: "createColumn",
  method: "POST",
  path: "/workbook/tables/{table}/columns",
  body: ["id", "index", "name", "values"],
  run: call =>
    onTable(call, workbookToWrite(call), (table, open) => {
      const { name, values } = call.body;
      const area = tableArea(table);
      const cells = isGrid(values) ? values.map(row => row[0]) : undefined;
      if (values !== undefined && values !== null && cells?.length !== area.bottom - area.top + 1) {
        return refuse("workbookRequest", { why: "The number of rows does not match the table." });
      }
      const header = typeof name === "string" && name !== "" ? name : cells?.[0];
      const title =
        typeof header === "string" && header !== "" ? header : `Column${table.table.columns.length + 1}`;
      if (table.table.columns.some(column => column.name.toLowerCase() === title.toLowerCase())) {
        return refuse("workbookRequest", { why: "A column of this name is there already." });
      }
      addColumn(table, title, cells?.slice(1) ?? []);
      changed(open);
      const index = table.table.columns.length - 1;
      const value = { id: String(index + 1), name: title, index, values: values ?? [[title]] };
      return { kind: "json", status: 201, value, change: { setting: `column ${title}` } };
    }),
});

/** @see https://learn.microsoft.com/graph/api/table-list-columns */
const listColumns = fileOperation({
  ...common,
  name: "listColumns",
  method: "GET",
  path: "/workbook/tables/{table}/columns",
  run: call =>
    onTable(call, workbookOf(call), ({ table }) => ({
      kind: "json",
      status: 200,
      value: { value: table.columns.map(({ name }, index) => ({ id: String(index + 1), name, index })) },
    })),
});

export const workbookTables: readonly Definition[] = [
  ...listTables,
  ...listSheetTables,
  ...getTableSheet,
  ...tableRanges,
  ...listRows,
  ...addTableRows,
  ...createColumn,
  ...listColumns,
];

function tableList(call: Call, wanted: (table: BookTable) => boolean): Result {
  const open = workbookOf(call);
  if ("kind" in open) return open;
  const value = tablesOf(open.book)
    .filter(wanted)
    .map(found => ({
      id: tableId(found),
      name: nameOf(found.table),
      showHeaders: true,
      showTotals: found.table.showTotalRow === true,
      style: found.table.style ?? "TableStyleMedium2",
    }));
  return {
    kind: "json",
    status: 200,
    value: { "@odata.context": `${contextRoot(call)}workbook/tables`, value },
  };
}

function onTable(
  call: Call,
  open: OpenWorkbook | Extract<Result, { kind: "refusal" }>,
  use: (table: BookTable, open: OpenWorkbook) => Result,
): Result {
  if ("kind" in open) return open;
  const table = findTable(open.book, call.params.table ?? "");
  return table === undefined ? refuse("workbookNotFound") : use(table, open);
}

function isGrid(values: unknown): values is readonly (readonly unknown[])[] {
  return Array.isArray(values) && values.every(row => Array.isArray(row));
}
