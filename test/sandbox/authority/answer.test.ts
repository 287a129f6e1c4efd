import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandbox, type SandboxConfig } from "../../../src/sandbox/sandbox.ts";
import { assertion } from "../../support/assertion.ts";

const appId = "7a1e0f0e-0000-4000-8000-000000000001";
const tools = "14d82eec-204b-4c2f-b7e8-296a70dab67e";
const graph = "https://graph.microsoft.com";
const pipeline = { issuer: "https://token.actions.example.com", subject: "repo:contoso/phones" };

type Form = Readonly<Record<string, string>>;

function aTenant(config: SandboxConfig = {}) {
  const sandbox = openSandbox({ users: 1, ...config });
  const ask = (method: string, url: string, form?: Form, headers: Form = {}) => {
    const answer = sandbox.ask({
      method,
      url,
      headers:
        form === undefined ? headers : { "content-type": "application/x-www-form-urlencoded", ...headers },
      body: form === undefined ? undefined : new URLSearchParams(form).toString(),
    });
    const body: Readonly<Record<string, unknown>> = answer.body.startsWith("{")
      ? JSON.parse(answer.body)
      : {};
    return { ...answer, body, text: answer.body };
  };
  const token = (form: Form) => ask("POST", `/${sandbox.tenantId}/oauth2/v2.0/token`, form);
  const secret = (form: Form = {}) =>
    token({
      grant_type: "client_credentials",
      client_id: sandbox.signIn.clientId,
      client_secret: sandbox.signIn.clientSecret,
      scope: `${graph}/.default`,
      ...form,
    });
  return { sandbox, ask, token, secret };
}

const refusals: Readonly<Record<string, { form: Form; status: number; error: string; code: number }>> = {
  "a wrong secret": { form: { client_secret: "no" }, status: 401, error: "invalid_client", code: 7000215 },
  "an application that nobody registered": {
    form: { client_id: appId },
    status: 400,
    error: "unauthorized_client",
    code: 700016,
  },
  "a grant that there is not": {
    form: { grant_type: "password" },
    status: 400,
    error: "unsupported_grant_type",
    code: 70003,
  },
  "single permissions for an application": {
    form: { scope: `${graph}/User.Read.All` },
    status: 400,
    error: "invalid_scope",
    code: 70011,
  },
  "a resource that is not Graph": {
    form: { scope: "https://vault.azure.net/.default" },
    status: 400,
    error: "invalid_resource",
    code: 500011,
  },
};

for (const [name, { form, status, error, code }] of Object.entries(refusals)) {
  test(`${name} is refused with AADSTS${code}`, () => {
    const { sandbox, secret } = aTenant();
    const answer = secret(form);
    assert.equal(answer.status, status);
    assert.equal(answer.body.error, error);
    assert.deepEqual(answer.body.error_codes, [code]);
    assert.match(String(answer.body.error_description), new RegExp(`^AADSTS${code}: `));
    assert.equal(sandbox.signIn.log.at(-1)?.error, error);
  });
}

test("a secret gives a token that Graph takes until it expires", () => {
  let now = Date.UTC(2026, 10, 23);
  const clock = { now: () => now, after: () => undefined };
  const { ask, secret } = aTenant({ clock, signIn: { lifetimeS: 60 } });
  const { access_token: token } = secret().body;
  const read = () => ask("GET", "/v1.0/organization", undefined, { authorization: `Bearer ${token}` }).status;
  assert.equal(read(), 200);
  now += 60_000;
  assert.equal(read(), 401);
});

test("a token holds the permissions that its application has, and opens no more", () => {
  const clients = [{ clientId: appId, secrets: ["planted"], roles: ["User.Read.All"] }];
  const { ask, secret } = aTenant({ signIn: { clients } });
  const { access_token: token } = secret({ client_id: appId, client_secret: "planted" }).body;
  const { roles, tid, aud } = JSON.parse(
    Buffer.from(String(token).split(".")[1] ?? "", "base64url").toString(),
  );
  assert.deepEqual(roles, ["User.Read.All"]);
  assert.equal(tid, aTenant().sandbox.tenantId);
  assert.equal(aud, graph);
  const headers = { authorization: `Bearer ${token}` };
  assert.equal(ask("GET", "/v1.0/users", undefined, headers).status, 200);
  assert.equal(
    ask("GET", "/v1.0/reports/authenticationMethods/userRegistrationDetails", undefined, headers).status,
    403,
  );
});

test("another tenant is not found", () => {
  const { ask } = aTenant();
  const answer = ask("GET", "/fabrikam.com/v2.0/.well-known/openid-configuration");
  assert.equal(answer.status, 400);
  assert.match(answer.text, /AADSTS90002/);
});

