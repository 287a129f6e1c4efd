import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import google from "google-libphonenumber";
import { mergeRows } from "../../src/decide/across.ts";
import { desireRow } from "../../src/decide/desire.ts";
import { canonicalExisting, type PhoneContext, parsePhone } from "../../src/decide/phoneNumber.ts";
import { type PhoneType, phoneTypes } from "../../src/model/phone.ts";
import type { RosterCell, RosterRow } from "../../src/model/row.ts";

const seeded = { seed: 20261124 } as const;

const googles = google.PhoneNumberUtil.getInstance();
const regions = googles.getSupportedRegions().toSorted();
const { E164 } = google.PhoneNumberFormat;

/** Every example number of every region and type, as Google's library gives them. */
const examples = regions.flatMap(region =>
  Object.entries(google.PhoneNumberType).flatMap(([typeName, type]) => {
    if (typeof type !== "number" || type < 0) return [];
    const number = googles.getExampleNumberForType(region, type);
    return number ? [{ region, typeName, number, e164: googles.format(number, E164) }] : [];
  }),
);
const mobiles = examples.filter(({ typeName }) => typeName === "MOBILE");

const text = (value: string): RosterCell => ({ text: value, stored: "text" });
const read = (value: string, context: Partial<PhoneContext> = {}) =>
  parsePhone(text(value), { phoneType: "office", ...context });

/** Types whose numbers are refused whatever they look like. */
const refused = new Set(["PREMIUM_RATE", "SHARED_COST", "PAGER", "VOICEMAIL"]);

/** Where the libraries differ over an example: the two packages carry these plans from different months. */
const known = new Set(["BJ VOIP", "BJ UAN", "ZW FIXED_LINE", "ZW FIXED_LINE_OR_MOBILE"]);

test("every example number is read as Google's library has it, and says the same in three spellings", () => {
  assert.ok(examples.length > 1000);
  const differ = new Set<string>();
  for (const { region, typeName, number, e164 } of examples) {
    const spellings = [
      e164,
      e164.replace("+", "00"),
      googles.format(number, google.PhoneNumberFormat.INTERNATIONAL),
    ];
    const type = Object.entries(google.PhoneNumberType).find(
      ([, value]) => value === googles.getNumberType(number),
    );
    const wanted = refused.has(type?.[0] ?? "") ? "unusable" : e164;
    for (const spelling of spellings) {
      const parsed = read(spelling);
      const got =
        parsed.kind === "number" && parsed.notes.length === 0 ? parsed.number.replace(" ", "") : parsed.kind;
      if (got !== wanted) differ.add(`${region} ${typeName}`);
    }
  }
  assert.deepEqual([...differ].toSorted(), [...known].toSorted());
});

test("an example number in its national spelling is that number or an issue, never another number", () => {
  let same = 0;
  const unclear: string[] = [];
  for (const { region, number, e164, typeName } of examples) {
    const wanted = read(e164);
    if (wanted.kind !== "number") continue;
    const parsed = read(googles.format(number, google.PhoneNumberFormat.NATIONAL), { region });
    if (parsed.kind === "number") {
      assert.equal(parsed.number, wanted.number, `${region} ${typeName}`);
      same++;
    } else unclear.push(`${region} ${typeName}`);
  }
  assert.ok(same > 1000);
  // Ascension writes its numbers without spaces, as number cells leave them, and one more 0 gives a valid number too.
  assert.deepEqual(unclear, ["AC FIXED_LINE", "AC MOBILE", "AC FIXED_LINE_OR_MOBILE"]);
});

test("an example number whose + or 0 a number cell lost is that number or an issue, never another number", () => {
  for (const { region, number, e164, typeName } of examples) {
    const wanted = read(e164);
    if (wanted.kind !== "number") continue;
    for (const lost of [e164.slice(1), String(number.getNationalNumber())]) {
      const parsed = parsePhone({ text: lost, stored: "number" }, { phoneType: "office", region });
      if (parsed.kind === "number")
        assert.equal(parsed.number, wanted.number, `${region} ${typeName} ${lost}`);
      else assert.ok(["ambiguous", "invalid-phone"].includes(parsed.kind === "unusable" ? parsed.code : ""));
    }
  }
});

