import type { Sheet } from "hucre/xlsx";
import { type Result, refuse } from "../exchange.ts";
import { type Area, cellCount, readArea, writeArea } from "../files/area.ts";
import { cellAt, enter, setFormat } from "../files/book.ts";
import { argumentOf, fileOperation } from "../files/fileOperation.ts";
import { changed, type OpenWorkbook, workbookOf, workbookToWrite } from "../files/find.ts";
import { columnsOf, findSheet, rowsOf, sheetId, usedArea } from "../files/tables.ts";
import { picked, selectOf } from "../odata/query.ts";
import { type Call, contextRoot, type Definition } from "../operation.ts";

const common = { capability: "workbook", permission: "useWorkbook" } as const;

/** @see https://learn.microsoft.com/graph/api/workbook-list-worksheets */
const listWorksheets = fileOperation({
  ...common,
  name: "listWorksheets",
  method: "GET",
  path: "/workbook/worksheets",
  run: call => {
    const open = workbookOf(call);
    if ("kind" in open) return open;
    const value = open.book.sheets.map((sheet, position) => ({
      id: sheetId(open.book, sheet),
      name: sheet.name,
      position,
      visibility: sheet.veryHidden ? "VeryHidden" : sheet.hidden ? "Hidden" : "Visible",
    }));
    return {
      kind: "json",
      status: 200,
      value: { "@odata.context": `${contextRoot(call)}workbook/worksheets`, value },
    };
  },
});

/** @see https://learn.microsoft.com/graph/api/worksheet-range */
const getRange = fileOperation({
  ...common,
  name: "getRange",
  method: "GET",
  path: "/workbook/worksheets/{sheet}/range/{address}",
  run: call => onSheet(call, workbookOf(call), (sheet, area) => rangeView(call, sheet, area)),
});

/** Only the rows that are not hidden. @see https://learn.microsoft.com/graph/api/workbookrange-visibleview */
const getVisible = fileOperation({
  ...common,
  name: "getVisibleView",
  method: "GET",
  path: "/workbook/worksheets/{sheet}/range/{address}/visibleView",
  run: call =>
    onSheet(call, workbookOf(call), (sheet, area) => {
      const rows = rowsOf(area).filter(row => !isHidden(sheet, row));
      const cellAddresses = rows.map(row =>
        columnsOf(area).map(
          column => writeArea({ top: row, bottom: row, left: column, right: column }).split(":")[0],
        ),
      );
      const value = { cellAddresses, rowCount: rows.length, columnCount: columnsOf(area).length };
      return { kind: "json", status: 200, value: picked(value, selectOf(call.query)) };
    }),
});

/** @see https://learn.microsoft.com/graph/api/worksheet-usedrange */
const getUsedRange = fileOperation({
  ...common,
  name: "getUsedRange",
  method: "GET",
  path: "/workbook/worksheets/{sheet}/usedRange",
  run: call => {
    const open = workbookOf(call);
    if ("kind" in open) return open;
    const sheet = findSheet(open.book, call.params.sheet ?? "");
    return sheet === undefined ? refuse("workbookNotFound") : rangeView(call, sheet, usedArea(sheet));
  },
});

/** Values as if typed, formats; null leaves a cell as it is. @see https://learn.microsoft.com/graph/api/range-update */
const updateRange = fileOperation({
  ...common,
  name: "updateRange",
  method: "PATCH",
  path: "/workbook/worksheets/{sheet}/range/{address}",
  body: ["values", "formulas", "numberFormat", "rowHidden", "columnHidden"],
  run: call => {
    const open = workbookToWrite(call);
    return onSheet(call, open, (sheet, area) => {
      const { values, formulas, numberFormat } = call.body;
      for (const given of [values, formulas, numberFormat]) {
        if (given !== undefined && !fits(given, area)) {
          return refuse("workbookRequest", {
            why: "The number of rows or columns does not match the range.",
          });
        }
      }
      eachCell(numberFormat, area, (row, column, format) => {
        if (typeof format === "string") setFormat(sheet, row, column, format);
      });
      for (const given of [values, formulas]) {
        eachCell(given, area, (row, column, content) => {
          if (typeof content === "string" || typeof content === "number" || typeof content === "boolean") {
            enter(sheet, row, column, content);
          }
        });
      }
      if (!("kind" in open)) changed(open);
      const view = rangeView(call, sheet, area);
      return view.kind === "json" ? { ...view, change: { setting: `range ${writeArea(area)}` } } : view;
    });
  },
});

