import assert from "node:assert/strict";
import { test } from "node:test";
import type { TokenSeed } from "../../src/sandbox/callers.ts";
import type { SeedUser } from "../../src/sandbox/user.ts";
import { type Ask, aSandbox, kim, manualClock, mobile, office, phonesOf } from "./client.ts";

const number = "+31 612345678";
const token = "header.payload.signature";

const rejected: readonly { readonly what: string; readonly ask: Ask; readonly message: string }[] = [
  { what: "no header", ask: { token: null }, message: "Access token is empty." },
  { what: "an empty token", ask: { token: "" }, message: "Access token is empty." },
  {
    what: "another scheme",
    ask: { token: null, headers: { Authorization: "Basic a2lt" } },
    message: "Access token is empty.",
  },
  {
    what: "no token's form",
    ask: { token: "abc" },
    message: "CompactToken parsing failed with error code: 80049217",
  },
  {
    what: "a token of somebody else",
    ask: { token: "a.b.c" },
    message: "Access token validation failure. Invalid audience.",
  },
];

for (const { what, ask, message } of rejected) {
  test(`${what} is 401 with the service's text and a challenge`, async t => {
    const { call } = await aSandbox(t);
    const reply = await call("GET", phonesOf(kim), ask);
    assert.deepEqual([reply.status, reply.code, reply.message], [401, "InvalidAuthenticationToken", message]);
    assert.match(reply.headers.get("www-authenticate") ?? "", /^Bearer /);
  });
}

test("the sandbox's own token has claims that can be read, with its tenant", async t => {
  const { sandbox } = await aSandbox(t);
  const [, payload = ""] = sandbox.token.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
  assert.equal(claims.tid, sandbox.tenantId);
  assert.equal(claims.idtyp, "app");
  assert.ok(Array.isArray(claims.roles));
});

test("a token expires when its time comes, and is refused when it is revoked", async t => {
  const clock = manualClock();
  const { sandbox, call } = await aSandbox(t, {
    clock,
    tokens: [{ token, kind: "app", expiresAt: new Date(clock.now() + 1000).toISOString() }],
  });
  assert.equal((await call("GET", phonesOf(kim), { token })).status, 200);
  clock.advance(1000);
  assert.equal((await call("GET", phonesOf(kim), { token })).status, 401);
  sandbox.revokeToken(sandbox.token);
  assert.equal((await call("GET", phonesOf(kim))).status, 401);
  sandbox.addToken({ token: "new", kind: "app" });
  assert.equal((await call("GET", phonesOf(kim), { token: "new" })).status, 200);
});

const reads = ["GET", phonesOf(kim)] as const;
const writes = ["DELETE", `${phonesOf(kim)}/${mobile}`] as const;
const admin = "Authentication Administrator";

/** Who may read and write whose phones, and whether numbers are masked. */
const access: readonly {
  readonly what: string;
  readonly caller: Omit<TokenSeed, "token">;
  readonly target?: Partial<SeedUser>;
  readonly read: 200 | 403;
  readonly write: 204 | 403;
  readonly masked?: true;
}[] = [
  {
    what: "an app with the narrow permission",
    caller: { kind: "app", roles: ["UserAuthMethod-Phone.ReadWrite.All"] },
    read: 200,
    write: 204,
  },
  {
    what: "an app that may only read",
    caller: { kind: "app", roles: ["UserAuthenticationMethod.Read.All"] },
    read: 200,
    write: 403,
  },
  {
    what: "an app without any of it",
    caller: { kind: "app", roles: ["User.Read.All"] },
    read: 403,
    write: 403,
  },
  {
    what: "an app on an administrator",
    caller: { kind: "app" },
    target: { roles: ["Global Administrator"] },
    read: 200,
    write: 204,
  },
  {
    what: "a Global Administrator",
    caller: { kind: "delegated", roles: ["62e90394-69f5-4237-9190-012177145e10"] },
    target: { roles: ["Global Administrator"] },
    read: 200,
    write: 204,
  },
  {
    what: "a Privileged Authentication Administrator",
    caller: { kind: "delegated", roles: ["Privileged Authentication Administrator"] },
    target: { roles: ["User Administrator"] },
    read: 200,
    write: 204,
  },
  {
    what: "an Authentication Administrator",
    caller: { kind: "delegated", roles: [admin] },
    read: 200,
    write: 204,
    masked: true,
  },
  {
    what: "an Authentication Administrator by role id",
    caller: { kind: "delegated", roles: ["c4e39bd9-1100-46d3-8c65-fb160da0071f"] },
    target: { roles: ["Directory Readers"] },
    read: 200,
    write: 204,
    masked: true,
  },
  {
    what: "an Authentication Administrator on an administrator",
    caller: { kind: "delegated", roles: [admin] },
    target: { roles: ["User Administrator"] },
    read: 403,
    write: 403,
  },
  {
    what: "a person with the scope and no role",
    caller: { kind: "delegated", roles: [], scopes: ["UserAuthenticationMethod.ReadWrite.All"] },
    read: 403,
    write: 403,
  },
  {
    what: "a person with the role and no scope",
    caller: { kind: "delegated", roles: [admin], scopes: ["User.Read"] },
    read: 403,
    write: 403,
  },
];

