import assert from "node:assert/strict";
import { test } from "node:test";
import { aSandbox, type Client, kim, mobile, phonesOf } from "./client.ts";

type Response = {
  id: string;
  status: number;
  headers: Record<string, string>;
  body?: { error?: { code: string }; value?: unknown[] };
};

const json = { "Content-Type": "application/json" };
const ana = "ana@contoso.com";
const list = (id: string, user = kim) => ({
  id,
  method: "GET",
  url: `/users/${user}/authentication/phoneMethods`,
});
const create = (id: string, user: string, phoneType = "mobile", more: object = {}) => ({
  id,
  method: "POST",
  url: `/users/${user}/authentication/phoneMethods`,
  headers: json,
  body: { phoneNumber: "+31 612345678", phoneType },
  ...more,
});

async function batch(call: Client, requests: readonly object[]) {
  const reply = await call("POST", "/v1.0/$batch", { body: { requests } });
  const responses = (reply.json.responses ?? []) as Response[];
  const byId = new Map(responses.map(response => [response.id, response]));
  return { reply, responses, of: (id: string) => byId.get(id) };
}

test("items are judged alone, and the outer answer is 200", async t => {
  const { sandbox, call } = await aSandbox(t);
  const { reply, of } = await batch(call, [
    create("1", kim),
    create("2", "nobody@contoso.com"),
    { ...list("3"), url: "users/ana%40contoso.com" },
  ]);
  assert.equal(reply.status, 200);
  assert.deepEqual([of("1")?.status, of("2")?.status, of("3")?.status], [201, 404, 200]);
  assert.equal(of("2")?.body?.error?.code, "Request_ResourceNotFound");
  assert.equal(sandbox.user(kim)?.phones.mobile?.phoneNumber, "+31 612345678");
  assert.deepEqual(sandbox.stats(), { requests: 1, writes: 2, executed: 1, throttled: 0 });
  assert.equal(sandbox.log.filter(entry => entry.batch !== undefined).length, 3);
});

test("a 204 has no body", async t => {
  const { sandbox, call } = await aSandbox(t);
  sandbox.setPhone(kim, "mobile", "+31 612345678");
  const { of } = await batch(call, [
    { id: "1", method: "DELETE", url: `/users/${kim}/authentication/phoneMethods/${mobile}` },
  ]);
  assert.equal(of("1")?.status, 204);
  assert.equal("body" in (of("1") ?? {}), false);
});

test("answers come in another order by default, the same one for a seed", async t => {
  const requests = Array.from({ length: 20 }, (_, at) => list(String(at)));
  const orders: string[] = [];
  for (const seed of [1, 1, 2]) {
    const { call } = await aSandbox(t, { seed });
    orders.push((await batch(call, requests)).responses.map(({ id }) => id).join());
  }
  assert.notEqual(orders[0], requests.map(({ id }) => id).join());
  assert.equal(orders[0], orders[1]);
  assert.notEqual(orders[0], orders[2]);
});

test("dependants of a failed item are 424 and not executed", async t => {
  const { sandbox, call } = await aSandbox(t);
  const { of } = await batch(call, [
    create("A", "nobody@contoso.com"),
    create("b", kim, "mobile", { dependsOn: ["a"] }),
    create("c", ana, "mobile", { dependsOn: ["b"] }),
  ]);
  assert.deepEqual([of("A")?.status, of("b")?.status, of("c")?.status], [404, 424, 424]);
  assert.deepEqual(sandbox.user(kim)?.phones, {});
});

test("a chain of one user's phones works", async t => {
  const { call } = await aSandbox(t);
  const { of } = await batch(call, [
    create("1", kim),
    create("2", kim, "alternateMobile", { dependsOn: ["1"] }),
  ]);
  assert.deepEqual([of("1")?.status, of("2")?.status], [201, 201]);
});

