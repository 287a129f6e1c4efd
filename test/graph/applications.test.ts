import assert from "node:assert/strict";
import { test } from "node:test";
import type { Applications } from "../../src/graph/connect.ts";
import type { SeenRequest } from "../support/scriptedGraph.ts";
import { connected, faultOf, graphError } from "./connected.ts";

const id = "11111111-0000-4000-8000-000000000001";
const appId = "22222222-0000-4000-8000-000000000002";
const bare = { id, appId };

/** What a call sends: method, path, and the body. */
type Sent = {
  readonly call: (to: Applications) => Promise<unknown>;
  readonly method: string;
  readonly path: string;
  readonly body?: object;
};

const sent: Readonly<Record<string, Sent>> = {
  "an upsert, which may create": {
    call: to => to.upsert("prepop-phones", { displayName: "Phones" }),
    method: "PATCH",
    path: "/v1.0/applications(uniqueName='prepop-phones')",
    body: { displayName: "Phones" },
  },
  "a unique name with a quote in it": {
    call: to => to.upsert("o'clock", {}),
    method: "PATCH",
    path: "/v1.0/applications(uniqueName='o''clock')",
    body: {},
  },
  "an update": {
    call: to => to.update(id, { web: { redirectUris: ["https://a.example"] } }),
    method: "PATCH",
    path: `/v1.0/applications/${id}`,
    body: { web: { redirectUris: ["https://a.example"] } },
  },
  "a service principal": {
    call: to => to.createPrincipal(appId),
    method: "POST",
    path: "/v1.0/servicePrincipals",
    body: { appId },
  },
  "an application permission": {
    call: to => to.assignRole("client", "graph", "role"),
    method: "POST",
    path: "/v1.0/servicePrincipals/client/appRoleAssignments",
    body: { principalId: "client", resourceId: "graph", appRoleId: "role" },
  },
  "a consent for everybody": {
    call: to => to.grant("client", "graph", ["User.Read", "User.Read.All"]),
    method: "POST",
    path: "/v1.0/oauth2PermissionGrants",
    body: {
      clientId: "client",
      consentType: "AllPrincipals",
      principalId: null,
      resourceId: "graph",
      scope: "User.Read User.Read.All",
    },
  },
  "a grant that is narrowed": {
    call: to => to.changeGrant("grant", ["User.Read"]),
    method: "PATCH",
    path: "/v1.0/oauth2PermissionGrants/grant",
    body: { scope: "User.Read" },
  },
  "an id that is no plain word stays one segment": {
    call: to => to.remove("a/b?c"),
    method: "DELETE",
    path: "/v1.0/applications/a%2Fb%3Fc",
  },
};

for (const [name, { call, method, path, body }] of Object.entries(sent)) {
  test(`${name}: ${method} ${path}`, async () => {
    await using place = await connected(() => ({ status: 204 }));
    await call(place.graph.applications);
    const [request] = place.server.seen as [SeenRequest];
    assert.deepEqual([request.method, request.path], [method, path]);
    assert.deepEqual(request.body === "" ? undefined : JSON.parse(request.body), body);
    assert.equal(
      request.headers.prefer,
      name.startsWith("an upsert") || name.startsWith("a unique") ? "create-if-missing" : undefined,
    );
    assert.equal(place.graph.stats().writes, 1);
  });
}

test("a registration that shows little is one with empty lists", async () => {
  await using place = await connected(() => ({ json: bare }));
  assert.deepEqual(await place.graph.applications.get(id), {
    id,
    appId,
    displayName: "",
    tags: [],
    webRedirectUris: [],
    publicRedirectUris: [],
    isPublic: false,
    requiredAccess: [],
    keys: [],
    secrets: [],
  });
});

test("a registration with odd members keeps what can be read of it", async () => {
  const json = {
    ...bare,
    displayName: 7,
    tags: ["ours", 1, null],
    web: { redirectUris: "https://a.example" },
    publicClient: null,
    isFallbackPublicClient: "true",
    requiredResourceAccess: [
      {
        resourceAppId: "graph",
        resourceAccess: [
          { id: "x", type: "Role" },
          { id: "y", type: "Other" },
        ],
      },
      3,
    ],
    keyCredentials: [{ keyId: "k", key: null, type: "AsymmetricX509Cert" }, { key: "no id" }],
    passwordCredentials: [{ keyId: "s", displayName: null }, {}],
  };
  await using place = await connected(() => ({ json }));
  const found = await place.graph.applications.get(id);
  assert.deepEqual(
    [found?.tags, found?.webRedirectUris, found?.isPublic, found?.requiredAccess],
    [["ours"], [], false, [{ resourceAppId: "graph", resourceAccess: [{ id: "x", type: "Role" }] }]],
  );
  assert.deepEqual(
    found?.keys.map(({ keyId, certificate, asGiven }) => [keyId, certificate, asGiven.type]),
    [["k", undefined, "AsymmetricX509Cert"]],
  );
  assert.deepEqual(found?.secrets, [{ keyId: "s", displayName: undefined }]);
});

for (const [name, json] of [
  ["without an id", { appId }],
  ["whose id is a path", { id: "../users", appId }],
  ["that is a list", []],
] as const) {
  test(`an application ${name} is no application`, async () => {
    await using place = await connected(() => ({ json }));
    assert.equal((await faultOf(place.graph.applications.get(id))).kind, "unreadable");
  });
}

test("what is not there is undefined, and what is to go and is not there is gone", async () => {
  await using place = await connected(() => ({
    status: 404,
    json: graphError("Request_ResourceNotFound", "No."),
  }));
  const { applications } = place.graph;
  assert.deepEqual(
    [await applications.get(id), await applications.byUniqueName("x")],
    [undefined, undefined],
  );
  await applications.remove(id);
  await applications.removeGrant("grant");
  await applications.removePrincipal("principal");
  assert.equal((await faultOf(applications.update(id, {}))).status, 404);
});

test("what Graph offers is what is enabled, by name", async () => {
  const json = {
    value: [
      {
        ...bare,
        appRoles: [
          { value: "User.Read.All", id: "r1", isEnabled: true },
          { value: "Old.Read.All", id: "r2", isEnabled: false },
          { value: null, id: "r3" },
        ],
        oauth2PermissionScopes: [{ value: "User.Read", id: "s1" }],
      },
    ],
  };
  await using place = await connected(() => ({ json }));
  const offer = await place.graph.applications.graphOffer();
  assert.deepEqual(
    [[...(offer?.roles ?? [])], [...(offer?.scopes ?? [])]],
    [[["User.Read.All", "r1"]], [["User.Read", "s1"]]],
  );
});

test("permissions of other resources are not counted as Graph's, and all pages are read", async () => {
  await using place = await connected(({ path }) =>
    path.includes("skiptoken")
      ? { json: { value: [{ resourceId: "graph", appRoleId: "r2" }, "odd"] } }
      : {
          json: {
            value: [
              { resourceId: "graph", appRoleId: "r1" },
              { resourceId: "another", appRoleId: "r9" },
            ],
            "@odata.nextLink": "/v1.0/servicePrincipals/client/appRoleAssignments?$skiptoken=2",
          },
        },
  );
  assert.deepEqual(await place.graph.applications.rolesOf("client", "graph"), ["r1", "r2"]);
});

test("a secret whose text is missing is no secret", async () => {
  await using place = await connected(() => ({ json: { keyId: "k", secretText: null } }));
  const fault = await faultOf(
    place.graph.applications.addSecret(id, { displayName: "x", until: "2027-01-01" }),
  );
  assert.equal(fault.kind, "unreadable");
});
