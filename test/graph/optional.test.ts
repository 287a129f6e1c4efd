import assert from "node:assert/strict";
import { test } from "node:test";
import type { Graph } from "../../src/graph/connect.ts";
import type { Reply } from "../support/scriptedGraph.ts";
import { connected, faultOf, graphError, mobileId, userId } from "./connected.ts";

/** What is used where it answers: how it is asked for, what it answers with, and what that means. */
const features: readonly {
  readonly name: string;
  readonly read: (graph: Graph) => Promise<unknown>;
  readonly path: string;
  readonly json: unknown;
  readonly means: unknown;
}[] = [
  {
    name: "the organization",
    read: graph => graph.tenant(),
    path: "/v1.0/organization?$select=id,displayName,verifiedDomains",
    json: {
      value: [
        {
          id: "t-1",
          displayName: "Contoso",
          verifiedDomains: [
            { name: "contoso.onmicrosoft.com", isInitial: true, isDefault: false },
            { name: "contoso.com", isInitial: false, isDefault: true },
          ],
        },
      ],
    },
    means: {
      id: "t-1",
      displayName: "Contoso",
      domain: "contoso.com",
      domains: ["contoso.onmicrosoft.com", "contoso.com"],
      source: "organization",
    },
  },
  {
    name: "the list of methods",
    read: graph => graph.listMethods(userId),
    path: `/v1.0/users/${userId}/authentication/methods`,
    json: {
      value: [
        { "@odata.type": "#microsoft.graph.passwordAuthenticationMethod", id: "28c10230" },
        { "@odata.type": "#microsoft.graph.phoneAuthenticationMethod", id: mobileId },
      ],
    },
    means: [
      { id: "28c10230", kind: "passwordAuthenticationMethod" },
      { id: mobileId, kind: "phoneAuthenticationMethod" },
    ],
  },
  {
    name: "the sign-in preferences",
    read: graph => graph.signInPreferences(userId),
    path: `/beta/users/${userId}/authentication/signInPreferences`,
    json: {
      isSystemPreferredAuthenticationMethodEnabled: true,
      userPreferredMethodForSecondaryAuthentication: "sms",
    },
    means: { default: "sms", systemPreferred: true },
  },
  {
    name: "the SMS policy",
    read: graph => graph.methodPolicy("sms"),
    path: "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/sms",
    json: {
      id: "Sms",
      state: "enabled",
      includeTargets: [{ targetType: "group", id: "all_users", isUsableForSignIn: true }],
      excludeTargets: [{ targetType: "group", id: "g-1" }],
    },
    means: {
      enabled: true,
      targets: [{ id: "all_users", usableForSignIn: true }],
      excluded: ["g-1"],
    },
  },
  {
    name: "the voice policy",
    read: graph => graph.methodPolicy("voice"),
    path: "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/voice",
    json: {
      id: "Voice",
      state: "enabled",
      isOfficePhoneAllowed: false,
      includeTargets: [{ targetType: "group", id: "g-2", isRegistrationRequired: false }],
      telecomProviderSettings: {
        url: "https://x.example",
        appId: "a",
        isEvaluationModeEnabled: true,
        migrationPercentage: 5,
      },
    },
    means: {
      enabled: true,
      targets: [{ id: "g-2", usableForSignIn: false }],
      excluded: [],
      officePhones: false,
      provider: { evaluation: true, percent: 5 },
    },
  },
  {
    name: "the role assignments",
    read: graph => graph.roleHolders(),
    path: "/v1.0/roleManagement/directory/roleAssignments?$expand=principal",
    json: {
      value: [{ principalId: "u-1", principal: { "@odata.type": "#microsoft.graph.user", id: "u-1" } }],
    },
    means: new Set(["u-1"]),
  },
  {
    name: "the registration report",
    read: graph => graph.adminIds(),
    path: "/v1.0/reports/authenticationMethods/userRegistrationDetails?$filter=isAdmin%20eq%20true",
    json: {
      value: [
        { id: "a-1", isAdmin: true },
        { id: "u-1", isAdmin: false },
      ],
    },
    means: new Set(["a-1"]),
  },
];

