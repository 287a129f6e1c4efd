import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type SandboxConfig, startSandbox } from "../../src/sandbox/sandbox.ts";
import { type CliRun, runCli } from "../support/cli.ts";
import { filesOf, temporaryFolder } from "../support/ledgerData.ts";

const token = "planted-token-of-a-person";
const seen = [
  { userPrincipalName: "kim@contoso.com", usageLocation: "NL", phones: { mobile: "+31 612345678" } },
];

async function doctor(
  config: SandboxConfig,
  env: NodeJS.ProcessEnv = {},
  argv = ["--json"],
): Promise<CliRun> {
  const sandbox = await startSandbox({ users: seen, ...config });
  const place = { PREPOP_HOME: temporaryFolder(), PREPOP_GRAPH_URL: sandbox.url };
  const done = await runCli(["doctor", ...argv], {
    env: { ...place, PREPOP_ACCESS_TOKEN: sandbox.token, ...env },
  });
  assert.equal(sandbox.stats().writes, 0);
  assert.deepEqual([...filesOf(place.PREPOP_HOME).keys()], []);
  await sandbox.close();
  return done;
}

const statusOf = (run: CliRun, name: string) => run.of("check").find(each => each.name === name)?.status;

test("a tenant in which all is well is exit 0, with a check a line", async () => {
  const run = await doctor({ telecomProvider: "own" });
  assert.equal(run.exitCode, 0);
  const checks = run.of("check");
  assert.ok(checks.length >= 17);
  assert.deepEqual(
    checks.filter(({ status }) => status !== "ok").map(({ name }) => name),
    [],
  );
  for (const check of checks)
    assert.deepEqual(Object.keys(check), ["type", "name", "status", "message", "fix"]);
  assert.deepEqual(run.summary.counts, { ok: checks.length, warn: 0, block: 0 });
});

const tenants: readonly {
  readonly name: string;
  readonly config: SandboxConfig;
  readonly env?: NodeJS.ProcessEnv;
  readonly check: string;
  readonly is: string;
  readonly exit: number;
}[] = [
  { name: "no token", config: {}, env: { PREPOP_ACCESS_TOKEN: "" }, check: "sign-in", is: "block", exit: 4 },
  {
    name: "a token that is not accepted",
    config: {},
    env: { PREPOP_ACCESS_TOKEN: "gone" },
    check: "sign-in",
    is: "block",
    exit: 4,
  },
  {
    name: "another tenant than AZURE_TENANT_ID",
    config: {},
    env: { AZURE_TENANT_ID: "11111111-2222-4333-8444-555555555555" },
    check: "sign-in",
    is: "block",
    exit: 4,
  },
  {
    name: "nobody at the address",
    config: {},
    env: { PREPOP_GRAPH_URL: "http://127.0.0.1:9" },
    check: "sign-in",
    is: "block",
    exit: 4,
  },
  { name: "a B2C tenant", config: { tenantType: "AAD B2C" }, check: "tenant kind", is: "block", exit: 4 },
  { name: "masked reads", config: { maskedReads: true }, check: "masked reads", is: "warn", exit: 0 },
  {
    name: "SMS sign-in",
    config: { smsPolicy: { usableForSignIn: true } },
    check: "SMS policy",
    is: "warn",
    exit: 0,
  },
  { name: "no telecom provider", config: {}, check: "telecom provider", is: "warn", exit: 0 },
  {
    name: "a provider on trial",
    config: { telecomProvider: "evaluation" },
    check: "telecom provider",
    is: "warn",
    exit: 0,
  },
  { name: "no premium licence", config: { licences: [] }, check: "licence", is: "warn", exit: 0 },
  {
    name: "no office phones",
    config: { voicePolicy: { officePhones: false } },
    check: "voice policy",
    is: "warn",
    exit: 0,
  },
  {
    name: "no report",
    config: { capabilities: { reports: 403 } },
    check: "registration report",
    is: "warn",
    exit: 0,
  },
  {
    name: "no beta",
    config: { capabilities: { beta: false } },
    check: "default method",
    is: "warn",
    exit: 0,
  },
  {
    name: "a person without the right to read phones",
    config: { tokens: [{ token, kind: "delegated", scopes: ["User.Read.All"] }] },
    env: { PREPOP_ACCESS_TOKEN: token },
    check: "masked reads",
    is: "block",
    exit: 4,
  },
  {
    name: "only the main job",
    config: { capabilities: "mainJob" },
    env: { AZURE_TENANT_ID: "0ec81195-112f-56df-a114-92cdaeb941c1" },
    check: "find users",
    is: "warn",
    exit: 0,
  },
];

for (const { name, config, env, check, is, exit } of tenants) {
  test(`${name}: ${check} is ${is}`, async () => {
    const run = await doctor(config, env);
    assert.equal(statusOf(run, check), is, run.stdout);
    assert.equal(run.exitCode, exit);
    assert.equal(run.summary.exitCode, exit);
  });
}

test("a damaged ledger blocks", async () => {
  const home = temporaryFolder();
  writeFileSync(
    join(home, "ledger.db"),
    "this is no database, and longer than a header of one would be.".repeat(20),
  );
  const sandbox = await startSandbox({ users: seen });
  const env = { PREPOP_HOME: home, PREPOP_GRAPH_URL: sandbox.url, PREPOP_ACCESS_TOKEN: sandbox.token };
  const run = await runCli(["doctor", "--json"], { env });
  assert.equal(statusOf(run, "ledger"), "block");
  assert.equal(run.exitCode, 4);
  await sandbox.close();
});

test("the view for a person fits a line a check where the terminal is wide, and ends with what to do next", async () => {
  const run = await doctor({ telecomProvider: "own" }, {}, []);
  assert.match(run.stdout, /^ok {4}\s*write phones/m);
  assert.match(run.stdout, /All is well\. Next: prepop plan ROSTER\n$/);
});
