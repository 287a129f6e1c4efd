import assert from "node:assert/strict";
import { test } from "node:test";
import { type ParsedPhone, type PhoneContext, parsePhone } from "../../src/decide/phoneNumber.ts";
import type { RosterCell } from "../../src/model/row.ts";

type Case = {
  readonly name: string;
  readonly cell: string;
  readonly stored?: RosterCell["stored"];
  readonly context?: Partial<PhoneContext>;
  /** `+CC NSN`, with the notes behind it; or the code of the problem; or blank. */
  readonly gives: string;
};

/** The default is a mobile cell of a Dutch roster. */
function parse({ cell, stored, context }: Omit<Case, "name" | "gives">): ParsedPhone {
  return parsePhone(
    { text: cell, stored: stored ?? "text" },
    { phoneType: "mobile", region: "NL", ...context },
  );
}

function summary(parsed: ParsedPhone): string {
  switch (parsed.kind) {
    case "number":
      return [parsed.number, ...parsed.notes].join(" ");
    case "unusable":
      return parsed.code;
    case "blank":
      return "blank";
  }
}

function check(group: string, cases: readonly Case[]): void {
  for (const one of cases) {
    test(`${group}: ${one.name}`, () => assert.equal(summary(parse(one)), one.gives));
  }
}

const nobody = { region: "" };
const office = { phoneType: "office" } as const;

check("plain spelling is no repair", [
  { name: "national with 0", cell: "0612345678", gives: "+31 612345678" },
  { name: "hyphens and spaces", cell: " 06 - 123 456 78 ", gives: "+31 612345678" },
  { name: "dots", cell: "06.12.34.56.78", gives: "+31 612345678" },
  { name: "brackets", cell: "(06) 12345678", gives: "+31 612345678" },
  { name: "a trailing full stop", cell: "06 12345678.", gives: "+31 612345678" },
  { name: "no-break and thin spaces", cell: "06\u00a012\u202f34\u200956 78", gives: "+31 612345678" },
  { name: "unicode hyphens", cell: "06\u201112\u201334\u221256-78", gives: "+31 612345678" },
  { name: "fullwidth digits", cell: "\uff10\uff16\uff11\uff12345678", gives: "+31 612345678" },
  {
    name: "Arabic digits",
    cell: "\u0660\u0666\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668",
    gives: "+31 612345678",
  },
  { name: "bidi marks", cell: "\u202a+31 6 12345678\u202c", gives: "+31 612345678" },
  { name: "a leading apostrophe", cell: "'+31612345678", gives: "+31 612345678" },
  { name: "the Excel trick that keeps zeros", cell: '="0612345678"', gives: "+31 612345678" },
  { name: "the scheme of a link", cell: "tel:+31-6-12345678", gives: "+31 612345678" },
  {
    name: "a slash inside one number",
    cell: "0176/04069014",
    context: { region: "DE" },
    gives: "+49 17604069014",
  },
  { name: "a line end inside one number", cell: "+31 6\n12345678", gives: "+31 612345678" },
  {
    name: "a direct line after a hyphen",
    cell: "030 23125-014",
    context: { region: "DE", ...office },
    gives: "+49 3023125014",
  },
  {
    name: "North America without trunk 1",
    cell: "(206) 555-0123",
    context: { region: "US" },
    gives: "+1 2065550123",
  },
  {
    name: "North America with trunk 1",
    cell: "1 206 555 0123",
    context: { region: "US" },
    gives: "+1 2065550123",
  },
  {
    name: "a Canadian row holds a number of the United States",
    cell: "206 555 0123",
    context: { region: "CA" },
    gives: "+1 2065550123",
  },
  {
    name: "an Italian mobile has no 0",
    cell: "312 345 6789",
    context: { region: "IT" },
    gives: "+39 3123456789",
  },
  {
    name: "an Italian fixed line keeps its 0",
    cell: "06 1234 5678",
    context: { region: "IT", ...office },
    gives: "+39 0612345678",
  },
]);

