import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { ProbeFile } from "../../src/model/probe.ts";
import { type SandboxConfig, startSandbox } from "../../src/sandbox/sandbox.ts";
import { type CliPlace, runCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/ledgerData.ts";
import { leaks } from "../support/planted.ts";
import { spawnPrepop } from "../support/spawned.ts";
import { aTenant, type Tenant, upn } from "../support/tenant.ts";

const testUsers = [upn(1), upn(2), upn(3)];

function aTestTenant(config: SandboxConfig = {}): Promise<Tenant> {
  return aTenant()
    .withUsers(4, index => (index === 4 ? { phones: { mobile: "+1 2065550177" } } : {}))
    .with(config)
    .start();
}

/** Runs `probe` and reads what it wrote. */
async function probed(tenant: Tenant, argv: readonly string[] = [], place: Partial<CliPlace> = {}) {
  const out = join(temporaryFolder(), "probe.json");
  const users = testUsers.flatMap(user => ["--user", user]);
  const yes = ["--yes", "--confirm-tenant", "contoso.com", "--json"];
  const run = await runCli(["probe", ...users, "--out", out, ...yes, ...argv], {
    env: tenant.env,
    clock: tenant.clock,
    ...place,
  });
  const text = existsSync(out) ? readFileSync(out, "utf8") : "";
  return { run, text, file: (text === "" ? undefined : JSON.parse(text)) as ProbeFile };
}

const untouched = (tenant: Tenant): void => {
  for (const user of testUsers) assert.deepEqual(tenant.phones(user), {}, user);
  assert.deepEqual(tenant.phones(upn(4)), { mobile: "+1 2065550177" });
  assert.ok(!existsSync(join(tenant.home, "probe.json")), "nothing is left to be taken back");
};

/** A tenant that is in nothing what the sandbox guesses. */
const strange: SandboxConfig = {
  errorCodes: {
    phoneTypeTaken: { status: 400, code: "phoneMethodExists", message: "One is enough." },
    alternateNeedsMobile: { status: 422, code: "noMobile", message: "First the mobile." },
    mobileHasAlternate: { status: 409, code: "hasAlternate", message: "Not that one." },
    phoneFormat: { status: 422, code: "invalidPhoneNumber", message: "No number." },
    methodNotFound: { status: 400, code: "itemNotFound", message: "There is none." },
    smsNotAllowed: { status: 403, code: "smsNotAllowed", message: "The policy says no." },
    smsNotSupported: { status: 404, code: "smsNotSupported", message: "Not this type." },
  },
  createdDateTime: "filled",
  numbers: { spaces: true, trunkZero: "dropped" },
  updateAnswer: "object",
  stalenessMs: 2_000,
  reportPageSize: 2,
  strict: false,
  capabilities: { beta: 404, methods: 403 },
};

const tenants: readonly (readonly [name: string, config: SandboxConfig])[] = [
  ["as the sandbox guesses", {}],
  ["in nothing as the sandbox guesses", strange],
  ["with masked reads", { maskedReads: true, mask: { sign: "*", shows: 3 } }],
  ["with SMS sign-in", { smsPolicy: { usableForSignIn: true } }],
  [
    "with null times, whole trunk zeros refused",
    { createdDateTime: "null", numbers: { trunkZero: "refused" } },
  ],
  ["without batches and reports", { capabilities: { batch: 405, reports: 403, policies: 403 } }],
];

describe("a sandbox that is told what a probe found answers a probe alike: a tenant", () => {
  for (const [name, config] of tenants) {
    test(name, async () => {
      await using first = await aTestTenant(config);
      const { run, file } = await probed(first);
      assert.equal(run.exitCode, 0, run.stderr);
      untouched(first);
      await using second = await aTestTenant(file.sandbox as SandboxConfig);
      const again = await probed(second);
      assert.deepEqual(again.file.answers, file.answers);
      assert.deepEqual(again.file.sandbox, file.sandbox);
      untouched(second);
    });
  }

  test("and one in nothing as the sandbox guesses is known in everything", async () => {
    await using tenant = await aTestTenant(strange);
    const { file } = await probed(tenant);
    const { errorCodes, ...settings } = file.sandbox;
    assert.deepEqual(errorCodes, strange.errorCodes);
    const { errorCodes: _codes, ...own } = strange;
    assert.deepEqual(settings, {
      ...own,
      maskedReads: false,
      smsPolicy: { state: "enabled", usableForSignIn: false },
      capabilities: { beta: 404, methods: 403 },
    });
  });
});

test("every one of the 15 questions has its answer, in order", async () => {
  await using tenant = await aTestTenant();
  const { run, file } = await probed(tenant, ["--writes", "30"]);
  assert.deepEqual(
    file.answers.map(({ question }) => question),
    Array.from({ length: 16 }, (_, question) => question),
  );
  for (const { question, asks, exchanges, facts, skipped } of file.answers) {
    assert.ok(asks.endsWith("?"), String(question));
    assert.ok(exchanges.length > 0 || Object.keys(facts).length > 0, `${question}: ${skipped}`);
  }
  assert.deepEqual(
    run
      .of("answer")
      .map(({ question }) => question)
      .toSorted((a, b) => Number(a) - Number(b)),
    file.answers.map(({ question }) => question),
  );
});

test("writing fast finds the quota", async () => {
  await using tenant = await aTestTenant({ quota: { writeBurst: 40, writePerSecond: 10 } });
  const { file } = await probed(tenant, ["--writes", "150"]);
  const { facts = {}, exchanges = [] } = file.answers[11] ?? {};
  assert.ok(Math.abs(Number(facts.writesPerSecond) - 10) <= 1.5, JSON.stringify(facts));
  assert.ok(Number(facts.writesAtOnce) <= 45, JSON.stringify(facts));
  assert.equal(exchanges[0]?.status, 429);
  assert.ok(exchanges[0]?.headers["retry-after"]);
  untouched(tenant);
});

test("the file names no user, no tenant, no token and no number", async () => {
  await using tenant = await aTestTenant();
  const { text } = await probed(tenant);
  const names = Object.fromEntries(testUsers.map(user => [user, user]));
  const ids = Object.fromEntries(testUsers.map(user => [`the id of ${user}`, tenant.id(user)]));
  const planted = {
    ...names,
    ...ids,
    tenant: tenant.sandbox.tenantId,
    token: tenant.sandbox.token,
    host: "127.0.0.1",
  };
  assert.deepEqual(leaks(text, planted), []);
  assert.doesNotMatch(text, /\+\d/);
  assert.doesNotMatch(text.replaceAll("00000000-0000-4000-8000-000000000001", ""), /[\da-f]{8}-[\da-f]{4}-/);
});

const refusals: readonly {
  readonly what: string;
  readonly argv: readonly string[];
  readonly exitCode: number;
  readonly code: string;
}[] = [
  {
    what: "without a user",
    argv: ["--yes", "--confirm-tenant", "contoso.com"],
    exitCode: 1,
    code: "PREPOP_USAGE",
  },
  {
    what: "without a yes",
    argv: ["--user", upn(1), "--confirm-tenant", "contoso.com"],
    exitCode: 1,
    code: "PREPOP_USAGE_NEEDS_YES",
  },
  {
    what: "without the domain",
    argv: ["--user", upn(1), "--yes"],
    exitCode: 6,
    code: "PREPOP_GUARD_DECLINED",
  },
  {
    what: "with another domain",
    argv: ["--user", upn(1), "--yes", "--confirm-tenant", "fabrikam.com"],
    exitCode: 6,
    code: "PREPOP_GUARD_DECLINED",
  },
  {
    what: "with a user who holds a phone",
    argv: ["--user", upn(1), "--user", upn(4), "--yes", "--confirm-tenant", "contoso.com"],
    exitCode: 6,
    code: "PREPOP_PROBE_USER",
  },
  {
    what: "with a user who does not exist",
    argv: ["--user", "nobody@contoso.com", "--yes", "--confirm-tenant", "contoso.com"],
    exitCode: 1,
    code: "PREPOP_USER_NOT_FOUND",
  },
];

for (const { what, argv, exitCode, code } of refusals) {
  test(`nothing is written ${what}`, async () => {
    await using tenant = await aTestTenant();
    const run = await runCli(["probe", ...argv, "--json"], { env: tenant.env, clock: tenant.clock });
    assert.deepEqual([run.exitCode, run.of("error")[0]?.code], [exitCode, code], run.stderr);
    assert.deepEqual(tenant.writes(), []);
    untouched(tenant);
  });
}

test("on a terminal the domain is typed, and a yes is not enough", async () => {
  await using tenant = await aTestTenant();
  const ask = (typed: string) =>
    runCli(["probe", "--user", upn(1), "--out", join(temporaryFolder(), "p.json")], {
      env: tenant.env,
      clock: tenant.clock,
      typed,
    });
  const yes = await ask("yes");
  assert.equal(yes.exitCode, 6, yes.stderr);
  assert.deepEqual(tenant.writes(), []);
  const domain = await ask("contoso.com");
  assert.equal(domain.exitCode, 0, domain.stderr);
  assert.match(domain.stderr, /Type contoso\.com to go on/);
  untouched(tenant);
});

describe("a probe that is broken off", () => {
  /** The tenant goes away in the middle, for good. */
  async function breakOff(tenant: Tenant): Promise<void> {
    tenant.sandbox.interfere(({ operation }) => {
      if (operation === "updatePhone") tenant.sandbox.setFaults([{ kind: "resetBefore" }]);
    });
    const { run } = await probed(tenant);
    assert.deepEqual([run.exitCode, run.of("error")[0]?.code], [1, "PREPOP_PROBE_NOT_UNDONE"], run.stderr);
    assert.match(run.stderr, /prepop probe --restore/);
    const held = testUsers.filter(user => Object.keys(tenant.phones(user)).length > 0);
    assert.ok(held.length > 0, `phones are left: ${run.stderr}`);
    tenant.sandbox.interfere(undefined);
    tenant.sandbox.setFaults([]);
  }

  test("leaves a note of whom it gave phones, and --restore takes them back", async () => {
    await using tenant = await aTestTenant();
    await breakOff(tenant);
    const journal = readFileSync(join(tenant.home, "probe.json"), "utf8");
    assert.doesNotMatch(journal, /\+\d/);
    const restore = ["probe", "--restore", "--yes", "--confirm-tenant", "contoso.com", "--json"];
    const run = await runCli(restore, { env: tenant.env, clock: tenant.clock });
    assert.deepEqual([run.exitCode, run.summary.restored], [0, 3], run.stderr);
    untouched(tenant);
    const again = await runCli(restore, { env: tenant.env, clock: tenant.clock });
    assert.deepEqual([again.exitCode, again.summary.restored], [0, 0]);
  });

  test("is taken back by the next probe, before it asks anything", async () => {
    await using tenant = await aTestTenant();
    await breakOff(tenant);
    const { run } = await probed(tenant);
    assert.equal(run.exitCode, 0, run.stderr);
    assert.match(run.stderr, /Took back what a probe that was broken off/);
    untouched(tenant);
  });

  test("is not taken back in another tenant", async () => {
    await using tenant = await aTestTenant();
    await breakOff(tenant);
    await using other = await aTestTenant({ tenantId: "3f2a0000-0000-4000-8000-000000000009" });
    const env = { ...other.env, PREPOP_HOME: tenant.home };
    const run = await runCli(
      ["probe", "--user", upn(1), "--yes", "--confirm-tenant", "contoso.com", "--json"],
      { env, clock: other.clock },
    );
    assert.deepEqual([run.exitCode, run.of("error")[0]?.code], [6, "PREPOP_PROBE_LEFT"], run.stderr);
    assert.deepEqual(other.writes(), []);
  });

  test("by a kill -9 leaves the same note", { skip: process.platform === "win32" }, async () => {
    // A process of its own waits in real time, so this tenant's clock is the machine's.
    const sandbox = await startSandbox({ users: testUsers });
    try {
      const home = temporaryFolder();
      const env = { PREPOP_HOME: home, PREPOP_GRAPH_URL: sandbox.url, PREPOP_ACCESS_TOKEN: sandbox.token };
      const argv = ["probe", "--user", upn(1), "--yes", "--confirm-tenant", "contoso.com"];
      const { child, ended } = spawnPrepop(argv, env);
      sandbox.interfere(({ operation }) => {
        if (operation === "updatePhone") child.kill("SIGKILL");
      });
      assert.equal((await ended).exitCode, null);
      sandbox.interfere(undefined);
      assert.ok(sandbox.user(upn(1))?.phones.mobile, "a phone is left");
      const run = await runCli(["probe", "--restore", "--yes", "--confirm-tenant", "contoso.com", "--json"], {
        env,
      });
      assert.deepEqual([run.exitCode, run.summary.restored], [0, 1], run.stderr);
      assert.equal(sandbox.user(upn(1))?.phones.mobile, undefined);
    } finally {
      await sandbox.close();
    }
  });

  test("by Ctrl-C takes its phones back first", async () => {
    await using tenant = await aTestTenant();
    const { Interrupted } = await import("../../src/engine/stop.ts");
    const stop = new AbortController();
    let writes = 0;
    tenant.sandbox.interfere(({ effect }) => {
      if (effect === "write" && ++writes === 40) stop.abort(new Interrupted());
    });
    const { run } = await probed(tenant, [], { signal: stop.signal });
    assert.equal(run.exitCode, 130, run.stderr);
    untouched(tenant);
  });
});

test("sandbox start takes the file as it is", async () => {
  await using tenant = await aTestTenant(strange);
  const out = join(temporaryFolder(), "probe.json");
  const argv = ["--user", upn(1), "--yes", "--confirm-tenant", "contoso.com", "--out", out];
  await runCli(["probe", ...argv], { env: tenant.env, clock: tenant.clock });
  const started = await runCli(["sandbox", "start", "--config", out, "--json"], {
    env: { PREPOP_HOME: temporaryFolder() },
    signal: AbortSignal.abort(),
  });
  assert.equal(started.exitCode, 0, started.stderr);
  assert.equal(started.of("ready").length, 1);
});