const scrap = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(..."0123456789+-/.()[] ;,#xE=@'\"\n\u00a0\u202e\u0660o"),
    maxLength: 30,
  }),
);
const anyCell = fc.record({
  text: scrap,
  stored: fc.constantFrom<RosterCell["stored"]>(
    "text",
    "number",
    "boolean",
    "error",
    "formula",
    "list",
    "object",
  ),
});
const anyContext = fc.record(
  {
    rowRegion: fc.oneof(fc.constantFrom(...regions), scrap),
    region: fc.oneof(fc.constantFrom(...regions), scrap),
    usageLocation: fc.constantFrom(...regions, "AQ", ""),
    phoneType: fc.constantFrom<PhoneType>(...phoneTypes),
  },
  { requiredKeys: ["phoneType"] },
);

test("no cell ever throws, and what is read is a number that reads as itself", () => {
  fc.assert(
    fc.property(anyCell, anyContext, (cell, context) => {
      const parsed = parsePhone(cell, context);
      if (parsed.kind !== "number") return;
      const again = read(parsed.number, { phoneType: context.phoneType });
      assert.equal(again.kind === "number" && again.number, parsed.number);
      assert.equal(canonicalExisting(parsed.number), parsed.number);
    }),
    { ...seeded, numRuns: 5000 },
  );
});

test("digits with any country code that can be read read as themselves", () => {
  const codes = [
    ...new Set(regions.map(region => String(googles.getCountryCodeForRegion(region)))),
    "800",
    "870",
    "979",
  ];
  const digits = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 4, maxLength: 13 });
  fc.assert(
    fc.property(
      fc.constantFrom(...codes),
      digits,
      fc.constantFrom(...phoneTypes),
      (code, rest, phoneType) => {
        const parsed = read(`+${code}${rest}`, { phoneType });
        if (parsed.kind !== "number") return;
        const again = read(parsed.number, { phoneType });
        assert.deepEqual(again, parsed);
        assert.equal(canonicalExisting(parsed.number), parsed.number);
      },
    ),
    { ...seeded, numRuns: 20000 },
  );
});

test("white space, hyphens, dots and invisible marks between digits change nothing", () => {
  const gap = fc.constantFrom("", " ", "-", ".", "\u00a0", "\u2009", "\u2011", "\u200b", " - ");
  fc.assert(
    fc.property(
      fc.constantFrom(...mobiles),
      fc.array(gap, { minLength: 20, maxLength: 20 }),
      ({ e164 }, gaps) => {
        const [plus = "", ...digits] = e164;
        const spaced =
          plus + digits.map((digit, at) => (at === 0 ? digit : (gaps[at] ?? "") + digit)).join("");
        assert.deepEqual(
          read(` ${spaced}\u00a0`, { phoneType: "mobile" }),
          read(e164, { phoneType: "mobile" }),
        );
      },
    ),
    { ...seeded, numRuns: 2000 },
  );
});

const readable = fc.constantFrom("0612345678", "+31687654321", "020 1234567", "", " ");
const unreadable = fc.constantFrom(
  "n/a",
  "06-1234",
  "0900 1234567",
  "=1+1",
  "0612345678;0687654321",
  "\u200b",
);
const rosterRow = (row: number, cells: Readonly<Record<string, string>>): RosterRow => ({
  ref: { row },
  hidden: false,
  cells: {
    user: text("anna.berg@contoso.com"),
    ...Object.fromEntries(Object.entries(cells).map(([kind, value]) => [kind, text(value)])),
  },
});
const phoneCells = fc.record({ mobile: readable, alternateMobile: readable, office: readable });

test("a cell replaced by an unreadable one asks for nothing, alone and among the user's other rows", () => {
  const rows = fc.array(phoneCells, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(
      rows,
      fc.nat(),
      fc.constantFrom(...phoneTypes),
      unreadable,
      (cells, pick, phoneType, broken) => {
        const at = pick % cells.length;
        const context = { match: "upn", region: "NL", policy: "mirror" } as const;
        const merge = (all: typeof cells) =>
          mergeRows(all.map((one, index) => desireRow(rosterRow(index + 2, one), context)));
        const before = merge(cells);
        const after = merge(
          cells.map((one, index) => (index === at ? { ...one, [phoneType]: broken } : one)),
        );
        assert.equal(after.phones[phoneType].desired.kind, "unusable");
        for (const other of phoneTypes) {
          if (other !== phoneType) assert.deepEqual(after.phones[other], before.phones[other]);
        }
      },
    ),
    { ...seeded, numRuns: 1000 },
  );
});