check("an explicit country code settles the country", [
  { name: "plus", cell: "+32 470 12 34 56", gives: "+32 470123456" },
  { name: "00", cell: "0032 470 12 34 56", gives: "+32 470123456" },
  {
    name: "00 in a country that dials 011",
    cell: "0031 612345678",
    context: { region: "US" },
    gives: "+31 612345678",
  },
  {
    name: "011 where it is dialled",
    cell: "011 31 612345678",
    context: { region: "US" },
    gives: "+31 612345678",
  },
  { name: "+1 stays +1 in a Dutch roster", cell: "+14155551234", gives: "+1 4155551234" },
  { name: "without any region", cell: "+31 6 12345678", context: nobody, gives: "+31 612345678" },
  {
    name: "beside a region that cannot be read",
    cell: "+31 6 12345678",
    context: { rowRegion: "Narnia" },
    gives: "+31 612345678",
  },
  { name: "with the trunk 0 kept", cell: "+310612345678", gives: "+31 612345678" },
  { name: "with (0)", cell: "+31 (0)6 12345678", gives: "+31 612345678" },
  { name: "with (0) after 00", cell: "0031 (0) 6 12345678", gives: "+31 612345678" },
  { name: "with the plus in brackets", cell: "(+31) 6 12345678", gives: "+31 612345678" },
  { name: "Italy keeps its 0 after 0039", cell: "003906 12345678", context: office, gives: "+39 0612345678" },
  {
    name: "(0) is part of the number in Italy where only that is valid",
    cell: "+39 (0)6 1234 5678",
    context: office,
    gives: "+39 0612345678",
  },
  { name: "(0) is none where only that is valid", cell: "+34 (0)612 345 678", gives: "+34 612345678" },
  { name: "(0) is unclear where both are valid", cell: "+39 (0)312 345 6789", gives: "ambiguous" },
  { name: "a satellite phone of no country", cell: "+870 773 111 632", gives: "+870 773111632" },
  { name: "no such country code", cell: "+999 123456789", gives: "invalid-phone" },
]);

check("the country comes from row, option and user, in this order", [
  { name: "row before option", cell: "0470 12 34 56", context: { rowRegion: "be" }, gives: "+32 470123456" },
  {
    name: "a row region by name",
    cell: "0470 12 34 56",
    context: { rowRegion: "Belgique" },
    gives: "+32 470123456",
  },
  {
    name: "a blank row region is none",
    cell: "0612345678",
    context: { rowRegion: " " },
    gives: "+31 612345678",
  },
  {
    name: "option before user",
    cell: "0612345678",
    context: { usageLocation: "BE" },
    gives: "+31 612345678",
  },
  {
    name: "the user's usageLocation",
    cell: "0612345678",
    context: { ...nobody, usageLocation: "NL" },
    gives: "+31 612345678",
  },
  { name: "none known", cell: "0612345678", context: nobody, gives: "region-needed" },
  {
    name: "an unreadable row region is not passed over",
    cell: "0612345678",
    context: { rowRegion: "Narnia" },
    gives: "region-needed",
  },
  {
    name: "a usageLocation without telephones is none",
    cell: "0612345678",
    context: { ...nobody, usageLocation: "AQ" },
    gives: "region-needed",
  },
  {
    name: "valid in the option's and the user's country",
    cell: "020 1234567",
    context: { usageLocation: "DE", ...office },
    gives: "ambiguous-region",
  },
  {
    name: "a row region settles that",
    cell: "020 1234567",
    context: { rowRegion: "NL", usageLocation: "DE", ...office },
    gives: "+31 201234567",
  },
  {
    name: "a plus settles that",
    cell: "+31 20 1234567",
    context: { usageLocation: "DE", ...office },
    gives: "+31 201234567",
  },
  {
    name: "two countries, one numbering plan",
    cell: "206 555 0123",
    context: { region: "US", usageLocation: "CA" },
    gives: "+1 2065550123",
  },
  {
    name: "valid only in the user's country is not the option's",
    cell: "0470 12 34 56",
    context: { usageLocation: "BE" },
    gives: "invalid-phone",
  },
]);

