import assert from "node:assert/strict";
import { test } from "node:test";
import type { FaultRule } from "../../src/sandbox/faults/rules.ts";
import { csv, impatient, prepop } from "../support/rehearse.ts";
import { aTenant, type Tenant, upn } from "../support/tenant.ts";

/** What the service asks to wait is waited, on a clock that needs no waiting; too long a wait ends the run, resumable. */

const anna = "anna@contoso.com";
const listed = "+31 612345678";

type Wait = {
  readonly retryAfter: NonNullable<FaultRule["retryAfter"]>;
  /** ms asked for; a wait is never shorter, and at most a tenth longer. */
  readonly asked: number;
};

const waits: readonly Wait[] = [
  { retryAfter: 1, asked: 1_000 },
  { retryAfter: 7, asked: 7_000 },
  { retryAfter: 300, asked: 300_000 },
  // The sandbox's date is two seconds after its own Date header, which has whole seconds.
  { retryAfter: "date", asked: 1_000 },
  { retryAfter: "missing", asked: 1_000 },
  { retryAfter: "zero", asked: 1_000 },
  { retryAfter: "negative", asked: 1_000 },
  { retryAfter: "garbage", asked: 1_000 },
];

/** When the phone was written, on the sandbox's clock. */
function writtenAt(tenant: Tenant): readonly number[] {
  return tenant.writes().map(entry => entry.at);
}

for (const { retryAfter, asked } of waits) {
  test(`Retry-After ${retryAfter} is waited and not shortened`, async () => {
    await using tenant = await aTenant()
      .withUser(anna)
      .with({ faults: [{ kind: "throttled", retryAfter, times: 1, match: { effect: "write" } }] })
      .start();
    const roster = csv("userPrincipalName,mobile", `${anna},${listed}`);
    const apply = await prepop(tenant, ["apply", roster, "--yes", "--json"]);
    assert.equal(apply.exitCode, 0, apply.stderr);
    assert.equal(apply.summary.throttled, 1);
    assert.equal(apply.summary.writes, 2);
    const [first = 0, second = 0] = writtenAt(tenant);
    assert.ok(second - first >= asked - 1, `waited ${second - first} ms`);
    assert.ok(second - first <= asked * 2.3, `waited ${second - first} ms`);
  });
}

test("without Retry-After each wait is twice the one before, up to a minute, and the tenth attempt is the last", async () => {
  await using tenant = await aTenant()
    .withUser(anna)
    .with({ faults: [{ kind: "throttled", retryAfter: "missing", match: { effect: "write" } }] })
    .start();
  const roster = csv("userPrincipalName,mobile", `${anna},${listed}`);
  const apply = await prepop(tenant, ["apply", roster, "--yes", "--json"]);
  assert.equal(apply.exitCode, 5, apply.stderr);
  const at = writtenAt(tenant);
  assert.equal(at.length, 10);
  const gaps = at.slice(1).map((each, index) => each - (at[index] ?? 0));
  for (const [index, gap] of gaps.entries()) {
    const asked = Math.min(60_000, 1_000 * 2 ** index);
    // The pace may add a few seconds of its own: nothing was accepted so far.
    assert.ok(gap >= asked && gap <= asked * 1.2 + 6_000, `wait ${index + 1} was ${gap} ms`);
  }

  tenant.sandbox.setFaults([]);
  const resumed = await prepop(tenant, ["resume", "--yes", "--json"]);
  assert.equal(resumed.exitCode, 0);
  assert.equal(resumed.of("outcome")[0]?.outcome, "applied");
});

