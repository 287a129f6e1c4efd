import { type ZipPart, zip } from "./zip.ts";

/** A cell: a text (written inline), a number, a boolean, nothing, or its XML as it is. */
export type Cell = string | number | boolean | null | { readonly xml: string };

export type SheetSpec = {
  readonly name: string;
  readonly state?: "hidden" | "veryHidden";
  /** Row 1 is the first; an empty row is left out. */
  readonly rows?: readonly (readonly Cell[])[];
  readonly hiddenRows?: readonly number[];
  /** The whole of `<sheetData>`'s content, instead of rows. */
  readonly data?: string;
  readonly tables?: readonly TableSpec[];
};

export type TableSpec = {
  readonly name: string;
  readonly ref: string;
  readonly columns: readonly string[];
  readonly headerRowCount?: number;
  readonly totalsRowCount?: number;
};

export type WorkbookSpec = {
  readonly sheets: readonly SheetSpec[];
  /** `<si>` elements. */
  readonly sharedStrings?: readonly string[];
  /** Number formats of cell styles 1, 2, …; style 0 is General. */
  readonly formats?: readonly string[];
  readonly date1904?: boolean;
  /** Changes the finished parts: what to add, replace or, when undefined, leave out. */
  readonly parts?: Readonly<Record<string, string | undefined>>;
};

const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const declaration = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n`;

/** Builds a workbook as bytes. */
export function workbook(spec: WorkbookSpec): Buffer {
  return zip(workbookParts(spec));
}

/** The parts of a workbook, for tests that pack them oddly. */
export function workbookParts(spec: WorkbookSpec): ZipPart[] {
  const { sheets, sharedStrings, formats, date1904 } = spec;
  const parts: Record<string, string | undefined> = {
    "_rels/.rels": relations([["officeDocument", "xl/workbook.xml"]]),
    "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${office}"><workbookPr${date1904 ? ' date1904="1"' : ""}/><sheets>${sheets
      .map(
        ({ name, state }, index) =>
          `<sheet name="${escapeXml(name)}" sheetId="${index + 1}"${state ? ` state="${state}"` : ""} r:id="rId${index + 1}"/>`,
      )
      .join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": relations([
      ...sheets.map((_, index) => ["worksheet", `worksheets/sheet${index + 1}.xml`] as const),
      ...(sharedStrings ? [["sharedStrings", "sharedStrings.xml"] as const] : []),
      ...(formats ? [["styles", "styles.xml"] as const] : []),
    ]),
  };
  let tableNumber = 0;
  for (const [index, sheet] of sheets.entries()) {
    parts[`xl/worksheets/sheet${index + 1}.xml`] =
      `<worksheet xmlns="${main}"><sheetData>${sheet.data ?? rowsXml(sheet)}</sheetData></worksheet>`;
    const targets = (sheet.tables ?? []).map(table => {
      tableNumber++;
      parts[`xl/tables/table${tableNumber}.xml`] = tableXml(table, tableNumber);
      return ["table", `../tables/table${tableNumber}.xml`] as const;
    });
    if (targets.length > 0) parts[`xl/worksheets/_rels/sheet${index + 1}.xml.rels`] = relations(targets);
  }
  if (sharedStrings) parts["xl/sharedStrings.xml"] = `<sst xmlns="${main}">${sharedStrings.join("")}</sst>`;
  if (formats) parts["xl/styles.xml"] = stylesXml(formats);
  parts["[Content_Types].xml"] = contentTypes(Object.keys(parts));
  return Object.entries({ ...parts, ...spec.parts }).flatMap(([name, data]) =>
    data === undefined ? [] : [{ name, data: declaration + data }],
  );
}

/** A cell's XML: `cellXml('t="e"', "<v>#N/A</v>")`. */
export const cellXml = (attributes: string, content: string): Cell => ({
  xml: `<c ${attributes}>${content}</c>`,
});

function rowsXml({ rows = [], hiddenRows = [] }: SheetSpec): string {
  return rows
    .map((cells, index) => {
      const row = index + 1;
      const hidden = hiddenRows.includes(row) ? ' hidden="1"' : "";
      const content = cells.map((cell, column) => toXml(cell, `${letters(column)}${row}`)).join("");
      return content === "" && hidden === "" ? "" : `<row r="${row}"${hidden}>${content}</row>`;
    })
    .join("");
}

function toXml(cell: Cell, ref: string): string {
  if (cell === null) return "";
  if (typeof cell === "object") return cell.xml.replace("<c ", `<c r="${ref}" `);
  if (typeof cell === "number") return `<c r="${ref}"><v>${cell}</v></c>`;
  if (typeof cell === "boolean") return `<c r="${ref}" t="b"><v>${cell ? 1 : 0}</v></c>`;
  return `<c r="${ref}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(cell)}</t></is></c>`;
}

function tableXml({ name, ref, columns, headerRowCount, totalsRowCount }: TableSpec, id: number): string {
  const counts =
    (headerRowCount === undefined ? "" : ` headerRowCount="${headerRowCount}"`) +
    (totalsRowCount === undefined ? "" : ` totalsRowCount="${totalsRowCount}"`);
  const list = columns.map((column, index) => `<tableColumn id="${index + 1}" name="${escapeXml(column)}"/>`);
  return `<table xmlns="${main}" id="${id}" name="${name}" displayName="${name}" ref="${ref}"${counts}><tableColumns count="${columns.length}">${list.join("")}</tableColumns></table>`;
}

function stylesXml(formats: readonly string[]): string {
  const list = formats.map(
    (code, index) => `<numFmt numFmtId="${164 + index}" formatCode="${escapeXml(code)}"/>`,
  );
  const styles = formats.map((_, index) => `<xf numFmtId="${164 + index}"/>`);
  return `<styleSheet xmlns="${main}"><numFmts>${list.join("")}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${styles.join("")}</cellXfs></styleSheet>`;
}

function contentTypes(names: readonly string[]): string {
  const overrides = names.flatMap(name => {
    const kind = kinds.find(([folder]) => name.startsWith(folder))?.[1];
    return kind === undefined || name.includes("_rels")
      ? []
      : [
          `<Override PartName="/${name}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${kind}+xml"/>`,
        ];
  });
  return `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${overrides.join("")}</Types>`;
}

const kinds = [
  ["xl/workbook.xml", "sheet.main"],
  ["xl/worksheets/", "worksheet"],
  ["xl/tables/", "table"],
  ["xl/sharedStrings.xml", "sharedStrings"],
  ["xl/styles.xml", "styles"],
] as const;

function relations(targets: readonly (readonly [type: string, target: string])[]): string {
  const list = targets.map(
    ([type, target], index) =>
      `<Relationship Id="rId${index + 1}" Type="${office}/${type}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list.join("")}</Relationships>`;
}

const letters = (column: number): string => String.fromCharCode(65 + column);

const escapeXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
