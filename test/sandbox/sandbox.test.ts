import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { aSandbox, clientOf, kim, mobile, office, phonesOf } from "./client.ts";

const ana = "ana@contoso.com";
const body = { phoneNumber: "+31 612345678", phoneType: "mobile" };

test("every answer carries the service's headers, and the client's id comes back", async t => {
  const { call } = await aSandbox(t);
  const reply = await call("GET", phonesOf(kim), { headers: { "client-request-id": "my-id-1" } });
  assert.equal(reply.headers.get("client-request-id"), "my-id-1");
  assert.match(reply.headers.get("request-id") ?? "", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.match(reply.headers.get("x-ms-ags-diagnostic") ?? "", /ServerInfo/);
  assert.ok(!Number.isNaN(Date.parse(reply.headers.get("date") ?? "")));
  assert.match(reply.headers.get("strict-transport-security") ?? "", /max-age/);
  assert.equal(
    reply.headers.get("content-type"),
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8",
  );
});

test("an error carries the ids of its headers", async t => {
  const { call } = await aSandbox(t);
  const reply = await call("GET", "/v1.0/users/x", { headers: { "client-request-id": "my-id-2" } });
  const { innerError } = reply.json.error as { innerError: Record<string, string> };
  assert.equal(innerError["request-id"], reply.headers.get("request-id"));
  assert.equal(innerError["client-request-id"], "my-id-2");
  assert.match(innerError.date ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
});

test("a page of another origin may call: CORS headers where Origin is sent, and preflight without a token", async t => {
  const { call } = await aSandbox(t);
  const headers = { Origin: "https://page.example" };
  const reply = await call("GET", phonesOf(kim), { headers });
  assert.equal(reply.headers.get("access-control-allow-origin"), "*");
  assert.match(reply.headers.get("access-control-expose-headers") ?? "", /Retry-After/);
  const preflight = await call("OPTIONS", phonesOf(kim), { headers, token: null });
  assert.equal(preflight.status, 200);
  assert.match(preflight.headers.get("access-control-allow-methods") ?? "", /PATCH/);
  assert.equal((await call("GET", phonesOf(kim))).headers.get("access-control-allow-origin"), null);
});

for (const path of ["/", "/v2.0/users", "/v1.0", "/v1.0/nothing", `/v1.0/users/${kim}/photo`]) {
  test(`${path} is not known`, async t => {
    const { call } = await aSandbox(t);
    const reply = await call("GET", path);
    assert.deepEqual([reply.status, reply.code], [400, "BadRequest"]);
  });
}

test("a # in a raw request line cuts the path", async t => {
  const { sandbox } = await aSandbox(t, { users: ["g_x#EXT#@contoso.com"] });
  const { port } = new URL(sandbox.url);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const path = "/v1.0/users/g_x#EXT#@contoso.com/authentication/phoneMethods";
    request(
      { port, host: "127.0.0.1", path, headers: { Authorization: `Bearer ${sandbox.token}` } },
      response => {
        response.resume();
        response.on("end", () => resolve(response.statusCode));
      },
    )
      .on("error", reject)
      .end();
  });
  assert.equal(status, 404);
});

test("the log tells what was asked and what it changed", async t => {
  const { sandbox, call } = await aSandbox(t);
  await call("POST", phonesOf(kim), { body });
  const reply = await call("PATCH", `${phonesOf(kim)}/${mobile}`, { body: { phoneNumber: "+31 687654321" } });
  const { at, ...entry } = sandbox.log[1] ?? {};
  assert.equal(typeof at, "number");
  assert.deepEqual(entry, {
    method: "PATCH",
    path: `${phonesOf(kim)}/${mobile}`,
    operation: "updatePhone",
    userId: sandbox.user(kim)?.id,
    phoneType: "mobile",
    status: 204,
    executed: true,
    requestId: reply.headers.get("request-id"),
    clientRequestId: reply.headers.get("client-request-id"),
    change: {
      phoneType: "mobile",
      from: "+31 612345678",
      to: "+31 687654321",
      smsSignInState: "notAllowedByPolicy",
    },
  });
  assert.deepEqual(sandbox.stats(), { requests: 2, writes: 2, executed: 2, throttled: 0 });
});

test("a long log keeps the newest and the totals stay exact", async t => {
  const { sandbox, call } = await aSandbox(t, { logLimit: 3 });
  for (let at = 0; at < 20; at++) await call("GET", `/v1.0/users/${at}`);
  assert.ok(sandbox.log.length >= 3 && sandbox.log.length <= 6);
  assert.equal(sandbox.log.at(-1)?.path, "/v1.0/users/19");
  assert.equal(sandbox.stats().requests, 20);
});

test("a second writer can change a user between a read and a write", async t => {
  const { sandbox, call } = await aSandbox(t);
  sandbox.interfere(({ operation, userId }) => {
    if (operation === "createPhone" && userId !== undefined)
      sandbox.setPhone(userId, "mobile", "+31 687654321");
  });
  assert.equal((await call("GET", phonesOf(kim))).value.length, 0);
  assert.equal((await call("POST", phonesOf(kim), { body })).status, 409);
  sandbox.interfere(undefined);
  assert.equal((await call("POST", phonesOf(ana), { body })).status, 201);
});

