import assert from "node:assert/strict";
import { test } from "node:test";
import {
  consentAfter,
  revocations,
  rightsToRemove,
  rightsToSetUp,
} from "../../../src/decide/setup/consent.ts";
import { isTooNew, replicationWaitMs } from "../../../src/decide/setup/waits.ts";
import type { PermissionGrant } from "../../../src/model/application.ts";
import type { ClientConsent } from "../../../src/model/setup.ts";

const client = "14d82eec-204b-4c2f-b7e8-296a70dab67e";
const me = "me";
const graph = "graph";

/** What was there before, what is asked for, and what counts as added. */
const rows: Readonly<
  Record<
    string,
    { earlier?: ClientConsent; held: string[]; asked: string[]; before: string[]; added: string[] }
  >
> = {
  "a client that nobody has used": { held: [], asked: ["A", "B"], before: [], added: ["A", "B"] },
  "a client with some of it": { held: ["A", "X"], asked: ["A", "B"], before: ["A", "X"], added: ["B"] },
  "a second run, after a first that was broken off": {
    earlier: { clientId: client, before: ["X"], added: ["A"] },
    held: ["X", "A"],
    asked: ["A", "B"],
    before: ["X"],
    added: ["A", "B"],
  },
  "an earlier setup through another client": {
    earlier: { clientId: "another", before: [], added: ["A"] },
    held: ["A"],
    asked: ["A"],
    before: ["A"],
    added: [],
  },
};

for (const [name, { earlier, held, asked, before, added }] of Object.entries(rows)) {
  test(`${name}: ${added.join(", ") || "nothing"} is added`, () => {
    const after = consentAfter(earlier, { clientId: client, personId: me, held }, asked);
    assert.deepEqual(after, { clientId: client, personId: me, before, added });
  });
}

const grant = (
  id: string,
  scopes: readonly string[],
  more: Partial<PermissionGrant> = {},
): PermissionGrant => ({
  id,
  resourceId: graph,
  scopes,
  personId: me,
  ...more,
});

test("only what was added is taken back, from everybody's grant and one's own", () => {
  const consent = { clientId: client, personId: me, before: ["X"], added: ["A", "B"] };
  const grants = [
    grant("mine", ["X", "A"]),
    grant("whole", ["A", "B"]),
    grant("everybody", ["B"], { personId: undefined }),
    grant("hers", ["A"], { personId: "somebody else" }),
    grant("of another resource", ["A"], { resourceId: "another" }),
    grant("untouched", ["X"]),
  ];
  assert.deepEqual(revocations(consent, grants, graph), [
    { kind: "narrow", grantId: "mine", scopes: ["A"], left: ["X"] },
    { kind: "remove", grantId: "whole", scopes: ["A", "B"] },
    { kind: "remove", grantId: "everybody", scopes: ["B"] },
  ]);
});

test("each task asks for the rights that it takes and for no others", () => {
  assert.deepEqual(rightsToSetUp("application"), [
    "User.Read",
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
  ]);
  assert.deepEqual(rightsToSetUp("delegated"), [
    "User.Read",
    "Application.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
  ]);
  assert.deepEqual(rightsToRemove(false), ["User.Read", "Application.ReadWrite.All"]);
  assert.deepEqual(rightsToRemove(true).at(-1), "DelegatedPermissionGrant.ReadWrite.All");
});

test("waits grow to ten seconds", () => {
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6, 50].map(replicationWaitMs),
    [1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000],
  );
});

for (const [why, tooNew] of [
  ["AADSTS700016: Application with identifier 'x' was not found", true],
  ["AADSTS7000229: missing service principal", true],
  ["AADSTS700027: certificate not registered", true],
  ["AADSTS7000222: the secret has expired", false],
  ["AADSTS53003: Conditional Access", false],
] as const) {
  test(`${why} ${tooNew ? "may pass by itself" : "does not pass by itself"}`, () =>
    assert.equal(isTooNew(why), tooNew));
}
