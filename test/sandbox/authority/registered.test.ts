import assert from "node:assert/strict";
import { createHash, randomUUID, sign } from "node:crypto";
import { test } from "node:test";
import { graphAppId, graphPermissions } from "../../../src/model/graphPermissions.ts";
import { openSandbox, type SandboxConfig } from "../../../src/sandbox/sandbox.ts";
import { signInCertificate } from "../../support/loopbackCertificate.ts";
import { manualClock } from "../client.ts";

const graph = "https://graph.microsoft.com";
const tools = "14d82eec-204b-4c2f-b7e8-296a70dab67e";
const role = graphPermissions["User.Read.All"].role;
const certificate = signInCertificate();
const der = certificate.cert.replace(/-----[A-Z ]+-----|\s/g, "");

type Body = Readonly<Record<string, unknown>>;

/** A tenant in which time stands still until a test moves it. */
function aTenant(config: SandboxConfig = {}) {
  const clock = manualClock();
  const sandbox = openSandbox({ users: 1, clock, ...config });
  const ask = (method: string, url: string, given?: Body, token = sandbox.token) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const body = given === undefined ? undefined : JSON.stringify(given);
    const answer = sandbox.ask({ method, url, headers, body });
    return { ...answer, json: (answer.body.startsWith("{") ? JSON.parse(answer.body) : {}) as Body };
  };
  const form = (path: string, fields: Readonly<Record<string, string>>) => {
    const answer = sandbox.ask({
      method: "POST",
      url: `/${sandbox.tenantId}/oauth2/v2.0/${path}`,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(fields).toString(),
    });
    return { status: answer.status, json: JSON.parse(answer.body) as Body };
  };
  const graphId = String(ask("GET", `/v1.0/servicePrincipals(appId='${graphAppId}')`).json.id);
  const register = (more: Body = {}) => {
    const { id, appId } = ask("POST", "/v1.0/applications", { displayName: "Phones", ...more }).json;
    return { id: String(id), appId: String(appId) };
  };
  const principal = (appId: string) => String(ask("POST", "/v1.0/servicePrincipals", { appId }).json.id);
  return { clock, sandbox, ask, form, graphId, register, principal };
}

const byCertificate = (tenantId: string, origin: string, appId: string, now: number) => {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const thumbprint = createHash("sha256").update(Buffer.from(der, "base64")).digest("base64url");
  const seconds = Math.floor(now / 1_000);
  const claims = {
    aud: `${origin}/${tenantId}/oauth2/v2.0/token`,
    iss: appId,
    sub: appId,
    jti: randomUUID(),
    nbf: seconds,
    exp: seconds + 600,
  };
  const text = `${encode({ alg: "RS256", typ: "JWT", "x5t#S256": thumbprint })}.${encode(claims)}`;
  return {
    grant_type: "client_credentials",
    client_id: appId,
    scope: `${graph}/.default`,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: `${text}.${sign("sha256", Buffer.from(text), certificate.key).toString("base64url")}`,
  };
};

const claimsOf = (token: unknown): Body =>
  JSON.parse(Buffer.from(String(token).split(".")[1] ?? "", "base64url").toString("utf8"));
const codes = (json: Body) => json.error_codes;

test("a registered application signs in with its certificate, and may do what it was assigned", () => {
  const { clock, sandbox, ask, form, graphId, register, principal } = aTenant();
  const keyCredentials = [{ type: "AsymmetricX509Cert", usage: "Verify", key: der }];
  const { appId } = register({ keyCredentials });
  const signIn = () => form("token", byCertificate(sandbox.tenantId, sandbox.url, appId, clock.now()));
  assert.deepEqual(codes(signIn().json), [7000229], "it is not in the tenant yet");
  const principalId = principal(appId);
  const before = signIn().json.access_token as string;
  assert.deepEqual(claimsOf(before).roles, []);
  assert.equal(ask("GET", "/v1.0/users", undefined, before).status, 403);
  ask("POST", `/v1.0/servicePrincipals/${principalId}/appRoleAssignments`, {
    principalId,
    resourceId: graphId,
    appRoleId: role,
  });
  assert.equal(ask("GET", "/v1.0/users", undefined, before).status, 403, "a token does not learn");
  const after = signIn().json.access_token as string;
  assert.deepEqual([claimsOf(after).roles, claimsOf(after).oid], [["User.Read.All"], principalId]);
  assert.equal(ask("GET", "/v1.0/users", undefined, after).status, 200);
});