test("the second writer sees each item of a batch", async t => {
  const seen: unknown[] = [];
  const { sandbox, call } = await aSandbox(t, {
    onRequest: event => seen.push([event.operation, event.phoneType]),
  });
  const item = (id: string, url: string) => ({ id, method: "DELETE", url });
  await call("POST", "/v1.0/$batch", {
    body: {
      requests: [
        item("1", `/users/${kim}/authentication/phoneMethods/${mobile}`),
        item("2", `/users/${ana}/authentication/phoneMethods/${office}`),
      ],
    },
  });
  assert.deepEqual(seen, [
    ["deletePhone", "mobile"],
    ["deletePhone", "office"],
  ]);
  assert.equal(sandbox.stats().writes, 2);
});

test("a snapshot brings everything back, deleted users and their numbers included", async t => {
  const config = {
    smsPolicy: { usableForSignIn: true },
    users: [{ userPrincipalName: kim, defaultMethod: "sms" as const }, ana, "bo@contoso.com"],
  };
  const { sandbox } = await aSandbox(t, config);
  sandbox.setPhone(kim, "mobile", body.phoneNumber);
  sandbox.setPhone(ana, "office", "+31 201234567");
  sandbox.deleteUser(kim);
  const kept = JSON.parse(JSON.stringify(sandbox.snapshot())) as ReturnType<typeof sandbox.snapshot>;
  const { sandbox: other, call } = await aSandbox(t, config);
  other.restore(kept);
  assert.deepEqual([...other.users()], [...sandbox.users()]);
  assert.deepEqual(other.snapshot(), kept);
  assert.equal(
    (await call("POST", phonesOf("bo@contoso.com"), { body })).status,
    409,
    "the deleted user holds his number",
  );
});

test("what is no snapshot is refused", async t => {
  const { sandbox } = await aSandbox(t);
  assert.throws(() => sandbox.restore({ formatVersion: 99 } as never), { code: "PREPOP_USAGE" });
});

test("reset goes back to the config", async t => {
  const { sandbox, call } = await aSandbox(t, {
    users: [{ userPrincipalName: kim, phones: { mobile: "+31 612345678" } }],
    quota: { writeBurst: 1, writePerSecond: 0.001 },
    faults: [{ kind: "serverError", times: 1 }],
  });
  const once = async () => {
    const statuses: number[] = [];
    for (let at = 0; at < 3; at++) statuses.push((await call("DELETE", `${phonesOf(kim)}/${mobile}`)).status);
    return statuses;
  };
  assert.deepEqual(await once(), [500, 204, 429]);
  sandbox.reset();
  assert.deepEqual(sandbox.stats(), { requests: 0, writes: 0, executed: 0, throttled: 0 });
  assert.equal(sandbox.log.length, 0);
  assert.deepEqual(await once(), [500, 204, 429]);
});

test("faults can be changed while it runs", async t => {
  const { sandbox, call } = await aSandbox(t);
  sandbox.setFaults([{ kind: "forbidden" }]);
  assert.equal((await call("GET", phonesOf(kim))).status, 403);
  sandbox.setFaults([]);
  assert.equal((await call("GET", phonesOf(kim))).status, 200);
  assert.throws(() => sandbox.setFaults([{ kind: "x" as "slow" }]), { code: "PREPOP_USAGE" });
});

test("setting a phone of nobody is an error", async t => {
  const { sandbox } = await aSandbox(t);
  assert.throws(() => sandbox.setPhone("x@contoso.com", "mobile", body.phoneNumber), {
    code: "PREPOP_USER_NOT_FOUND",
  });
  assert.throws(() => sandbox.setPhone(kim, "mobile", "0612345678"), { code: "PREPOP_USAGE" });
});

test("seeding names users once", async t => {
  const { sandbox } = await aSandbox(t, { users: 2 });
  sandbox.seedUsers(["USER000001@contoso.com", "new@contoso.com"]);
  assert.deepEqual(
    [...sandbox.users()].map(user => user.userPrincipalName),
    ["user000000@contoso.com", "user000001@contoso.com", "new@contoso.com"],
  );
});

test("closing does not wait for requests that hang", async () => {
  const sandbox = await startSandbox({ users: [kim], faults: [{ kind: "timeoutBefore" }] });
  const hanging = clientOf(sandbox)("GET", phonesOf(kim));
  const failed = assert.rejects(hanging);
  while (sandbox.log.length === 0) await new Promise(setImmediate);
  await sandbox.close();
  await failed;
});

test("two sandboxes stand side by side", async t => {
  const { sandbox: one, call } = await aSandbox(t);
  const { sandbox: two } = await aSandbox(t, { seed: 2 });
  await call("POST", phonesOf(kim), { body });
  assert.notEqual(one.url, two.url);
  assert.deepEqual(two.user(kim)?.phones, {});
});
