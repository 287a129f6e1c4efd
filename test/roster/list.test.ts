import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inShort, readRoster, refusal } from "../support/rosterFile.ts";
import { type Cell, workbook } from "../support/workbook.ts";

const header = ["UPN", "Mobile", "Region"];

const rowsOf = async (rows: readonly (readonly Cell[])[], hiddenRows: readonly number[] = []) =>
  readRoster("list.xlsx", workbook({ sheets: [{ name: "S", rows: [header, ...rows], hiddenRows }] }));

describe("what is a row", () => {
  const cases: readonly (readonly [
    name: string,
    rows: readonly (readonly Cell[])[],
    expected: readonly (readonly (string | number)[])[],
  ])[] = [
    ["a user without a phone", [["a@x.example"]], [[2, "a@x.example", ""]]],
    [
      "a phone without a user, between users",
      [
        ["a@x.example", "1"],
        [null, "2"],
        ["b@x.example", "3"],
      ],
      [
        [2, "a@x.example", "1"],
        [3, "", "2"],
        [4, "b@x.example", "3"],
      ],
    ],
    [
      "no blank row",
      [["a@x.example", "1"], [], [" ", "\u00a0"], ["b@x.example", "3"]],
      [
        [2, "a@x.example", "1"],
        [5, "b@x.example", "3"],
      ],
    ],
    [
      "no row that only has a region",
      [
        ["a@x.example", "1"],
        [null, null, "NL"],
        ["b@x.example", "3"],
      ],
      [
        [2, "a@x.example", "1"],
        [4, "b@x.example", "3"],
      ],
    ],
    [
      "a subtotal between users is a row with a bad user",
      [
        ["a@x.example", "1"],
        ["Subtotal", 1],
        ["b@x.example", "3"],
      ],
      [
        [2, "a@x.example", "1"],
        [3, "Subtotal", "1"],
        [4, "b@x.example", "3"],
      ],
    ],
    [
      "no total below the last user",
      [
        ["a@x.example", "1"],
        ["Total", 1],
      ],
      [[2, "a@x.example", "1"]],
    ],
    [
      "no note below the last user",
      [["a@x.example", "1"], [], ["Printed by HR on 24-11-2026"], [null, "page 1"]],
      [[2, "a@x.example", "1"]],
    ],
    [
      "no count of the phones",
      [
        ["a@x.example", "1"],
        [null, 12],
      ],
      [[2, "a@x.example", "1"]],
    ],
    [
      "a number below the last user whose name is missing",
      [
        ["a@x.example", "1"],
        [null, "06-12345678"],
        ["Total", 2],
      ],
      [
        [2, "a@x.example", "1"],
        [3, "", "06-12345678"],
      ],
    ],
    [
      "no repeated header",
      [["a@x.example", "1"], header, ["b@x.example", "3"]],
      [
        [2, "a@x.example", "1"],
        [4, "b@x.example", "3"],
      ],
    ],
    [
      "everything, where no user holds @",
      [
        ["jan", "1"],
        ["piet", "2"],
      ],
      [
        [2, "jan", "1"],
        [3, "piet", "2"],
      ],
    ],
  ];
  for (const [name, rows, expected] of cases) {
    test(name, async () => assert.deepEqual(inShort((await rowsOf(rows)).rows), expected));
  }
});

describe("a second header with other columns is refused", () => {
  const cases: readonly (readonly [name: string, rows: readonly (readonly Cell[])[], row: number])[] = [
    [
      "sub-headers under merged ones",
      [
        ["UPN", "Phones"],
        [null, "Office phone", "Mobile"],
        ["a@x.example", "1", "2"],
      ],
      2,
    ],
    [
      "another list further down",
      [["UPN", "Mobile"], ["a@x.example", "1"], [], ["UPN", "Office phone"], ["b@x.example", "2"]],
      4,
    ],
    [
      "another list with another user header",
      [
        ["UPN", "Mobile"],
        ["a@x.example", "1"],
        ["Username", "Work phone"],
        ["b@x.example", "2"],
      ],
      3,
    ],
  ];
  for (const [name, rows, row] of cases) {
    test(name, async () => {
      const said = await refusal("a.xlsx", workbook({ sheets: [{ name: "S", rows }] }));
      assert.match(said, new RegExp(`^COLUMNS_UNCLEAR: .*row ${row} looks like a second header`));
    });
  }
});

test("a mapped cell that is empty has the text nothing", async () => {
  const { rows } = await rowsOf([["a@x.example"]]);
  assert.deepEqual(rows[0]?.cells, {
    user: { text: "a@x.example", stored: "text" },
    mobile: { text: "", stored: "text" },
    region: { text: "", stored: "text" },
  });
});

test("hidden rows are read and counted, also on the second walk", async () => {
  const { rows, hidden } = await rowsOf(
    [["a@x.example", "1"], ["b@x.example", "2"], [], ["c@x.example", "3"]],
    [3, 4],
  );
  assert.deepEqual(
    rows.map(row => row.hidden),
    [false, true, false],
  );
  assert.equal(hidden, 1);
});

describe("a footer is told apart in long lists too", () => {
  const lines = (count: number, user: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => `${user(index)},0612345678`);
  const read = async (body: readonly string[], options = {}) =>
    (await readRoster("long.csv", ["UPN,Mobile", ...body].join("\n"), options)).rows;

  test("thousands of rows without @ between users are given", async () => {
    const rows = await read([
      "a@x.example,1",
      ...lines(2500, index => `name${index}`),
      "b@x.example,2",
      "Total,2",
    ]);
    assert.equal(rows.length, 2502);
    assert.equal(rows.at(-1)?.cells.user?.text, "b@x.example");
    assert.deepEqual(
      rows.map(({ ref }) => ref.row),
      rows.map((_, index) => index + 2),
    );
  });

  test("thousands of rows below the last user are a footer, but for numbers without a user", async () => {
    const rows = await read(["a@x.example,1", ...lines(2500, index => `note ${index}`), ",0612345678"]);
    assert.deepEqual(inShort(rows), [
      [2, "a@x.example", "1"],
      [2503, "", "0612345678"],
    ]);
  });

  test("a long list of employee numbers has no footer", async () => {
    const rows = await read(
      lines(2500, index => String(10_000 + index)),
      { match: "employeeId" },
    );
    assert.equal(rows.length, 2500);
  });
});
