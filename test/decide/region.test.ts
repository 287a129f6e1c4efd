import assert from "node:assert/strict";
import { test } from "node:test";
import { type RegionReading, regionOf } from "../../src/decide/region.ts";

const summary = (reading: RegionReading) => (reading.kind === "region" ? reading.region : reading.kind);

const texts: readonly (readonly [text: string, gives: string])[] = [
  ["NL", "NL"],
  [" nl ", "NL"],
  ["UK", "GB"],
  ["Netherlands", "NL"],
  ["The Netherlands", "NL"],
  ["Nederland", "NL"],
  ["Niederlande", "NL"],
  ["Pays-Bas", "NL"],
  ["Países Bajos", "NL"],
  ["paises bajos", "NL"],
  ["BELGIË", "BE"],
  ["Belgique", "BE"],
  ["Österreich", "AT"],
  ["Polska", "PL"],
  ["Ελλάδα", "GR"],
  ["日本", "JP"],
  ["USA", "US"],
  ["U.S.A.", "US"],
  ["United States of America", "US"],
  ["Great Britain", "GB"],
  ["Türkiye", "TR"],
  ["Turkey", "TR"],
  ["Czechia", "CZ"],
  ["Czech Republic", "CZ"],
  ["+31", "NL"],
  ["31", "NL"],
  ["0031", "NL"],
  ["(+49)", "DE"],
  ["", "blank"],
  [" \u00a0", "blank"],
  ["+1", "unreadable"],
  ["+44", "unreadable"],
  ["+999", "unreadable"],
  ["800", "unreadable"],
  ["AQ", "unreadable"],
  ["XX", "unreadable"],
  ["England", "GB"],
  ["Scotland", "GB"],
  ["Wales", "GB"],
  ["Northern Ireland", "GB"],
  ["U.S.", "US"],
  ["Holland", "NL"],
  ["Republic of Ireland", "IE"],
  ["Russian Federation", "RU"],
  ["Korea", "KR"],
  ["Macedonia", "MK"],
  ["Ivory Coast", "CI"],
  ["UAE", "AE"],
  ["Bosnia & Herzegovina", "BA"],
  ["Bosnia  &  Herzegovina", "BA"],
  ["(Netherlands)", "NL"],
  ["Netherlands, the", "unreadable"],
  ["Of the Netherlands", "unreadable"],
  ["+358", "unreadable"],
  ["+420", "CZ"],
  ["00420", "CZ"],
  ["031", "unreadable"],
  ["NLD", "unreadable"],
  ["XNL", "unreadable"],
  ["N", "unreadable"],
  ["Amsterdam", "unreadable"],
  ["#N/A", "unreadable"],
  ["0612345678", "unreadable"],
];

for (const [text, gives] of texts) {
  test(`the region "${text}" is ${gives}`, () => assert.equal(summary(regionOf(text)), gives));
}

test("a calling code of several countries is refused with the countries that share it", () => {
  const reading = regionOf("+44");
  assert.ok(reading.kind === "unreadable");
  assert.match(reading.why, /\+44 is shared by several countries \(GB, GG, IM, JE\)/);
});

/** Why a text is no country. */
const reasons: readonly (readonly [text: string, why: string])[] = [
  ["Amsterdam", '"Amsterdam" is no country that is known here'],
  ["+999", "no country has the calling code +999"],
  ["+7", "the calling code +7 is shared by several countries (KZ, RU)"],
  ["+1", "the calling code +1 is shared by several countries (AG, AI, AS, BB, …)"],
  ["A\tB\u200bC", '"A B C" is no country that is known here'],
  ["X".repeat(40), `"${"X".repeat(40)}" is no country that is known here`],
  ["X".repeat(41), `"${"X".repeat(40)}…" is no country that is known here`],
];

for (const [text, why] of reasons) {
  test(`${JSON.stringify(text)} is no country: ${why}`, () => {
    assert.deepEqual(regionOf(text), { kind: "unreadable", why });
  });
}

test("every country is known by its name in five languages and its own", () => {
  for (const language of ["en", "nl", "de", "fr", "es"]) {
    const names = new Intl.DisplayNames([language], { type: "region" });
    for (const country of ["ES", "DE", "SE", "JP", "BR", "ZA"] as const) {
      assert.equal(summary(regionOf(names.of(country) ?? "")), country, `${country} in ${language}`);
    }
  }
});

test("a phone number in the region column is masked in the reason", () => {
  const reading = regionOf("+31 612345678");
  assert.ok(reading.kind === "unreadable");
  assert.doesNotMatch(reading.why, /\d{3}/);
});