for (const { what, caller, target, read, write, masked } of access) {
  test(`${what}: reading is ${read}, writing is ${write}`, async t => {
    const { call } = await aSandbox(t, {
      users: [{ userPrincipalName: kim, phones: { mobile: number }, ...target }],
      tokens: [{ token, ...caller }],
    });
    const reading = await call(...reads, { token });
    assert.equal(reading.status, read, reading.text);
    if (read === 200) assert.equal(reading.value[0]?.phoneNumber, masked ? "+31 XXXXXXX78" : number);
    if (read === 403)
      assert.deepEqual([reading.code, reading.message], ["accessDenied", "Request Authorization failed"]);
    assert.equal((await call(...writes, { token })).status, write);
  });
}

test("a member of a role-assignable group is protected too", async t => {
  const { call } = await aSandbox(t, {
    groups: [{ displayName: "Admins", members: [kim], isAssignableToRole: true }],
    tokens: [{ token, kind: "delegated", roles: [admin] }],
  });
  assert.equal((await call(...reads, { token })).status, 403);
});

test("protected users can be made readable, masked", async t => {
  const { call } = await aSandbox(t, {
    users: [{ userPrincipalName: kim, phones: { mobile: number }, roles: ["Global Administrator"] }],
    protectedReads: "masked",
    tokens: [{ token, kind: "delegated", roles: [admin] }],
  });
  assert.equal((await call(...reads, { token })).value[0]?.phoneNumber, "+31 XXXXXXX78");
  assert.equal((await call(...writes, { token })).status, 403);
});

test("maskedReads masks for everybody", async t => {
  const { call } = await aSandbox(t, {
    users: [{ userPrincipalName: kim, phones: { mobile: number } }],
    maskedReads: true,
  });
  assert.equal((await call(...reads)).value[0]?.phoneNumber, "+31 XXXXXXX78");
});

test("a person sees and deletes his own phones unmasked, and cannot add or change them", async t => {
  const { call } = await aSandbox(t, {
    users: [{ userPrincipalName: kim, phones: { mobile: number, office: "+31 201234567" } }],
    tokens: [{ token, kind: "delegated", user: kim, roles: [] }],
  });
  const me = "/v1.0/me/authentication/phoneMethods";
  assert.equal((await call("GET", me, { token })).value[0]?.phoneNumber, number);
  assert.equal((await call("GET", `${me}/${mobile}`, { token })).status, 200);
  assert.equal((await call("DELETE", `${me}/${office}`, { token })).status, 204);
  const added = await call("POST", me, {
    token,
    body: { phoneNumber: "+31 201234567", phoneType: "office" },
  });
  assert.deepEqual([added.status, added.message], [403, "Self-service operations aren't supported."]);
  assert.equal(
    (await call("PATCH", `${me}/${mobile}`, { token, body: { phoneNumber: number } })).status,
    403,
  );
  assert.equal((await call("GET", "/v1.0/me", { token })).json.userPrincipalName, kim);
});

test("an app has no /me", async t => {
  const { call } = await aSandbox(t);
  const reply = await call("GET", "/v1.0/me/authentication/phoneMethods");
  assert.deepEqual(
    [reply.status, reply.message],
    [400, "/me request is only valid with delegated authentication flow."],
  );
});

test("the sandbox's own token can be a person's", async t => {
  const { call } = await aSandbox(t, { signedInAs: kim });
  assert.equal((await call("GET", "/v1.0/me")).json.userPrincipalName, kim);
  assert.equal(
    (await call("POST", phonesOf("ana@contoso.com"), { body: { phoneNumber: number, phoneType: "mobile" } }))
      .status,
    201,
  );
});