test("a wait above --max-wait ends the run with exit 5, says when to go on, and resume does the rest", async () => {
  await using tenant = await aTenant()
    .withUsers(6)
    .with({ faults: [{ kind: "throttled", retryAfter: "long", from: 3, match: { effect: "write" } }] })
    .start();
  const rows = [1, 2, 3, 4, 5, 6].map(index => `${upn(index)},+31 61234560${index}`);
  const roster = csv("userPrincipalName,mobile", ...rows);
  const begin = tenant.clock.wall();
  const apply = await prepop(tenant, [
    "apply",
    roster,
    "--yes",
    "--json",
    "--no-batch",
    "--concurrency",
    "1",
  ]);
  assert.equal(apply.exitCode, 5, apply.stderr);
  const [error] = apply.of("error");
  assert.equal(error?.code, "PREPOP_GRAPH_BUSY");
  const until = Date.parse(/\d{4}-\d\d-\d\dT[\d:.]+Z/.exec(String(error?.hint))?.[0] ?? "");
  assert.ok(until >= begin + 3_600_000 && until < begin + 4_000_000, String(error?.hint));
  assert.match(String(error?.hint), /resume/);
  assert.match(String(error?.message), /Done: 2\..*Not sent: 4\./);
  assert.equal(apply.summary.open, 4);
  assert.equal(apply.summary.state, "interrupted");
  assert.equal(apply.of("outcome").length, 6);
  assert.equal((apply.summary.counts as { skipped: number }).skipped, 4);

  tenant.sandbox.setFaults([]);
  const resumed = await prepop(tenant, ["resume", "--yes", "--json"]);
  assert.equal(resumed.exitCode, 0, resumed.stderr);
  assert.equal(resumed.summary.run, apply.summary.run);
  assert.equal(resumed.of("outcome").length, 4);
  for (const index of [1, 2, 3, 4, 5, 6])
    assert.equal(tenant.phones(upn(index)).mobile, `+31 61234560${index}`);
  assert.equal(tenant.writes().filter(entry => entry.executed).length, 6);
});

test("--max-wait sets how long is too long", async () => {
  const faults = [
    { kind: "throttled" as const, retryAfter: 90, times: 1, match: { effect: "write" as const } },
  ];
  const roster = csv("userPrincipalName,mobile", `${anna},${listed}`);
  for (const [maxWait, exit] of [
    ["1m", 5],
    ["2m", 0],
  ] as const) {
    await using tenant = await aTenant().withUser(anna).with({ faults }).start();
    const apply = await prepop(tenant, ["apply", roster, "--yes", "--json", "--max-wait", maxWait]);
    assert.equal(apply.exitCode, exit, apply.stderr);
  }
});

test("one user's 429 holds everybody, and the tenant is not hammered", async () => {
  await using tenant = await aTenant()
    .withUsers(40)
    .with({ quota: { writeBurst: 10, writePerSecond: 5 } })
    .start();
  const rows = Array.from({ length: 40 }, (_, at) => `${upn(at + 1)},+31 6123450${10 + at}`);
  const roster = csv("userPrincipalName,mobile", ...rows);
  const apply = await prepop(tenant, ["apply", roster, "--yes", "--json"]);
  assert.equal(apply.exitCode, 0, apply.stderr);
  assert.equal((apply.summary.counts as { applied: number }).applied, 40);
  const { throttled } = tenant.sandbox.stats();
  assert.equal(apply.summary.throttled, throttled);
  assert.ok(throttled <= 40, `${throttled} times 429 for 40 writes`);
});

test("a clock that is wrong is said once, and changes nothing", async () => {
  await using tenant = await aTenant().withUsers(3).start();
  const rows = [1, 2, 3].map(index => `${upn(index)},+31 61234560${index}`);
  const roster = csv("userPrincipalName,mobile", ...rows);
  const slow = { ...tenant.clock, wall: () => tenant.clock.wall() - 600_000 };
  const apply = await prepop(tenant, ["apply", roster, "--yes", "--json"], { clock: slow });
  assert.equal(apply.exitCode, 0, apply.stderr);
  assert.equal(apply.stderr.split("\n").filter(line => /clock/.test(line)).length, 1, apply.stderr);
  const right = await prepop(tenant, ["plan", roster, "--json"]);
  assert.doesNotMatch(right.stderr, /clock/);
});

test("--rate is never exceeded", async () => {
  await using tenant = await aTenant().withUsers(20).start();
  const rows = Array.from({ length: 20 }, (_, at) => `${upn(at + 1)},+31 6123450${10 + at}`);
  const roster = csv("userPrincipalName,mobile", ...rows);
  const apply = await prepop(tenant, ["apply", roster, "--yes", "--json", "--rate", "2", "--no-batch"]);
  assert.equal(apply.exitCode, 0, apply.stderr);
  const at = writtenAt(tenant);
  const span = (at.at(-1) ?? 0) - (at[0] ?? 0);
  // A few may go at once; twenty at two a second take most of ten seconds.
  assert.ok(span >= 7_000, `20 writes in ${span} ms`);
});