const whole: readonly { readonly what: string; readonly requests: unknown; readonly message?: RegExp }[] = [
  {
    what: "21 items",
    requests: Array.from({ length: 21 }, (_, at) => list(String(at))),
    message: /maximum value of 20/,
  },
  { what: "no items", requests: [] },
  { what: "no list", requests: "x" },
  { what: "an id twice", requests: [list("a"), list("a")] },
  { what: "an id twice in another case", requests: [list("a"), list("A")] },
  { what: "no id", requests: [{ method: "GET", url: "/users" }] },
  { what: "no method", requests: [{ id: "1", url: "/users" }] },
  { what: "no url", requests: [{ id: "1", method: "GET" }] },
  {
    what: "an unknown dependency",
    requests: [{ ...list("1"), dependsOn: ["9"] }],
    message: /Invalid dependency/,
  },
  {
    what: "a dependency that comes later",
    requests: [{ ...list("1"), dependsOn: ["2"] }, list("2")],
    message: /Invalid dependency/,
  },
  {
    what: "a write without Content-Type",
    requests: [list("1"), create("2", kim, "mobile", { headers: undefined })],
    message: /^Write request id : 2 does not contain Content-Type header or body\.$/,
  },
  {
    what: "an action without body",
    requests: [
      {
        id: "7",
        method: "POST",
        url: `/users/${kim}/authentication/phoneMethods/${mobile}/enableSmsSignIn`,
        headers: json,
      },
    ],
    message: /Write request id : 7/,
  },
];

for (const { what, requests, message } of whole) {
  test(`a batch with ${what} is 400 as a whole and nothing is executed`, async t => {
    const { sandbox, call } = await aSandbox(t);
    const reply = await call("POST", "/v1.0/$batch", { body: { requests } });
    assert.deepEqual([reply.status, reply.code], [400, "BadRequest"]);
    if (message !== undefined) assert.match(reply.message ?? "", message);
    assert.equal(sandbox.stats().executed, 0);
  });
}

test("a batch needs JSON, POST and a token", async t => {
  const { call } = await aSandbox(t);
  assert.equal((await call("POST", "/v1.0/$batch", { raw: "{", headers: json })).status, 400);
  assert.equal((await call("GET", "/v1.0/$batch")).status, 405);
  assert.equal(
    (await call("POST", "/v1.0/$batch", { body: { requests: [list("1")] }, token: null })).status,
    401,
  );
});

test("a batch on beta reaches what only beta knows", async t => {
  const { call } = await aSandbox(t);
  const requests = [{ id: "1", method: "GET", url: `/users/${kim}/authentication/signInPreferences` }];
  const reply = await call("POST", "/beta/$batch", { body: { requests } });
  assert.equal((reply.json.responses as Response[])[0]?.status, 200);
});

test("each item counts for the quota, and a throttled one is 429 inside with its own Retry-After", async t => {
  const { sandbox, call } = await aSandbox(t, { quota: { writeBurst: 2, writePerSecond: 1 }, users: 5 });
  const user = (at: number) => `user00000${at}@contoso.com`;
  const { reply, responses } = await batch(
    call,
    [0, 1, 2, 3].map(at => create(String(at), user(at))),
  );
  assert.equal(reply.status, 200);
  assert.deepEqual(
    responses.map(({ status }) => status).sort((left, right) => left - right),
    [201, 201, 429, 429],
  );
  for (const { status, headers } of responses)
    assert.equal(headers["Retry-After"], status === 429 ? "1" : undefined);
  assert.equal(sandbox.stats().throttled, 2);
});

test("an item's query and headers are its own", async t => {
  const { call } = await aSandbox(t);
  const { of } = await batch(call, [
    { id: "1", method: "GET", url: "/users/$count", headers: { ConsistencyLevel: "eventual" } },
    { id: "2", method: "GET", url: "/users/$count" },
  ]);
  assert.deepEqual([of("1")?.body, of("2")?.status], ["3", 400]);
});

test("a batch inside a batch is not known", async t => {
  const { call } = await aSandbox(t);
  const { of } = await batch(call, [
    { id: "1", method: "POST", url: "/$batch", headers: json, body: { requests: [list("1")] } },
  ]);
  assert.equal(of("1")?.status, 400);
});

test("phonesOf and the batch see the same tenant", async t => {
  const { call } = await aSandbox(t);
  await batch(call, [create("1", kim)]);
  assert.equal((await call("GET", phonesOf(kim))).value.length, 1);
});
