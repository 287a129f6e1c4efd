import assert from "node:assert/strict";
import { test } from "node:test";
import type { CountryCode } from "libphonenumber-js/max";
import {
  distinct,
  explicitReadings,
  nationalReadings,
  numericText,
  type Reading,
  readDigits,
} from "../../src/decide/repair.ts";

const words = (readings: readonly Reading[]): readonly string[] =>
  readings.map(({ number, repaired }) => `${number}${repaired ? " repaired" : ""}`);

test("a number is never looked for inside a text", () => {
  assert.equal(readDigits("call 0612345678", "NL"), undefined);
  assert.equal(readDigits("call +31612345678"), undefined);
  assert.equal(readDigits("0612345678 or so", "NL"), undefined);
  assert.equal(readDigits("0612345678", "NL")?.number, "+31612345678");
});

const explicit: readonly (readonly [string, CountryCode | undefined, ...(readonly string[])])[] = [
  ["+31612345678", undefined, "+31 612345678"],
  ["+31612345678", "DE", "+31 612345678"],
  ["0031612345678", undefined, "+31 612345678"],
  ["0031612345678", "DE", "+31 612345678"],
  ["+390612345678", "IT", "+39 0612345678"],
  ["0078123456", "JP", "+81 0078123456"],
  ["0078123456", undefined],
  ["+0078123456", "JP"],
  ["+999123456", "NL"],
];

for (const [digits, region, ...expected] of explicit) {
  test(`${digits} in ${region ?? "no country"} is read as ${expected.join(", ") || "nothing"}`, () => {
    assert.deepEqual(words(explicitReadings(digits, region)), expected);
  });
}

const national: readonly (readonly [string, CountryCode, boolean, ...(readonly string[])])[] = [
  ["0612345678", "NL", false, "+31 612345678"],
  ["612345678", "NL", false, "+31 612345678 repaired"],
  ["31612345678", "NL", false, "+31 612345678 repaired"],
  ["0031612345678", "NL", false, "+31 612345678"],
  ["2065550100", "US", true, "+1 2065550100"],
  ["12065550100", "US", true, "+1 2065550100"],
  ["01132065550100", "US", false, "+32 65550100"],
  ["0362234567", "IT", false, "+39 0362234567"],
  ["362234567", "IT", false, "+39 362234567"],
  ["3622345678", "IT", true, "+39 3622345678", "+39 03622345678 repaired"],
  ["61234567", "LT", true, "+370 61234567 repaired"],
  ["061234567", "LT", false, "+370 61234567"],
  ["12", "NL", true],
];

for (const [digits, region, bare, ...expected] of national) {
  test(`${digits}${bare ? ", bare," : ""} in ${region} is read as ${expected.join(", ") || "nothing"}`, () => {
    assert.deepEqual(words(nationalReadings(digits, region, bare)), expected);
  });
}

test("bare digits are tried with the 0 that a number cell loses, spaced ones only where they need it", () => {
  assert.deepEqual(words(nationalReadings("362234567", "IT", true)), [
    "+39 362234567",
    "+39 0362234567 repaired",
  ]);
});

test("of several readings of one number the first says whether it was repaired", () => {
  const [plain] = nationalReadings("0612345678", "NL", false);
  assert.ok(plain);
  const repaired = { ...plain, repaired: true };
  assert.deepEqual(distinct([undefined, plain, repaired]), [plain]);
  assert.deepEqual(distinct([repaired, plain]), [repaired]);
});

/** What a program made of a number: the digits, lost, or nothing of the kind. */
const numeric: readonly (readonly [text: string, stored: "number" | "other", gives: string])[] = [
  ["612345678", "number", "none"],
  ["6,12345678E+08", "other", "612345678"],
  ["6.12345678E8", "number", "612345678"],
  ["6.12345678e08", "other", "612345678"],
  ["61.2E1", "other", "612"],
  ["612E0", "other", "612"],
  ["6.1E+08", "other", "lost"],
  ["6.12345678E7", "other", "lost"],
  ["6.12E-2", "other", "lost"],
  ["06.12E2", "other", "lost"],
  ["6E8", "other", "lost"],
  ["x6.12E2", "other", "none"],
  ["6.12E2x", "other", "none"],
  ["6.12E2000", "other", "none"],
  ["31612345678.0", "other", "31612345678"],
  ["31612345678.00", "number", "31612345678"],
  ["31612345678,0", "other", "31612345678"],
  ["31612345678.000", "other", "none"],
  ["31612345678.000", "number", "lost"],
  ["1234.0", "other", "none"],
  ["12345.0", "other", "12345"],
  ["12345.0x", "other", "none"],
  ["0612345678.0", "other", "lost"],
  ["+31612345678.0", "other", "lost"],
  ["06123.0", "other", "none"],
  ["061234.0", "other", "lost"],
  ["x0612345678.0", "other", "none"],
  ["0612345678.0x", "other", "none"],
  ["612345678.5", "number", "lost"],
  ["612345678,55", "number", "lost"],
  ["612345678.5", "other", "none"],
  ["x612345678.5", "number", "none"],
  ["612345678.5x", "number", "none"],
  ["1234.5", "number", "none"],
  ["12345.5", "number", "lost"],
  ["612,345,678", "other", "612345678"],
  ["31,612,345,678", "number", "31612345678"],
  ["612,345", "other", "none"],
  ["0612,345,678", "other", "none"],
  ["x612,345,678", "other", "none"],
  ["612,345,678x", "other", "none"],
  ["612,345,67", "other", "none"],
];

for (const [text, stored, gives] of numeric) {
  test(`${text}, stored as ${stored === "number" ? "a number" : "text"}, is ${gives}`, () => {
    const read = numericText(text, stored);
    assert.equal(read.kind === "digits" ? read.digits : read.kind, gives);
  });
}

test("what was lost is said", () => {
  assert.deepEqual(numericText("6.1E8", "other"), {
    kind: "lost",
    why: "the scientific notation has lost digits",
  });
  assert.deepEqual(numericText("612345678.5", "number"), {
    kind: "lost",
    why: "it has decimals, so it is unclear which digits belong to it",
  });
});
