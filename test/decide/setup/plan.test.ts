import assert from "node:assert/strict";
import { test } from "node:test";
import { choosePermissions, documentedOffer } from "../../../src/decide/setup/permissions.ts";
import { planSetup, type SetupFound } from "../../../src/decide/setup/plan.ts";
import {
  isComplete,
  registrationFields,
  tagOf,
  uniqueNameOf,
} from "../../../src/decide/setup/registration.ts";
import type { Application } from "../../../src/model/application.ts";
import { graphAppId } from "../../../src/model/graphPermissions.ts";
import type { SetupWish } from "../../../src/model/setup.ts";

const application: SetupWish = {
  displayName: "prepop phones",
  mode: "application",
  features: [],
  credential: "certificate",
};
const delegated: SetupWish = { ...application, mode: "delegated", credential: "none" };
const permissionsOf = (wish: SetupWish) => choosePermissions(wish.mode, [], documentedOffer()).permissions;
const nothing: SetupFound = {
  application: undefined,
  principal: undefined,
  roles: [],
  grant: undefined,
  certificate: undefined,
};

/** The registration that a setup makes. */
function registered(wish: SetupWish, more: Partial<Application> = {}): Application {
  const type = wish.mode === "application" ? "Role" : "Scope";
  return {
    id: "1",
    appId: "2",
    displayName: wish.displayName,
    tags: [tagOf(wish.displayName)],
    webRedirectUris: [],
    publicRedirectUris: wish.mode === "delegated" ? ["http://localhost"] : [],
    isPublic: wish.mode === "delegated",
    requiredAccess: [
      {
        resourceAppId: graphAppId,
        resourceAccess: permissionsOf(wish).map(({ id }) => ({ id, type }) as const),
      },
    ],
    keys: [{ keyId: "k", certificate: "MII", asGiven: {} }],
    secrets: [],
    ...more,
  };
}

const principal = { id: "3", appId: "2" };
const allRoles = permissionsOf(application).map(({ id }) => id);
const grant = {
  id: "4",
  resourceId: "5",
  personId: undefined,
  scopes: permissionsOf(delegated).map(({ name }) => name),
};

/** What is there, and the steps that are left. */
const rows: Readonly<Record<string, { wish: SetupWish; found: SetupFound; left: readonly string[] }>> = {
  "an empty tenant": {
    wish: application,
    found: nothing,
    left: ["application", "principal", "roles", "certificate"],
  },
  "an empty tenant, for people": {
    wish: delegated,
    found: nothing,
    left: ["application", "principal", "grant"],
  },
  "only the registration": {
    wish: application,
    found: { ...nothing, application: registered(application), certificate: "MII" },
    left: ["principal", "roles"],
  },
  "all of it": {
    wish: application,
    found: {
      ...nothing,
      application: registered(application),
      principal,
      roles: allRoles,
      certificate: "MII",
    },
    left: [],
  },
  "all of it, for people": {
    wish: delegated,
    found: { ...nothing, application: registered(delegated), principal, grant },
    left: [],
  },
  "another machine's certificate": {
    wish: application,
    found: {
      ...nothing,
      application: registered(application),
      principal,
      roles: allRoles,
      certificate: "OTHER",
    },
    left: ["certificate"],
  },
  "a service that does not show certificates": {
    wish: application,
    found: {
      ...nothing,
      application: registered(application, { keys: [{ keyId: "k", certificate: undefined, asGiven: {} }] }),
      principal,
      roles: allRoles,
      certificate: "MII",
    },
    left: ["certificate"],
  },
  "one permission less": {
    wish: application,
    found: {
      ...nothing,
      application: registered(application),
      principal,
      roles: allRoles.slice(1),
      certificate: "MII",
    },
    left: ["roles"],
  },
  "a secret, which is made each time": {
    wish: { ...application, credential: "secret" },
    found: { ...nothing, application: registered(application), principal, roles: allRoles },
    left: ["secret"],
  },
};

for (const [name, { wish, found, left }] of Object.entries(rows)) {
  test(`${name} leaves ${left.join(", ") || "nothing"} to do`, () => {
    const steps = planSetup(wish, permissionsOf(wish), found);
    assert.deepEqual(
      steps.filter(({ done }) => !done).map(({ kind }) => kind),
      left,
    );
  });
}

test("only what is missing of the permissions is granted", () => {
  const found = { ...nothing, roles: allRoles.slice(1) };
  const [missing] = planSetup(application, permissionsOf(application), found).flatMap(step =>
    step.kind === "roles" ? step.missing : [],
  );
  assert.equal(missing?.name, "UserAuthMethod-Phone.ReadWrite.All");
});

test("a registration keeps what others have put into it", () => {
  const other = { resourceAppId: "another resource", resourceAccess: [{ id: "x", type: "Role" as const }] };
  const before = registered(delegated, {
    displayName: "Renamed since",
    tags: ["theirs"],
    publicRedirectUris: ["http://localhost/theirs"],
    requiredAccess: [other],
  });
  assert.equal(isComplete(before, delegated, permissionsOf(delegated)), false);
  const fields = registrationFields(delegated, permissionsOf(delegated), before) as Record<string, unknown>;
  assert.equal(fields.displayName, "Renamed since");
  assert.equal("signInAudience" in fields, false);
  assert.deepEqual(fields.tags, ["theirs", tagOf(delegated.displayName)]);
  assert.deepEqual(fields.publicClient, { redirectUris: ["http://localhost/theirs", "http://localhost"] });
  assert.deepEqual((fields.requiredResourceAccess as unknown[])[0], other);
});

const names: readonly (readonly [string, string])[] = [
  ["prepop phone methods", "prepop-phone-methods"],
  ["Phones of HR", "prepop-phones-of-hr"],
  ["  Téléphones!  ", "prepop-te-le-phones"],
];

for (const [displayName, unique] of names) {
  test(`${displayName} is ${unique} in the tenant`, () => assert.equal(uniqueNameOf(displayName), unique));
}