export const worksheets: readonly Definition[] = [
  ...listWorksheets,
  ...getRange,
  ...getVisible,
  ...getUsedRange,
  ...updateRange,
];

function onSheet(
  call: Call,
  open: OpenWorkbook | Extract<Result, { kind: "refusal" }>,
  use: (sheet: Sheet, area: Area) => Result,
): Result {
  if ("kind" in open) return open;
  const sheet = findSheet(open.book, call.params.sheet ?? "");
  if (sheet === undefined) return refuse("workbookNotFound");
  const area = readArea(argumentOf(call.params.address));
  return area === undefined
    ? refuse("workbookRequest", { why: "The argument is invalid or missing or has an incorrect format." })
    : use(sheet, area);
}

/** A range with all that is asked for. One that is too large is refused as a whole. */
export function rangeView(call: Call, sheet: Sheet, area: Area): Result {
  const select = selectOf(call.query);
  const wants = (name: string) => select === undefined || select.includes(name);
  const withCells = ["values", "text", "formulas", "numberFormat", "valueTypes"].some(wants);
  if (withCells && cellCount(area) > call.settings.workbook.mostCells) return refuse("workbookTooLarge");
  const cells = withCells
    ? rowsOf(area).map(row => columnsOf(area).map(column => cellAt(sheet, row, column)))
    : [];
  const each = <Value>(of: (cell: ReturnType<typeof cellAt>) => Value) => cells.map(row => row.map(of));
  const hidden = rowsOf(area).map(row => isHidden(sheet, row));
  const name = /^\w+$/.test(sheet.name) ? sheet.name : `'${sheet.name.replaceAll("'", "''")}'`;
  const address = `${name}!${writeArea(area)}`;
  const view = {
    address,
    addressLocal: address,
    cellCount: cellCount(area),
    columnCount: area.right - area.left + 1,
    columnHidden: false,
    columnIndex: area.left,
    rowCount: area.bottom - area.top + 1,
    rowHidden: hidden.every(Boolean) ? true : hidden.some(Boolean) ? null : false,
    rowIndex: area.top,
    values: each(cell => cell.value),
    text: each(cell => cell.text),
    formulas: each(cell => cell.formula),
    numberFormat: each(cell => cell.numberFormat),
    valueTypes: each(cell => cell.valueType),
  };
  const value = { "@odata.context": `${contextRoot(call)}workbookRange`, ...picked(view, select) };
  return { kind: "json", status: 200, value };
}

function isHidden(sheet: Sheet, row: number): boolean {
  return sheet.rowDefs?.get(row)?.hidden === true;
}

/** A single value stands for every cell; else the rows and columns must be those of the range. */
function fits(given: unknown, area: Area): boolean {
  if (!Array.isArray(given)) return true;
  const columns = area.right - area.left + 1;
  return (
    given.length === area.bottom - area.top + 1 &&
    given.every(row => Array.isArray(row) && row.length === columns)
  );
}

function eachCell(
  given: unknown,
  area: Area,
  use: (row: number, column: number, content: unknown) => void,
): void {
  if (given === undefined) return;
  for (const [down, row] of rowsOf(area).entries()) {
    for (const [along, column] of columnsOf(area).entries()) {
      const cells: unknown = Array.isArray(given) ? given[down] : given;
      use(row, column, Array.isArray(cells) ? cells[along] : cells);
    }
  }
}
