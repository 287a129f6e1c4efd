import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { graphAppId, graphPermissions } from "../../../src/model/graphPermissions.ts";
import type { SandboxConfig } from "../../../src/sandbox/sandbox.ts";
import { signInCertificate } from "../../support/loopbackCertificate.ts";
import { aSandbox, type Client, kim, manualClock, type Reply } from "../client.ts";

const graphs = "/v1.0/servicePrincipals";
const tools = "14d82eec-204b-4c2f-b7e8-296a70dab67e";
const phone = graphPermissions["UserAuthMethod-Phone.ReadWrite.All"];
const certificate = signInCertificate();
const der = certificate.cert.replace(/-----[A-Z ]+-----|\s/g, "");

const idOf = (reply: Reply): string => String(reply.json.id);
const filtered = (filter: string) => `?$filter=${encodeURIComponent(filter)}`;

/** An application with its service principal. */
async function registered(call: Client, more: object = {}) {
  const application = await call("POST", "/v1.0/applications", {
    body: { displayName: "Phones", ...more },
  });
  assert.equal(application.status, 201, application.text);
  const { appId } = application.json;
  const principal = await call("POST", graphs, { body: { appId } });
  assert.equal(principal.status, 201, principal.text);
  return { id: idOf(application), appId: String(appId), principalId: idOf(principal) };
}

async function graphOf(call: Client): Promise<string> {
  const [found] = (await call("GET", graphs + filtered(`appId eq '${graphAppId}'`))).value;
  return String(found?.id);
}

test("Microsoft Graph and its command line tools are in every tenant, with what Graph offers", async t => {
  const { call } = await aSandbox(t);
  const graph = await call("GET", `${graphs}(appId='${graphAppId}')?$select=appRoles,oauth2PermissionScopes`);
  const { appRoles, oauth2PermissionScopes } = graph.json as {
    appRoles: { id: string; value: string }[];
    oauth2PermissionScopes: { id: string; value: string }[];
  };
  const named = (list: { id: string; value: string }[]) =>
    list.find(({ value }) => value === "UserAuthMethod-Phone.ReadWrite.All")?.id;
  assert.deepEqual([named(appRoles), named(oauth2PermissionScopes)], [phone.role, phone.scope]);
  const client = await call("GET", graphs + filtered(`appId eq '${tools}'`));
  assert.equal(client.value[0]?.displayName, "Microsoft Graph Command Line Tools");
});

test("a cloud may be without some permissions", async t => {
  const { call } = await aSandbox(t, { missingPermissions: ["UserAuthMethod-Phone.ReadWrite.All"] });
  const graph = await call("GET", `${graphs}(appId='${graphAppId}')?$select=appRoles`);
  assert.ok(!graph.text.includes(phone.role) && graph.text.includes("User.Read.All"));
});

test("an application is found by id, by application id and by its unique name", async t => {
  const { call } = await aSandbox(t);
  const path = "/v1.0/applications(uniqueName='phones')";
  assert.equal((await call("PATCH", path, { body: { displayName: "Phones" } })).status, 404);
  const upsert = () =>
    call("PATCH", path, { body: { displayName: "Phones" }, headers: { Prefer: "create-if-missing" } });
  const made = await upsert();
  assert.deepEqual([made.status, made.json.uniqueName], [201, "phones"]);
  assert.equal((await upsert()).status, 204, "the second time it only updates");
  for (const key of [`/${idOf(made)}`, `(appId='${made.json.appId}')`, "(uniqueName='phones')"]) {
    assert.equal(idOf(await call("GET", `/v1.0/applications${key}`)), idOf(made), key);
  }
  const list = await call("GET", `/v1.0/applications${filtered("displayName eq 'Phones'")}`);
  assert.equal(list.value.length, 1);
});

test("tags are set and filtered by", async t => {
  const { call } = await aSandbox(t);
  await registered(call, { tags: ["prepop", "other"] });
  await registered(call);
  const found = await call("GET", `/v1.0/applications${filtered("tags/any(t:t eq 'prepop')")}`);
  assert.equal(found.value.length, 1);
});

