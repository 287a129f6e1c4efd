import assert from "node:assert/strict";
import { test } from "node:test";
import type { SandboxConfig } from "../../../src/sandbox/sandbox.ts";
import { aSandbox, type Client, kim, mobile, office, phonesOf } from "../client.ts";

const number = "+44 7700900123";
const usable: SandboxConfig = { smsPolicy: { usableForSignIn: true } };
const ana = "ana@contoso.com";

const create = (call: Client, user: string) =>
  call("POST", phonesOf(user), { body: { phoneNumber: number, phoneType: "mobile" } });
const act = (call: Client, user: string, action: string, id = mobile) =>
  call("POST", `${phonesOf(user)}/${id}/${action}`);

test("a new mobile of a covered user is registered by the service itself", async t => {
  const { call } = await aSandbox(t, usable);
  assert.equal((await create(call, kim)).json.smsSignInState, "ready");
});

const uncovered: readonly { readonly what: string; readonly config: SandboxConfig }[] = [
  { what: "the policy is not usable for sign-in", config: {} },
  { what: "the policy is off", config: { smsPolicy: { state: "disabled", usableForSignIn: true } } },
  { what: "the policy is for others", config: { smsPolicy: { usableForSignIn: true, users: [ana] } } },
  {
    what: "the user is a guest",
    config: { ...usable, users: [{ userPrincipalName: kim, userType: "Guest" }] },
  },
];

for (const { what, config } of uncovered) {
  test(`the state is notAllowedByPolicy when ${what}, and enabling is refused`, async t => {
    const { call } = await aSandbox(t, config);
    assert.equal((await create(call, kim)).json.smsSignInState, "notAllowedByPolicy");
    const reply = await act(call, kim, "enableSmsSignIn");
    assert.equal(reply.status, 400);
    const { innerError } = reply.json.error as { innerError: Record<string, string> };
    assert.deepEqual(Object.keys(innerError), [
      "message",
      "target",
      "date",
      "request-id",
      "client-request-id",
    ]);
  });
}

test("a number that somebody holds is stored and answered 409", async t => {
  const { sandbox, call } = await aSandbox(t, usable);
  await create(call, kim);
  const reply = await create(call, ana);
  assert.deepEqual([reply.status, reply.code], [409, "phoneNumberNotUnique"]);
  assert.equal(reply.headers.get("x-prepop-guess"), null);
  assert.equal(sandbox.user(ana)?.phones.mobile?.smsSignInState, "phoneNumberNotUnique");
  assert.equal(sandbox.log.at(-1)?.executed, true);
});

test("an update to a number that somebody holds is stored and answered 409 as well", async t => {
  const { sandbox, call } = await aSandbox(t, usable);
  await create(call, kim);
  sandbox.setPhone(ana, "mobile", "+44 7700900999");
  const reply = await call("PATCH", `${phonesOf(ana)}/${mobile}`, { body: { phoneNumber: number } });
  assert.equal(reply.status, 409);
  assert.equal(sandbox.user(ana)?.phones.mobile?.phoneNumber, number);
});

test("the spelling of a number makes no difference to who holds it", async t => {
  const { call } = await aSandbox(t, usable);
  await create(call, kim);
  const reply = await call("POST", phonesOf(ana), {
    body: { phoneNumber: "+447700900123", phoneType: "mobile" },
  });
  assert.equal(reply.status, 409);
});

test("a soft-deleted user holds his number still; a purged one does not", async t => {
  const { sandbox, call } = await aSandbox(t, usable);
  await create(call, kim);
  const { id = "" } = sandbox.user(kim) ?? {};
  sandbox.deleteUser(kim);
  assert.equal((await create(call, ana)).status, 409);
  sandbox.deleteUser(id, "purged");
  assert.equal((await act(call, ana, "enableSmsSignIn")).status, 204);
});

test("an office phone of the same number is nobody's business", async t => {
  const { call } = await aSandbox(t, usable);
  await create(call, kim);
  const reply = await call("POST", phonesOf(ana), { body: { phoneNumber: number, phoneType: "office" } });
  assert.deepEqual([reply.status, reply.json.smsSignInState], [201, "notSupported"]);
});

test("disabling frees the number, enabling takes it again", async t => {
  const { sandbox, call } = await aSandbox(t, usable);
  await create(call, kim);
  assert.equal((await act(call, kim, "disableSmsSignIn")).status, 204);
  assert.equal(sandbox.user(kim)?.phones.mobile?.smsSignInState, "notEnabled");
  assert.equal((await create(call, ana)).status, 201);
  const reply = await act(call, kim, "enableSmsSignIn");
  assert.deepEqual([reply.status, reply.code], [409, "phoneNumberNotUnique"]);
  assert.equal(sandbox.log.at(-1)?.executed, false);
});

test("deleting the phone frees the number", async t => {
  const { call } = await aSandbox(t, usable);
  await create(call, kim);
  await call("DELETE", `${phonesOf(kim)}/${mobile}`);
  assert.equal((await create(call, ana)).status, 201);
});

const spellings = [
  "enableSmsSignIn",
  "microsoft.graph.enableSmsSignIn",
  "disableSmsSignIn",
  "microsoft.graph.disableSmsSignIn",
];

for (const action of spellings) {
  test(`${action} is known, with and without a body, and can be repeated`, async t => {
    const { call } = await aSandbox(t, usable);
    await create(call, kim);
    assert.equal((await act(call, kim, action)).status, 204);
    const again = await call("POST", `${phonesOf(kim)}/${mobile}/${action}`, { body: {} });
    assert.deepEqual([again.status, again.text], [204, ""]);
  });
}

test("an office phone cannot sign in by SMS, an absent phone is 404", async t => {
  const { sandbox, call } = await aSandbox(t, usable);
  sandbox.setPhone(kim, "office", number);
  assert.equal((await act(call, kim, "enableSmsSignIn", office)).status, 400);
  assert.equal((await act(call, kim, "enableSmsSignIn")).status, 404);
});

test("an action is no GET", async t => {
  const { call } = await aSandbox(t, usable);
  const reply = await call("GET", `${phonesOf(kim)}/${mobile}/enableSmsSignIn`);
  assert.deepEqual([reply.status, reply.code], [405, "Request_BadRequest"]);
});

test("an update to another number frees the old one", async t => {
  const { call } = await aSandbox(t, usable);
  await create(call, kim);
  await call("PATCH", `${phonesOf(kim)}/${mobile}`, { body: { phoneNumber: "+44 7700900999" } });
  assert.equal((await create(call, ana)).status, 201);
});
