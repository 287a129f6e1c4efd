import assert from "node:assert/strict";
import { test } from "node:test";
import { type PhoneContext, parsePhone } from "../../src/decide/phoneNumber.ts";
import { possibleNumber } from "../../src/decide/possible.ts";
import type { RosterCell } from "../../src/model/row.ts";

/** What a cell of a Dutch mobile column is, or in so many words why it cannot be used. */

type Row = readonly [
  cell: string,
  gives: string,
  context?: Partial<PhoneContext>,
  stored?: RosterCell["stored"],
];

const two = "ambiguous: it holds more than one number";
const noRange = "invalid-phone: it fits no known number range of NL";
const office = { phoneType: "office" } as const;

const lists: readonly Row[] = [
  ["+1+2", two],
  ["+ 1+2", two],
  ["12345;67890", two],
  ["06 12345678 or 06 12345679", two],
  ["1234;06 12345678", "invalid-phone: it holds the character U+003B"],
  ["1234567/1234567", two],
  ["0612345678/1/2", two],
  ["0612345678/", "invalid-phone: it ends in a hyphen or slash, so digits may be missing"],
  ["call 0612345678/9", "invalid-phone: it holds letters"],
  ["0612345678- /9", noRange],
  ["+44 (0)20 7946 0125/6", two],
  ["+31 612345678/9", two],
  ["+31 6123/45678", "+31 612345678"],
  ["0612345678/9", "region-needed: it has no country code", { region: "" }],
];

const explicit: readonly Row[] = [
  ["0(0)31612345678", "+31 612345678"],
  ["0078123456", "+81 0078123456 landline", { region: "JP" }],
  ["0078123456", "invalid-phone: it is too short for a number of RU", { region: "" }],
  ["+31 69 1002345", "+31 691002345 possible-only"],
  ["+31 6123", "invalid-phone: it is too short for a number of NL"],
  ["+1 206 555 01234", "invalid-phone: it is too long for a number of country code +1"],
  ["+999 123456", "invalid-phone: no country has the country code it begins with"],
];

const national: readonly Row[] = [
  [
    "0612345678",
    'region-needed: its region cannot be used: "?" is no country that is known here',
    { region: "?" },
  ],
  ["0612345678", "region-needed: it has no country code", { region: "" }],
  ["4915112345678", "invalid-phone: it is no number of NL; with a + it would be one of DE"],
  ["99912345678", noRange],
  ["0612345", noRange],
  ["12345", "invalid-phone: it fits no known number range of NL"],
  ["2065550", "invalid-phone: it is too short for a number of US", { region: "US" }],
  ["206555012345", "invalid-phone: it is too long for a number of US", { region: "US" }],
  ["3622345678", "+39 3622345678", { region: "IT", usageLocation: "IT" }],
  [
    "3622345678",
    "ambiguous: its digits can be read as more than one number of IT",
    { region: "IT", ...office },
  ],
  ["3902557683", "+39 3902557683", { region: "VA" }],
  ["5559993434", "ambiguous: its digits can be read as more than one number of IT", { region: "IT" }],
  ["5621903", "ambiguous: its digits can be read as more than one number of GA", { region: "GA" }],
  ["494837394", "ambiguous: its digits can be read as more than one number of DE", { region: "DE" }],
  ["612345678.5", "invalid-phone: it has decimals, so it is unclear which digits belong to it", {}, "number"],
  ["612345678.5", noRange],
];

const lines: readonly Row[] = [
  ["+1 900 2345678", "premium-number: calls to it cost extra"],
  ["+49 1801 234567", "premium-number: the caller pays a part of the cost of it"],
  ["+44 7640 123456", "invalid-phone: it is a pager"],
  ["+41 860 123456789", "invalid-phone: it is a voice mailbox"],
  ["+41 860 1234567", "invalid-phone: numbers of CH do not have its length"],
  ["+31 20 794 6012", "+31 207946012 landline"],
  ["+31 20 794 6012", "+31 207946012", office],
  ["+31 20 794 6012 x12", "invalid-phone: it has an extension, and only an office phone can have one"],
  ["+31 20 794 6012 x12", "+31 207946012x12", office],
];

for (const [table, rows] of Object.entries({ lists, explicit, national, lines })) {
  for (const [text, gives, context, stored = "text"] of rows) {
    test(`${table}: ${JSON.stringify(text)}${context ? ` with ${JSON.stringify(context)}` : ""} is ${gives}`, () => {
      const parsed = parsePhone({ text, stored }, { phoneType: "mobile", region: "NL", ...context });
      const said =
        parsed.kind === "number"
          ? [parsed.number, ...parsed.notes].join(" ")
          : parsed.kind === "unusable"
            ? `${parsed.code}: ${parsed.why}`
            : parsed.kind;
      assert.equal(said, gives);
    });
  }
}

/** No range is known that holds it: as a mobile, and as an office phone. */
const possible: readonly (readonly [string, mobile: string | undefined, office: string | undefined])[] = [
  ["+31691234567", "+31 691234567", "+31 691234567"],
  ["+97111111111", undefined, "+971 11111111"],
  ["+971111111111", "+971 111111111", "+971 111111111"],
  ["+35800000", undefined, "+358 00000"],
  ["+44000000000", undefined, "+44 000000000"],
  ["+59900000000", "+599 00000000", "+599 00000000"],
  ["+29000000", "+290 00000", "+290 00000"],
  ["+310691234567", undefined, undefined],
  ["+316", undefined, undefined],
  ["+999123456", undefined, undefined],
  ["0612345678", undefined, undefined],
];

for (const [digits, mobile, asOffice] of possible) {
  test(`${digits} has the length of ${mobile ? "a mobile" : asOffice ? "a fixed line" : "nothing"}`, () => {
    assert.equal(possibleNumber(digits, "mobile"), mobile);
    assert.equal(possibleNumber(digits, "alternateMobile"), mobile);
    assert.equal(possibleNumber(digits, "office"), asOffice);
  });
}
