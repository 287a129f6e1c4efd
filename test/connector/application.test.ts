import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { judgeSwagger } from "../../src/connector/lint/judge.ts";
import { defaultConnector } from "../../src/connector/options.ts";
import { connectorPackage, writeFiles } from "../../src/connector/package.ts";
import type { SandboxConfig } from "../../src/sandbox/sandbox.ts";
import { temporaryFolder } from "../support/ledgerData.ts";
import { aSetupTenant } from "../support/setupTenant.ts";

const theirs = "https://theirs.example.com/signed-in";

/** A tenant with Power Platform, our connector in a folder, and an application that others have made. */
async function place(t: TestContext, config: SandboxConfig = {}) {
  const tenant = await aSetupTenant(t, { judgeSwagger, ...config });
  const { sandbox } = tenant;
  const folder = temporaryFolder();
  await writeFiles(folder, connectorPackage({ ...defaultConnector, tenantId: sandbox.tenantId }));
  const post = async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${sandbox.token}`, "content-type": "application/json" };
    const answer = await fetch(sandbox.url + path, { method: "POST", headers, body: JSON.stringify(body) });
    return (await answer.json()) as Readonly<Record<"id" | "appId", string>>;
  };
  const register = (displayName: string) =>
    post("/v1.0/applications", {
      displayName,
      web: { redirectUris: [theirs], homePageUrl: "https://contoso.com" },
    });
  const env = {
    PREPOP_POWER_PLATFORM_URL: sandbox.url,
    PREPOP_POWER_PLATFORM_TOKEN: sandbox.token,
    PREPOP_CONNECTOR_SECRET: "a-secret-of-nobody",
  };
  const withToken = { ...env, PREPOP_ACCESS_TOKEN: sandbox.token };
  const create = (app: string, more: NodeJS.ProcessEnv = withToken) =>
    tenant.run(["connector", "create", folder, "--app", app, "--json"], { env: more });
  const redirectsOf = async (appId: string) => {
    const { applications } = await tenant.held();
    return applications.find(each => each.appId === appId)?.web as Readonly<Record<string, unknown>>;
  };
  return { ...tenant, create, register, redirectsOf, env, withToken };
}

for (const key of ["appId", "id", "name"] as const) {
  test(`the redirect URL of a new connector is added to the application, named by its ${key}, beside the others`, async t => {
    const { create, register, redirectsOf } = await place(t);
    const { id, appId } = await register("The connector's");
    const made = await create({ appId, id, name: "The connector's" }[key]);
    assert.equal(made.exitCode, 0, made.stderr);
    const url = made.of("connector")[0]?.redirectUrl;
    assert.match(String(url), /^https:\/\/global\.consent\.azure-apim\.net\/redirect\//);
    assert.deepEqual(made.of("redirect"), [
      { type: "redirect", clientId: appId, redirectUrl: url, state: "added" },
    ]);
    const web = await redirectsOf(appId);
    assert.deepEqual([web.redirectUris, web.homePageUrl], [[theirs, url], "https://contoso.com"]);
  });
}

test("asked for again, it is there already", async t => {
  const { run, create, register, redirectsOf, withToken } = await place(t);
  const { appId } = await register("The connector's");
  const made = await create(appId);
  const id = String(made.summary.connector);
  const again = await run(["connector", "redirect-url", "--connector-id", id, "--app", appId, "--json"], {
    env: withToken,
  });
  assert.equal(again.of("redirect")[0]?.state, "there");
  assert.equal(((await redirectsOf(appId)).redirectUris as string[]).length, 2);
});

test("the application of a setup is named by its profile, and a person signs in for it", async t => {
  const { run, create, redirectsOf, env } = await place(t);
  const setup = await run(["setup", "--delegated", "--yes", "--json"]);
  const made = await create("contoso.com", env);
  assert.equal(made.exitCode, 0, made.stderr);
  const { redirectUris } = await redirectsOf(String(setup.summary.clientId));
  assert.deepEqual(redirectUris, [made.of("connector")[0]?.redirectUrl]);
  assert.equal((await run(["setup", "--delegated", "--yes", "--json"])).exitCode, 0);
  assert.deepEqual(
    (await redirectsOf(String(setup.summary.clientId))).redirectUris,
    redirectUris,
    "it stays",
  );
});

test("an application that is not there, or a name of two, makes no connector", async t => {
  const { create, register, sandbox, run, withToken } = await place(t);
  await register("Twice");
  await register("Twice");
  for (const [app, why] of [
    ["Nobody's", /not in the tenant/],
    ["7a1e0f0e-0000-4000-8000-000000000001", /not in the tenant/],
    ["Twice", /the name of 2 applications/],
  ] as const) {
    const made = await create(app);
    assert.deepEqual([made.exitCode, made.of("error")[0]?.code], [1, "PREPOP_APPLICATION_NOT_FOUND"]);
    assert.match(String(made.of("error")[0]?.message), why);
  }
  const none = await run(["connector", "redirect-url", "--connector-id", "shared_x", "--json"], {
    env: withToken,
  });
  assert.equal(none.exitCode, 1);
  assert.ok(!sandbox.log.some(({ operation }) => operation === "updateApplication"));
});

test("without the right to change it, the connector is there and it is said how to go on", async t => {
  const { create, register } = await place(t, {
    faults: [
      { kind: "forbidden", code: "Authorization_RequestDenied", match: { operation: "updateApplication" } },
    ],
  });
  const { appId } = await register("The connector's");
  const made = await create(appId);
  assert.deepEqual([made.exitCode, made.of("error")[0]?.code], [4, "PREPOP_SETUP_FORBIDDEN"]);
  assert.equal(made.of("connector").length, 1);
  assert.match(String(made.of("error")[0]?.message), /connector redirect-url --app/);
});
