import { PrepopError } from "../../model/errors.ts";
import type { Grid } from "../grid.ts";
import type { OpenFile } from "../source.ts";
import { noFormats, readNumberFormats } from "./numberFormats.ts";
import { type Relation, readRelations } from "./relations.ts";
import { readSharedStrings } from "./sharedStrings.ts";
import { type SheetContext, sheetGrid } from "./sheet.ts";
import { readTable, type Table } from "./tables.ts";
import { readXml } from "./xml.ts";
import { notAWorkbook, openZip, type Zip } from "./zip.ts";

/** One worksheet. Hidden and very hidden ones are never chosen by themselves. */
export type Sheet = {
  readonly name: string;
  readonly state: "visible" | "hidden" | "veryHidden";
  readonly tables: readonly Table[];
  readonly grid: Grid;
};

/** An Excel workbook (.xlsx, .xlsm): its worksheets in the order of their tabs. */
export type Workbook = { readonly sheets: readonly Sheet[] };

/** Opens a workbook. Errors: NOT_A_WORKBOOK, CORRUPT, TOO_LARGE, ENCRYPTED, UNSUPPORTED_FORMAT. */
export async function openWorkbook({ name: file, handle }: OpenFile): Promise<Workbook> {
  const zip = await openZip(file, handle);
  const main = await mainPart(file, zip);
  const { entries, date1904 } = await readMain(file, zip, main);
  const relations = await readRelations(file, zip, main);

  const stringsPart = partOf(relations, "sharedStrings", zip);
  const stylesPart = partOf(relations, "styles", zip);
  const context: SheetContext = {
    file,
    zip,
    strings: stringsPart === undefined ? undefined : await readSharedStrings(file, zip, stringsPart),
    formats: stylesPart === undefined ? noFormats : await readNumberFormats(file, zip, stylesPart),
    date1904,
  };

  const sheets: Sheet[] = [];
  const targets = new Set<string>();
  const byId = new Map(relations.map(found => [found.id, found]));
  for (const { name, state, relation } of entries) {
    const found = byId.get(relation);
    if (found === undefined) throw notAWorkbook(file, `nothing says where its sheet "${name}" is`);
    // Charts and dialogs are sheets without cells.
    if (found.type !== "worksheet") continue;
    if (targets.has(found.target))
      throw notAWorkbook(file, `two of its sheets are the same part ${found.target}`);
    targets.add(found.target);
    if (!zip.has(found.target)) throw notAWorkbook(file, `its part ${found.target} is missing`);
    const tables: Table[] = [];
    for (const { type, target } of await readRelations(file, zip, found.target)) {
      if (type === "table") tables.push(await readTable(file, zip, target, name));
    }
    sheets.push({ name, state, tables, grid: sheetGrid(context, found.target) });
  }
  if (sheets.length === 0) throw notAWorkbook(file, "it has no sheet");
  return { sheets };
}

/** Follows the package to its main part and refuses what is another kind of document, by its name. */
async function mainPart(file: string, zip: Zip): Promise<string> {
  const relations = await readRelations(file, zip, "");
  const main = relations.find(({ type }) => type === "officeDocument")?.target ?? "xl/workbook.xml";
  if (main.toLowerCase().endsWith(".bin")) {
    throw new PrepopError("PREPOP_ROSTER_UNSUPPORTED_FORMAT", {
      file,
      why: "it is a binary workbook (.xlsb)",
    });
  }
  if (zip.has(main)) return main;
  for (const { part, extension, what } of otherDocuments) {
    if (!zip.has(part)) continue;
    if (!file.toLowerCase().endsWith(extension)) throw notAWorkbook(file, `it is ${what}`);
    throw new PrepopError("PREPOP_ROSTER_UNSUPPORTED_FORMAT", { file, why: `it is ${what}` });
  }
  throw notAWorkbook(
    file,
    relations.length > 0 ? `its part ${main} is missing` : "its archive holds no workbook",
  );
}

const otherDocuments = [
  { part: "content.xml", extension: ".ods", what: "an OpenDocument file (LibreOffice)" },
  { part: "index/document.iwa", extension: ".numbers", what: "a document of Apple Numbers" },
  { part: "index.zip", extension: ".numbers", what: "a document of Apple Numbers" },
] as const;

type SheetEntry = { readonly name: string; readonly state: Sheet["state"]; readonly relation: string };

async function readMain(file: string, zip: Zip, part: string) {
  const entries: SheetEntry[] = [];
  let date1904 = false;
  let root: string | undefined;
  await readXml(
    { file, part, bytes: zip.read(part) },
    {
      open(name, attributes) {
        root ??= name;
        if (root !== "workbook") throw notAWorkbook(file, `its main part is a ${root}, not a workbook`);
        if (name === "workbookPr") date1904 = ["1", "true", "on"].includes(attributes.date1904 ?? "");
        if (name === "sheet") entries.push(toEntry(attributes));
      },
    },
  );
  return { entries, date1904 };
}

function toEntry(attributes: Readonly<Record<string, string>>): SheetEntry {
  const { state, name = "" } = attributes;
  // The relation's attribute is `r:id`, under whatever prefix the program chose.
  const relation = Object.entries(attributes).find(([key]) => key.endsWith(":id"))?.[1] ?? "";
  return { name, state: state === "hidden" || state === "veryHidden" ? state : "visible", relation };
}

function partOf(relations: readonly Relation[], type: string, zip: Zip): string | undefined {
  const target = relations.find(relation => relation.type === type)?.target;
  return target !== undefined && zip.has(target) ? target : undefined;
}