test("the tenant answers to its id and its domains, and names itself as issuer", () => {
  const { ask, sandbox } = aTenant();
  for (const name of [sandbox.tenantId, "contoso.com", "contoso.onmicrosoft.com", "organizations"]) {
    const { body } = ask("GET", `/${name}/v2.0/.well-known/openid-configuration`);
    assert.equal(body.issuer, `${sandbox.signIn.authority}/${sandbox.tenantId}/v2.0`);
  }
});

test("an assertion counts only from the one who is trusted", () => {
  const { token } = aTenant({ signIn: { clients: [{ clientId: appId, federated: [pipeline] }] } });
  const by = (subject: string) =>
    token({
      grant_type: "client_credentials",
      client_id: appId,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: assertion({ ...pipeline, subject }),
      scope: `${graph}/.default`,
    });
  assert.equal(by(pipeline.subject).status, 200);
  assert.deepEqual(by("repo:fabrikam/phones").body.error_codes, [700213]);
});

test("a device code waits for the person, who may say no", () => {
  for (const [outcome, errors] of [
    ["approve", ["authorization_pending", undefined]],
    ["decline", ["authorization_declined", "authorization_declined"]],
    ["wait", ["authorization_pending", "authorization_pending"]],
  ] as const) {
    const { ask, sandbox, token } = aTenant({ signIn: { deviceCode: outcome } });
    const form = { client_id: tools, scope: `${graph}/User.Read.All openid offline_access` };
    const { body } = ask("POST", `/${sandbox.tenantId}/oauth2/v2.0/devicecode`, form);
    const poll = () =>
      token({ grant_type: "device_code", client_id: tools, device_code: String(body.device_code) }).body;
    assert.deepEqual([poll().error, poll().error], errors, outcome);
  }
});

test("a code is good once, for its own application, address and verifier", () => {
  const { ask, sandbox, token } = aTenant();
  const back = "http://localhost:1234";
  const query = {
    client_id: tools,
    redirect_uri: back,
    scope: `${graph}/User.Read.All`,
    state: "s",
    code_challenge: "c",
  };
  const code = () => {
    const { headers } = ask(
      "GET",
      `/${sandbox.tenantId}/oauth2/v2.0/authorize?${new URLSearchParams(query)}`,
    );
    const { searchParams } = new URL(headers.Location ?? "");
    assert.equal(searchParams.get("state"), "s");
    return searchParams.get("code") ?? "";
  };
  const fetchWith = (form: Form) =>
    token({ grant_type: "authorization_code", client_id: tools, redirect_uri: back, ...form }).body
      .error_codes;
  assert.deepEqual(fetchWith({ code: code(), code_verifier: "wrong" }), [501481]);
  assert.deepEqual(fetchWith({ code: code(), redirect_uri: "http://localhost:1" }), [50011]);
  const twice = code();
  fetchWith({ code: twice });
  assert.deepEqual(fetchWith({ code: twice }), [70000]);
});

test("nobody is sent away from this machine with a code", () => {
  const { ask, sandbox } = aTenant();
  const query = {
    client_id: tools,
    redirect_uri: "https://evil.example.com",
    scope: `${graph}/User.Read.All`,
  };
  const answer = ask("GET", `/${sandbox.tenantId}/oauth2/v2.0/authorize?${new URLSearchParams(query)}`);
  assert.equal(answer.status, 400);
  assert.equal(answer.headers.Location, undefined);
});

test("the managed identity is asked with its header and not without", () => {
  const { ask, sandbox } = aTenant({ signIn: { identityRoles: ["User.Read.All"] } });
  const url = `/msi/token?resource=${graph}&api-version=2019-08-01`;
  assert.equal(
    ask("GET", url, undefined, { "x-identity-header": sandbox.signIn.identityHeader }).status,
    200,
  );
  assert.equal(ask("GET", url, undefined, { "x-identity-header": "guess" }).status, 400);
  assert.equal(ask("GET", url).status, 400);
  const machine = `/metadata/identity/oauth2/token?resource=${graph}&api-version=2018-02-01`;
  assert.equal(ask("GET", machine, undefined, { metadata: "true" }).status, 200);
});

test("the log of sign-ins holds no secret and no token", () => {
  const { sandbox, secret } = aTenant();
  const { access_token: token } = secret().body;
  const log = JSON.stringify(sandbox.signIn.log);
  assert.match(log, /client_credentials/);
  assert.ok(!log.includes(sandbox.signIn.clientSecret) && !log.includes(String(token)));
});
