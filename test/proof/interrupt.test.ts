import assert from "node:assert/strict";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { openLedger } from "../../src/ledger/ledger.ts";
import type { FaultRule } from "../../src/sandbox/sandbox.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { temporaryFolder, testKey } from "../support/ledgerData.ts";
import { csv } from "../support/rehearse.ts";
import { spawnPrepop } from "../support/spawned.ts";
import { upn } from "../support/tenant.ts";

/** Ctrl-C, whatever is under way: a clean end within two seconds, and a word about how things stand. */

const users = 60;
/** What hangs here does so for half a minute: who ends before half of that did not wait for it, on the busiest machine. */
const soonMs = 15_000;

async function tenant(t: TestContext, faults: readonly FaultRule[]) {
  const sandbox = await startSandbox({
    users: Array.from({ length: users }, (_, at) => upn(at + 1)),
    faults,
  });
  t.after(() => sandbox.close());
  const env = {
    PREPOP_HOME: temporaryFolder(),
    PREPOP_LEDGER_KEY: testKey,
    PREPOP_GRAPH_URL: sandbox.url,
    PREPOP_ACCESS_TOKEN: sandbox.token,
  };
  return { sandbox, env };
}

const rows = Array.from({ length: users }, (_, at) => `${upn(at + 1)},+31 6123450${10 + at}`);
const apply = ["apply", csv("userPrincipalName,mobile", ...rows), "--yes", "--json"];

/** Resolves at the n-th request that `about` is true of. */
function at(sandbox: Sandbox, operation: string, nth = 1): Promise<void> {
  let seen = 0;
  return new Promise(resolve => {
    sandbox.interfere(event => {
      if (event.operation === operation && ++seen === nth) setTimeout(resolve, 50);
    });
  });
}

type Case = {
  readonly name: string;
  readonly signal: "SIGINT" | "SIGTERM";
  readonly faults: readonly FaultRule[];
  readonly options?: readonly string[];
  /** When the signal comes. */
  readonly when: (sandbox: Sandbox) => Promise<void>;
};

const writes = { effect: "write" as const };

const cases: readonly Case[] = [
  {
    name: "every write hangs",
    signal: "SIGINT",
    faults: [{ kind: "timeoutBefore", match: writes }],
    when: sandbox => at(sandbox, "createPhone", 20),
  },
  {
    name: "every write is executed and never answered, and it is SIGTERM",
    signal: "SIGTERM",
    faults: [{ kind: "committedThenTimeout" }],
    when: sandbox => at(sandbox, "createPhone", 20),
  },
  {
    name: "the service asked for a minute",
    signal: "SIGINT",
    faults: [{ kind: "throttled", retryAfter: 60, from: 10, match: writes }],
    when: sandbox => at(sandbox, "createPhone", 10),
  },
  {
    name: "what is in doubt is being read back",
    signal: "SIGINT",
    faults: [{ kind: "serverError", match: writes }],
    when: sandbox => at(sandbox, "createPhone", 30),
  },
  {
    name: "writes wait for their turn",
    signal: "SIGINT",
    faults: [],
    options: ["--rate", "2"],
    when: sandbox => at(sandbox, "createPhone", 3),
  },
];

