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

test("a phone number in the region column is masked in the reason", () => {
  const reading = regionOf("+31 612345678");
  assert.ok(reading.kind === "unreadable");
  assert.doesNotMatch(reading.why, /\d{3}/);
});