test("a certificate comes back only where it is selected, and a list replaces the one before", async t => {
  const { call } = await aSandbox(t);
  const { id } = await registered(call);
  const path = `/v1.0/applications/${id}`;
  const given = { type: "AsymmetricX509Cert", usage: "Verify", key: der, displayName: "laptop" };
  assert.equal((await call("PATCH", path, { body: { keyCredentials: [given] } })).status, 204);
  const [hidden] = (await call("GET", path)).json.keyCredentials as { key: null; keyId: string }[];
  assert.equal(hidden?.key, null);
  const [shown] = (await call("GET", `${path}?$select=id,keyCredentials`)).json.keyCredentials as {
    key: string;
    endDateTime: string;
  }[];
  assert.equal(shown?.key, der);
  assert.match(String(shown?.endDateTime), /^2049-12-31/);
  const kept = await call("PATCH", path, { body: { keyCredentials: [{ keyId: hidden?.keyId }] } });
  assert.equal(kept.status, 204, "naming the keyId keeps it");
  const wrong = await call("PATCH", path, { body: { keyCredentials: [{ ...given, key: "AAAA" }] } });
  assert.deepEqual([wrong.status, wrong.headers.get("x-prepop-guess")], [400, "1"]);
  await call("PATCH", path, { body: { keyCredentials: [] } });
  assert.deepEqual((await call("GET", path)).json.keyCredentials, []);
});

test("a secret is told once", async t => {
  const { call } = await aSandbox(t);
  const { id } = await registered(call);
  const path = `/v1.0/applications/${id}`;
  const passwordCredential = { displayName: "Default", endDateTime: "2027-11-23T00:00:00Z" };
  const made = await call("POST", `${path}/addPassword`, { body: { passwordCredential } });
  assert.equal(made.status, 200, made.text);
  const secret = String(made.json.secretText);
  assert.ok(secret.length >= 16);
  const after = await call("GET", path);
  assert.ok(!after.text.includes(secret) && after.text.includes("2027-11-23"));
  const { keyId } = made.json;
  assert.equal((await call("POST", `${path}/removePassword`, { body: { keyId } })).status, 204);
  assert.equal((await call("POST", `${path}/removePassword`, { body: { keyId } })).status, 400);
});

test("delegated grants are made, found by client, changed and taken back", async t => {
  const { call } = await aSandbox(t);
  const { principalId: clientId } = await registered(call);
  const resourceId = await graphOf(call);
  const body = { clientId, consentType: "AllPrincipals", principalId: null, resourceId, scope: "User.Read" };
  const made = await call("POST", "/v1.0/oauth2PermissionGrants", { body });
  assert.equal(made.status, 201, made.text);
  const again = await call("POST", "/v1.0/oauth2PermissionGrants", { body });
  assert.deepEqual([again.status, again.code], [409, "Request_MultipleObjectsWithSameKeyValue"]);
  const one = `/v1.0/oauth2PermissionGrants/${idOf(made)}`;
  assert.equal((await call("PATCH", one, { body: { scope: "User.Read User.Read.All" } })).status, 204);
  for (const path of [
    `/v1.0/oauth2PermissionGrants${filtered(`clientId eq '${clientId}'`)}`,
    `${graphs}/${clientId}/oauth2PermissionGrants`,
  ]) {
    assert.deepEqual(
      (await call("GET", path)).value.map(({ scope }) => scope),
      ["User.Read User.Read.All"],
    );
  }
  assert.equal((await call("DELETE", one)).status, 204);
  assert.equal((await call("DELETE", one)).status, 404);
});

test("application permissions are assigned and taken back from both sides", async t => {
  const { call } = await aSandbox(t);
  const { principalId } = await registered(call);
  const resourceId = await graphOf(call);
  const body = { principalId, resourceId, appRoleId: phone.role };
  const made = await call("POST", `${graphs}/${principalId}/appRoleAssignments`, { body });
  assert.equal(made.status, 201, made.text);
  const again = await call("POST", `${graphs}/${resourceId}/appRoleAssignedTo`, { body });
  assert.deepEqual(
    [again.status, again.message],
    [400, "Permission being assigned already exists on the object"],
  );
  const unknown = { ...body, appRoleId: kim };
  assert.equal(
    (await call("POST", `${graphs}/${principalId}/appRoleAssignments`, { body: unknown })).status,
    400,
  );
  const list = await call("GET", `${graphs}/${resourceId}/appRoleAssignedTo`);
  assert.deepEqual(
    list.value.map(each => [each.principalDisplayName, each.resourceDisplayName]),
    [["Phones", "Microsoft Graph"]],
  );
  const one = `${graphs}/${principalId}/appRoleAssignments/${idOf(made)}`;
  assert.deepEqual([(await call("DELETE", one)).status, (await call("DELETE", one)).status], [204, 404]);
});

