import assert from "node:assert/strict";
import { test } from "node:test";
import { maskNumber, type NumberRules, normalise } from "../../src/sandbox/numbering.ts";

const numbers: readonly {
  readonly what: string;
  readonly sent: string;
  readonly stored: string | undefined;
}[] = [
  {
    what: "E.164 without a space gets one after the country code",
    sent: "+31612345678",
    stored: "+31 612345678",
  },
  { what: "the documented format stays", sent: "+1 2065550100", stored: "+1 2065550100" },
  { what: "an extension is kept", sent: "+1 2065550100x123", stored: "+1 2065550100x123" },
  { what: "an extension without a space is kept", sent: "+12065550100x123", stored: "+1 2065550100x123" },
  { what: "a trunk zero is not noticed", sent: "+44 07700900123", stored: "+44 07700900123" },
  { what: "a three-digit country code", sent: "+35312345678", stored: "+353 12345678" },
  { what: "a two-digit code that begins like others", sent: "+27 712345678", stored: "+27 712345678" },
  {
    what: "a misplaced space is put right by the country's code",
    sent: "+12 065550100",
    stored: "+1 2065550100",
  },
  { what: "no plus", sent: "31612345678", stored: undefined },
  { what: "a national number", sent: "0612345678", stored: undefined },
  { what: "two zeros in place of the plus", sent: "0031612345678", stored: undefined },
  { what: "spaces inside", sent: "+31 6 1234 5678", stored: undefined },
  { what: "dashes", sent: "+1 206-555-0100", stored: undefined },
  { what: "a country code that nobody has", sent: "+999 123456789", stored: undefined },
  { what: "too short", sent: "+31 123", stored: undefined },
  { what: "too long", sent: "+31 123456789012345", stored: undefined },
  { what: "words", sent: "call me", stored: undefined },
  { what: "nothing", sent: "", stored: undefined },
];

for (const { what, sent, stored } of numbers) {
  test(`number: ${what}`, () => assert.equal(normalise(sent), stored));
}

const rules: readonly (readonly [string, string, NumberRules, string | undefined])[] = [
  [
    "spaces inside, where they are taken",
    "+31 6 1234 5678",
    { spaces: true, trunkZero: "kept" },
    "+31 612345678",
  ],
  [
    "a trunk zero that is dropped",
    "+31 0612345678",
    { spaces: false, trunkZero: "dropped" },
    "+31 612345678",
  ],
  ["a trunk zero that is refused", "+310612345678", { spaces: false, trunkZero: "refused" }, undefined],
];

for (const [what, sent, rule, stored] of rules) {
  test(`number: ${what}`, () => assert.equal(normalise(sent, rule), stored));
}

test("a mask may have another sign and show more", () => {
  assert.equal(maskNumber("+31 612345678", { sign: "*", shows: 4 }), "+31 *****5678");
  assert.equal(maskNumber("+31 612345678", { sign: "•", shows: 0 }), "+31 •••••••••");
});

test("a masked number keeps its country code, its length and its last two digits", () => {
  assert.equal(maskNumber("+31 612345678"), "+31 XXXXXXX78");
  assert.equal(maskNumber("+1 2065550100x123"), "+1 XXXXXXXXXXxX23");
});
