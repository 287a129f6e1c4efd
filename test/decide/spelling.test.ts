import assert from "node:assert/strict";
import { test } from "node:test";
import { digitSpellings, isExplicit, misspelling, splitExtension } from "../../src/decide/spelling.ts";

const extensions: readonly (readonly [text: string, main: string, extension?: string])[] = [
  ["020 7946 0125", "020 7946 0125"],
  ["020 7946 0125 x4021", "020 7946 0125", "4021"],
  ["020 7946 0125x4021", "020 7946 0125", "4021"],
  ["020 7946 0125 ext. 4021", "020 7946 0125", "4021"],
  ["020 7946 0125 ext: 4021", "020 7946 0125", "4021"],
  ["020 7946 0125 EXTENSION 4021", "020 7946 0125", "4021"],
  ["020 7946 0125, extn 4021", "020 7946 0125,", "4021"],
  ["020 7946 0125 toestel 12", "020 7946 0125", "12"],
  ["020 7946 0125 tst.12", "020 7946 0125", "12"],
  ["020 7946 0125 poste 12", "020 7946 0125", "12"],
  ["020 7946 0125 #12", "020 7946 0125", "12"],
  ["020 7946 0125;ext=12", "020 7946 0125", "12"],
  ["020 7946\n0125 x1", "020 7946\n0125", "1"],
  ["020 7946 0125 x123456789", "020 7946 0125", "123456789"],
  ["020 7946 0125 x1234567890", "020 7946 0125 x1234567890"],
  ["020 7946 0125 x", "020 7946 0125 x"],
  ["020 7946 0125 x12a", "020 7946 0125 x12a"],
  ["020 7946 0125 Durchwahl 12", "020 7946 0125 Durchwahl 12"],
  ["020 7946 0125 next 12", "020 7946 0125 next 12"],
  ["ext 12", "ext 12"],
  ["x12", "x12"],
];

for (const [text, main, extension] of extensions) {
  test(`${JSON.stringify(text)} has ${extension === undefined ? "no extension" : `the extension ${extension}`}`, () => {
    assert.deepEqual(splitExtension(text), extension === undefined ? { main } : { main, extension });
  });
}

const spellings: readonly (readonly [text: string, why: string | undefined])[] = [
  ["+31 6-1234.5678/9", undefined],
  ["(+31) [6] 12345678", undefined],
  ["([+31 612345678", undefined],
  ["06\n12345678", undefined],
  ["1234", undefined],
  ["1".repeat(20), undefined],
  ["06 1234 ABCD", "it holds letters"],
  ["06 12345678 \u00e4", "it holds letters"],
  ["06*12345678", "it holds the character U+002A"],
  ["06_12345678", "it holds the character U+005F"],
  ["\u20ac06", "it holds the character U+20AC"],
  ["06 \u{1f4de}", "it holds the character U+1F4DE"],
  ["()", "it holds no digits"],
  ["-", "it holds no digits"],
  ["06+12345678", "it has a + that is not at its beginning"],
  ["++31612345678", "it has a + that is not at its beginning"],
  ["+31612345678+", "it has a + that is not at its beginning"],
  ["+31 +612345678", "it has a + that is not at its beginning"],
  ["0612345678-", "it ends in a hyphen or slash, so digits may be missing"],
  ["0612345678/", "it ends in a hyphen or slash, so digits may be missing"],
  ["123", "it is too short for a number"],
  ["1".repeat(21), "it is too long for a number"],
];

for (const [text, why] of spellings) {
  test(`${JSON.stringify(text)} is ${why === undefined ? "spelled as one number" : `no number: ${why}`}`, () => {
    assert.equal(misspelling(text), why);
  });
}

const digits: readonly (readonly [text: string, ...spellings: readonly string[]])[] = [
  ["06 - 12.34/56", "06123456"],
  ["(+31) 6", "+316"],
  ["+44 (0)20 7946", "+440207946", "+44207946"],
  ["+44(0) 20 7946", "+440207946", "+44207946"],
  ["+44 [0] 20", "+44020", "+4420"],
  ["+44 ( 0 ) 20", "+44020", "+4420"],
  ["+4 (0)20", "+4020", "+420"],
  ["+44 (0)20\n7946", "+440207946", "+44207946"],
  ["+44\n20 (0)7946", "+442007946", "+44207946"],
  ["+44 20 (0)", "+44200", "+4420"],
  ["(+44) (0)20", "+44020", "+4420"],
  ["44(0)20", "44020", "4420"],
  ["+44 - (0)20", "+44020", "+4420"],
  ["+(0)20", "+020"],
  ["(0)20 7946", "0207946"],
  ["+44 (00) 20", "+440020"],
];

for (const [text, ...expected] of digits) {
  test(`the digits of ${JSON.stringify(text)} are ${expected.join(" or ")}`, () => {
    assert.deepEqual(digitSpellings(text), expected);
  });
}

for (const [text, explicit] of [
  ["+31", true],
  ["0031", true],
  ["031", false],
  ["31", false],
  ["1+31", false],
  ["10031", false],
] as const) {
  test(`${text} ${explicit ? "begins" : "does not begin"} with a country code`, () => {
    assert.equal(isExplicit(text), explicit);
  });
}
