import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalExisting, maskedFits } from "../../src/decide/entraNumber.ts";
import { phoneNumber } from "../../src/model/phone.ts";

const existing: readonly (readonly [name: string, text: string, canonical: string])[] = [
  ["the form Graph gives", "+31 612345678", "+31 612345678"],
  ["without the space", "+31612345678", "+31 612345678"],
  ["spaced and hyphened", "+1 (206) 555-0123", "+1 2065550123"],
  ["an extension", "+1 5555551234x123", "+1 5555551234x123"],
  ["an extension after a space", "+12065550123 x123", "+1 2065550123x123"],
  ["a 0 that belongs to the number", "+390612345678", "+39 0612345678"],
  ["a trunk 0 that Graph kept is not dropped", "+44 07777777777", "+44 07777777777"],
  ["a number in no known range", "+1 5555551234", "+1 5555551234"],
  ["a masked one stays as it is", "+31 XXXXXXX78", "+31 XXXXXXX78"],
  ["one without a country code stays as it is", "0612345678", "0612345678"],
  ["an unknown country code stays as it is", "+999 123456", "+999 123456"],
  ["nothing stays nothing", "", ""],
  ["white space around it", " +31612345678 ", "+31 612345678"],
  ["an extension right after it", "+12065550123x123", "+1 2065550123x123"],
  ["text before it stays", "tel +31612345678", "tel +31612345678"],
  ["text behind it stays", "+31612345678 (home)", "+31612345678 (home)"],
  ["an extension too long stays", "+12065550123x1234567890", "+12065550123x1234567890"],
];

for (const [name, text, canonical] of existing) {
  test(`what Entra holds becomes canonical without a digit changed: ${name}`, () => {
    assert.equal(canonicalExisting(text), canonical);
    assert.equal(canonicalExisting(canonical), canonical);
  });
}

const mobile = phoneNumber("31", "612345678");
const office = phoneNumber("31", "201234567", "12");
const masks: readonly (readonly [name: string, masked: string, wanted: typeof mobile, fits: boolean])[] = [
  ["country code and last digits shown", "+31 XXXXXXX78", mobile, true],
  ["country code hidden too", "+XX XXXXXXX78", mobile, true],
  ["stars", "+31*******78", mobile, true],
  ["dots", "+•• •••••••78", mobile, true],
  ["no digit shown", "XXXXXXXXXXX", mobile, true],
  ["national digits only", "XXXXXXX78", mobile, true],
  ["other last digits", "+31 XXXXXXX79", mobile, false],
  ["another country code", "+32 XXXXXXX78", mobile, false],
  ["one digit less", "+31 XXXXXX78", mobile, false],
  ["one digit more", "+31 XXXXXXXX78", mobile, false],
  ["a + with national digits only", "+XXXXXXX78", mobile, false],
  ["the extension shown", "+31 XXXXXXX67x12", office, true],
  ["another extension", "+31 XXXXXXX67x13", office, false],
  ["an extension missing", "+31 XXXXXXX67", office, false],
  ["an extension too many", "+31 XXXXXXX78x12", mobile, false],
  ["white space before the +", " +31 XXXXXXX78", mobile, true],
  ["white space before a + with national digits only", " +XXXXXXX78", mobile, false],
  ["not masked and the same", "+31612345678", mobile, true],
  ["not masked and another", "+31612345679", mobile, false],
  ["not masked and without its country code", "612345678", mobile, false],
];

for (const [name, masked, wanted, fits] of masks) {
  test(`a masked number ${fits ? "fits" : "does not fit"}: ${name}`, () => {
    assert.equal(maskedFits(masked, wanted), fits);
  });
}
