import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inShort, readRoster, refusal } from "../../support/rosterFile.ts";
import { type SheetSpec, workbook } from "../../support/workbook.ts";

const header = ["userPrincipalName", "telephoneNumber"];
const anna = ["anna@contoso.com", "0612345678"];
const bram = ["bram@contoso.com", "0612345679"];

/** A sheet with a table at B3:C5 and a note below it that is no row of the table. */
const staff: SheetSpec = {
  name: "Staff",
  rows: [
    ["Phones of staff"],
    [],
    [null, ...header],
    [null, ...anna],
    [null, ...bram],
    [],
    [null, "x@contoso.com", "0612345680"],
  ],
  tables: [{ name: "tblStaff", ref: "B3:C5", columns: header }],
};
const leavers: SheetSpec = {
  name: "Leavers",
  rows: [header, ["cas@contoso.com", "0612345681"]],
  tables: [{ name: "tblLeavers", ref: "A1:B2", columns: header }],
};
const bare = (name: string, user = "anna@contoso.com"): SheetSpec => ({
  name,
  rows: [header, [user, "0612345678"]],
});
const rooms: SheetSpec = {
  name: "Rooms",
  rows: [
    ["Room", "Phone"],
    ["A1", "1234"],
  ],
  tables: [{ name: "tblRooms", ref: "A1:B2", columns: ["Room", "Phone"] }],
};

describe("the list of a workbook", () => {
  test("is the table whose headers fit, and only its rows", async () => {
    const { roster, rows } = await readRoster("a.xlsx", workbook({ sheets: [rooms, staff] }));
    assert.deepEqual([roster.sheet, roster.table, roster.headerRow], ["Staff", "tblStaff", 3]);
    assert.deepEqual(roster.columns, {
      user: { header: "userPrincipalName", column: "B" },
      mobile: { header: "telephoneNumber", column: "C" },
    });
    assert.deepEqual(inShort(rows), [
      [4, ...anna],
      [5, ...bram],
    ]);
    assert.deepEqual(rows[0]?.ref, { row: 4, sheet: "Staff", table: "tblStaff" });
  });

  test("is a table rather than the bare cells of another sheet", async () => {
    const { roster } = await readRoster("a.xlsx", workbook({ sheets: [bare("Old"), staff] }));
    assert.equal(roster.table, "tblStaff");
  });

  test("has no totals rows", async () => {
    const sheet: SheetSpec = {
      name: "S",
      rows: [header, anna, ["Total", 1]],
      tables: [{ name: "t", ref: "A1:B3", columns: header, totalsRowCount: 1 }],
    };
    assert.deepEqual(inShort((await readRoster("a.xlsx", workbook({ sheets: [sheet] }))).rows), [
      [2, ...anna],
    ]);
  });

  test("may be a table without a header row", async () => {
    const sheet: SheetSpec = {
      name: "S",
      rows: [anna, bram],
      tables: [{ name: "t", ref: "A1:B2", columns: header, headerRowCount: 0 }],
    };
    const { roster, rows } = await readRoster("a.xlsx", workbook({ sheets: [sheet] }));
    assert.equal(roster.headerRow, undefined);
    assert.deepEqual(inShort(rows), [
      [1, ...anna],
      [2, ...bram],
    ]);
  });

  test("is named with --table, also on a hidden sheet", async () => {
    const spec = { sheets: [staff, { ...leavers, state: "hidden" } as const] };
    const { roster } = await readRoster("a.xlsx", workbook(spec), { table: "TBLLEAVERS" });
    assert.deepEqual([roster.sheet, roster.table], ["Leavers", "tblLeavers"]);
  });

  test("is named with --sheet", async () => {
    const { roster } = await readRoster("a.xlsx", workbook({ sheets: [staff, leavers] }), {
      sheet: "Leavers",
    });
    assert.equal(roster.table, "tblLeavers");
  });

  for (const state of ["hidden", "veryHidden"] as const) {
    test(`is never on a ${state} sheet by itself`, async () => {
      const { roster } = await readRoster(
        "a.xlsx",
        workbook({ sheets: [{ ...leavers, state }, bare("Now")] }),
      );
      assert.equal(roster.sheet, "Now");
    });
    test(`is on a ${state} sheet when it is named`, async () => {
      const { roster } = await readRoster(
        "a.xlsx",
        workbook({ sheets: [{ ...bare("Old"), state }, bare("Now")] }),
        { sheet: "Old" },
      );
      assert.equal(roster.sheet, "Old");
    });
  }

  test("begins below titles, wherever its columns stand", async () => {
    const sheet: SheetSpec = {
      name: "S",
      rows: [["Phones 2026"], [null, null, "Name", "UPN", "Mobile"], [null, null, "Anna", ...anna]],
    };
    const { roster, rows } = await readRoster("a.xlsx", workbook({ sheets: [sheet] }));
    assert.equal(roster.headerRow, 2);
    assert.deepEqual(roster.columns.mobile, { header: "Mobile", column: "E" });
    assert.deepEqual(inShort(rows), [[3, ...anna]]);
  });

  test("begins where --header-row says", async () => {
    const sheet: SheetSpec = { name: "S", rows: [header, ["x@contoso.com", "1"], header, anna] };
    const { rows } = await readRoster("a.xlsx", workbook({ sheets: [sheet] }), { headerRow: 3 });
    assert.deepEqual(inShort(rows), [[4, ...anna]]);
  });

  test("may lack phones when they are not required", async () => {
    const sheet: SheetSpec = {
      name: "S",
      rows: [
        ["UPN", "Name"],
        ["anna@contoso.com", "Anna"],
      ],
    };
    const { roster, rows } = await readRoster("a.xlsx", workbook({ sheets: [sheet] }), {
      requirePhones: false,
    });
    assert.deepEqual(Object.keys(roster.columns), ["user"]);
    assert.deepEqual(inShort(rows), [[2, "anna@contoso.com"]]);
  });
});

