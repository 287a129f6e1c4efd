import assert from "node:assert/strict";
import { test } from "node:test";
import { cellText } from "../../src/decide/cellText.ts";
import type { RosterCell } from "../../src/model/row.ts";

/** What is left of a cell that is no plain text of digits. */
const texts: readonly (readonly [cell: string, text: string])[] = [
  ["0612345678", "0612345678"],
  ["  0612345678  ", "0612345678"],
  ["0612345678\r\n", "0612345678"],
  ["06\r\n12", "06\n12"],
  ["06\v12", "06\n12"],
  ["06\f\u0085\u2028\u202912", "06\n12"],
  ["06 \t\u00a0 12", "06 12"],
  ["\uff0b31\ufe62", "+31+"],
  ["06\u201012\u2015\u2212\u30fc\ufe63\uff0d3", "06-12-----3"],
  ["06\uff0f12\uff0e3", "06/12.3"],
  ["\uff0806\uff09", "(06)"],
  ["\uff10\uff19\u0660\u0669\u06f0\u06f9", "090909"],
  ["0\u00ad6\u200b1\u200f2\u202a3\u202d4\u2060\u2066\u2069\ufeff5", "0612345"],
  ["06\u202e12", "06\u202e12"],
  ["'0612345678", "0612345678"],
  ["' 06", "06"],
  ["06'12", "06'12"],
  ["''06", "'06"],
  ['="0612345678"', "0612345678"],
  ['=" 06 "', "06"],
  ['=" \'06"', "06"],
  ['x="06"', 'x="06"'],
  ['"06"', '"06"'],
  ["tel:+31 6", "+31 6"],
  ["TEL: +31 6", "+31 6"],
  ["tel:\n+31 6", "+31 6"],
  ["tel:06", "tel:06"],
  ["tel:x+31", "tel:x+31"],
  ["hotel:+31", "hotel:+31"],
  ["+tel:+31", "+tel:+31"],
  ["06-", "06-"],
  ["a=@", "a=@"],
  ["1".repeat(250), "1".repeat(250)],
];

for (const [cell, text] of texts) {
  test(`the text ${JSON.stringify(cell.slice(0, 60))} is read as ${JSON.stringify(text.slice(0, 60))}`, () => {
    assert.deepEqual(cellText({ text: cell, stored: "text" }), { kind: "text", text, stored: "text" });
  });
}

for (const stored of ["text", "number", "formula"] as const) {
  test(`how a ${stored} was stored is handed on`, () => {
    assert.deepEqual(cellText({ text: "06", stored }), { kind: "text", text: "06", stored });
  });
}

const unusable: readonly (readonly [cell: string, RosterCell["stored"], why: string])[] = [
  ["1".repeat(251), "text", "it is far too long for a number"],
  ["\u200b", "text", "it holds only invisible characters"],
  ["\u200b \u200b", "text", "it holds only invisible characters"],
  ["'", "text", "it holds only quotation marks"],
  ['=""', "text", "it holds only quotation marks"],
  ["=A1", "text", "it looks like a formula"],
  ['="06"&A1', "text", "it looks like a formula"],
  ["@A1", "text", "it looks like a formula"],
  ["-31612345678", "text", "it begins with a minus"],
  ["\u221206", "text", "it begins with a minus"],
  ["TRUE", "boolean", "it holds true or false instead of a number"],
  ["#N/A", "error", "it holds an error of the spreadsheet instead of a number"],
  ["{}", "object", "it holds an object instead of a number"],
  ["[", "list", "it holds a list that cannot be read"],
  ["{}", "list", "it holds a list that cannot be read"],
  ["[true]", "list", "it holds a list of something else than numbers"],
  ["[{}]", "list", "it holds a list of something else than numbers"],
  ['["-5"]', "list", "it begins with a minus"],
];

for (const [text, stored, why] of unusable) {
  test(`the ${stored} ${JSON.stringify(text.slice(0, 60))} is no number: ${why}`, () => {
    assert.deepEqual(cellText({ text, stored }), { kind: "unusable", code: "invalid-phone", why });
  });
}

test("a list of two numbers does not say which", () => {
  const two = { kind: "unusable", code: "ambiguous", why: "it holds more than one number" };
  assert.deepEqual(cellText({ text: '["06","07"]', stored: "list" }), two);
  assert.deepEqual(cellText({ text: '["06",""," "]', stored: "list" }), two);
});

test("a list of one number is that number", () => {
  assert.deepEqual(cellText({ text: '["","06",null]', stored: "list" }), {
    kind: "text",
    text: "06",
    stored: "text",
  });
  assert.deepEqual(cellText({ text: "[612345678]", stored: "list" }), {
    kind: "text",
    text: "612345678",
    stored: "number",
  });
});

for (const [text, stored] of [
  ["", "text"],
  [" \u00a0\t\r\n", "text"],
  ["[]", "list"],
  ['["",null]', "list"],
  ['[" "]', "list"],
] as const) {
  test(`the ${stored} ${JSON.stringify(text)} is blank`, () => {
    assert.deepEqual(cellText({ text, stored }), { kind: "blank" });
  });
}
