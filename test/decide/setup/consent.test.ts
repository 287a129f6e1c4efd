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

type Row = {
  readonly earlier?: ClientConsent;
  readonly held: readonly string[];
  readonly whole?: boolean;
  readonly asked: readonly string[];
  readonly before: readonly string[];
  readonly added: readonly string[];
  readonly unproven?: readonly string[];
};

/** What a first token held, whether it was seen to hold all, what is asked for, and what counts as added. */
const rows: Readonly<Record<string, Row>> = {
  "a client that nobody has used, before the proof": {
    held: ["User.Read", "openid"],
    asked: ["A", "B"],
    before: ["User.Read", "openid"],
    added: [],
    unproven: ["A", "B"],
  },
  "the same, once a token was seen to hold all": {
    held: ["User.Read"],
    whole: true,
    asked: ["A", "B"],
    before: ["User.Read"],
    added: ["A", "B"],
  },
  "a client whose first token holds more than was asked for": {
    held: ["A", "X"],
    asked: ["A", "B"],
    before: ["A", "X"],
    added: ["B"],
  },
  "a second run, after a first that was broken off before its proof": {
    earlier: { clientId: client, before: ["User.Read"], added: [], unproven: ["A"] },
    held: ["User.Read", "A"],
    asked: ["A", "B"],
    before: ["User.Read"],
    added: ["A", "B"],
  },
  "a second run where tokens hold only what is asked for": {
    earlier: { clientId: client, before: ["User.Read"], added: [], unproven: ["A"] },
    held: ["User.Read"],
    asked: ["A", "B"],
    before: ["User.Read"],
    added: [],
    unproven: ["A", "B"],
  },
  "an earlier setup through another client": {
    earlier: { clientId: "another", before: [], added: ["A"] },
    held: ["A"],
    asked: ["A"],
    before: ["A"],
    added: [],
  },
};

for (const [name, { earlier, held, whole, asked, before, added, unproven }] of Object.entries(rows)) {
  test(`${name}: ${added.join(", ") || "nothing"} is added`, () => {
    const now = { clientId: client, personId: me, held, ...(whole === undefined ? {} : { whole }) };
    const rest = unproven === undefined ? {} : { unproven };
    assert.deepEqual(consentAfter(earlier, now, asked), {
      clientId: client,
      personId: me,
      before,
      added,
      ...rest,
    });
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
