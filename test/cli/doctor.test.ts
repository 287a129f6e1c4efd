import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TokenSeed } from "../../src/sandbox/callers.ts";
import { type SandboxConfig, startSandbox } from "../../src/sandbox/sandbox.ts";
import { type CliRun, runCli } from "../support/cli.ts";
import { filesOf, temporaryFolder } from "../support/ledgerData.ts";
import { csv, prepop } from "../support/rehearse.ts";
import { aTenant } from "../support/tenant.ts";

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
  {
    name: "SMS switched off",
    config: { smsPolicy: { state: "disabled" } },
    check: "SMS policy",
    is: "warn",
    exit: 0,
  },
  {
    name: "calls switched off",
    config: { voicePolicy: { state: "disabled" } },
    check: "voice policy",
    is: "warn",
    exit: 0,
  },
  {
    name: "an External ID tenant",
    config: { tenantType: "CIAM" },
    check: "tenant kind",
    is: "block",
    exit: 4,
  },
  { name: "an empty tenant", config: { users: [] }, check: "find users", is: "warn", exit: 0 },
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

/** A token as Entra makes them, so that doctor can read in it what it is good for. Its signature is none. */
function tokenOf(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none", typ: "JWT" })}.${part(claims)}.planted`;
}

const phones = "UserAuthMethod-Phone.ReadWrite.All";
const wide = "UserAuthenticationMethod.ReadWrite.All";
const all = [phones, wide, "User.Read.All", "AuditLog.Read.All", "GroupMember.Read.All", "Policy.Read.All"];
const authenticationAdministrator = "c4e39bd9-1100-46d3-8c65-fb160da0071f";
const privileged = "7be44c8a-adaf-4e2a-84d6-ab2649e08a13";

/** The same caller in the token, which doctor reads, and in the sandbox, which refuses. */
const callers: readonly {
  readonly name: string;
  readonly claims: object;
  readonly seed: Omit<TokenSeed, "token">;
  readonly statuses: Readonly<Record<string, string>>;
  readonly exit: number;
}[] = [
  {
    name: "an application with all it may need",
    claims: { idtyp: "app", roles: all },
    seed: { kind: "app", roles: all },
    statuses: { "write phones": "ok", role: "ok", "find users": "ok", "other methods": "ok", groups: "ok" },
    exit: 0,
  },
  {
    name: "an application with the two permissions of the main job",
    claims: { idtyp: "app", roles: [phones, "User.Read.All"] },
    seed: { kind: "app", roles: [phones, "User.Read.All"] },
    statuses: {
      "write phones": "ok",
      "other methods": "warn",
      "default method": "warn",
      "registration report": "warn",
      groups: "warn",
      "SMS policy": "warn",
      licence: "warn",
    },
    exit: 0,
  },
  {
    name: "an application that may only read",
    claims: { idtyp: "app", roles: ["User.Read.All", "UserAuthMethod-Phone.Read.All"] },
    seed: { kind: "app", roles: ["User.Read.All", "UserAuthMethod-Phone.Read.All"] },
    statuses: { "write phones": "block", "masked reads": "ok" },
    exit: 4,
  },
  {
    name: "an application that sees basic profiles",
    claims: { idtyp: "app", roles: [phones, "User.ReadBasic.All"] },
    seed: { kind: "app", roles: [phones, "User.ReadBasic.All"] },
    statuses: { "find users": "warn" },
    exit: 0,
  },
  {
    name: "an application that sees no users",
    claims: { idtyp: "app", roles: [phones] },
    seed: { kind: "app", roles: [phones] },
    statuses: { "find users": "block" },
    exit: 4,
  },
  {
    name: "a Privileged Authentication Administrator",
    claims: { scp: all.join(" "), wids: [privileged] },
    seed: { kind: "delegated", scopes: all, roles: [privileged] },
    statuses: { "write phones": "ok", role: "ok", "masked reads": "ok" },
    exit: 0,
  },
  {
    name: "an Authentication Administrator",
    claims: { scp: all.join(" "), wids: [authenticationAdministrator] },
    seed: { kind: "delegated", scopes: all, roles: [authenticationAdministrator] },
    statuses: { role: "warn", "masked reads": "warn" },
    exit: 0,
  },
  {
    name: "a person without a role",
    claims: { scp: all.join(" "), wids: [] },
    seed: { kind: "delegated", scopes: all, roles: [] },
    statuses: { role: "block", "masked reads": "block" },
    exit: 4,
  },
  {
    name: "a token that says nothing of itself",
    claims: { sub: "somebody" },
    seed: { kind: "app" },
    statuses: { "write phones": "warn", role: "warn" },
    exit: 0,
  },
];

for (const { name, claims, seed, statuses, exit } of callers) {
  test(`${name}: ${Object.entries(statuses)
    .map(each => each.join(" "))
    .join(", ")}`, async () => {
    const own = tokenOf({ tid: "0ec81195-112f-56df-a114-92cdaeb941c1", ...claims });
    const env = { PREPOP_ACCESS_TOKEN: own, AZURE_TENANT_ID: "0ec81195-112f-56df-a114-92cdaeb941c1" };
    const run = await doctor({ tokens: [{ ...seed, token: own }] }, env);
    for (const [check, is] of Object.entries(statuses))
      assert.equal(statusOf(run, check), is, `${check}: ${run.stdout}`);
    assert.equal(run.exitCode, exit);
  });
}

test("a clock that is wrong, and runs that are not at their end, are warned of", async () => {
  await using tenant = await aTenant()
    .withUser("kim@contoso.com")
    .with({ faults: [{ kind: "throttled", retryAfter: "long", match: { effect: "write" } }] })
    .start();
  const list = csv("userPrincipalName,mobile", "kim@contoso.com,+31 612345678");
  assert.equal((await prepop(tenant, ["apply", list, "--yes", "--json"])).exitCode, 5);
  const ahead = { ...tenant.clock, wall: () => tenant.clock.wall() + 600_000 };
  const run = await prepop(tenant, ["doctor", "--json"], { clock: ahead });
  assert.equal(statusOf(run, "ledger"), "warn");
  assert.equal(statusOf(run, "clock"), "warn");
  assert.match(String(run.of("check").find(({ name }) => name === "clock")?.message), /10 min ahead of/);
});

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
