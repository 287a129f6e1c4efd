import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../support/ledgerData.ts";
import { csv, fingerprint, prepop } from "../support/rehearse.ts";
import { aTenant, type Tenant, upn } from "../support/tenant.ts";

const header = "userPrincipalName,telephoneNumber";

/** Thirty users, each on the list with a number of his own; the first one has another already. */
async function aRoster(): Promise<{ readonly tenant: Tenant; readonly roster: string }> {
  const tenant = await aTenant()
    .withUsers(30, at => (at === 1 ? { phones: { mobile: "+31 687654321" } } : {}))
    .start();
  const rows = Array.from({ length: 30 }, (_, at) => `${upn(at + 1)},+31 6123456${at + 10}`);
  return { tenant, roster: csv(header, ...rows) };
}

const leftBehind = () => readdirSync(tmpdir()).filter(name => name.startsWith("prepop-rehearsal-"));

test("a rehearsal says what the run is to expect, writes nothing anywhere, and the run after it is as it said", async () => {
  const { tenant, roster } = await aRoster();
  await using _ = tenant;
  const before = [fingerprint(tenant), leftBehind()];
  const rehearsal = await prepop(tenant, [
    "rehearse",
    roster,
    "--quota",
    "20,2",
    "--latency",
    "150",
    "--json",
  ]);
  assert.equal(rehearsal.exitCode, 0, rehearsal.stderr + rehearsal.stdout);
  assert.deepEqual([fingerprint(tenant), leftBehind()], before);
  assert.deepEqual(tenant.writes(), []);

  const { summary } = rehearsal;
  assert.equal(summary.command, "rehearse");
  assert.deepEqual(
    [summary.quota, summary.latencyMs, summary.faults],
    [{ burst: 20, perSecond: 2 }, 150, []],
  );
  // 29 writes, of which 9 wait for a token, two a second.
  assert.ok(Number(summary.seconds) >= 4.5, String(summary.seconds));
  assert.equal(Number(summary.writes), 29 + Number(summary.throttled));

  const apply = await prepop(tenant, ["apply", roster, "--yes", "--json"]);
  assert.deepEqual(summary.counts, apply.summary.counts);
  assert.equal(summary.digest, apply.summary.digest);
});

test("a saved plan is rehearsed without its tenant", async () => {
  const { tenant, roster } = await aRoster();
  const file = join(temporaryFolder(), "tonight.plan");
  {
    await using _ = tenant;
    await prepop(tenant, ["plan", roster, "--policy", "update", "--out", file, "--json"]);
  }
  const offline = { env: { PREPOP_HOME: join(temporaryFolder(), "none") } };
  const argv = ["rehearse", file, "--max-change", "100%"];
  const rehearsal = await prepop(tenant, [...argv, "--json"], offline);
  assert.equal(rehearsal.exitCode, 0, rehearsal.stdout);
  const { counts, latencyMs } = rehearsal.summary;
  assert.deepEqual([(counts as { applied: number }).applied, latencyMs], [30, 150]);
  assert.equal(existsSync(offline.env.PREPOP_HOME), false);

  const told = await prepop(tenant, argv, offline);
  assert.match(told.stdout, /Nothing was sent\s+to yours/);
  assert.match(told.stdout, /3,000 writes at once and 20 a second, an answer after 150 ms, no\s+faults/);
  assert.match(told.stdout, /outcomes\s+30 applied/);
});

test("what would not be done is told as the run would tell it: exit 3", async () => {
  const { tenant, roster } = await aRoster();
  await using _ = tenant;
  const argv = ["rehearse", roster, "--faults", "forbidden:0.2", "--stop-at-failures", "100%", "--json"];
  const rehearsal = await prepop(tenant, argv);
  assert.equal(rehearsal.exitCode, 3, rehearsal.stdout);
  assert.deepEqual(rehearsal.summary.faults, [{ kind: "forbidden", probability: 0.2 }]);
});

const refused: readonly {
  readonly name: string;
  readonly options: readonly string[];
  readonly why: RegExp;
}[] = [
  { name: "an unknown fault", options: ["--faults", "oops"], why: /does not know .*oops/ },
  { name: "a fault that is no word", options: ["--faults", "1:2"], why: /KIND or KIND:PROB/ },
  {
    name: "a probability above one",
    options: ["--faults", "throttled:2"],
    why: /KIND or KIND:PROB/,
  },
  { name: "a quota of one number", options: ["--quota", "150"], why: /BURST,PERSECOND/ },
  { name: "a quota that never refills", options: ["--quota", "10,0"], why: /BURST,PERSECOND/ },
  { name: "a latency below zero", options: ["--latency", "-5"], why: /not negative/ },
];

for (const { name, options, why } of refused) {
  test(`${name} is refused and told why`, async () => {
    const { tenant, roster } = await aRoster();
    await using _ = tenant;
    const run = await prepop(tenant, ["rehearse", roster, ...options, "--json"]);
    assert.equal(run.exitCode, 1, run.stdout);
    assert.match(String(run.of("error")[0]?.message), why);
    assert.deepEqual(tenant.writes(), []);
  });
}

test("a roster option does not go with a saved plan", async () => {
  const { tenant, roster } = await aRoster();
  await using _ = tenant;
  const file = join(temporaryFolder(), "tonight.plan");
  await prepop(tenant, ["plan", roster, "--out", file, "--json"]);
  const run = await prepop(tenant, ["rehearse", file, "--region", "NL", "--json"]);
  assert.equal(run.exitCode, 1);
});

test("a guard that would refuse the run refuses its rehearsal", async () => {
  await using tenant = await aTenant()
    .withUsers(12, () => ({ phones: { mobile: "+31 612345678" }, otherMethods: ["fido2"] }))
    .start();
  const rows = Array.from({ length: 12 }, (_, at) => `${upn(at + 1)},+31 612345678`);
  const roster = csv(header, ...rows);
  const argv = ["rehearse", roster, "--policy", "remove", "--max-change", "100%", "--json"];
  const run = await prepop(tenant, argv);
  assert.equal(run.exitCode, 6, run.stdout);
  assert.equal(run.of("error")[0]?.code, "PREPOP_GUARD_MAX_DELETE");
});
