import assert from "node:assert/strict";
import { test } from "node:test";
import type { SandboxConfig } from "../../../src/sandbox/sandbox.ts";
import { aSandbox, kim, manualClock, phonesOf } from "../client.ts";

const ana = "ana@contoso.com";

test("the organization names the tenant and its domains", async t => {
  const { sandbox, call } = await aSandbox(t, { domain: "fabrikam.com" });
  const reply = await call("GET", "/v1.0/organization?$select=id,displayName,verifiedDomains");
  const [tenant] = reply.value;
  assert.deepEqual(Object.keys(tenant ?? {}), ["id", "displayName", "verifiedDomains"]);
  assert.equal(tenant?.id, sandbox.tenantId);
  const domains = tenant?.verifiedDomains as { name: string; isDefault: boolean; isInitial: boolean }[];
  assert.equal(domains.find(domain => domain.isDefault)?.name, "fabrikam.com");
  assert.equal(domains.find(domain => domain.isInitial)?.name, "fabrikam.onmicrosoft.com");
});

const groups: SandboxConfig = {
  groups: [
    { displayName: "Staff", members: [kim], groups: ["Field"], id: "11111111-2222-3333-4444-555555555555" },
    { displayName: "Field", members: [ana], groups: ["Staff"] },
    { displayName: "O'Neil's", members: "all" },
  ],
};

test("a group is found by name and by id", async t => {
  const { call } = await aSandbox(t, groups);
  const found = await call("GET", "/v1.0/groups?$filter=displayName eq 'O''Neil''s'&$select=id,displayName");
  assert.equal(found.value.length, 1);
  const reply = await call("GET", `/v1.0/groups/${found.value[0]?.id}`);
  assert.equal(reply.json.displayName, "O'Neil's");
  assert.equal((await call("GET", "/v1.0/groups/99999999-2222-3333-4444-555555555555")).status, 404);
});

test("members of inner groups count, circles end, pages follow", async t => {
  const { call } = await aSandbox(t, groups);
  const path = "/v1.0/groups/11111111-2222-3333-4444-555555555555/transitiveMembers/microsoft.graph.user";
  const first = await call("GET", `${path}?$select=id,userPrincipalName&$top=1&$count=true`, {
    headers: { ConsistencyLevel: "eventual" },
  });
  assert.deepEqual([first.json["@odata.count"], first.value[0]?.userPrincipalName], [2, kim]);
  const second = await call("GET", String(first.json["@odata.nextLink"]));
  assert.deepEqual(
    second.value.map(user => user.userPrincipalName),
    [ana],
  );
  assert.equal(second.json["@odata.nextLink"], undefined);
});

test("the members of a group can be filtered like users", async t => {
  const { call } = await aSandbox(t, groups);
  const path = "/v1.0/groups/11111111-2222-3333-4444-555555555555/transitiveMembers/microsoft.graph.user";
  const found = await call("GET", `${path}?$filter=userPrincipalName eq '${ana}'&$count=true`, {
    headers: { ConsistencyLevel: "eventual" },
  });
  assert.deepEqual([found.json["@odata.count"], found.value.map(user => user.userPrincipalName)], [1, [ana]]);
});

test("the SMS policy says whom it is for, by a group that can be read", async t => {
  const { call } = await aSandbox(t, { smsPolicy: { usableForSignIn: true, users: [ana] } });
  const policy = await call(
    "GET",
    "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/sms",
  );
  assert.deepEqual([policy.json.id, policy.json.state], ["Sms", "enabled"]);
  const [target] = policy.json.includeTargets as { id: string; isUsableForSignIn: boolean }[];
  assert.equal(target?.isUsableForSignIn, true);
  const members = await call("GET", `/v1.0/groups/${target?.id}/transitiveMembers/microsoft.graph.user`);
  assert.deepEqual(
    members.value.map(user => user.userPrincipalName),
    [ana],
  );
});

test("a policy for everybody names all_users; voice has its own part", async t => {
  const { call } = await aSandbox(t);
  const base = "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations";
  const sms = (await call("GET", `${base}/Sms`)).json.includeTargets as {
    id: string;
    isUsableForSignIn: boolean;
  }[];
  assert.deepEqual([sms[0]?.id, sms[0]?.isUsableForSignIn], ["all_users", false]);
  assert.equal((await call("GET", `${base}/voice`)).json.isOfficePhoneAllowed, true);
  assert.equal((await call("GET", `${base}/telepathy`)).status, 404);
});

test("a policy that the token does not open says so in its own words", async t => {
  const { call } = await aSandbox(t, { tokens: [{ token: "x", kind: "app", roles: ["User.Read.All"] }] });
  const reply = await call(
    "GET",
    "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/sms",
    { token: "x" },
  );
  assert.deepEqual(
    [reply.status, reply.code, reply.message],
    [403, "AccessDenied", "required scopes are missing in the token"],
  );
});

const report = "/v1.0/reports/authenticationMethods/userRegistrationDetails";