test("what is new reaches the sign-in only when it is replicated", () => {
  const { clock, sandbox, ask, form, graphId, register, principal } = aTenant({ replicationMs: 10_000 });
  const { id, appId } = register();
  const signIn = () => form("token", byCertificate(sandbox.tenantId, sandbox.url, appId, clock.now())).json;
  assert.deepEqual(codes(signIn()), [700016]);
  clock.advance(10_000);
  const principalId = principal(appId);
  ask("PATCH", `/v1.0/applications/${id}`, {
    keyCredentials: [{ type: "AsymmetricX509Cert", usage: "Verify", key: der }],
  });
  clock.advance(9_999);
  assert.deepEqual(codes(signIn()), [7000229]);
  clock.advance(1);
  ask("POST", `/v1.0/servicePrincipals/${principalId}/appRoleAssignments`, {
    principalId,
    resourceId: graphId,
    appRoleId: role,
  });
  assert.deepEqual(claimsOf(signIn().access_token).roles, []);
  clock.advance(10_000);
  assert.deepEqual(claimsOf(signIn().access_token).roles, ["User.Read.All"]);
});

test("a secret is good until it is removed", () => {
  const { form, ask, register, principal } = aTenant();
  const { id, appId } = register();
  principal(appId);
  const { secretText, keyId } = ask("POST", `/v1.0/applications/${id}/addPassword`, {}).json;
  const signIn = (client_secret: unknown) =>
    form("token", {
      grant_type: "client_credentials",
      client_id: appId,
      client_secret: String(client_secret),
      scope: `${graph}/.default`,
    });
  assert.equal(signIn(secretText).status, 200);
  assert.deepEqual(codes(signIn("another").json), [7000215]);
  ask("POST", `/v1.0/applications/${id}/removePassword`, { keyId: String(keyId) });
  assert.deepEqual(codes(signIn(secretText).json), [7000215]);
});

function deviceSignIn({ form }: ReturnType<typeof aTenant>, clientId: string, scope: string) {
  const started = form("devicecode", { client_id: clientId, scope }).json;
  const poll = () =>
    form("token", {
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      client_id: clientId,
      device_code: String(started.device_code),
    }).json;
  assert.equal(poll().error, "authorization_pending");
  return poll();
}

test("what a person consents to stays on the client, and is in every later token", () => {
  const tenant = aTenant();
  const first = deviceSignIn(tenant, tools, `${graph}/User.Read openid`);
  assert.equal(claimsOf(first.access_token).scp, "User.Read");
  deviceSignIn(tenant, tools, `${graph}/Application.ReadWrite.All`);
  const later = deviceSignIn(tenant, tools, `${graph}/User.Read openid`);
  assert.equal(claimsOf(later.access_token).scp, "User.Read Application.ReadWrite.All");
  const client = tenant.ask("GET", `/v1.0/servicePrincipals(appId='${tools}')`).json.id;
  const grants = tenant.ask("GET", `/v1.0/servicePrincipals/${client}/oauth2PermissionGrants`).json.value;
  const [grant] = grants as readonly Body[];
  assert.deepEqual([grant?.consentType, grant?.scope], ["Principal", "User.Read Application.ReadWrite.All"]);
});

test("consent for the organization is one grant for everybody", () => {
  const tenant = aTenant({ signIn: { consent: "organization" } });
  deviceSignIn(tenant, tools, `${graph}/User.Read.All`);
  const [grant] = tenant.ask("GET", "/v1.0/oauth2PermissionGrants").json.value as readonly Body[];
  assert.deepEqual([grant?.consentType, grant?.principalId], ["AllPrincipals", null]);
});

test("a refresh token gives nothing that was taken back", () => {
  const tenant = aTenant();
  const { refresh_token } = deviceSignIn(tenant, tools, `${graph}/User.Read.All offline_access`);
  const [grant] = tenant.ask("GET", "/v1.0/oauth2PermissionGrants").json.value as readonly Body[];
  tenant.ask("DELETE", `/v1.0/oauth2PermissionGrants/${grant?.id}`);
  const again = tenant.form("token", {
    grant_type: "refresh_token",
    client_id: tools,
    refresh_token: String(refresh_token),
    scope: `${graph}/User.Read.All`,
  });
  assert.deepEqual(codes(again.json), [65001]);
});

test("a registration says where its sign-in may hand over to, and whether it is public", () => {
  const tenant = aTenant();
  const { appId } = tenant.register({ publicClient: { redirectUris: ["http://localhost"] } });
  tenant.principal(appId);
  const authorize = (redirect: string) =>
    tenant.ask(
      "GET",
      `/${tenant.sandbox.tenantId}/oauth2/v2.0/authorize?client_id=${appId}&scope=${graph}/User.Read&redirect_uri=${encodeURIComponent(redirect)}`,
    );
  assert.equal(authorize("http://localhost:40123").status, 302);
  assert.deepEqual(codes(authorize("http://127.0.0.1:40123").json), [50011]);
  const device = tenant.form("devicecode", { client_id: appId, scope: `${graph}/User.Read` });
  assert.deepEqual(codes(device.json), [7000218], "public client flows are off");
});