for (const { name, signal, faults, options = [], when } of cases) {
  test(`${signal} while ${name}: exit 130 soon, nothing is lost, and resume does the rest`, async t => {
    const { sandbox, env } = await tenant(t, faults);
    const reached = when(sandbox);
    const { child, ended } = spawnPrepop([...apply, "--no-batch", ...options], env);
    t.after(() => child.kill("SIGKILL"));
    await Promise.race([reached, ended]);
    const asked = performance.now();
    child.kill(signal);
    const { exitCode, lines, summary, stderr } = await ended;
    const took = performance.now() - asked;
    t.diagnostic(`${Math.round(took)} ms`);
    assert.equal(exitCode, 130, stderr);
    assert.ok(took < soonMs, `it took ${took} ms`);
    assert.equal(summary?.type, "summary");
    assert.equal(summary?.state, "interrupted");
    const error = lines.find(line => line.type === "error");
    assert.equal(error?.code, "PREPOP_INTERRUPTED");
    assert.match(String(error?.message), /Done: \d+\. .*In doubt: \d+\. Not sent: \d+\./);
    assert.match(String(error?.hint), /prepop resume/);
    assert.equal(lines.filter(line => line.type === "outcome").length, users);

    // What is said of each is what the tenant knows of it.
    for (const line of lines.filter(({ type }) => type === "outcome")) {
      const held = sandbox.user(String(line.userId))?.phones.mobile;
      if (line.outcome === "applied") assert.ok(held, String(line.user));
      if (line.outcome === "skipped") assert.equal(held, undefined, String(line.user));
    }
    sandbox.interfere(undefined);
    sandbox.setFaults([]);
    const resumed = await spawnPrepop(["resume", "--yes", "--json", "--settle-horizon", "1s"], env).ended;
    assert.equal(resumed.exitCode, 0, resumed.stderr);
    assert.equal([...sandbox.users()].filter(user => user.phones.mobile).length, users);
    const late = sandbox.log.filter(entry => entry.executed).map(entry => entry.userId);
    assert.equal(new Set(late).size, late.length, "somebody was written to twice");
  });
}

test("Ctrl-C while a plan is being read ends it soon, and nothing was sent", async t => {
  const { sandbox, env } = await tenant(t, [{ kind: "timeoutBefore", match: { operation: "listPhones" } }]);
  const reached = at(sandbox, "listPhones");
  const { child, ended } = spawnPrepop(apply, env);
  t.after(() => child.kill("SIGKILL"));
  await reached;
  const asked = performance.now();
  child.kill("SIGINT");
  const { exitCode, summary, lines } = await ended;
  assert.equal(exitCode, 130);
  assert.ok(performance.now() - asked < soonMs);
  assert.equal(summary?.type, "summary");
  assert.equal(lines.find(line => line.type === "error")?.code, "PREPOP_INTERRUPTED");
  assert.equal(sandbox.stats().writes, 0);
});

test("Ctrl-C while waiting in line for the lock ends it at once", async t => {
  const { sandbox, env } = await tenant(t, []);
  const holder = openLedger({ home: env.PREPOP_HOME, key: testKey });
  t.after(() => holder.close());
  holder.lock(sandbox.tenantId);
  const reached = at(sandbox, "listPhones");
  const { child, ended } = spawnPrepop([...apply, "--lock-timeout", "60s"], env);
  t.after(() => child.kill("SIGKILL"));
  await reached;
  child.kill("SIGINT");
  const { exitCode, summary } = await ended;
  // The lock is still held: who had waited for it would be told to come back, exit 5.
  assert.equal(exitCode, 130);
  assert.equal(summary?.type, "summary");
  assert.equal(sandbox.stats().writes, 0);
});

test("a second Ctrl-C ends it at once, and the ledger still knows everything", async t => {
  const { sandbox, env } = await tenant(t, [{ kind: "committedThenTimeout" }]);
  const reached = at(sandbox, "createPhone", 20);
  const { child, ended } = spawnPrepop([...apply, "--no-batch"], env);
  t.after(() => child.kill("SIGKILL"));
  await reached;
  child.kill("SIGINT");
  assert.ok(child.stderr);
  await once(child.stderr, "data");
  const asked = performance.now();
  child.kill("SIGINT");
  const { exitCode } = await ended;
  assert.equal(exitCode, 130);
  assert.ok(performance.now() - asked < soonMs);
  const runs = await spawnPrepop(["runs", "--json"], env).ended;
  assert.equal(runs.lines[0]?.state, "interrupted");
  sandbox.interfere(undefined);
  sandbox.setFaults([]);
  const resumed = await spawnPrepop(["resume", "--yes", "--json", "--settle-horizon", "1s"], env).ended;
  assert.equal(resumed.exitCode, 0, resumed.stderr);
  assert.equal(sandbox.stats().executed, users);
});
