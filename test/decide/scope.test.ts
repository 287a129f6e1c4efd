import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cohort, inScope, matches, type ScopeSets, type ScopeVerdict } from "../../src/decide/scope.ts";
import type { Scope } from "../../src/model/options.ts";
import type { User } from "../../src/model/user.ts";

const adele: User = { id: "user-1", userPrincipalName: "adele@contoso.com", accountEnabled: true };
const adeles: ReadonlySet<string> = new Set(["user-1"]);
const nobodys: ReadonlySet<string> = new Set(["user-2"]);

const rows: readonly (readonly [string, Scope, ScopeSets, ScopeVerdict, Partial<User>?])[] = [
  ["no scope", {}, {}, "inScope"],
  ["--only names her", { only: ["adele@*"] }, {}, "inScope"],
  ["--only names another", { only: ["bob@*"] }, {}, "outOfScope"],
  ["one of several --only names her", { only: ["bob@*", "adele@*"] }, {}, "inScope"],
  ["--only without a pattern takes all", { only: [] }, {}, "inScope"],
  ["--only names her as the roster does", { only: ["Adele Vance"] }, {}, "inScope"],
  ["--exclude names her", { exclude: ["adele@*"] }, {}, "excluded"],
  ["--exclude names her as the roster does", { exclude: ["adele v*"] }, {}, "excluded"],
  ["one of several --exclude names her", { exclude: ["bob@*", "adele@*"] }, {}, "excluded"],
  ["--exclude names another", { exclude: ["bob@*"] }, {}, "inScope"],
  ["--exclude before --only", { only: ["adele@*"], exclude: ["*@contoso.com"] }, {}, "excluded"],
  ["a group that she is in", {}, { groups: adeles }, "inScope"],
  ["a group that she is not in", {}, { groups: nobodys }, "outOfScope"],
  ["an excluded group that she is in", {}, { excludeGroups: adeles }, "excluded"],
  ["an excluded group that she is not in", {}, { excludeGroups: nobodys }, "inScope"],
  ["an excluded group before a group", {}, { groups: nobodys, excludeGroups: adeles }, "excluded"],
  ["an administrator", { excludeAdmins: true }, { admins: adeles }, "excluded"],
  ["no administrator", { excludeAdmins: true }, { admins: nobodys }, "inScope"],
  ["an administrator, who is not to be left out", { excludeAdmins: false }, { admins: adeles }, "inScope"],
  ["administrators that are not known", { excludeAdmins: true }, {}, "excluded"],
  ["disabled", { excludeDisabled: true }, {}, "excluded", { accountEnabled: false }],
  ["disabled, and not to be left out", {}, {}, "inScope", { accountEnabled: false }],
  ["enabled", { excludeDisabled: true }, {}, "inScope"],
  ["100 %", { percent: 100 }, {}, "inScope"],
  ["0 %", { percent: 0 }, {}, "outOfScope"],
  ["up to her place", { percent: cohort(adele.id) }, {}, "outOfScope"],
  ["just beyond her place", { percent: cohort(adele.id) + 0.001 }, {}, "inScope"],
];

for (const [name, scope, sets, verdict, more] of rows) {
  test(`${name}: ${verdict}`, () => {
    assert.equal(inScope({ ...adele, ...more }, "Adele Vance", scope, sets), verdict);
  });
}

test("whether an account is enabled may not be told, and then it is not left out", () => {
  const { accountEnabled: _, ...untold } = adele;
  assert.equal(inScope(untold, "Adele Vance", { excludeDisabled: true }, {}), "inScope");
});

test("a user's place is the same for ever, or a rollout in shares would meet users twice", () => {
  assert.equal(cohort("00000000-0000-4000-8000-000000000001").toFixed(6), "6.990939");
  assert.equal(cohort("6e7b768e-07e2-4810-8459-485f84f8f204").toFixed(6), "71.647749");
  assert.equal(
    cohort("6E7B768E-07E2-4810-8459-485F84F8F204"),
    cohort("6e7b768e-07e2-4810-8459-485f84f8f204"),
  );
});

test("places lie evenly from 0 to below 100", () => {
  const places = fc.sample(fc.uuid(), { seed: 20261128, numRuns: 2_000 }).map(cohort);
  assert.ok(places.every(place => place >= 0 && place < 100));
  for (const percent of [10, 50, 90]) {
    const share = places.filter(place => place < percent).length / 20;
    assert.ok(Math.abs(share - percent) < 4, `${share} % lie below ${percent}`);
  }
});

const globs: readonly (readonly [string, string, boolean])[] = [
  ["adele@contoso.com", "Adele@Contoso.com", true],
  ["adele@contoso.com", "adele@contoso.company", false],
  ["adele@contoso.com", "x.adele@contoso.com", false],
  ["adele@contoso.com", "adele@contosoxcom", false],
  ["*@contoso.com", "adele@contoso.com", true],
  ["*@*.com", "adele@contoso.com", true],
  ["a*", "a", true],
  ["a?", "a", false],
  ["a?", "ab", true],
  ["a?c?", "abcd", true],
  ["a*b*", "a1b2", true],
  ["(a)+[b]{c}^$|\\", "(A)+[b]{c}^$|\\", true],
  ["a|b", "a", false],
  ["[ab]", "a", false],
  ["a*c", "a\nc", true],
];

for (const [glob, name, does] of globs) {
  test(`${JSON.stringify(glob)} ${does ? "names" : "does not name"} ${JSON.stringify(name)}`, () => {
    assert.equal(matches(glob, ["nobody", name]), does);
  });
}