check("a repair is made when only one number comes of it", [
  {
    name: "a number cell without its 0",
    cell: "612345678",
    stored: "number",
    gives: "+31 612345678 repaired",
  },
  { name: "text without its 0", cell: "88 1234567", context: office, gives: "+31 881234567 repaired" },
  {
    name: "a number cell without its +",
    cell: "31612345678",
    stored: "number",
    gives: "+31 612345678 repaired",
  },
  {
    name: "the same in a land without trunk prefix",
    cell: "4532123456",
    stored: "number",
    context: { region: "DK" },
    gives: "+45 32123456 repaired",
  },
  {
    name: "a leading 0 that belongs to the number",
    cell: "612345678",
    stored: "number",
    context: { region: "IT", ...office },
    gives: "+39 0612345678 repaired",
  },
  {
    name: "the same in Ivory Coast",
    cell: "123456789",
    stored: "number",
    context: { region: "CI" },
    gives: "+225 0123456789 repaired",
  },
  { name: "scientific text with all digits", cell: "6,12345678E+08", gives: "+31 612345678 repaired" },
  { name: "scientific text with a + and a point", cell: "3.1612345678e10", gives: "+31 612345678 repaired" },
  { name: "decimals of a program", cell: "31612345678.0", gives: "+31 612345678 repaired" },
  { name: "thousands separators", cell: "612,345,678", gives: "+31 612345678 repaired" },
  {
    name: "a number cell in North America lost nothing",
    cell: "2065550123",
    stored: "number",
    context: { region: "US" },
    gives: "+1 2065550123",
  },
  {
    name: "an Italian mobile in a number cell",
    cell: "3123456789",
    stored: "number",
    context: { region: "IT" },
    gives: "+39 3123456789",
  },
  {
    name: "the same digits for an office may be a fixed line",
    cell: "3123456789",
    stored: "number",
    context: { region: "IT", ...office },
    gives: "ambiguous",
  },
  { name: "the code of another country", cell: "32470123456", stored: "number", gives: "invalid-phone" },
  {
    name: "two valid readings",
    cell: "491713920012",
    stored: "number",
    context: { region: "DE" },
    gives: "ambiguous",
  },
  {
    name: "no 011 is put back",
    cell: "1131612345678",
    stored: "number",
    context: { region: "US" },
    gives: "invalid-phone",
  },
  { name: "scientific text that lost digits", cell: "6.12E+08", gives: "invalid-phone" },
  { name: "decimals that say something", cell: "612345678.5", stored: "number", gives: "invalid-phone" },
  {
    name: "decimals after a 0",
    cell: "0301234567.0",
    context: { region: "DE", ...office },
    gives: "invalid-phone",
  },
  {
    name: "scientific text that lost digits and still fits",
    cell: "3.023125E+09",
    context: { region: "DE", ...office },
    gives: "invalid-phone",
  },
  {
    name: "a 0 that is there gets no second one",
    cell: "0491713920012",
    context: { region: "DE", ...office },
    gives: "+49 491713920012",
  },
  {
    name: "an international prefix that may be no prefix",
    cell: "81031612345678",
    stored: "number",
    context: { region: "RU" },
    gives: "invalid-phone",
  },
]);