test("an interrupted run is continued by the same apply, and by none that asks for something else", async t => {
  type Again = { readonly name: string; readonly options: readonly string[]; readonly continues: boolean };
  const agains: readonly Again[] = [
    { name: "the same", options: [], continues: true },
    { name: "another pace", options: ["--concurrency", "3"], continues: true },
    { name: "another policy", options: ["--policy", "update"], continues: false },
    { name: "another scope", options: ["--limit", "5"], continues: false },
    { name: "another reading", options: ["--region", "NL"], continues: false },
    { name: "another --sms-sign-in", options: ["--sms-sign-in", "disable"], continues: false },
  ];
  for (const { name, options, continues } of agains) {
    await t.test(name, async () => {
      await using tenant = await interruptedTenant();
      const roster = interruptedRoster();
      const first = await prepop(tenant, ["apply", roster, "--yes", "--json"]);
      assert.equal(first.exitCode, 5, first.stderr);
      tenant.sandbox.setFaults([]);
      const again = await prepop(tenant, ["apply", roster, "--yes", "--json", ...options]);
      assert.equal(again.exitCode, 0, again.stderr);
      assert.equal(again.summary.run === first.summary.run, continues);
      const told = continues ? /[Cc]ontinu/ : /superseded/;
      assert.match(again.stderr, told);
      assert.ok(again.stderr.includes(String(first.summary.run)));
      const runs = await prepop(tenant, ["runs", "--json"]);
      const old = runs.of("run").find(({ id }) => id === first.summary.run);
      assert.equal(old?.state, continues ? "done" : "superseded");
      for (const index of [1, 2, 3]) assert.equal(tenant.phones(upn(index)).mobile, `+31 61234560${index}`);
    });
  }
});

test("another roster, or a day later, begins anew; resume of the old run is exit 8 then", async t => {
  await t.test("another roster", async () => {
    await using tenant = await interruptedTenant();
    const first = await prepop(tenant, ["apply", interruptedRoster(), "--yes", "--json"]);
    tenant.sandbox.setFaults([]);
    const other = csv("userPrincipalName,mobile", `${upn(1)},+31 612345609`);
    const again = await prepop(tenant, ["apply", other, "--yes", "--json"]);
    assert.equal(again.exitCode, 0, again.stderr);
    assert.notEqual(again.summary.run, first.summary.run);
    const resumed = await prepop(tenant, ["resume", String(first.summary.run), "--yes", "--json"]);
    assert.equal(resumed.exitCode, 8);
    assert.equal(resumed.of("error")[0]?.code, "PREPOP_RUN_SUPERSEDED");
    assert.match(String(resumed.of("error")[0]?.hint), /prepop apply/);
  });
  await t.test("a day later", async () => {
    await using tenant = await interruptedTenant();
    const roster = interruptedRoster();
    const first = await prepop(tenant, ["apply", roster, "--yes", "--json"]);
    tenant.sandbox.setFaults([]);
    tenant.clock.advance(25 * 3_600_000);
    const resumed = await prepop(tenant, ["resume", "--yes", "--json"]);
    assert.equal(resumed.exitCode, 8);
    assert.equal(resumed.of("error")[0]?.code, "PREPOP_RUN_TOO_OLD");
    const again = await prepop(tenant, ["apply", roster, "--yes", "--json"]);
    assert.equal(again.exitCode, 0, again.stderr);
    assert.notEqual(again.summary.run, first.summary.run);
  });
  await t.test("--max-age decides", async () => {
    await using tenant = await interruptedTenant();
    const first = await prepop(tenant, ["apply", interruptedRoster(), "--yes", "--json"]);
    tenant.sandbox.setFaults([]);
    tenant.clock.advance(25 * 3_600_000);
    const resumed = await prepop(tenant, ["resume", "--yes", "--json", "--max-age", "2d"]);
    assert.equal(resumed.exitCode, 0, resumed.stderr);
    assert.equal(resumed.summary.run, first.summary.run);
  });
});

