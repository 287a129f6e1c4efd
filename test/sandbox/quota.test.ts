import assert from "node:assert/strict";
import { test } from "node:test";
import { bucket, charge } from "../../src/sandbox/quota.ts";
import { aSandbox, type Client, manualClock, phonesOf } from "./client.ts";

const write = (call: Client, at: number) =>
  call("POST", phonesOf(`user${String(at).padStart(6, "0")}@contoso.com`), {
    body: { phoneNumber: "+31 612345678", phoneType: "mobile" },
  });

test("a burst is granted at once, then the rate rules, and a wait that is kept is enough", async t => {
  const clock = manualClock();
  const { sandbox, call } = await aSandbox(t, {
    clock,
    users: 100,
    quota: { writeBurst: 10, writePerSecond: 2 },
  });
  for (let at = 0; at < 10; at++) assert.equal((await write(call, at)).status, 201);
  const refused = await write(call, 10);
  assert.deepEqual(
    [refused.status, refused.code, refused.message],
    [429, "TooManyRequests", "Please retry again later."],
  );
  assert.equal(refused.headers.get("retry-after"), "1");
  assert.match(
    refused.headers.get("x-ms-throttle-scope") ?? "",
    /^Tenant_Application\/Write\/[0-9a-f-]+\/[0-9a-f-]+$/,
  );
  assert.equal(refused.headers.get("x-ms-throttle-information"), "WriteLimitExceeded");
  assert.equal(sandbox.stats().executed, 10, "what is refused does not take effect");
  clock.advance(1000);
  assert.equal((await write(call, 10)).status, 201);
  assert.equal((await write(call, 11)).status, 201);
  assert.equal((await write(call, 12)).status, 429);
});

test("the used share is shown above 0.8 only", async t => {
  const clock = manualClock();
  const { call } = await aSandbox(t, { clock, users: 10, quota: { writeBurst: 10, writePerSecond: 1 } });
  const shares: (string | null)[] = [];
  for (let at = 0; at < 10; at++)
    shares.push((await write(call, at)).headers.get("x-ms-throttle-limit-percentage"));
  assert.deepEqual(shares, [null, null, null, null, null, null, null, null, "0.9", "1"]);
});

test("reads are not counted as writes", async t => {
  const { call } = await aSandbox(t, {
    clock: manualClock(),
    users: 1,
    quota: { writeBurst: 1, writePerSecond: 1 },
  });
  for (let at = 0; at < 5; at++)
    assert.equal((await call("GET", phonesOf("user000000@contoso.com"))).status, 200);
});

test("the documented report limit is 5 in 10 seconds, in the reports' own words", async t => {
  const clock = manualClock();
  const { call } = await aSandbox(t, { clock });
  const report = () => call("GET", "/v1.0/reports/authenticationMethods/userRegistrationDetails");
  for (let at = 0; at < 5; at++) assert.equal((await report()).status, 200);
  const refused = await report();
  assert.deepEqual(
    [refused.status, refused.code, refused.headers.get("retry-after")],
    [429, "UnknownError", "2"],
  );
  clock.advance(2000);
  assert.equal((await report()).status, 200);
});

test("the report limit can be lifted", async t => {
  const { call } = await aSandbox(t, { quota: { reports: false } });
  for (let at = 0; at < 7; at++) {
    assert.equal(
      (await call("GET", "/v1.0/reports/authenticationMethods/userRegistrationDetails")).status,
      200,
    );
  }
});

test("directory reads can be limited, in the directory's own words", async t => {
  const { call } = await aSandbox(t, { clock: manualClock(), quota: { readBurst: 1, readPerSecond: 1 } });
  await call("GET", "/v1.0/users");
  const refused = await call("GET", "/v1.0/users");
  assert.match(
    refused.message ?? "",
    /^Too many requests from Identifier:.* under category:aadgraph\.app\.tenant_large/,
  );
  assert.deepEqual(Object.keys((refused.json.error as { innerError: object }).innerError), ["date"]);
});

test("usage that keeps accruing makes impatience dear", () => {
  const patient = bucket(10, 1, true);
  for (let at = 0; at < 10; at++) charge(patient, 1000);
  const once = charge(patient, 1000);
  for (let at = 0; at < 4; at++) charge(patient, 1000);
  const again = charge(patient, 1000);
  assert.equal(once.kind === "refused" && once.retryAfterSeconds, 2);
  assert.equal(again.kind === "refused" && again.retryAfterSeconds, 7);
  assert.ok(again.usage <= 1.8);
});

test("a bucket never holds more than its burst", () => {
  const full = bucket(2, 1000, false);
  charge(full, 1000);
  charge(full, 1_000_000);
  assert.equal(full.left, 1);
});