check("nothing is cut, guessed or looked for inside a text", [
  { name: "two numbers in two lines", cell: "06-12345680\n06-87654321", gives: "ambiguous" },
  { name: "two numbers with a slash", cell: "06-12345678 / 06-87654321", gives: "ambiguous" },
  {
    name: "two numbers with a semicolon, which the library takes for an extension",
    cell: "0612345678;0687654321",
    gives: "ambiguous",
  },
  { name: "two numbers with a comma", cell: "0612345678, 0687654321", gives: "ambiguous" },
  { name: "two numbers with or", cell: "0612345678 or 0687654321", gives: "ambiguous" },
  { name: "two numbers with plus", cell: "+31612345678 +31687654321", gives: "ambiguous" },
  {
    name: "two lines of one exchange",
    cell: "030 1234567/8",
    context: { region: "DE", ...office },
    gives: "ambiguous",
  },
  { name: "a letter O", cell: "061234567O", gives: "invalid-phone" },
  { name: "words on keys", cell: "1 800 FLOWERS", context: { region: "US" }, gives: "invalid-phone" },
  { name: "a note", cell: "06-12345678 (werk)", gives: "invalid-phone" },
  { name: "a formula", cell: "=1+1", gives: "invalid-phone" },
  { name: "a command", cell: "=cmd|' /C calc'!A0", gives: "invalid-phone" },
  { name: "a function", cell: "@SUM(1+1)", gives: "invalid-phone" },
  { name: "a formula behind an apostrophe", cell: "'=1+1", gives: "invalid-phone" },
  { name: "a leading minus", cell: "-0612345678", gives: "invalid-phone" },
  {
    name: "a hyphen after which digits are missing",
    cell: "030 23125-",
    context: { region: "DE", ...office },
    gives: "invalid-phone",
  },
  { name: "a national number in a link", cell: "tel:0612345678", gives: "invalid-phone" },
  { name: "a mark that turns digits round", cell: "\u202e+31 6 12345678", gives: "invalid-phone" },
  { name: "digits of another script", cell: "\u0966\u096c12345678", gives: "invalid-phone" },
  { name: "a plus inside", cell: "06+12345678", gives: "invalid-phone" },
  { name: "too short", cell: "06-1234", gives: "invalid-phone" },
  { name: "an emergency number", cell: "112", gives: "invalid-phone" },
  { name: "a retired Mexican prefix", cell: "+52 1 222 123 4567", gives: "invalid-phone" },
  { name: "far too long", cell: "6".repeat(300), gives: "invalid-phone" },
  {
    name: "two numbers of no known country",
    cell: "0612345678/0687654321",
    context: nobody,
    gives: "ambiguous",
  },
]);

check("only a really empty cell is blank", [
  { name: "empty", cell: "", gives: "blank" },
  { name: "white space", cell: " \t\u00a0 ", gives: "blank" },
  { name: "an empty list", cell: "[]", stored: "list", gives: "blank" },
  { name: "a list of nothing", cell: "[null]", stored: "list", gives: "blank" },
  { name: "a zero-width space", cell: "\u200b", gives: "invalid-phone" },
  { name: "an apostrophe", cell: "'", gives: "invalid-phone" },
  { name: "an empty quoted text", cell: '=""', gives: "invalid-phone" },
  { name: "a hyphen", cell: "-", gives: "invalid-phone" },
  { name: "n/a", cell: "n/a", gives: "invalid-phone" },
  { name: "null", cell: "NULL", gives: "invalid-phone" },
  { name: "zero", cell: "0", stored: "number", gives: "invalid-phone" },
]);

check("cells that hold no text", [
  { name: "a boolean", cell: "true", stored: "boolean", gives: "invalid-phone" },
  { name: "an error", cell: "#N/A", stored: "error", gives: "invalid-phone" },
  { name: "an object", cell: '{"value":"0612345678"}', stored: "object", gives: "invalid-phone" },
  { name: "a list of one", cell: '["0612345678"]', stored: "list", gives: "+31 612345678" },
  { name: "a list of one number", cell: "[612345678]", stored: "list", gives: "+31 612345678 repaired" },
  { name: "a list of two", cell: '["0612345681","0687654321"]', stored: "list", gives: "ambiguous" },
  { name: "a list of objects", cell: '[{"value":"0612345678"}]', stored: "list", gives: "invalid-phone" },
  { name: "a list that is none", cell: "0612345678", stored: "list", gives: "invalid-phone" },
  { name: "the result of a formula", cell: "0612345678", stored: "formula", gives: "+31 612345678" },
]);

