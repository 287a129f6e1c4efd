import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { csvLine } from "../../src/report/csv.ts";
import { canonicalNumber, hostileText } from "./arbitraries.ts";

const startsFormula = /^[\s\u200b\ufeff\0]*[=+\-@＝＋－＠]/u;
const numberOfOurs = /^\+[\d•]{1,3} [\d•]+(x[\d•]+)?$/;

const cells: readonly (readonly [name: string, cell: string, written: string])[] = [
  ["a plain text stays as it is", "Adele", "Adele"],
  ["a canonical number stays readable", "+31 612345678", "+31 612345678"],
  ["a number with an extension stays readable", "+1 5555551234x123", "+1 5555551234x123"],
  ["a masked number stays readable", "+•• •••••••78", "+•• •••••••78"],
  ["a number without its space is no number of ours", "+31612345678", "'+31612345678"],
  ["a formula is quoted", "=1+1", "'=1+1"],
  ["a formula behind a number is quoted", "+31 6=cmd", "'+31 6=cmd"],
  ["a formula behind a space is quoted", "  =1+1", "'  =1+1"],
  ["a formula behind a hard space is quoted", "\u00a0=1+1", "'\u00a0=1+1"],
  ["a minus is quoted", "-1", "'-1"],
  ["an at sign is quoted", "@SUM(A1)", "'@SUM(A1)"],
  ["a fullwidth equals sign is quoted", "＝1", "'＝1"],
  ["a tab at the start is quoted", "\tx", '"\'\tx"'],
  ["a return at the start is quoted", "\rx", '"\'\rx"'],
  ["a formula behind a semicolon is quoted for a German Excel", "a;=1+1", '"a;\'=1+1"'],
  ["a formula behind a semicolon and a quote is quoted", 'a;"=1', '"a;""\'=1"'],
  ["a formula behind a line break is quoted", "a\n=1+1", '"a\n\'=1+1"'],
  ["quotes are doubled", 'say "hi"', '"say ""hi"""'],
  ["a comma is wrapped", "a,b", '"a,b"'],
  ["an empty text stays empty", "", ""],
];

for (const [name, cell, written] of cells) {
  test(name, () => assert.equal(csvLine([cell]), `${written}\r\n`));
}

test("an absent cell is empty and a number is a number", () => {
  assert.equal(csvLine([null, 12, "x"]), ",12,x\r\n");
});

const rows = fc.array(fc.oneof(hostileText, canonicalNumber), { minLength: 1, maxLength: 5 });

test("no cell starts a formula, whatever the list holds", () => {
  fc.assert(
    fc.property(rows, texts => {
      const records: string[][] = parse(csvLine(texts), { record_delimiter: "\r\n" });
      for (const cell of records.flat()) {
        assert.ok(numberOfOurs.test(cell) || !startsFormula.test(cell), JSON.stringify(cell));
      }
    }),
  );
});

test("nor does one for a spreadsheet that splits at semicolons, tabs or line breaks and strips quotes", () => {
  fc.assert(
    fc.property(rows, texts => {
      for (const piece of csvLine(["list.xlsx", ...texts]).split(/[;\t\r\n]/)) {
        assert.doesNotMatch(piece.replaceAll('"', ""), startsFormula);
      }
    }),
  );
});

test("a reader of the CSV gets every text back, but for the apostrophes", () => {
  const plain = (text: string): string => text.toWellFormed().replaceAll("'", "");
  fc.assert(
    fc.property(fc.array(hostileText, { minLength: 2, maxLength: 5 }), texts => {
      const records: string[][] = parse(csvLine(texts), { record_delimiter: "\r\n" });
      assert.deepEqual(
        records.map(record => record.map(plain)),
        [texts.map(plain)],
      );
    }),
  );
});
