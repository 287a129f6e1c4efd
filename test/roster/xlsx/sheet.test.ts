import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inShort, readRoster, refusal } from "../../support/rosterFile.ts";
import { type Cell, cellXml, type WorkbookSpec, workbook } from "../../support/workbook.ts";

const header = ["userPrincipalName", "telephoneNumber"];
const user = "anna@contoso.com";

/** The phone cell of a one-row list, as text and as what was stored. */
async function phoneCell(cell: Cell, spec: Partial<WorkbookSpec> = {}): Promise<readonly [string, string]> {
  const { rows } = await readRoster(
    "cell.xlsx",
    workbook({ sheets: [{ name: "S", rows: [header, [user, cell]] }], ...spec }),
  );
  const mobile = rows[0]?.cells.mobile;
  return [mobile?.text ?? "absent", mobile?.stored ?? "absent"];
}

describe("a cell says what the sheet shows", () => {
  const cases: readonly (readonly [
    name: string,
    cell: Cell,
    expected: readonly [string, string],
    spec?: Partial<WorkbookSpec>,
  ])[] = [
    ["a text", "+31612345678", ["+31612345678", "text"]],
    ["a text keeps its spaces", " 06 1 ", [" 06 1 ", "text"]],
    ["a number", 612345678, ["612345678", "number"]],
    ["a number with exponent", cellXml("", "<v>6.12345678E8</v>"), ["612345678", "number"]],
    ["a long number is never scientific", cellXml("", "<v>3.1612345678E10</v>"), ["31612345678", "number"]],
    ["a fraction of nothing is dropped", cellXml("", "<v>612345678.0</v>"), ["612345678", "number"]],
    [
      "digits with their leading zero in a number cell",
      cellXml("", "<v>0612345678</v>"),
      ["0612345678", "number"],
    ],
    ["a text where a number should be", cellXml("", "<v>06-12</v>"), ["06-12", "text"]],
    [
      "ten digits by format",
      cellXml('s="1"', "<v>612345678</v>"),
      ["0612345678", "number"],
      { formats: ["0000000000"] },
    ],
    [
      "a literal country code by format",
      cellXml('s="1"', "<v>31612345678</v>"),
      ["+31 6 12345678", "number"],
      { formats: ['"+"00 0 00000000'] },
    ],
    [
      "a prefix by format",
      cellXml('s="1"', "<v>612345678</v>"),
      ["+31612345678", "number"],
      { formats: ['"+31"0'] },
    ],
    [
      "French pairs by format",
      cellXml('s="1"', "<v>612345678</v>"),
      ["06 12 34 56 78", "number"],
      { formats: ["00 00 00 00 00"] },
    ],
    [
      "the American format",
      cellXml('s="1"', "<v>2065550123</v>"),
      ["(206) 555-0123", "number"],
      { formats: ["[<=9999999]###-####;(###) ###-####"] },
    ],
    [
      "thousands are no part of a phone",
      cellXml('s="1"', "<v>612345678</v>"),
      ["612345678", "number"],
      { formats: ["#,##0"] },
    ],
    [
      "two decimals are no part of a phone",
      cellXml('s="1"', "<v>612345678</v>"),
      ["612345678", "number"],
      { formats: ["0.00"] },
    ],
    [
      "a scientific format does not round",
      cellXml('s="1"', "<v>612345678</v>"),
      ["612345678", "number"],
      { formats: ["0.00E+00"] },
    ],
    [
      "a broken format is left aside",
      cellXml('s="1"', "<v>612345678</v>"),
      ["612345678", "number"],
      { formats: ["[[[0"] },
    ],
    ["a text format", cellXml('s="1"', "<v>612345678</v>"), ["612345678", "number"], { formats: ["@"] }],
    [
      "a date",
      cellXml('s="1"', "<v>43035.875</v>"),
      ["2017-10-27 21:00:00", "text"],
      { formats: ["m/d/yyyy h:mm"] },
    ],
    [
      "a phone under a date format is still its digits",
      cellXml('s="1"', "<v>612345678</v>"),
      ["612345678", "number"],
      { formats: ["d-m-yy"] },
    ],
    [
      "a date of 1904",
      cellXml('s="1"', "<v>41573.875</v>"),
      ["2017-10-27 21:00:00", "text"],
      { formats: ["d-m-yy"], date1904: true },
    ],
    ["an ISO date of a strict workbook", cellXml('t="d"', "<v>2017-10-27</v>"), ["2017-10-27", "text"]],
    ["true", true, ["TRUE", "boolean"]],
    ["an error", cellXml('t="e"', "<v>#N/A</v>"), ["#N/A", "error"]],
    [
      "a formula's text",
      cellXml('t="str"', '<f>"+31"&amp;A1</f><v>+31612345678</v>'),
      ["+31612345678", "formula"],
    ],
    ["a formula's number", cellXml("", "<f>A1*1</f><v>612345678</v>"), ["612345678", "number"]],
    ["a formula that nobody calculated is not blank", cellXml("", "<f>A1&amp;B1</f>"), ["=A1&B1", "formula"]],
    ["a formula that was calculated to nothing", cellXml('t="str"', '<f>""</f><v></v>'), ["", "formula"]],
    [
      "a shared text",
      cellXml('t="s"', "<v>0</v>"),
      ["0612", "text"],
      { sharedStrings: ["<si><t>0612</t></si>"] },
    ],
    [
      "rich text is joined, its phonetic reading dropped",
      cellXml('t="s"', "<v>0</v>"),
      ["0612", "text"],
      {
        sharedStrings: [
          "<si><r><t>06</t></r><r><rPr><b/></rPr><t>12</t></r><rPh sb='0' eb='1'><t>99</t></rPh><phoneticPr/></si>",
        ],
      },
    ],
    [
      "inline rich text",
      cellXml('t="inlineStr"', "<is><r><t>06</t></r><r><t>12</t></r></is>"),
      ["0612", "text"],
    ],
    [
      "escaped characters",
      cellXml('t="s"', "<v>0</v>"),
      ["A_x000D_", "text"],
      { sharedStrings: ["<si><t>_x0041__x005F_x000D_</t></si>"] },
    ],
    ["CDATA", cellXml('t="inlineStr"', "<is><t><![CDATA[06<12]]></t></is>"), ["06<12", "text"]],
    [
      "the fallback of alternate content",
      cellXml(
        't="inlineStr"',
        '<is><mc:AlternateContent xmlns:mc="m"><mc:Choice><t>99</t></mc:Choice><mc:Fallback><t>0612</t></mc:Fallback></mc:AlternateContent></is>',
      ),
      ["0612", "text"],
    ],
    ["only a style", cellXml('s="1"', ""), ["", "text"], { formats: ["@"] }],
  ];
  for (const [name, cell, expected, spec] of cases) {
    test(name, async () => assert.deepEqual(await phoneCell(cell, spec), expected));
  }
});