check("extensions are for office phones", [
  ...[
    "x4021",
    " x 4021",
    " ext. 4021",
    " ext:4021",
    " extension 4021",
    "#4021",
    ";ext=4021",
    " toestel 4021",
    " tst. 4021",
    " poste 4021",
  ].map(label => ({
    name: label.trim(),
    cell: `020 1234567${label}`,
    context: office,
    gives: "+31 201234567x4021",
  })),
  {
    name: "with a country code",
    cell: "+44 20 7946 0125 x4021",
    context: office,
    gives: "+44 2079460125x4021",
  },
  {
    name: "Durchwahl is dialled, not asked for",
    cell: "030 23125 Durchwahl 14",
    context: { region: "DE", ...office },
    gives: "invalid-phone",
  },
  { name: "only an extension", cell: "ext 4022", context: office, gives: "invalid-phone" },
  {
    name: "a second number behind an x",
    cell: "0612345678x0687654321",
    context: office,
    gives: "invalid-phone",
  },
  { name: "a mobile has none", cell: "0612345678 x12", gives: "invalid-phone" },
  {
    name: "an alternate mobile has none",
    cell: "0612345678 x12",
    context: { phoneType: "alternateMobile" },
    gives: "invalid-phone",
  },
]);

check("the kind of line decides", [
  { name: "a premium number", cell: "0900 1234567", gives: "premium-number" },
  { name: "an international premium number", cell: "+979 123456789", gives: "premium-number" },
  {
    name: "a shared-cost number",
    cell: "0180 1234567",
    context: { region: "DE", ...office },
    gives: "premium-number",
  },
  { name: "a pager", cell: "07640 123456", context: { region: "GB" }, gives: "invalid-phone" },
  { name: "a voice mailbox", cell: "860 123 4567", context: { region: "CH" }, gives: "invalid-phone" },
  { name: "a fixed line in a mobile column", cell: "020-1234567", gives: "+31 201234567 landline" },
  {
    name: "a fixed line in an alternate mobile column",
    cell: "020-1234567",
    context: { phoneType: "alternateMobile" },
    gives: "+31 201234567 landline",
  },
  { name: "a fixed line of an office", cell: "020-1234567", context: office, gives: "+31 201234567" },
  { name: "a company number in a mobile column", cell: "088 1234567", gives: "+31 881234567 landline" },
  {
    name: "a free number in a mobile column",
    cell: "0800 1234567",
    context: { region: "DE" },
    gives: "+49 8001234567 landline",
  },
  { name: "North America does not tell them apart", cell: "+1 206 555 0123", gives: "+1 2065550123" },
  { name: "internet telephony", cell: "085 012 3456", gives: "+31 850123456" },
  {
    name: "all notes at once",
    cell: "201234567",
    stored: "number",
    gives: "+31 201234567 repaired landline",
  },
]);

check("possible but in no known range", [
  { name: "the example of Microsoft's pages", cell: "+1 5555551234", gives: "+1 5555551234 possible-only" },
  { name: "the same after 00", cell: "001 5555551234", gives: "+1 5555551234 possible-only" },
  {
    name: "the same with an extension",
    cell: "+1 5555551234x123",
    context: office,
    gives: "+1 5555551234x123 possible-only",
  },
  { name: "without a country code", cell: "5555551234", context: { region: "US" }, gives: "invalid-phone" },
  { name: "a mobile that lost a digit", cell: "+44 7911 12345", gives: "invalid-phone" },
  { name: "a number cut off", cell: "+31 61234", gives: "invalid-phone" },
  { name: "the right length", cell: "+31 69 1234567", gives: "+31 691234567 possible-only" },
  { name: "a trunk 0 in place of a digit", cell: "+31 069 123456", gives: "invalid-phone" },
]);

test("a reason never holds the digits of the number", () => {
  for (const cell of [
    "06-1234",
    "+999 123456789",
    "32470123456",
    "6.12E+08",
    "0612345678 x12",
    "0900 1234567",
  ]) {
    const parsed = parse({ cell });
    assert.equal(parsed.kind, "unusable");
    if (parsed.kind === "unusable") assert.doesNotMatch(parsed.why, /\d{4}/);
  }
});
