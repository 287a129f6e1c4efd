import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { at, type Json, type JsonObject, jsonText, objectAt, textAt } from "../../src/connector/json.ts";
import { judgeSwagger } from "../../src/connector/lint/judge.ts";
import { defaultConnector } from "../../src/connector/options.ts";
import { connectorPackage, writeFiles } from "../../src/connector/package.ts";
import { payloadOf, propertiesFile } from "../../src/connector/service/payload.ts";
import { type Sandbox, type SandboxConfig, startSandbox } from "../../src/sandbox/sandbox.ts";
import { type CliPlace, type CliRun, runCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/ledgerData.ts";
import { aTrustedSandbox } from "../support/trustedSandbox.ts";
import { virtualClock } from "../support/virtualClock.ts";
import { connector2020 } from "./connector2020.ts";
import { change, type Edit } from "./edit.ts";

const secret = "a-secret-of-nobody";

type Place = {
  readonly sandbox: Sandbox;
  readonly environment: string;
  /** A folder with our package, changed where a test says so. */
  folder(edits?: { readonly definition?: Edit; readonly properties?: Edit }): Promise<string>;
  run(argv: readonly string[], env?: NodeJS.ProcessEnv): Promise<CliRun>;
  /** Creates our connector and returns its id. */
  created(): Promise<string>;
};

async function place(t: TestContext): Promise<Place> {
  const clock = virtualClock();
  const sandbox = await startSandbox({ judgeSwagger });
  t.after(() => sandbox.close());
  const environment = `Default-${sandbox.tenantId}`;
  const made: Place = {
    sandbox,
    environment,
    folder: async ({ definition, properties } = {}) => {
      const folder = temporaryFolder();
      const files = connectorPackage({ ...defaultConnector, tenantId: sandbox.tenantId });
      const edits = new Map([
        ["apiDefinition.swagger.json", definition],
        ["apiProperties.json", properties],
      ]);
      await writeFiles(
        folder,
        files.map(({ path, content }) => {
          const edit = edits.get(path);
          return { path, content: edit ? jsonText(edit(JSON.parse(String(content)) as Json)) : content };
        }),
      );
      return folder;
    },
    run: (argv, env = {}) =>
      runCli([...argv, "--json"], {
        clock,
        env: {
          PREPOP_POWER_PLATFORM_URL: sandbox.url,
          PREPOP_POWER_PLATFORM_TOKEN: sandbox.token,
          PREPOP_CONNECTOR_SECRET: secret,
          ...env,
        },
      }),
    created: async () => {
      const run = await made.run(["connector", "create", await made.folder()]);
      assert.equal(run.exitCode, 0, run.stderr);
      return String(run.summary.connector);
    },
  };
  return made;
}

const read = (folder: string, name: string): Json =>
  JSON.parse(readFileSync(join(folder, name), "utf8")) as Json;
const digest = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

test("a connector is created, and its redirect URL is read back, because it exists only then", async t => {
  const { run, folder, environment } = await place(t);
  const made = await run(["connector", "create", await folder()]);
  assert.equal(made.exitCode, 0, made.stderr);
  const [connector] = made.of("connector");
  const id = String(connector?.id);
  assert.match(id, /^shared_entra-20phone-20methods-5f[0-9a-f]{16}$/);
  assert.equal(
    connector?.redirectUrl,
    `https://global.consent.azure-apim.net/redirect/${id.slice("shared_".length)}`,
  );
  assert.deepEqual([made.summary.environment, made.summary.connector], [environment, id]);
  const asked = await run(["connector", "redirect-url", "--connector-id", id]);
  assert.deepEqual(asked.of("connector"), made.of("connector"));
});

describe("a device code", () => {
  const signedOut = { PREPOP_POWER_PLATFORM_TOKEN: "" };

  async function overTls(t: TestContext, config: SandboxConfig = {}) {
    const sandbox = await aTrustedSandbox({ judgeSwagger, ...config });
    t.after(() => sandbox.close());
    const folder = temporaryFolder();
    await writeFiles(folder, connectorPackage({ ...defaultConnector, tenantId: sandbox.tenantId }));
    const env = {
      PREPOP_POWER_PLATFORM_URL: sandbox.url,
      AZURE_AUTHORITY_HOST: sandbox.signIn.authority,
      PREPOP_CONNECTOR_SECRET: secret,
      ...signedOut,
    };
    const run = (argv: readonly string[], place: Partial<CliPlace> = {}): Promise<CliRun> =>
      runCli(argv, { env, typed: "", ...place });
    return { sandbox, folder, run };
  }

  test("signs in whoever creates a connector, with the client of paconn", async t => {
    const { sandbox, folder, run } = await overTls(t);
    const made = await run(["connector", "create", folder]);
    assert.equal(made.exitCode, 0, made.stderr);
    assert.match(made.stderr, /enter the code [A-Z0-9]+/i);
    assert.match(made.stdout, /^Created Entra phone methods: shared_/m);
    assert.match(made.stdout, /Redirect URL: https:\/\/global\.consent\.azure-apim\.net\/redirect\//);
    const grants = sandbox.signIn.log.filter(({ endpoint }) => endpoint === "token");
    assert.deepEqual(
      [...new Set(grants.map(({ clientId }) => clientId))],
      ["04b07795-8ddb-461a-bbee-02f9e1bf7b46"],
    );
  });

  test("that is declined is said, and nothing is created", async t => {
    const { sandbox, folder, run } = await overTls(t, { signIn: { deviceCode: "decline" } });
    const made = await run(["connector", "create", folder]);
    assert.equal(made.exitCode, 4, made.stderr);
    assert.match(made.stderr, /The sign-in failed/);
    const asked = await fetch(
      `${sandbox.url}/providers/Microsoft.PowerApps/apis?api-version=2016-11-01&$filter=environment eq 'Default-${sandbox.tenantId}'`,
      { headers: { authorization: `Bearer ${sandbox.token}` } },
    );
    const { value } = (await asked.json()) as { readonly value: readonly { readonly properties: Json }[] };
    assert.deepEqual(
      value.filter(({ properties }) => at(properties, "isCustomApi") === true),
      [],
    );
  });

  test("is asked of nobody where nobody can answer", async t => {
    const { folder, run } = await overTls(t);
    const made = await run(["connector", "create", folder, "--json"]);
    assert.deepEqual([made.exitCode, made.of("error")[0]?.code], [4, "PREPOP_POWER_PLATFORM_DENIED"]);
  });
});

test("a token for Power Apps is refused by Graph, and one for Graph by Power Platform", async t => {
  const { sandbox, environment } = await place(t);
  for (const service of ["graph", "powerPlatform"] as const) {
    sandbox.addToken({ token: `for.${service}.only`, kind: "app", service });
  }
  const status = async (path: string, service: string): Promise<number> => {
    const headers = { authorization: `Bearer for.${service}.only` };
    return (await fetch(sandbox.url + path, { headers })).status;
  };
  const apis = `/providers/Microsoft.PowerApps/apis?api-version=2016-11-01&$filter=environment eq '${environment}'`;
  assert.deepEqual([await status(apis, "powerPlatform"), await status(apis, "graph")], [200, 401]);
  const users = "/v1.0/users";
  assert.deepEqual([await status(users, "powerPlatform"), await status(users, "graph")], [401, 200]);
});

test("create, update and download round-trip", async t => {
  const { run, folder, created } = await place(t);
  const id = await created();
  const changed = await folder({
    definition: change("info", { description: "Phones of users, changed a little." }),
  });
  const updated = await run(["connector", "update", changed, "--connector-id", id], {
    PREPOP_CONNECTOR_SECRET: "",
  });
  assert.equal(updated.exitCode, 0, updated.stderr);

  const out = join(temporaryFolder(), "copy");
  const got = await run(["connector", "download", "--connector-id", id, "--out", out]);
  assert.equal(got.exitCode, 0, got.stderr);
  assert.deepEqual(
    got.of("file").map(({ path }) => path),
    ["apiProperties.json", "apiDefinition.swagger.json", "icon.png"],
  );
  assert.equal(digest(join(out, "icon.png")), digest(join(changed, "icon.png")));
  const { tags, ...definition } = read(out, "apiDefinition.swagger.json") as JsonObject;
  assert.deepEqual(definition, read(changed, "apiDefinition.swagger.json"));
  assert.deepEqual(tags, [], "the service adds tags");
  const token = ["properties", "connectionParameters", "token", "oAuthSettings"] as const;
  const { redirectUrl, ...settings } = objectAt(read(out, "apiProperties.json"), ...token) ?? {};
  assert.deepEqual(settings, at(read(changed, "apiProperties.json"), ...token));
  assert.match(String(redirectUrl), /^https:\/\/global\.consent/);
  assert.ok(!existsSync(join(out, "script.csx")));

  const again = await run(["connector", "update", out, "--connector-id", id]);
  assert.equal(again.exitCode, 0, again.stderr);
});

test("no secret comes back, and none is printed", async t => {
  const { run, created } = await place(t);
  const id = await created();
  const out = join(temporaryFolder(), "copy");
  const got = await run(["connector", "download", "--connector-id", id, "--out", out]);
  const texts = [got.stdout, got.stderr, readFileSync(join(out, "apiProperties.json"), "utf8")];
  for (const text of texts) assert.ok(!text.includes(secret));
});

test("the service's validation with the rules of certification: ours passes, the one of 2020 does not", async t => {
  const { run, folder } = await place(t);
  const ours = await run(["connector", "validate", await folder()]);
  assert.deepEqual([ours.exitCode, ours.of("finding")], [0, []]);
  const old = temporaryFolder();
  const { definition = "", properties = "" } = connector2020();
  await writeFiles(old, [
    { path: "apiDefinition.swagger.json", content: definition },
    { path: "apiProperties.json", content: properties },
  ]);
  const theirs = await run(["connector", "validate", old]);
  assert.equal(theirs.exitCode, 3);
  assert.ok(theirs.of("finding").length > 50);
});

describe("what the service refuses is said with its own words", () => {
  type Refusal = {
    readonly what: string;
    readonly edits?: { readonly definition?: Edit; readonly properties?: Edit };
    readonly env?: NodeJS.ProcessEnv;
    readonly argv?: readonly string[];
    readonly exitCode: number;
    readonly code: string;
    readonly message?: RegExp;
  };
  const refusals: readonly Refusal[] = [
    {
      what: "a document that is not OpenAPI 2.0",
      edits: { definition: change("", { swagger: "3.0" }) },
      exitCode: 1,
      code: "PREPOP_POWER_PLATFORM_REFUSED",
      message: /400 InvalidApiDefinition: SpecificationVersionIncorrect/,
    },
    {
      what: "script operations without a script",
      edits: { properties: change("properties", { scriptOperations: ["ListPhonemethods"] }) },
      exitCode: 1,
      code: "PREPOP_POWER_PLATFORM_REFUSED",
      message: /InvalidScriptDefinitionUrlWithNonNullOperations/,
    },
    {
      what: "an environment that is not there",
      argv: ["--environment", "Default-elsewhere"],
      exitCode: 1,
      code: "PREPOP_POWER_PLATFORM_REFUSED",
      message: /EnvironmentNotFound/,
    },
    {
      what: "a token that is not known",
      env: { PREPOP_POWER_PLATFORM_TOKEN: "x.y.z" },
      exitCode: 4,
      code: "PREPOP_POWER_PLATFORM_DENIED",
      message: /401 InvalidAuthenticationToken/,
    },
    {
      what: "nobody who has signed in",
      env: { PREPOP_POWER_PLATFORM_TOKEN: "" },
      exitCode: 4,
      code: "PREPOP_POWER_PLATFORM_DENIED",
      message: /PREPOP_POWER_PLATFORM_TOKEN/,
    },
    {
      what: "a creation without a secret",
      env: { PREPOP_CONNECTOR_SECRET: "" },
      exitCode: 1,
      code: "PREPOP_CONNECTOR_SECRET",
    },
    {
      what: "a token that would go over plain http",
      env: { PREPOP_POWER_PLATFORM_URL: "http://powerapps.example.com" },
      exitCode: 1,
      code: "PREPOP_USAGE",
      message: /PREPOP_POWER_PLATFORM_URL/,
    },
    {
      what: "a service that is not there",
      env: { PREPOP_POWER_PLATFORM_URL: "http://127.0.0.1:9" },
      exitCode: 5,
      code: "PREPOP_POWER_PLATFORM_UNREACHABLE",
    },
  ];
  for (const { what, edits, env, argv = [], exitCode, code, message } of refusals) {
    test(what, async t => {
      const { run, folder } = await place(t);
      const made = await run(["connector", "create", await folder(edits), ...argv], env);
      const [error] = made.of("error");
      assert.deepEqual([made.exitCode, error?.code], [exitCode, code], made.stderr);
      if (message) assert.match(String(error?.message), message);
      assert.ok(!made.stderr.includes(secret));
    });
  }

  test("a stackOwner stops an update, but not a creation", async t => {
    const { run, folder } = await place(t);
    const owned = await folder({ properties: change("properties", { stackOwner: "Contoso" }) });
    const made = await run(["connector", "create", owned]);
    assert.equal(made.exitCode, 0, made.stderr);
    const updated = await run([
      "connector",
      "update",
      owned,
      "--connector-id",
      String(made.summary.connector),
    ]);
    assert.match(String(updated.of("error")[0]?.message), /StackOwner/);
  });

  test("which connector must be said", async t => {
    const { run, folder } = await place(t);
    const updated = await run(["connector", "update", await folder()]);
    assert.deepEqual([updated.exitCode, updated.of("error")[0]?.code], [1, "PREPOP_USAGE"]);
  });

  test("a connector that is not there", async t => {
    const { run } = await place(t);
    const got = await run(["connector", "download", "--connector-id", "shared_nothing"]);
    assert.match(String(got.of("error")[0]?.message), /404 NotFound/);
  });
});

describe("what is sent", () => {
  const [definition, properties] = connectorPackage(defaultConnector).map(
    ({ content }) =>
      (typeof content === "string" && content.startsWith("{") ? JSON.parse(content) : {}) as JsonObject,
  );
  const parts = {
    definition: definition ?? {},
    properties: properties ?? {},
    environment: "Default-1",
    secret,
    iconUri: "https://blobs/icon.png",
    scriptUri: undefined,
  };

  test("is member for member what paconn sends", () => {
    const own = objectAt(payloadOf({ ...parts, kind: "create" }), "properties") ?? {};
    assert.deepEqual(Object.keys(own).toSorted(), [
      "backendService",
      "capabilities",
      "connectionParameters",
      "description",
      "displayName",
      "environment",
      "iconBrandColor",
      "iconUri",
      "openApiDefinition",
      "publisher",
      "scriptDefinitionUrl",
    ]);
    assert.equal(textAt(own, "backendService", "serviceUrl"), "https://graph.microsoft.com/v1.0");
    assert.equal(textAt(own, "connectionParameters", "token", "oAuthSettings", "clientSecret"), secret);
    assert.equal(own.scriptDefinitionUrl, "");
  });

  test("has no name on an update, because the service refuses one", () => {
    assert.equal(at(payloadOf({ ...parts, kind: "update" }), "properties", "displayName"), undefined);
  });

  test("has the secret in every set of connection parameters", () => {
    const set = { parameters: { token: { oAuthSettings: { clientId: "1" } } } };
    const sets = { properties: { connectionParameterSets: { values: [set, { parameters: {} }] } } };
    const own = objectAt(payloadOf({ ...parts, properties: sets, kind: "create" }), "properties");
    const values = at(own, "connectionParameterSets", "values");
    assert.equal(textAt(values, "0", "parameters", "token", "oAuthSettings", "clientSecret"), secret);
    assert.equal(at(values, "1", "parameters", "token"), undefined);
  });

  test("what is kept of an answer is what paconn keeps", () => {
    const kept = propertiesFile({
      properties: { publisher: "A", createdBy: {}, tier: "Standard", capabilities: [] },
    });
    assert.deepEqual(kept, { properties: { capabilities: [], publisher: "A" } });
  });
});

test("the sandbox's Graph goes on answering beside it", async t => {
  const { sandbox } = await place(t);
  const answer = await fetch(`${sandbox.url}/v1.0/organization`, {
    headers: { authorization: `Bearer ${sandbox.token}` },
  });
  assert.equal(answer.status, 200);
});

describe("the sandbox's storage", () => {
  test("takes and gives files only under a signature that it handed out", async t => {
    const { sandbox, environment } = await place(t);
    const made = await fetch(
      `${sandbox.url}/providers/Microsoft.PowerApps/objectIds/1/generateResourceStorage?api-version=2016-11-01`,
      {
        method: "POST",
        headers: { authorization: `Bearer ${sandbox.token}` },
        body: JSON.stringify({ environment: { name: environment } }),
      },
    );
    const address = new URL(((await made.json()) as { sharedAccessSignature: string }).sharedAccessSignature);
    address.pathname += "/a.bin";
    const bytes = Buffer.from([0, 255, 128, 10]);
    const put = (url: URL): Promise<Response> =>
      fetch(url, { method: "PUT", headers: { "x-ms-blob-type": "BlockBlob" }, body: bytes });
    assert.equal((await put(address)).status, 201);
    assert.deepEqual(Buffer.from(await (await fetch(address)).arrayBuffer()), bytes);
    const forged = new URL(address);
    forged.searchParams.set("sig", "0");
    assert.equal((await put(forged)).status, 403);
    assert.equal((await fetch(forged)).status, 403);
  });
});