describe("a workbook as other programs write it", () => {
  const rowsOf = async (spec: WorkbookSpec) => inShort((await readRoster("odd.xlsx", workbook(spec))).rows);
  const text = (value: string) => `<is><t>${value}</t></is>`;
  const list = [[2, user, "0612"]];
  const plain = { name: "S", rows: [header, [user, "0612"]] };

  test("rows and cells without references follow each other", async () => {
    const cells = (values: readonly string[]) =>
      `<row>${values.map(value => `<c t="inlineStr">${text(value)}</c>`).join("")}</row>`;
    assert.deepEqual(
      await rowsOf({ sheets: [{ name: "S", data: cells(header) + cells([user, "0612"]) }] }),
      list,
    );
  });

  test("every name may have a prefix", async () => {
    const cell = (ref: string, value: string) =>
      `<x:c r="${ref}" t="inlineStr"><x:is><x:t>${value}</x:t></x:is></x:c>`;
    const sheet = `<x:worksheet xmlns:x="urn:x"><x:sheetData><x:row r="1">${cell("A1", "UPN")}${cell("B1", "Mobile")}</x:row><x:row r="2">${cell("A2", user)}${cell("B2", "0612")}</x:row></x:sheetData></x:worksheet>`;
    const book = `<x:workbook xmlns:x="urn:x" xmlns:q="urn:r"><x:sheets><x:sheet name="S" sheetId="1" q:id="rId1"/></x:sheets></x:workbook>`;
    assert.deepEqual(
      await rowsOf({
        sheets: [plain],
        parts: { "xl/worksheets/sheet1.xml": sheet, "xl/workbook.xml": book },
      }),
      list,
    );
  });

  test("targets may be absolute, and relations strict", async () => {
    const rels = `<Relationships><Relationship Id="rId1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" Target="/xl/worksheets/sheet1.xml"/></Relationships>`;
    assert.deepEqual(await rowsOf({ sheets: [plain], parts: { "xl/_rels/workbook.xml.rels": rels } }), list);
  });

  test("the package's own relations may be missing", async () => {
    assert.deepEqual(await rowsOf({ sheets: [plain], parts: { "_rels/.rels": undefined } }), list);
  });

  test("a wrong dimension is not believed", async () => {
    const sheet = `<worksheet><dimension ref="A1:A1"/><sheetData><row r="1"><c r="A1" t="inlineStr">${text("UPN")}</c><c r="B1" t="inlineStr">${text("Mobile")}</c></row><row r="2"><c r="A2" t="inlineStr">${text(user)}</c><c r="B2" t="inlineStr">${text("0612")}</c></row></sheetData></worksheet>`;
    assert.deepEqual(await rowsOf({ sheets: [plain], parts: { "xl/worksheets/sheet1.xml": sheet } }), list);
  });

  test("extensions after the rows are not read", async () => {
    const parts = Object.fromEntries(
      ["xl/worksheets/sheet1.xml"].map(name => [
        name,
        `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr">${text("UPN")}</c><c r="B1" t="inlineStr">${text("Mobile")}</c></row><row r="2"><c r="A2" t="inlineStr">${text(user)}</c><c r="B2" t="inlineStr">${text("0612")}<extLst><ext><t>9</t></ext></extLst></c></row></sheetData><extLst><ext><row r="3"/></ext></extLst></worksheet>`,
      ]),
    );
    assert.deepEqual(await rowsOf({ sheets: [plain], parts }), list);
  });

  test("a chart sheet is no sheet", async () => {
    const spec: WorkbookSpec = { sheets: [plain, { name: "Chart", rows: [] }] };
    const rels = `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="x/chartsheet" Target="chartsheets/sheet1.xml"/></Relationships>`;
    assert.deepEqual(await rowsOf({ ...spec, parts: { "xl/_rels/workbook.xml.rels": rels } }), list);
  });
});

describe("a sheet that contradicts itself is refused", () => {
  const cases: readonly (readonly [name: string, data: string, expected: RegExp])[] = [
    ["rows out of order", '<row r="2"/><row r="1"/>', /^CORRUPT: .*out of order/],
    ["a row beyond the sheet", '<row r="1048577"/>', /^CORRUPT/],
    ["a row that is no number", '<row r="x"/>', /^CORRUPT/],
    ["cells out of order", '<row r="1"><c r="B1"/><c r="A1"/></row>', /^CORRUPT: .*cells of row 1/],
    ["a column beyond the sheet", '<row r="1"><c r="XFE1"/></row>', /^CORRUPT/],
    [
      "a shared text that is not there",
      '<row r="1"><c r="A1" t="s"><v>7</v></c></row>',
      /^CORRUPT: .*text 7/,
    ],
  ];
  for (const [name, data, expected] of cases) {
    test(name, async () =>
      assert.match(await refusal("bad.xlsx", workbook({ sheets: [{ name: "S", data }] })), expected),
    );
  }
});
