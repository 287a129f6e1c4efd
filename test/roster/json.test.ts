import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { jsonCell, plainDigits } from "../../src/roster/json.ts";
import { inShort, readRoster, refusal } from "../support/rosterFile.ts";

const anna = { userPrincipalName: "anna@x.example", telephoneNumber: "0612345678" };
const bram = { userPrincipalName: "bram@x.example", telephoneNumber: 612345679 };
const list = [
  [1, "anna@x.example", "0612345678"],
  [2, "bram@x.example", "612345679"],
];

describe("a JSON list is read", () => {
  const cases: readonly (readonly [
    name: string,
    file: string,
    content: string | Buffer,
    expected?: readonly unknown[],
  ])[] = [
    ["an array", "a.json", JSON.stringify([anna, bram])],
    ["an array over lines", "a.json", JSON.stringify([anna, bram], null, 2)],
    ["an array with a mark", "a.json", `\ufeff${JSON.stringify([anna, bram])}`],
    ["an array in UTF-16", "a.json", Buffer.from(`\ufeff${JSON.stringify([anna, bram])}`, "utf16le")],
    ["an array in a file called .csv", "a.csv", JSON.stringify([anna, bram])],
    [
      "an answer of Graph",
      "a.json",
      JSON.stringify({ "@odata.context": "x", value: [anna, bram], more: { deep: [1] } }),
    ],
    [
      "an object around the list, over lines",
      "a.json",
      JSON.stringify({ meta: { tags: ["a"] }, users: [anna, bram] }, null, 2),
    ],
    ["one object a line", "a.ndjson", `${JSON.stringify(anna)}\n${JSON.stringify(bram)}\n`],
    ["one object a line without the name", "a.json", `${JSON.stringify(anna)}\r\n${JSON.stringify(bram)}`],
    [
      "lines keep their number over blank ones",
      "a.jsonl",
      `\n${JSON.stringify(anna)}\n\n${JSON.stringify(bram)}\n`,
      [
        [2, "anna@x.example", "0612345678"],
        [4, "bram@x.example", "612345679"],
      ],
    ],
    ["one object in one line", "a.json", JSON.stringify(anna), [list[0]]],
    ["brackets and quotes in texts", "a.json", JSON.stringify([{ ...anna, note: 'a ] } "b" \\' }, bram])],
    [
      "members that the first elements lack",
      "a.json",
      JSON.stringify([{ userPrincipalName: "x@x.example" }, anna]),
      [
        [1, "x@x.example", ""],
        [2, "anna@x.example", "0612345678"],
      ],
    ],
    [
      "an element without user is given, one without anything not",
      "a.json",
      JSON.stringify([{ telephoneNumber: "1" }, { x: 1 }, anna]),
      [
        [1, "", "1"],
        [3, "anna@x.example", "0612345678"],
      ],
    ],
  ];
  for (const [name, file, content, expected = list] of cases) {
    test(name, async () => assert.deepEqual(inShort((await readRoster(file, content)).rows), expected));
  }

  test("elements on the seams of pieces are whole", async () => {
    const people = Array.from({ length: 3000 }, (_, index) => ({
      userPrincipalName: `é${index}@x.example`,
      telephoneNumber: `${index}`,
      note: '"]{',
    }));
    const { rows } = await readRoster("seam.json", JSON.stringify(people));
    assert.deepEqual(
      inShort(rows),
      people.map((person, index) => [index + 1, person.userPrincipalName, person.telephoneNumber]),
    );
  });
});

describe("JSON that is no list is refused", () => {
  const cases: readonly (readonly [name: string, content: string, expected: RegExp])[] = [
    [
      "an array that is cut off",
      JSON.stringify([anna, bram]).slice(0, -20),
      /^CORRUPT: .*ends in the middle \(after 1 elements\)/,
    ],
    ["text after the end", `${JSON.stringify([anna])} x`, /^CORRUPT: .*text after the end/],
    [
      "an element that is no JSON",
      '[{"userPrincipalName": anna}]',
      /^CORRUPT: .*element or line 1 is not valid JSON/,
    ],
    ["an array of texts", '["anna@x.example"]', /^UNSUPPORTED_FORMAT: .*element 1 is not an object/],
    ["an array of arrays", '[["userPrincipalName"],["anna@x.example"]]', /^UNSUPPORTED_FORMAT/],
    [
      "two lists",
      JSON.stringify({ users: [anna], more: [bram] }, null, 1),
      /^UNSUPPORTED_FORMAT: .*more than one array/,
    ],
    ["no list", '{\n"a": {"b": 1}\n}', /^UNSUPPORTED_FORMAT: .*no array/],
    ["a text", '"anna"', /^UNSUPPORTED_FORMAT/],
    ["an empty array", "[]", /^NO_ROWS/],
    ["elements without anything", '[{"userPrincipalName":"","telephoneNumber":null}]', /^NO_ROWS/],
    ["unknown members", '[{"a":1,"b":2}]', /^COLUMNS_NOT_FOUND: .*/],
    ["an element of more than a megabyte", `[{"a":"${"x".repeat(1_100_000)}"}]`, /^TOO_LARGE/],
    [
      "an element that is nested without end",
      `[{"userPrincipalName":"a@x.example","telephoneNumber":${"[".repeat(200_000)}${"]".repeat(200_000)}}]`,
      /^(CORRUPT|TOO_LARGE|read)/,
    ],
    [
      "a second phone that shows up late",
      JSON.stringify([...Array.from({ length: 1500 }, () => anna), { ...anna, mobilePhone: "1" }]),
      /^COLUMNS_UNCLEAR: .*mobilePhone/,
    ],
  ];
  for (const [name, content, expected] of cases) {
    test(name, async () => assert.match(await refusal("a.json", content), expected));
  }

  test("a line that is no JSON", async () => {
    assert.match(await refusal("a.ndjson", `${JSON.stringify(anna)}\nx\n`), /^CORRUPT: .*line 2/);
  });
});

test("a value is what the file held", () => {
  const cases: readonly (readonly [value: unknown, text: string, stored: string])[] = [
    ["06", "06", "text"],
    [612345678, "612345678", "number"],
    [null, "", "text"],
    [undefined, "", "text"],
    [true, "true", "boolean"],
    [["1", "2"], '["1","2"]', "list"],
    [["1"], '["1"]', "list"],
    [{ value: "1" }, '{"value":"1"}', "object"],
  ];
  for (const [value, text, stored] of cases) assert.deepEqual(jsonCell(value), { text, stored });
});

test("digits are plain", () => {
  assert.deepEqual([6.12345678e8, 1e21, 1.5, 1e-7, -5, 0].map(plainDigits), [
    "612345678",
    "1000000000000000000000",
    "1.5",
    "0.0000001",
    "-5",
    "0",
  ]);
});