test("--digest of another plan than that of the interrupted run makes a new one, whose digest is looked at", async () => {
  await using tenant = await interruptedTenant();
  const roster = interruptedRoster();
  const first = await prepop(tenant, ["apply", roster, "--yes", "--json"]);
  tenant.sandbox.setFaults([]);
  const planned = await prepop(tenant, ["plan", roster, "--json"]);
  const { digest } = planned.summary;
  assert.notEqual(digest, first.summary.digest);
  const again = await prepop(tenant, ["apply", roster, "--yes", "--json", "--digest", String(digest)]);
  assert.equal(again.exitCode, 0, again.stderr);
  assert.equal(again.summary.digest, digest);
  assert.notEqual(again.summary.run, first.summary.run);
});

test("older interrupted runs give way as well, so that none is resumed over a newer one", async () => {
  await using tenant = await interruptedTenant();
  const file = `${tenant.home}.plan`;
  await prepop(tenant, ["plan", interruptedRoster(), "--out", file]);
  const older = await prepop(tenant, ["apply", file, "--yes", "--json"]);
  const newer = await prepop(tenant, ["apply", file, "--yes", "--json"]);
  assert.deepEqual([older.exitCode, newer.exitCode], [5, 5]);
  tenant.sandbox.setFaults([]);
  const again = await prepop(tenant, ["apply", interruptedRoster(), "--yes", "--json", "--policy", "update"]);
  assert.equal(again.exitCode, 0, again.stderr);
  const runs = await prepop(tenant, ["runs", "--json"]);
  const states = runs.of("run").map(({ state }) => state);
  assert.deepEqual(states, ["done", "superseded", "superseded"]);
});

test("what the old run sent without an answer is read back before it is superseded", async () => {
  await using tenant = await aTenant()
    .withUser(anna)
    .with({ faults: [{ kind: "committedThenTimeout" }] })
    .start();
  const roster = csv("userPrincipalName,mobile", `${anna},${listed}`);
  const controller = new AbortController();
  tenant.sandbox.interfere(({ operation }) => {
    if (operation === "createPhone") setTimeout(() => controller.abort(new Error("killed")), 20);
  });
  const { signal } = controller;
  const first = await prepop(tenant, ["apply", roster, "--yes", "--json"], { ...impatient, signal });
  assert.equal(first.exitCode, 130, first.stderr);
  tenant.sandbox.setFaults([]);
  tenant.sandbox.interfere(undefined);
  const again = await prepop(tenant, ["apply", roster, "--yes", "--json", "--policy", "update"]);
  assert.equal(again.exitCode, 0, again.stderr);
  const shown = await prepop(tenant, ["runs", "show", String(first.summary.run), "--json"]);
  assert.equal(shown.of("outcome")[0]?.outcome, "applied");
  assert.equal(shown.summary.state, "superseded");
  assert.equal(again.of("outcome")[0]?.outcome, "alreadySo");
});

test("an interrupted process is exit 130, and resume goes on without sending anything twice", async () => {
  await using tenant = await aTenant().withUsers(12).start();
  const rows = Array.from({ length: 12 }, (_, at) => `${upn(at + 1)},+31 6123450${10 + at}`);
  const roster = csv("userPrincipalName,mobile", ...rows);
  const controller = new AbortController();
  let writes = 0;
  tenant.sandbox.interfere(({ operation }) => {
    if (operation === "createPhone" && ++writes === 4) controller.abort(new Error("Ctrl-C"));
  });
  const slowly = ["--no-batch", "--concurrency", "1"];
  const apply = await prepop(tenant, ["apply", roster, "--yes", "--json", ...slowly], {
    signal: controller.signal,
  });
  assert.equal(apply.exitCode, 130, apply.stderr);
  assert.equal(apply.lines.at(-1)?.type, "summary");
  const resumed = await prepop(tenant, ["resume", "--yes", "--json"]);
  assert.equal(resumed.exitCode, 0, resumed.stderr);
  assert.equal(tenant.writes().length, 12);
  assert.equal(tenant.writes().filter(entry => entry.executed).length, 12);
});

async function interruptedTenant(): Promise<Tenant> {
  return await aTenant()
    .withUsers(3)
    .with({ faults: [{ kind: "throttled", retryAfter: "long", from: 2, match: { effect: "write" } }] })
    .start();
}

function interruptedRoster(): string {
  return csv("userPrincipalName,mobile", ...[1, 2, 3].map(index => `${upn(index)},+31 61234560${index}`));
}
