import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import {
  BatchRequestContent,
  BatchResponseContent,
  Client,
  GraphError,
  HTTPMessageHandler,
  type Middleware,
} from "@microsoft/microsoft-graph-client";
import { aSandbox, kim, mobile } from "./client.ts";

/**
 * Microsoft's own client against the sandbox. Its auth provider gives tokens to https addresses only, so the token is
 * put on by a middleware of one line.
 */
async function aMicrosoftClient(t: TestContext) {
  const { sandbox } = await aSandbox(t);
  const http = new HTTPMessageHandler();
  const withToken: Middleware = {
    execute: context => {
      context.options = {
        ...context.options,
        headers: { ...(context.options?.headers as object), Authorization: `Bearer ${sandbox.token}` },
      };
      return http.execute(context);
    },
  };
  return { sandbox, client: Client.initWithMiddleware({ baseUrl: sandbox.url, middleware: withToken }) };
}

const phones = `/users/${kim}/authentication/phoneMethods`;

test("Microsoft's client creates, lists, gets, updates and deletes a phone", async t => {
  const { sandbox, client } = await aMicrosoftClient(t);
  const created = await client.api(phones).post({ phoneNumber: "+31612345678", phoneType: "mobile" });
  assert.equal(created.phoneNumber, "+31 612345678");
  const list = await client.api(phones).get();
  assert.deepEqual(
    list.value.map((phone: { id: string }) => phone.id),
    [mobile],
  );
  assert.equal((await client.api(`${phones}/${mobile}`).get()).phoneType, "mobile");
  await client.api(`${phones}/${mobile}`).update({ phoneNumber: "+31 687654321" });
  assert.equal(sandbox.user(kim)?.phones.mobile?.phoneNumber, "+31 687654321");
  await client.api(`${phones}/${mobile}`).delete();
  assert.deepEqual(sandbox.user(kim)?.phones, {});
});

test("Microsoft's client reads an error as what it is", async t => {
  const { client } = await aMicrosoftClient(t);
  await assert.rejects(client.api("/users/nobody@contoso.com").get(), error => {
    assert.ok(error instanceof GraphError);
    assert.deepEqual([error.statusCode, error.code], [404, "Request_ResourceNotFound"]);
    assert.match(error.requestId ?? "", /^[0-9a-f-]{36}$/);
    return true;
  });
});

test("Microsoft's client selects and filters users", async t => {
  const { client } = await aMicrosoftClient(t);
  const reply = await client
    .api("/users")
    .filter(`mail eq '${kim}'`)
    .select(["id", "userPrincipalName"])
    .top(5)
    .get();
  assert.equal(reply.value[0].userPrincipalName, kim);
});

test("a batch made by Microsoft's client is answered so that it can read it", async t => {
  const { sandbox, client } = await aMicrosoftClient(t);
  const url = (user: string) => `https://graph.microsoft.com/users/${user}/authentication/phoneMethods`;
  const create = (user: string) =>
    new Request(url(user), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ phoneNumber: "+31 612345678", phoneType: "mobile" }),
    });
  const content = new BatchRequestContent([
    { id: "1", request: create(kim) },
    { id: "2", request: create("nobody@contoso.com") },
    { id: "3", request: new Request(url("ana@contoso.com")) },
  ]);
  const answer = await client.api("/$batch").post(await content.getContent());
  const responses = new BatchResponseContent(answer);
  const statuses = ["1", "2", "3"].map(id => responses.getResponseById(id).status);
  assert.deepEqual(statuses, [201, 404, 200]);
  const created = (await responses.getResponseById("1").json()) as { phoneNumber: string };
  assert.equal(created.phoneNumber, "+31 612345678");
  assert.equal(sandbox.stats().executed, 1);
});

test("a chain of dependencies made by Microsoft's client is kept", async t => {
  const { sandbox, client } = await aMicrosoftClient(t);
  const create = (phoneType: string) =>
    new Request(`https://graph.microsoft.com${phones}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ phoneNumber: "+31 612345678", phoneType }),
    });
  const content = new BatchRequestContent([
    { id: "1", request: create("mobile") },
    { id: "2", request: create("alternateMobile"), dependsOn: ["1"] },
  ]);
  await client.api("/$batch").post(await content.getContent());
  assert.deepEqual(Object.keys(sandbox.user(kim)?.phones ?? {}), ["mobile", "alternateMobile"]);
});
