import assert from "node:assert/strict";
import { test } from "node:test";
import { type CountrySources, countryOf, countryOfUser } from "../../src/decide/country.ts";

const rows: readonly (readonly [string, CountrySources, string])[] = [
  ["nobody names one", {}, "none"],
  ["the row", { rowRegion: "Nederland", region: "DE", usageLocation: "FR" }, "region NL row"],
  ["the option", { region: "DE", usageLocation: "FR" }, "region DE option"],
  ["the user", { usageLocation: "FR" }, "region FR user"],
  ["a blank cell of the row names none", { rowRegion: " ", region: "DE" }, "region DE option"],
  ["a blank option names none", { region: "", usageLocation: "FR" }, "region FR user"],
  ["a blank usageLocation names none", { usageLocation: "" }, "none"],
  [
    "what the row says cannot be read, and is not passed over",
    { rowRegion: "?", region: "DE" },
    "unreadable",
  ],
  [
    "what the option says cannot be read, and is not passed over",
    { region: "?", usageLocation: "FR" },
    "unreadable",
  ],
  ["a usageLocation without telephones names none", { usageLocation: "AQ" }, "none"],
];

for (const [name, sources, expected] of rows) {
  test(`the country of a number that carries none: ${name}`, () => {
    const country = countryOf(sources);
    const said = country.kind === "region" ? `region ${country.region} ${country.source}` : country.kind;
    assert.equal(said, expected);
  });
}

test("the country that the user is in", () => {
  assert.equal(countryOfUser({ usageLocation: "FR", region: "DE" }), "FR");
  assert.equal(countryOfUser({ usageLocation: "AQ" }), undefined);
  assert.equal(countryOfUser({ usageLocation: "" }), undefined);
  assert.equal(countryOfUser({ region: "DE" }), undefined);
});
