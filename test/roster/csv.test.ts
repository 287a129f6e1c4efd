import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inShort, readRoster, refusal } from "../support/rosterFile.ts";

const list = [
  [2, "anna@x.example", "0612345678"],
  [3, "bram@x.example", "0612345679"],
];

/** The plain list with a separator and a line end. */
const plain = (separator: string, end = "\n"): string =>
  [["userPrincipalName", "telephoneNumber"], ...list.map(row => row.slice(1))]
    .map(row => row.join(separator) + end)
    .join("");

const utf16be = (text: string): Buffer => Buffer.from(`\ufeff${text}`, "utf16le").swap16();

describe("a text file is read whatever program wrote it", () => {
  const cases: readonly (readonly [name: string, content: string | Buffer, expected?: readonly unknown[]])[] =
    [
      ["commas", plain(",")],
      ["semicolons", plain(";")],
      ["tabs", plain("\t")],
      ["bars", plain("|")],
      ["CRLF", plain(",", "\r\n")],
      ["CR alone", plain(",", "\r")],
      ["no line end at the end", plain(",").trimEnd()],
      ["line ends of two kinds", "UPN,Mobile\r\nanna@x.example,0612345678\nbram@x.example,0612345679\r\n"],
      ["a byte order mark", `\ufeff${plain(";")}`],
      ["UTF-16 little endian with mark", Buffer.from(`\ufeff${plain("\t")}`, "utf16le")],
      ["UTF-16 big endian with mark", utf16be(plain("\t"))],
      ["UTF-16 little endian without mark", Buffer.from(plain(","), "utf16le")],
      ["UTF-16 big endian without mark", utf16be(plain(",")).subarray(2)],
      [
        "a header in windows-1252",
        Buffer.from("UPN;Büro\nanna@x.example;1\n", "latin1"),
        [[2, "anna@x.example", "1"]],
      ],
      [
        "a declared separator",
        `sep=|\r\n${plain("|", "\r\n")}`,
        list.map(([row, ...rest]) => [Number(row) + 1, ...rest]),
      ],
      [
        "a declared separator and a mark",
        `\ufeffsep=;\n${plain(";")}`,
        list.map(([row, ...rest]) => [Number(row) + 1, ...rest]),
      ],
      [
        "titles above the header",
        `Phones of 2026,,\n\n${plain(",")}`,
        list.map(([row, ...rest]) => [Number(row) + 2, ...rest]),
      ],
      [
        "other separators in the cells",
        'UPN;Mobile;Note\nanna@x.example;6,12345678E+08;"a, b, c, d, e"\n',
        [[2, "anna@x.example", "6,12345678E+08"]],
      ],
      [
        "quoted headers and cells",
        '"UPN";"Mobile"\n"anna@x.example";"06 ""1"""\n',
        [[2, "anna@x.example", '06 "1"']],
      ],
      [
        "rows that are too short or too long",
        "UPN,Mobile,Office\nanna@x.example\nbram@x.example,1,2,3,4\n",
        [
          [2, "anna@x.example", "", ""],
          [3, "bram@x.example", "1", "2"],
        ],
      ],
      [
        "the trick that keeps zeros is kept as it is stored",
        'UPN,Mobile\nanna@x.example,="0612345678"\n',
        [[2, "anna@x.example", '="0612345678"']],
      ],
      [
        "a quote inside a cell",
        'UPN,Mobile,Note\nanna@x.example,1,5" screen\nbram@x.example,2,"Jan "de" B"\n',
        [
          [2, "anna@x.example", "1"],
          [3, "bram@x.example", "2"],
        ],
      ],
      [
        "line breaks in cells: the row is the line where the record starts",
        'Note,UPN,Mobile\n"a\nb\r\nc",anna@x.example,1\n\n"d",bram@x.example,"2\n3"\nlast,cas@x.example,4\n',
        [
          [2, "anna@x.example", "1"],
          [6, "bram@x.example", "2\n3"],
          [8, "cas@x.example", "4"],
        ],
      ],
    ];
  for (const [name, content, expected = list] of cases) {
    test(name, async () => assert.deepEqual(inShort((await readRoster("a.csv", content)).rows), expected));
  }

  test("one column, where phones are not required", async () => {
    const { rows } = await readRoster("a.csv", "userPrincipalName\nanna@x.example\nbram@x.example\n", {
      requirePhones: false,
    });
    assert.deepEqual(inShort(rows), [
      [2, "anna@x.example"],
      [3, "bram@x.example"],
    ]);
  });

  test("columns that only --column names decide the separator too", async () => {
    const { rows } = await readRoster("a.txt", "Wie;Was, wo\nanna@x.example;1\n", {
      columns: { user: "Wie", mobile: "Was, wo" },
    });
    assert.deepEqual(inShort(rows), [[2, "anna@x.example", "1"]]);
  });

  test("--header-row says where the header is", async () => {
    const { rows, roster } = await readRoster(
      "a.csv",
      "UPN,Mobile\nold@x.example,1\nUPN,Mobile\nanna@x.example,2\n",
      {
        headerRow: 3,
      },
    );
    assert.deepEqual(inShort(rows), [[4, "anna@x.example", "2"]]);
    assert.equal(roster.headerRow, 3);
  });

  test("a record on the seam of two pieces is whole", async () => {
    const lines = Array.from(
      { length: 5000 },
      (_, index) => `"user${index}é@x.example","06\r\n${index}"\r\n`,
    );
    const { rows } = await readRoster("seam.csv", `UPN,Mobile\r\n${lines.join("")}`);
    assert.equal(rows.length, 5000);
    for (const [index, { ref, cells }] of rows.entries()) {
      assert.deepEqual(
        [ref.row, cells.user?.text, cells.mobile?.text],
        [2 + index * 2, `user${index}é@x.example`, `06\r\n${index}`],
      );
    }
  });
});

describe("a damaged text file is refused with its line", () => {
  const cases: readonly (readonly [name: string, content: string | Buffer, expected: RegExp])[] = [
    [
      "a quote that is never closed",
      'UPN,Mobile\na@x.example,1\nb@x.example,"2\nc@x.example,3\n',
      /^CORRUPT: .*opened in line 3 is not closed/,
    ],
    [
      "a quote that a later cell's quote closes",
      'UPN,Mobile\n"a@x.example,1\nb@x.example,"2"\nc@x.example,3\n',
      /^CORRUPT: .*opened in line 2/,
    ],
    [
      "a quote that is not closed within a megabyte",
      `UPN,Mobile\na@x.example,"1\n${"b@x.example,2\n".repeat(150_000)}`,
      /^CORRUPT: .*line 2/,
    ],
    ["one line of megabytes", "a".repeat(3_000_000), /^TOO_LARGE: .*line 1/],
    [
      "half a UTF-16 character at the end",
      Buffer.concat([Buffer.from(`\ufeff${plain(",")}`, "utf16le"), Buffer.from([0x41])]),
      /^CORRUPT/,
    ],
  ];
  for (const [name, content, expected] of cases) {
    test(name, async () => assert.match(await refusal("a.csv", content), expected));
  }
});