test("until it is replicated, an application is unknown to whoever speaks of it", async t => {
  const clock = manualClock();
  const { call } = await aSandbox(t, { clock, replicationMs: 20_000 });
  const made = await call("POST", "/v1.0/applications", { body: { displayName: "Phones" } });
  const { appId } = made.json;
  const principal = () => call("POST", graphs, { body: { appId } });
  const early = await principal();
  assert.deepEqual(
    [early.status, early.code, early.message],
    [
      400,
      "Request_BadRequest",
      `The appId '${appId}' of the service principal does not reference a valid application object.`,
    ],
  );
  assert.equal((await call("GET", `/v1.0/applications/${idOf(made)}`)).status, 404);
  assert.equal((await call("GET", "/v1.0/applications")).value.length, 0);
  clock.advance(20_000);
  const late = await principal();
  assert.equal(late.status, 201);
  const resourceId = await graphOf(call);
  const body = { clientId: idOf(late), consentType: "AllPrincipals", resourceId, scope: "User.Read" };
  const grant = await call("POST", "/v1.0/oauth2PermissionGrants", { body });
  assert.deepEqual([grant.status, grant.code], [404, "Directory_ObjectNotFound"]);
  clock.advance(20_000);
  assert.equal((await call("POST", "/v1.0/oauth2PermissionGrants", { body })).status, 201);
});

test("with an application its service principal and grants are gone", async t => {
  const { call } = await aSandbox(t);
  const { id, appId, principalId } = await registered(call);
  const resourceId = await graphOf(call);
  await call("POST", `${graphs}/${principalId}/appRoleAssignments`, {
    body: { principalId, resourceId, appRoleId: phone.role },
  });
  assert.equal((await call("DELETE", `/v1.0/applications/${id}`)).status, 204);
  assert.equal((await call("GET", `${graphs}(appId='${appId}')`)).status, 404);
  assert.deepEqual((await call("GET", `${graphs}/${resourceId}/appRoleAssignedTo`)).value, []);
});

/** What a person may do who holds these directory roles and all permissions. */
const mayGrant: readonly (readonly [string, readonly string[], delegated: number, application: number])[] = [
  ["a Global Administrator", ["Global Administrator"], 201, 201],
  ["a Privileged Role Administrator", ["e8611ab8-c189-46e8-94e1-60213ab1f814"], 201, 201],
  ["a Cloud Application Administrator", ["Cloud Application Administrator"], 201, 403],
  ["an Authentication Administrator", ["Authentication Administrator"], 403, 403],
];

for (const [who, roles, delegated, application] of mayGrant) {
  test(`${who} grants delegated permissions: ${delegated}, application permissions: ${application}`, async t => {
    const token = "person.s.token";
    const config: SandboxConfig = { tokens: [{ token, kind: "delegated", user: kim, roles }] };
    const { call } = await aSandbox(t, config);
    const { principalId } = await registered(call);
    const resourceId = await graphOf(call);
    const grant = { clientId: principalId, consentType: "AllPrincipals", resourceId, scope: "User.Read" };
    const assignment = { principalId, resourceId, appRoleId: phone.role };
    const granted = await call("POST", "/v1.0/oauth2PermissionGrants", { body: grant, token });
    const path = `${graphs}/${principalId}/appRoleAssignments`;
    const assigned = await call("POST", path, { body: assignment, token });
    assert.deepEqual([granted.status, assigned.status], [delegated, application]);
  });
}

test("the tenant is kept with its applications, and reset without them", async t => {
  const { sandbox, call } = await aSandbox(t);
  const { id } = await registered(call);
  const kept = sandbox.snapshot();
  sandbox.reset();
  assert.equal((await call("GET", `/v1.0/applications/${id}`)).status, 404);
  sandbox.restore(JSON.parse(JSON.stringify(kept)));
  assert.equal((await call("GET", `/v1.0/applications/${id}`)).status, 200);
});

test("without the permission, and switched off, nothing of it is answered", async (t: TestContext) => {
  const token = "narrow.s.token";
  const { call } = await aSandbox(t, { tokens: [{ token, kind: "app", roles: ["User.Read.All"] }] });
  for (const path of ["/v1.0/applications", graphs, "/v1.0/oauth2PermissionGrants"]) {
    assert.equal((await call("GET", path, { token })).code, "Authorization_RequestDenied", path);
  }
  const off = await aSandbox(t, { capabilities: { applications: 403, upsert: 404 } });
  assert.equal((await off.call("GET", "/v1.0/applications")).status, 403);
});
