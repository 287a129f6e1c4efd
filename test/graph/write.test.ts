import assert from "node:assert/strict";
import { test } from "node:test";
import type { PhoneWrite } from "../../src/graph/connect.ts";
import type { Reply } from "../support/scriptedGraph.ts";
import { alternateId, connected, mobileId, officeId, phone, userId } from "./connected.ts";

const phones = `/v1.0/users/${userId}/authentication/phoneMethods`;
const create: PhoneWrite = { kind: "create", userId, phoneType: "mobile", number: "+1 2065550100" };
const update: PhoneWrite = { kind: "update", userId, phoneType: "office", number: "+1 2065550100x12" };
const remove: PhoneWrite = { kind: "delete", userId, phoneType: "alternateMobile" };
const enable: PhoneWrite = { kind: "enableSms", userId, phoneType: "mobile" };
const disable: PhoneWrite = { kind: "disableSms", userId, phoneType: "mobile" };
const setDefault: PhoneWrite = { kind: "setDefault", userId, method: "push" };

const sent: readonly (readonly [PhoneWrite, method: string, path: string, body: unknown])[] = [
  [create, "POST", phones, { phoneNumber: "+1 2065550100", phoneType: "mobile" }],
  [update, "PATCH", `${phones}/${officeId}`, { phoneNumber: "+1 2065550100x12", phoneType: "office" }],
  [remove, "DELETE", `${phones}/${alternateId}`, undefined],
  [enable, "POST", `${phones}/${mobileId}/enableSmsSignIn`, undefined],
  [disable, "POST", `${phones}/${mobileId}/disableSmsSignIn`, undefined],
  [
    setDefault,
    "PATCH",
    `/beta/users/${userId}/authentication/signInPreferences`,
    { userPreferredMethodForSecondaryAuthentication: "push" },
  ],
];
for (const [write, method, path, body] of sent) {
  test(`${write.kind} is one ${method} and its body is JSON or nothing`, async () => {
    await using it = await connected(() => ({ status: 201, json: {} }));
    assert.equal((await it.graph.write(write)).kind, "accepted");
    const [request] = it.server.seen;
    assert.equal(request?.method, method);
    assert.equal(request?.path, path);
    assert.deepEqual(request?.body === "" ? undefined : JSON.parse(request?.body ?? ""), body);
    assert.equal(request?.headers["content-type"], body === undefined ? undefined : "application/json");
    assert.deepEqual(it.graph.stats(), { requests: 1, writes: 1, throttled: 0 });
  });
}

const answers: readonly {
  readonly name: string;
  readonly write: PhoneWrite;
  readonly reply: Reply;
  readonly is: string;
}[] = [
  {
    name: "a create with the phone in its answer",
    write: create,
    reply: { status: 201, json: phone() },
    is: "accepted",
  },
  {
    name: "a create that stored the number written another way",
    write: create,
    reply: { status: 201, json: phone({ phoneNumber: "+12065550100" }) },
    is: "accepted",
  },
  {
    name: "a create whose answer is masked",
    write: create,
    reply: { status: 201, json: phone({ phoneNumber: "+1 XXXXXXXX00" }) },
    is: "accepted",
  },
  {
    name: "a create whose answer holds another number",
    write: create,
    reply: { status: 201, json: phone({ phoneNumber: "+1 2065550199" }) },
    is: "unreadable",
  },
  {
    name: "a create whose answer holds another slot",
    write: create,
    reply: { status: 201, json: phone({ id: officeId }) },
    is: "unreadable",
  },
  { name: "a create without a body", write: create, reply: { status: 201 }, is: "unreadable" },
  { name: "a create with 204", write: create, reply: { status: 204 }, is: "unreadable" },
  { name: "a create with a page", write: create, reply: { status: 200, text: "<html>" }, is: "unreadable" },
  { name: "a create that was cut off", write: create, reply: { status: 201, cut: '{"id":' }, is: "network" },
  { name: "an update with 204", write: update, reply: { status: 204 }, is: "accepted" },
  {
    name: "an update with 200 and a page",
    write: update,
    reply: { status: 200, text: "<html>" },
    is: "accepted",
  },
  { name: "an update with 200 that was cut off", write: update, reply: { cut: '{"id":' }, is: "accepted" },
  { name: "a delete with 204", write: remove, reply: { status: 204 }, is: "accepted" },
  { name: "an action with 200", write: enable, reply: { status: 200, json: {} }, is: "accepted" },
  {
    name: "an update with a redirect",
    write: update,
    reply: { status: 307, headers: { location: "/x" } },
    is: "http",
  },
  { name: "a delete without an answer", write: remove, reply: "drop", is: "network" },
  { name: "a delete with 504", write: remove, reply: { status: 504 }, is: "http" },
];
for (const { name, write, reply, is } of answers) {
  test(`${name} is ${is}, and is sent once`, async () => {
    await using it = await connected(() => reply);
    const answer = await it.graph.write(write);
    assert.equal(answer.kind === "accepted" ? "accepted" : answer.fault.kind, is);
    assert.equal(it.server.seen.length, 1);
  });
}

test("an accepted write keeps both request ids and the status", async () => {
  await using it = await connected(() => ({ status: 204, headers: { "request-id": "r-1" } }));
  assert.deepEqual(await it.graph.write(remove), {
    kind: "accepted",
    status: 204,
    requestId: "r-1",
    clientRequestId: "id-1",
  });
  assert.equal(it.server.seen[0]?.headers["client-request-id"], "id-1");
});

test("429 counts as throttled and keeps Retry-After as it came", async () => {
  await using it = await connected(() => ({ status: 429, headers: { "retry-after": " 7 " } }));
  const answer = await it.graph.write(create);
  assert.ok(answer.kind === "fault");
  assert.equal(answer.fault.retryAfter, "7");
  assert.deepEqual(it.graph.stats(), { requests: 1, writes: 1, throttled: 1 });
});
