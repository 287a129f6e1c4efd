import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandbox } from "../../src/sandbox/sandbox.ts";

const kim = "kim@contoso.com";
const phones = `/v1.0/users/${kim}/authentication/phoneMethods`;

test("a sandbox without a server answers a call, and says how long its answer takes", () => {
  const sandbox = openSandbox({ users: [kim], latencyMs: 150 });
  const headers = { authorization: `Bearer ${sandbox.token}`, "content-type": "application/json" };
  const body = JSON.stringify({ phoneNumber: "+31 612345678", phoneType: "mobile" });
  const created = sandbox.ask({ method: "POST", url: phones, headers, body });
  assert.deepEqual([created.status, created.delayMs, created.delivery], [201, 150, "send"]);
  assert.equal(sandbox.user(kim)?.phones.mobile?.phoneNumber, "+31 612345678");

  const list = sandbox.ask({ method: "GET", url: phones, headers, body: undefined });
  assert.equal(JSON.parse(list.body).value[0].phoneNumber, "+31 612345678");
  assert.deepEqual([sandbox.stats().requests, sandbox.stats().writes], [2, 1]);
});

test("its answers hang and break as those of a server would", () => {
  const sandbox = openSandbox({ users: [kim] });
  const headers = { authorization: `Bearer ${sandbox.token}` };
  for (const [kind, delivery] of [
    ["timeoutBefore", "hang"],
    ["resetBefore", "reset"],
  ] as const) {
    sandbox.setFaults([{ kind }]);
    assert.equal(sandbox.ask({ method: "GET", url: phones, headers, body: undefined }).delivery, delivery);
  }
});

test("its quota follows the clock it was given", () => {
  let now = 1_000;
  const sandbox = openSandbox({
    users: [kim],
    quota: { writeBurst: 1, writePerSecond: 1 },
    clock: { now: () => now, after: () => assert.fail("an unserved sandbox waits for nothing") },
  });
  const headers = { authorization: `Bearer ${sandbox.token}` };
  const remove = () => sandbox.ask({ method: "DELETE", url: `${phones}/x`, headers, body: undefined }).status;
  assert.deepEqual([remove(), remove()], [404, 429]);
  now += 1_000;
  assert.equal(remove(), 404);
});
