import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { ClientCertificateCredential } from "@azure/identity";
import { Client } from "@microsoft/microsoft-graph-client";
import { aSetupTenant } from "../support/setupTenant.ts";

const root = resolve(import.meta.dirname, "../..");

test("from an empty home: setup, login, doctor, plan, apply of five, an empty plan, and all taken back", async () => {
  const example = join(root, "examples/firstRun.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [example], { cwd: root });
  const said = stdout.split("\n$ prepop ").slice(1);
  assert.deepEqual(
    said.map(text => text.split(/\s/)[0]),
    ["setup", "login", "doctor", "plan", "apply", "plan", "setup"],
  );
  const [setup = "", , doctor = "", plan = "", apply = "", again = "", removed = ""] = said;
  assert.match(setup, /It works\. Application [0-9a-f-]{36}, profile contoso\.com\./);
  assert.doesNotMatch(doctor, /BLOCK/);
  assert.match(plan, /To do: 5 create\./);
  assert.match(apply, /5 applied\./);
  assert.match(again, /Nothing to do: 5 unchanged\./);
  assert.match(removed, /Taken back\./);
});

test("Microsoft's own libraries sign in with what setup made, and write a phone with it", async t => {
  const { run, sandbox, home } = await aSetupTenant(t);
  assert.equal((await run(["setup", "--yes", "--json"])).exitCode, 0);
  const [profile] = JSON.parse(readFileSync(join(home, "profiles.json"), "utf8")).profiles;
  const credential = new ClientCertificateCredential(
    profile.tenantId,
    profile.clientId,
    profile.certificate,
    { authorityHost: sandbox.signIn.authority, disableInstanceDiscovery: true },
  );
  const client = Client.initWithMiddleware({
    baseUrl: sandbox.url,
    customHosts: new Set([new URL(sandbox.url).hostname]),
    authProvider: {
      getAccessToken: async () => (await credential.getToken("https://graph.microsoft.com/.default")).token,
    },
  });
  const { value } = await client.api("/users").get();
  assert.equal(value.length, 2);
  const phone = { phoneNumber: "+1 2025550100", phoneType: "mobile" };
  await client.api(`/users/${value[0].id}/authentication/phoneMethods`).post(phone);
  assert.equal(sandbox.user(value[0].id)?.phones.mobile?.phoneNumber, phone.phoneNumber);
  await assert.rejects(client.api("/applications").get(), { statusCode: 403 }, "it may do no more");
});
