import assert from "node:assert/strict";
import { test } from "node:test";
import { PrepopError } from "../../src/model/errors.ts";
import { type SandboxConfig, settingsOf } from "../../src/sandbox/config.ts";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { aSandbox, kim, phonesOf } from "./client.ts";

test("the config file of the interface is accepted", () => {
  const settings = settingsOf({
    users: ["kim@contoso.com"],
    files: [{ url: "https://contoso.sharepoint.com/sites/hr/phones.xlsx", from: "local.xlsx" }],
    quota: { writeBurst: 50, writePerSecond: 20 },
    latencyMs: 10,
    jitterMs: 5,
    batchLatency: "perItem",
    faults: [{ kind: "throttled", probability: 0.1, retryAfter: 2 }],
    seed: 7,
  });
  assert.deepEqual(settings.quota.writes, { burst: 50, perSecond: 20 });
});

const wrong: readonly { readonly config: unknown; readonly says: RegExp }[] = [
  { config: [], says: /The sandbox config must be an object/ },
  { config: { user: 5 }, says: /does not know user\..*/ },
  { config: { users: -1 }, says: /users of the sandbox config must be a number from 0/ },
  { config: { users: [1] }, says: /users\[0\] of the sandbox config must be an object/ },
  { config: { users: [{ mail: "x" }] }, says: /users\[0\]\.userPrincipalName/ },
  { config: { users: [{ userPrincipalName: "x", phone: "1" }] }, says: /does not know users\[0\]\.phone/ },
  { config: { latencyMs: "10" }, says: /latencyMs of the sandbox config must be a number from 0/ },
  { config: { batchLatency: "average" }, says: /one of "max", "sum", "perItem"/ },
  { config: { quota: { writesPerSecond: 1 } }, says: /does not know quota\.writesPerSecond/ },
  { config: { quota: { writeBurst: 10 } }, says: /quota\.writeBurst without quota\.writePerSecond/ },
  { config: { files: [{ url: "x" }] }, says: /files\[0\]\.from/ },
  { config: { faults: {} }, says: /faults of the sandbox config must be a list/ },
  { config: { faults: [{}] }, says: /faults\[0\]\.kind/ },
  { config: { faults: [{ kind: "explode" }] }, says: /does not know faults\[0\]\.kind "explode"/ },
  {
    config: { faults: [{ kind: "serverError", retryAfter: 1 }] },
    says: /does not know faults\[0\]\.retryAfter/,
  },
  {
    config: { faults: [{ kind: "serverError", probability: 2 }] },
    says: /faults\[0\]\.probability .* from 0 to 1/,
  },
  {
    config: { faults: [{ kind: "serverError", match: { op: "x" } }] },
    says: /does not know faults\[0\]\.match\.op/,
  },
  { config: { capabilities: { mail: false } }, says: /does not know capabilities\.mail/ },
  { config: { capabilities: { batch: 418 } }, says: /capabilities\.batch/ },
  { config: { errorCodes: { tokenEmpty: { code: "x" } } }, says: /does not know errorCodes\.tokenEmpty/ },
  { config: { host: "0.0.0.0" }, says: /host of the sandbox config/ },
  { config: { tokens: [{ token: "x", kind: "robot" }] }, says: /tokens\[0\]\.kind/ },
  {
    config: { users: [{ userPrincipalName: "x", phones: { mobile: "06" } }] },
    says: /has not the form \+CC NUMBER/,
  },
];

for (const { config, says } of wrong) {
  test(`${JSON.stringify(config)} is refused with the place`, async () => {
    await assert.rejects(startSandbox(config as SandboxConfig), error => {
      assert.ok(error instanceof PrepopError);
      assert.equal(error.code, "PREPOP_USAGE");
      assert.match(error.message, says);
      return true;
    });
  });
}

test("an unknown fault is answered with the known ones", () => {
  assert.throws(
    () => settingsOf({ faults: [{ kind: "x" as "slow" }] }),
    (error: PrepopError) => /committedThen504, .*slow/.test(error.hint),
  );
});

const off: readonly { readonly capability: string; readonly path: string }[] = [
  { capability: "batch", path: "POST /v1.0/$batch" },
  { capability: "listUsers", path: "GET /v1.0/users?$top=5" },
  { capability: "listUsers", path: "GET /v1.0/users/$count" },
  { capability: "inFilter", path: "GET /v1.0/users?$filter=id in ('a','b')" },
  { capability: "organization", path: "GET /v1.0/organization" },
  { capability: "reports", path: "GET /v1.0/reports/authenticationMethods/userRegistrationDetails" },
  {
    capability: "policies",
    path: "GET /v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/sms",
  },
  { capability: "methods", path: `GET /v1.0/users/${kim}/authentication/methods` },
  { capability: "groups", path: "GET /v1.0/groups" },
  { capability: "deletedItems", path: "GET /v1.0/directory/deletedItems/microsoft.graph.user" },
  { capability: "beta", path: `GET /beta/users/${kim}/authentication/signInPreferences` },
  { capability: "beta", path: `GET /beta/users/${kim}/authentication/phoneMethods` },
];

for (const { capability, path } of off) {
  test(`${capability} switched off: ${path} answers as told, and the main job goes on`, async t => {
    const [method = "", url = ""] = [path.slice(0, path.indexOf(" ")), path.slice(path.indexOf(" ") + 1)];
    const body = method === "POST" ? { body: { requests: [] } } : {};
    for (const status of [400, 403, 404, 405, 501] as const) {
      const { call } = await aSandbox(t, { capabilities: { [capability]: status } });
      assert.equal((await call(method, url, body)).status, status);
    }
    const { call } = await aSandbox(t, { capabilities: { [capability]: "unreadable" } });
    const reply = await call(method, url, body);
    assert.deepEqual([reply.status, reply.headers.get("content-type")], [200, "text/html"]);
    assert.equal((await call("GET", phonesOf(kim))).status, 200);
    assert.equal((await call("GET", `/v1.0/users/${kim}`)).status, 200);
    assert.equal((await call("GET", `/v1.0/users?$filter=mail eq '${kim}'`)).value.length, 1);
  });
}

test("mainJob switches everything else off", async t => {
  const { call } = await aSandbox(t, { capabilities: "mainJob" });
  for (const { path } of off.filter(({ path }) => path.startsWith("GET"))) {
    assert.equal((await call("GET", path.slice(4))).status, 404, path);
  }
  assert.equal((await call("GET", phonesOf(kim))).status, 200);
});