test("the registration report tells what users have, administrators and guests marked", async t => {
  const { sandbox, call } = await aSandbox(t, {
    users: [
      {
        userPrincipalName: kim,
        roles: ["User Administrator"],
        phones: { mobile: "+31 612345678", office: "+31 201234567" },
        defaultMethod: "sms",
      },
      { userPrincipalName: ana, otherMethods: ["microsoftAuthenticator"] },
      { userPrincipalName: "g_fabrikam.com#EXT#@contoso.com" },
    ],
  });
  const reply = await call("GET", report);
  const lines = reply.value.map(line => [
    line.isAdmin,
    line.isMfaRegistered,
    line.methodsRegistered,
    line.userType,
    line.userPreferredMethodForSecondaryAuthentication,
  ]);
  assert.deepEqual(lines, [
    [true, true, ["mobilePhone", "officePhone"], "member", "sms"],
    [false, true, ["microsoftAuthenticatorPush"], "member", ""],
    [false, false, [], "guest", ""],
  ]);
  assert.equal(reply.value[0]?.id, sandbox.user(kim)?.id);
  const one = await call("GET", `${report}/${sandbox.user(ana)?.id}`);
  assert.equal(one.json.userPrincipalName, ana);
  const filtered = await call(
    "GET",
    `${report}?$filter=methodsRegistered/any(t:t eq 'mobilePhone')&$select=id`,
  );
  assert.deepEqual(filtered.value, [{ id: sandbox.user(kim)?.id }]);
});

test("the report comes in pages and late", async t => {
  const clock = manualClock();
  const { call } = await aSandbox(t, { clock, reportLagMs: 60_000, reportPageSize: 2 });
  await call("POST", phonesOf(kim), { body: { phoneNumber: "+31 612345678", phoneType: "mobile" } });
  const first = await call("GET", report);
  assert.deepEqual([first.value.length, first.value[0]?.methodsRegistered], [2, []]);
  assert.equal((await call("GET", String(first.json["@odata.nextLink"]))).value.length, 1);
  clock.advance(60_000);
  assert.deepEqual((await call("GET", report)).value[0]?.methodsRegistered, ["mobilePhone"]);
});

test("all methods of a user are listed with their types", async t => {
  const { call } = await aSandbox(t, {
    users: [
      { userPrincipalName: kim, phones: { mobile: "+31 612345678" }, otherMethods: ["password", "fido2"] },
    ],
  });
  const reply = await call("GET", `/v1.0/users/${kim}/authentication/methods`);
  assert.deepEqual(
    reply.value.map(method => method["@odata.type"]),
    [
      "#microsoft.graph.phoneAuthenticationMethod",
      "#microsoft.graph.passwordAuthenticationMethod",
      "#microsoft.graph.fido2AuthenticationMethod",
    ],
  );
});

test("the narrow permission does not open the list of all methods", async t => {
  const { call } = await aSandbox(t, {
    tokens: [{ token: "x", kind: "app", roles: ["UserAuthMethod-Phone.ReadWrite.All"] }],
  });
  assert.equal((await call("GET", `/v1.0/users/${kim}/authentication/methods`, { token: "x" })).status, 403);
});

const preferences = `/beta/users/${kim}/authentication/signInPreferences`;
const field = "userPreferredMethodForSecondaryAuthentication";

test("the default method is read and switched on beta", async t => {
  const { sandbox, call } = await aSandbox(t, {
    users: [
      {
        userPrincipalName: kim,
        phones: { mobile: "+31 612345678" },
        otherMethods: ["microsoftAuthenticator"],
      },
    ],
  });
  assert.equal((await call("GET", preferences)).json[field], null);
  assert.equal((await call("PATCH", preferences, { body: { [field]: "sms" } })).status, 204);
  assert.equal((await call("GET", preferences)).json[field], "sms");
  assert.equal(
    (await call("PATCH", preferences, { body: { isSystemPreferredAuthenticationMethodEnabled: true } }))
      .status,
    204,
  );
  assert.equal((await call("GET", preferences)).json.isSystemPreferredAuthenticationMethodEnabled, true);
  assert.equal(
    (await call("PATCH", preferences, { body: { [field]: "voiceOffice" } })).status,
    400,
    "he has no office phone",
  );
  assert.equal((await call("PATCH", preferences, { body: { [field]: "pigeon" } })).status, 400);
  assert.equal(sandbox.user(kim)?.defaultMethod, "sms");
});

test("v1.0 does not know the default method", async t => {
  const { call } = await aSandbox(t);
  assert.equal((await call("GET", preferences.replace("beta", "v1.0"))).status, 400);
});

test("the first phone becomes the default where the config says so", async t => {
  const { call } = await aSandbox(t, { firstPhoneIsDefault: true });
  await call("POST", phonesOf(kim), { body: { phoneNumber: "+31 612345678", phoneType: "mobile" } });
  assert.equal((await call("GET", preferences)).json[field], "sms");
});

test("per-user MFA is read and set on beta", async t => {
  const { call } = await aSandbox(t);
  const path = `/beta/users/${kim}/authentication/requirements`;
  assert.equal((await call("GET", path)).json.perUserMfaState, "disabled");
  assert.equal((await call("PATCH", path, { body: { perUserMfaState: "enforced" } })).status, 204);
  assert.equal((await call("GET", path)).json.perUserMfaState, "enforced");
});
