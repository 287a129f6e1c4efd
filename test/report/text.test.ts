import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { displayWidth, pad, plainText, shorten, wrap } from "../../src/report/plainText.ts";
import { headerLine, layout, tableLine } from "../../src/report/table.ts";
import { duration, list, moment, plural, thousands } from "../../src/report/words.ts";
import { hostileText } from "./arbitraries.ts";

const widths: readonly (readonly [name: string, text: string, width: number])[] = [
  ["ASCII", "adele", 5],
  ["nothing", "", 0],
  ["an accent of its own", "zoe\u0308", 3],
  ["Chinese characters", "山田", 4],
  ["Hangul", "한국", 4],
  ["a fullwidth sign", "＝", 2],
  ["an emoji", "📱", 2],
  ["a family joined of four", "👩‍👩‍👧‍👦", 2],
  ["a flag", "🇳🇱", 2],
  ["a heart with emoji style", "❤️", 2],
  ["a masked number", "+•• •••••••78", 13],
];
for (const [name, text, width] of widths) {
  test(`the width of ${name} is ${width}`, () => assert.equal(displayWidth(text), width));
}

test("a user is shortened in the middle, so that both ends can be read", () => {
  assert.equal(shorten("adele.vance@contoso.com", 15, "middle"), "adele.v…oso.com");
  assert.equal(shorten("adele.vance@contoso.com", 15, "end"), "adele.vance@co…");
  assert.equal(shorten("short", 15, "middle"), "short");
  assert.equal(shorten("山田太郎山田太郎", 7, "middle"), "山…郎");
});

test("nothing that is shortened is ever wider than asked, nor cut through a character", () => {
  fc.assert(
    fc.property(
      hostileText,
      fc.nat(30),
      fc.constantFrom("middle" as const, "end" as const),
      (text, width, where) => {
        assert.ok(displayWidth(shorten(plainText(text), width, where)) <= width);
      },
    ),
  );
});

test("no text moves the cursor, colours the screen or turns the reading direction", () => {
  assert.equal(plainText("a\u001b[31mb\u202ec\u0007d\ne"), "a�[31mb�c�d e");
  fc.assert(fc.property(hostileText, text => assert.doesNotMatch(plainText(text), /[\p{Cc}\u202a-\u202e]/u)));
});

test("a paragraph is broken at its spaces, and an address stays whole", () => {
  assert.deepEqual(wrap("one two three", 8, "  "), ["one two", "  three"]);
  assert.deepEqual(wrap("see https://example.com/a/long/page", 12), [
    "see",
    "https://example.com/a/long/page",
  ]);
});

test("padding counts columns, not characters", () => {
  assert.equal(pad("山", 4), "山  ");
  assert.equal(pad("12", 4, "right"), "  12");
});

test("a table takes from its first shrinking column what does not fit", () => {
  const columns = [
    { header: "row", align: "right" },
    { header: "user", shrink: "middle", min: 6 },
    { header: "now", shrink: "end", min: 3 },
  ] as const;
  const row = ["2", "adele.vance@contoso.com", "+31 612345678"];
  const table = layout(columns, [row], 30);
  assert.equal(headerLine(table), "row  user        now");
  assert.equal(tableLine(table, row), "  2  adele….com  +31 612345678");
});

test("a table is never wider than asked while its columns can shrink", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(hostileText, hostileText), { minLength: 1, maxLength: 5 }), texts => {
      const rows = texts.map(pair => pair.map(plainText));
      const columns = [
        { header: "a", shrink: "middle", min: 4 },
        { header: "b", shrink: "end", min: 4 },
      ] as const;
      const table = layout(columns, rows, 20);
      for (const row of rows) assert.ok(displayWidth(tableLine(table, row)) <= 20);
    }),
  );
});

const words: readonly (readonly [found: string, wanted: string])[] = [
  [thousands(0), "0"],
  [thousands(1_234_567), "1,234,567"],
  [plural(1, "row"), "1 row"],
  [plural(2000, "row"), "2,000 rows"],
  [duration(0.84), "0.8 s"],
  [duration(41.2), "41 s"],
  [duration(134), "2 min 14 s"],
  [duration(11_100), "3 h 05 min"],
  [moment("2026-11-24T10:15:00.000Z"), "2026-11-24 10:15 UTC"],
  [moment("nonsense"), "nonsense"],
  [list(["a"]), "a"],
  [list(["a", "b", "c"]), "a, b and c"],
];
for (const [found, wanted] of words) test(`in words: ${wanted}`, () => assert.equal(found, wanted));