describe("a workbook whose list is not clear is refused", () => {
  const cases: readonly (readonly [
    name: string,
    sheets: readonly SheetSpec[],
    expected: RegExp,
    options?: object,
  ])[] = [
    [
      "two tables",
      [staff, leavers],
      /^CHOOSE_TABLE: .*tblStaff \(Staff!B3:C5\).*tblLeavers \(Leavers!A1:B2\)/,
    ],
    ["two sheets", [bare("A"), bare("B")], /^CHOOSE_TABLE: .*the sheet A, the sheet B/],
    [
      "a table that does not exist",
      [staff, leavers],
      /^COLUMNS_NOT_FOUND: .*no table named "x".*tblStaff \(Staff!B3:C5\)/,
      { table: "x" },
    ],
    [
      "a table where there is none",
      [bare("A")],
      /^COLUMNS_NOT_FOUND: .*it has no Excel table/,
      { table: "x" },
    ],
    [
      "a sheet that does not exist",
      [bare("A")],
      /^COLUMNS_NOT_FOUND: .*no sheet named "x"; its sheets are "A"/,
      { sheet: "x" },
    ],
    [
      "a table without the columns",
      [rooms, staff],
      /^COLUMNS_NOT_FOUND: .*tblRooms, no column says/,
      { table: "tblRooms" },
    ],
    [
      "only hidden sheets",
      [{ ...bare("A"), state: "hidden" }],
      /^COLUMNS_NOT_FOUND: .*all its sheets are hidden \("A"\)/,
    ],
    [
      "a list only on a hidden sheet",
      [
        { name: "Info", rows: [["Read me", "please"]] },
        { ...bare("A"), state: "hidden" },
      ],
      /^COLUMNS_NOT_FOUND: .*hidden: "A"/,
    ],
    [
      "telephoneNumber beside mobile in a table",
      [
        {
          name: "S",
          rows: [
            ["UPN", "telephoneNumber", "mobile"],
            [...anna, "06"],
          ],
          tables: [{ name: "t", ref: "A1:C2", columns: ["UPN", "telephoneNumber", "mobile"] }],
        },
      ],
      /^COLUMNS_UNCLEAR: .*the table t/,
    ],
    [
      "a table whose header cell says something else",
      [
        {
          name: "S",
          rows: [["userPrincipalName", "Office phone"], anna],
          tables: [{ name: "t", ref: "A1:B2", columns: ["userPrincipalName", "Mobile"] }],
        },
      ],
      /^COLUMNS_UNCLEAR: .*"Mobile", but its header cell says "Office phone"/,
    ],
    [
      "user and phone in two tables side by side",
      [
        {
          name: "S",
          rows: [["UPN", "Mobile"], anna],
          tables: [
            { name: "t", ref: "A1:A2", columns: ["UPN"] },
            { name: "u", ref: "B1:B2", columns: ["Mobile"] },
          ],
        },
      ],
      /^COLUMNS_NOT_FOUND/,
    ],
    [
      "the same list twice side by side",
      [
        {
          name: "S",
          rows: [
            [...header, null, ...header],
            [...anna, null, ...bram],
          ],
        },
      ],
      /^COLUMNS_UNCLEAR: .*column A\) and .*column D\)/,
    ],
    [
      "no phones",
      [
        {
          name: "S",
          rows: [
            ["UPN", "Name"],
            ["anna@contoso.com", "Anna"],
          ],
        },
      ],
      /^COLUMNS_NOT_FOUND: .*no column holds phones/,
    ],
    ["a header row without cells", [bare("A")], /^COLUMNS_NOT_FOUND: .*row 9/, { headerRow: 9 }],
    ["no cells at all", [{ name: "S", rows: [] }], /^EMPTY/],
    ["only a header", [{ name: "S", rows: [header] }], /^NO_ROWS/],
    [
      "a table without rows that say anything",
      [{ name: "S", rows: [header, []], tables: [{ name: "t", ref: "A1:B2", columns: header }] }],
      /^NO_ROWS/,
    ],
  ];
  for (const [name, sheets, expected, options] of cases) {
    test(name, async () => assert.match(await refusal("a.xlsx", workbook({ sheets }), options), expected));
  }
});