for (const { name, read, path, json, means } of features) {
  test(`${name} is read where it answers`, async () => {
    await using it = await connected(() => ({ json }));
    assert.deepEqual(await read(it.graph), means);
    assert.equal(it.server.seen[0]?.path, path);
    assert.deepEqual(it.notices, []);
  });

  for (const status of [400, 403, 404, 405, 501]) {
    test(`${name} is done without for the rest of the run after ${status}, with one line`, async () => {
      await using it = await connected(() => ({ status, json: graphError("x", "No.") }));
      assert.equal(await read(it.graph), undefined);
      const asked = it.server.seen.length;
      assert.equal(await read(it.graph), undefined);
      assert.equal(it.server.seen.length, asked);
      assert.deepEqual(it.notices, [`The tenant does not answer ${name} (${status}); doing without.`]);
    });
  }

  for (const reply of [
    { text: "<html>" },
    { json: {} },
    { json: { value: [null] } },
    { status: 204 },
  ] satisfies Reply[]) {
    test(`${name} is done without when its answer is ${JSON.stringify(reply)}`, async () => {
      await using it = await connected(() => reply);
      assert.equal(await read(it.graph), undefined);
      assert.deepEqual(it.notices, [
        `The tenant does not answer ${name} (unreadable answer); doing without.`,
      ]);
    });
  }

  test(`${name} is asked for again when its answer is spoilt on the way`, async () => {
    let answers = 0;
    await using it = await connected(() => (++answers === 1 ? { text: "<html>" } : { json }));
    assert.deepEqual(await read(it.graph), means);
    assert.deepEqual(it.notices, []);
  });

  for (const reply of [
    { status: 401 },
    { status: 429 },
    { status: 503 },
    "drop",
    { cut: "{" },
  ] satisfies Reply[]) {
    test(`${name} throws on ${JSON.stringify(reply)}, which says nothing of the tenant`, async () => {
      await using it = await connected(() => reply);
      await faultOf(read(it.graph));
      assert.deepEqual(it.notices, []);
    });
  }
}

test("a refusal for one user, after others were answered, is only his", async () => {
  const json = { value: [{ "@odata.type": "#microsoft.graph.phoneAuthenticationMethod", id: mobileId }] };
  await using it = await connected(({ path }) =>
    path.includes("protected") ? { status: 403, json: graphError("accessDenied", "No.") } : { json },
  );
  assert.equal((await it.graph.listMethods(userId))?.length, 1);
  assert.equal(await it.graph.listMethods("protected"), undefined);
  assert.equal((await it.graph.listMethods(userId))?.length, 1);
  assert.deepEqual(it.notices, []);
});

test("callers at the same time give one notice", async () => {
  await using it = await connected(() => ({ status: 403 }));
  await Promise.all(Array.from({ length: 10 }, () => it.graph.signInPreferences(userId)));
  assert.equal(it.notices.length, 1);
});

const tenants: readonly (readonly [name: string, value: unknown, domain: string | undefined | null])[] = [
  [
    "without a default domain, the initial one",
    [{ id: "t", verifiedDomains: [{ name: "a" }, { name: "b", isInitial: true }] }],
    "b",
  ],
  ["with other domains only, the first", [{ id: "t", verifiedDomains: [{}, { name: "a" }] }], "a"],
  ["without domains, none", [{ id: "t" }], undefined],
  ["of two organizations, no tenant", [{ id: "t" }, { id: "s" }], null],
  ["of no organization, no tenant", [], null],
  ["without an id, no tenant", [{ displayName: "Contoso" }], null],
];
for (const [name, value, domain] of tenants) {
  test(`${name}`, async () => {
    await using it = await connected(() => ({ json: { value } }));
    const tenant = await it.graph.tenant();
    if (domain === null) assert.equal(tenant, undefined);
    else assert.equal(tenant?.domain, domain);
  });
}

for (const preferred of ["", "none", null, "unknownFutureValue"]) {
  test(`a preferred method that is ${JSON.stringify(preferred)} is no default that is known`, async () => {
    await using it = await connected(() => ({
      json: { userPreferredMethodForSecondaryAuthentication: preferred },
    }));
    assert.deepEqual(await it.graph.signInPreferences(userId), {});
  });
}

test("the SMS policy is read inside `value` as well, as the page shows it", async () => {
  await using it = await connected(() => ({ json: { value: { state: "disabled", includeTargets: [] } } }));
  assert.deepEqual(await it.graph.methodPolicy("sms"), { enabled: false, targets: [], excluded: [] });
});

test("administrators are found in the whole report where the filter is refused", async () => {
  await using it = await connected(({ path, headers }) => {
    if (path.includes("$filter")) return { status: 400, json: graphError("badRequest", "No filter.") };
    if (path.includes("page=2")) return { json: { value: [{ id: "a-2", isAdmin: true }] } };
    const link = `http://${headers.host}/v1.0/reports/authenticationMethods/userRegistrationDetails?page=2`;
    return { json: { value: [{ id: "a-1", isAdmin: true }], "@odata.nextLink": link } };
  });
  assert.deepEqual(await it.graph.adminIds(), new Set(["a-1", "a-2"]));
  assert.deepEqual(it.notices, []);
});
