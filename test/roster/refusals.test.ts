import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { oleFile } from "../support/oleFile.ts";
import { inShort, readRoster, refusal } from "../support/rosterFile.ts";
import { type SheetSpec, workbook, workbookParts } from "../support/workbook.ts";
import { type ZipPart, zip } from "../support/zip.ts";

const csv = "userPrincipalName,telephoneNumber\nanna@x.example,0612345678\n";
const plain: SheetSpec = {
  name: "S",
  rows: [
    ["userPrincipalName", "telephoneNumber"],
    ["anna@x.example", "0612345678"],
  ],
};
const spec = { sheets: [plain] };
const list = [[2, "anna@x.example", "0612345678"]];

/** The plain workbook with one part changed in how it is packed. */
const packed = (name: string, change: Partial<ZipPart>): Buffer =>
  zip(workbookParts(spec).map(part => (part.name === name ? { ...part, ...change } : part)));
const sheet = "xl/worksheets/sheet1.xml";
const doctype = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>';

const hex = (bytes: string): Buffer => Buffer.concat([Buffer.from(bytes, "hex"), Buffer.alloc(64, 1)]);

describe("a file that cannot be used is one refusal that says why", () => {
  const cases: readonly (readonly [
    name: string,
    file: string,
    content: string | Buffer,
    expected: RegExp,
    options?: object,
  ])[] = [
    ["nothing at all", "a.xlsx", "", /^EMPTY/],
    ["white space", "a.csv", " \r\n\n", /^EMPTY/],
    ["only a byte order mark", "a.csv", "\ufeff", /^EMPTY/],
    ["only a header", "a.csv", "userPrincipalName,telephoneNumber\n", /^NO_ROWS/],
    ["unknown headers", "a.csv", "a,b\n1,2\n", /^COLUMNS_NOT_FOUND/],

    ["a password", "a.xlsx", oleFile(["EncryptionInfo", "EncryptedPackage"]), /^ENCRYPTED/],
    [
      "an old workbook with a password",
      "a.xls",
      oleFile(["Workbook"], Buffer.from(`09081000${"00".repeat(16)}2f003600`, "hex")),
      /^ENCRYPTED/,
    ],
    ["an old workbook", "a.xls", oleFile(["Workbook"]), /^UNSUPPORTED_FORMAT: .*old \.xls/],
    ["an old workbook with a new name", "a.xlsx", oleFile(["Workbook"]), /^UNSUPPORTED_FORMAT: .*old \.xls/],
    ["an old Word document", "a.doc", oleFile(["WordDocument"]), /^NOT_A_WORKBOOK/],
    ["a container that is cut off", "a.xls", oleFile(["Workbook"]).subarray(0, 100), /^NOT_A_WORKBOOK/],
    ["a very old workbook", "a.xls", hex("0904060000001000"), /^NOT_A_WORKBOOK: .*old \.xls/],

    [
      "a workbook that is cut off",
      "a.xlsx",
      workbook(spec).subarray(0, -40),
      /^CORRUPT: .*its end is missing/,
    ],
    ["a workbook with a changed byte", "a.xlsx", packed(sheet, { declaredCrc: 1 }), /^CORRUPT: .*checksum/],
    ["a part with a password", "a.xlsx", packed(sheet, { encrypted: true }), /^ENCRYPTED/],
    ["a part packed in an unknown way", "a.xlsx", packed(sheet, { method: 12 }), /^NOT_A_WORKBOOK/],
    [
      "a part that unpacks to more than declared",
      "a.xlsx",
      packed(sheet, { declaredSize: 100 }),
      /^TOO_LARGE/,
    ],
    [
      "a part that declares gigabytes",
      "a.xlsx",
      packed(sheet, { declaredSize: 3_000_000_000 }),
      /^TOO_LARGE: .*2862 MB/,
    ],
    [
      "a part that is there twice",
      "a.xlsx",
      zip([...workbookParts(spec), ...workbookParts(spec)]),
      /^NOT_A_WORKBOOK: .*twice/,
    ],
    [
      "a bomb",
      "a.xlsx",
      packed(sheet, { data: Buffer.alloc(60 * 1024 ** 2, 0x20) }),
      /^TOO_LARGE: .*unpacks from/,
    ],
    [
      "a document type",
      "a.xlsx",
      packed(sheet, { data: `${doctype}<worksheet/>` }),
      /^NOT_A_WORKBOOK: .*document type/,
    ],
    [
      "an entity",
      "a.xlsx",
      packed(sheet, { data: "<worksheet>&a;</worksheet>" }),
      /^NOT_A_WORKBOOK: .*not well-formed/,
    ],
    [
      "XML that is cut off",
      "a.xlsx",
      packed(sheet, { data: "<worksheet><sheetData><row r='1'>" }),
      /^NOT_A_WORKBOOK/,
    ],
    [
      "XML in bytes that are no text",
      "a.xlsx",
      packed(sheet, { data: Buffer.from("<worksheet>\xff\xfe</worksheet>", "latin1") }),
      /^CORRUPT: .*is not text/,
    ],
    [
      "XML that is nested without end",
      "a.xlsx",
      packed(sheet, { data: "<a>".repeat(400) }),
      /^NOT_A_WORKBOOK/,
    ],
    [
      "another XML in the sheet's place",
      "a.xlsx",
      packed(sheet, { data: "<html/>" }),
      /^NOT_A_WORKBOOK: .*no sheet/,
    ],
    [
      "a cell of more than 32,767 characters",
      "a.xlsx",
      workbook({ sheets: [{ name: "S", rows: [["x".repeat(32_768)]] }] }),
      /^TOO_LARGE/,
    ],
    [
      "a cell of megabytes",
      "a.xlsx",
      workbook({ sheets: [{ name: "S", rows: [["x".repeat(3_000_000)]] }] }),
      /^TOO_LARGE/,
    ],
    [
      "a shared text of more than 32,767 characters",
      "a.xlsx",
      workbook({ ...spec, sharedStrings: [`<si><t>${"x".repeat(32_768)}</t></si>`] }),
      /^TOO_LARGE/,
    ],
    [
      "a missing workbook part",
      "a.xlsx",
      workbook({ ...spec, parts: { "xl/workbook.xml": undefined } }),
      /^NOT_A_WORKBOOK: .*xl\/workbook.xml is missing/,
    ],
    [
      "a missing sheet part",
      "a.xlsx",
      workbook({ ...spec, parts: { [sheet]: undefined } }),
      /^NOT_A_WORKBOOK: .*sheet1.xml is missing/,
    ],
    [
      "missing relations",
      "a.xlsx",
      workbook({ ...spec, parts: { "xl/_rels/workbook.xml.rels": undefined } }),
      /^NOT_A_WORKBOOK: .*"S"/,
    ],
    ["no sheet", "a.xlsx", workbook({ sheets: [] }), /^NOT_A_WORKBOOK: .*no sheet/],
    [
      "a Word document",
      "a.xlsx",
      zip([
        {
          name: "_rels/.rels",
          data: '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="word/document.xml"/></Relationships>',
        },
        { name: "word/document.xml", data: "<w:document xmlns:w='w'/>" },
      ]),
      /^NOT_A_WORKBOOK: .*a document, not a workbook/,
    ],
    [
      "a binary workbook",
      "a.xlsb",
      zip([
        {
          name: "_rels/.rels",
          data: '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        },
      ]),
      /^UNSUPPORTED_FORMAT: .*xlsb/,
    ],
    [
      "an OpenDocument sheet",
      "a.ods",
      zip([{ name: "content.xml", data: "<a/>" }]),
      /^UNSUPPORTED_FORMAT: .*OpenDocument/,
    ],
    [
      "an OpenDocument sheet with a new name",
      "a.xlsx",
      zip([{ name: "content.xml", data: "<a/>" }]),
      /^NOT_A_WORKBOOK: .*OpenDocument/,
    ],
    [
      "some archive",
      "a.xlsx",
      zip([{ name: "readme.txt", data: "hello" }]),
      /^NOT_A_WORKBOOK: .*no workbook/,
    ],
    ["an empty archive", "a.xlsx", zip([]), /^NOT_A_WORKBOOK/],

    ["a PDF", "a.pdf", "%PDF-1.7\n", /^UNSUPPORTED_FORMAT: .*PDF/],
    ["a PDF with a workbook's name", "a.xlsx", "%PDF-1.7\n", /^NOT_A_WORKBOOK: .*PDF/],
    ["Parquet", "a.parquet", hex("50415231"), /^UNSUPPORTED_FORMAT: .*Parquet/],
    ["gzip", "a.csv.gz", hex("1f8b0800"), /^UNSUPPORTED_FORMAT: .*gzip/],
    [
      "a web page named .xls",
      "a.xls",
      "<html><table><tr><td>userPrincipalName</td></tr></table>",
      /^NOT_A_WORKBOOK: .*HTML/,
    ],
    ["a web page", "a.csv", "<!DOCTYPE html><p>Sign in", /^UNSUPPORTED_FORMAT: .*HTML/],
    [
      "an XML spreadsheet",
      "a.xml",
      '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
      /^UNSUPPORTED_FORMAT: .*Excel 2003/,
    ],
    ["some XML", "a.xml", "<users/>", /^UNSUPPORTED_FORMAT: .*XML/],
    [
      "binary bytes",
      "a.csv",
      Buffer.from(Array.from({ length: 300 }, (_, index) => (index * 7) % 256)),
      /^UNSUPPORTED_FORMAT: .*neither text/,
    ],
    ["plain text with a workbook's name", "a.xlsx", "this is no list\n", /^NOT_A_WORKBOOK: .*plain text/],
    ["text where --format says xlsx", "a.csv", csv, /^NOT_A_WORKBOOK/, { format: "xlsx" }],
    [
      "a workbook where --format says csv",
      "a.xlsx",
      workbook(spec),
      /^UNSUPPORTED_FORMAT: .*--format says csv/,
      { format: "csv" },
    ],
    ["text where --format says json", "a.csv", csv, /^UNSUPPORTED_FORMAT/, { format: "json" }],
  ];
  for (const [name, file, content, expected, options] of cases) {
    test(name, async () => {
      const said = await refusal(file, content, options);
      assert.match(said, expected);
      assert.doesNotMatch(said, /prepop-test-/, "the folder is not named");
    });
  }
});

describe("a file whose name is wrong is read by its content", () => {
  const cases: readonly (readonly [name: string, file: string, content: string | Buffer])[] = [
    ["a workbook named .csv", "a.csv", workbook(spec)],
    ["a workbook named .xls", "a.xls", workbook(spec)],
    ["a workbook without extension", "list", workbook(spec)],
    ["a text list named .xlsx", "a.xlsx", csv],
    ["a text list named .json is not JSON, but --format says so", "a.json", csv],
  ];
  for (const [name, file, content] of cases) {
    const options = file.endsWith(".json") ? { format: "csv" as const } : {};
    test(name, async () => assert.deepEqual(inShort((await readRoster(file, content, options)).rows), list));
  }
});

test("a stored part is read like a packed one", async () => {
  const parts = workbookParts(spec).map(part => ({ ...part, stored: true }));
  assert.deepEqual(inShort((await readRoster("a.xlsx", zip(parts))).rows), list);
});

test("names of parts are compared without case, and may have backslashes", async () => {
  const parts = workbookParts(spec).map(part => ({
    ...part,
    name: part.name.replaceAll("/", "\\").toUpperCase(),
  }));
  assert.deepEqual(inShort((await readRoster("a.xlsx", zip(parts))).rows), list);
});
