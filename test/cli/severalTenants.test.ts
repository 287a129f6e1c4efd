import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openLedger } from "../../src/ledger/ledger.ts";
import type { CliRun } from "../support/cli.ts";
import { manyTenants, type TenantSeed } from "../support/manyTenants.ts";
import { rosterFile } from "../support/rosterFile.ts";

/** `--profile a,b`: one tenant after the other, each by itself. */

const kim = "kim@contoso.com";
const list = rosterFile("several.csv", `userPrincipalName,mobile\n${kim},+31 612345678\n`);
const bare = rosterFile("bare.csv", `userPrincipalName,mobile\n${kim},0612345678\n`);
const user = { users: [kim] } satisfies TenantSeed;
const mobileOf = (sandbox: {
  user(key: string): { phones: { mobile?: { phoneNumber: string } } } | undefined;
}) => sandbox.user(kim)?.phones.mobile?.phoneNumber;

const endsOf = (run: CliRun) =>
  run.summary.profiles as readonly { profile: string; exitCode: number | null; code?: string }[];
const codes = (run: CliRun) => endsOf(run).map(({ profile, exitCode }) => [profile, exitCode]);

test("plan goes through the tenants in the order in which they are named, with a summary each and one of all", async () => {
  await using it = await manyTenants({
    one: user,
    two: { users: [{ userPrincipalName: kim, phones: { mobile: "+31 612345678" } }] },
  });
  const run = await it.run(["plan", list, "--profile", "two,one", "--json"]);
  assert.equal(run.exitCode, 2);
  assert.deepEqual(
    run.lines.map(({ type, profile, kind }) => [type, profile, kind]),
    [
      ["change", "two", "unchanged"],
      ["summary", "two", undefined],
      ["change", "one", "create"],
      ["summary", "one", undefined],
      ["summary", undefined, undefined],
    ],
  );
  const [two, one] = run.of("summary");
  assert.deepEqual([two?.exitCode, two?.tenantId], [0, it.tenant("two").tenantId]);
  assert.deepEqual([one?.exitCode, one?.tenantId], [2, it.tenant("one").tenantId]);
  assert.deepEqual(run.summary, {
    type: "summary",
    command: "plan",
    exitCode: 2,
    profiles: [
      { profile: "two", exitCode: 0 },
      { profile: "one", exitCode: 2 },
    ],
  });
  assert.match(run.stderr, /^Profile two \(1 of 2\)\nProfile one \(2 of 2\)$/m);
});

test("apply makes a run in each tenant, and each has a report of its own", async () => {
  await using it = await manyTenants({ one: user, two: user });
  const report = join(it.home, "result.csv");
  const run = await it.run(["apply", list, "--profile", "one, two", "--yes", "--json", "--report", report]);
  assert.equal(run.exitCode, 0, run.stderr);
  const [one, two] = run.of("summary");
  assert.notEqual(one?.run, two?.run);
  for (const name of ["one", "two"]) {
    assert.equal(mobileOf(it.tenant(name)), "+31 612345678");
    assert.match(readFileSync(join(it.home, `result-${name}.csv`), "utf8"), /applied/);
  }
  assert.ok(!existsSync(report));
  assert.equal((await it.run(["runs", "--json"])).of("run").length, 2);
  assert.equal((await it.run(["plan", list, "--profile", "one,two", "--json"])).exitCode, 0);
});

test("a tenant that is signed out, locked or refused is named, and the others are done", async () => {
  await using it = await manyTenants({
    out: { ...user, signedOut: true },
    locked: user,
    much: { users: [{ userPrincipalName: kim, phones: { mobile: "+31 612345678" } }] },
    well: user,
  });
  const ledger = openLedger({ home: it.home });
  const lock = ledger.lock(it.tenant("locked").tenantId);
  try {
    const argv = [
      "apply",
      list,
      "--profile",
      "out,locked,much,well",
      "--yes",
      "--policy",
      "remove",
      "--max-delete",
      "0",
      "--allow-last-method",
    ];
    const run = await it.run([...argv, "--json"]);
    assert.deepEqual(codes(run), [
      ["out", 4],
      ["locked", 5],
      ["much", 6],
      ["well", 0],
    ]);
    assert.equal(run.exitCode, 6);
    assert.deepEqual(
      run.of("error").map(({ profile, code }) => [profile, code]),
      [
        ["out", "PREPOP_AUTH_SIGN_IN_FAILED"],
        ["locked", "PREPOP_LEDGER_LOCKED"],
        ["much", "PREPOP_GUARD_MAX_DELETE"],
      ],
    );
    assert.equal(run.of("summary").length, 5);
    assert.equal(mobileOf(it.tenant("much")), "+31 612345678");

    const text = await it.run(argv);
    assert.match(text.stdout, /^Profile out \(1 of 4\)$/m);
    assert.match(text.stdout, /^4 tenants:$/m);
    assert.match(
      text.stdout,
      /^ {2}out {5}sign-in, consent or role \(4\)\n {6}The sign-in failed.*az login/ms,
    );
    assert.match(text.stdout, /^ {2}locked {2}try again later \(5\)\n {6}Another prepop/m);
    assert.match(text.stdout, /^ {2}well {4}done \(0\)$/m);
    for (const line of text.stdout.split("\n")) assert.ok(line.length <= 80, line);
  } finally {
    lock.release();
    ledger.close();
  }
});

test("each tenant's own region is that of its numbers", async () => {
  await using it = await manyTenants({
    nl: { ...user, region: "NL" },
    none: user,
    us: { ...user, region: "US" },
  });
  const run = await it.run(["plan", bare, "--profile", "nl,none,us", "--json", "--show-numbers"]);
  assert.deepEqual(codes(run), [
    ["nl", 2],
    ["none", 3],
    ["us", 3],
  ]);
  assert.deepEqual(
    run.of("change").map(({ profile, to }) => [profile, to]),
    [["nl", "+31 612345678"]],
  );
  const check = await it.run(["check", bare, "--profile", "nl,us", "--json"]);
  assert.deepEqual(codes(check), [
    ["nl", 0],
    ["us", 3],
  ]);
});

test("--from profile reads each tenant's own directory", async () => {
  const profile = (mobilePhone: string): TenantSeed => ({ users: [{ userPrincipalName: kim, mobilePhone }] });
  await using it = await manyTenants({ one: profile("+31 612345678"), two: profile("+31 687654321") });
  const run = await it.run(["apply", "--from", "profile", "--profile", "one,two", "--yes", "--json"]);
  assert.equal(run.exitCode, 0, run.stderr);
  const plans = await it.run(["plan", "--from", "profile", "--profile", "one,two", "--json"]);
  assert.deepEqual(
    plans
      .of("summary")
      .map(({ profile, fromProfile }) => [profile, (fromProfile as { users: number })?.users]),
    [
      ["one", 1],
      ["two", 1],
      [undefined, undefined],
    ],
  );
  assert.deepEqual(
    ["one", "two"].map(name => mobileOf(it.tenant(name))),
    ["+31 612345678", "+31 687654321"],
  );
});

test("resume goes on with the newest interrupted run of each tenant, and of none else", async () => {
  const faults = [
    { kind: "throttled" as const, retryAfter: "long" as const, match: { effect: "write" as const } },
  ];
  await using it = await manyTenants({ one: { ...user, faults }, two: { ...user, faults }, three: user });
  assert.equal((await it.run(["apply", list, "--profile", "one,two", "--yes", "--json"])).exitCode, 5);
  for (const name of ["one", "two"]) it.tenant(name).setFaults([]);
  const alone = await it.run(["resume", "--profile", "one", "--yes", "--json"]);
  assert.equal(alone.exitCode, 0, alone.stderr);
  assert.equal(alone.summary.tenantId, it.tenant("one").tenantId);
  assert.equal(mobileOf(it.tenant("two")), undefined);
  const run = await it.run(["resume", "--profile", "one,two,three", "--yes", "--json"]);
  assert.equal(run.exitCode, 0, run.stderr);
  assert.deepEqual(
    run.of("summary").map(({ profile, message }) => [profile, message]),
    [
      ["one", "There is nothing to resume in one."],
      ["two", undefined],
      ["three", "There is nothing to resume in three."],
      [undefined, undefined],
    ],
  );
  assert.equal(mobileOf(it.tenant("two")), "+31 612345678");
});

test("doctor looks at each tenant", async () => {
  await using it = await manyTenants({ well: user, wrong: { ...user, tenantType: "AAD B2C" } });
  const run = await it.run(["doctor", "--profile", "well,wrong", "--json"]);
  assert.deepEqual(codes(run), [
    ["well", 0],
    ["wrong", 4],
  ]);
  assert.equal(run.exitCode, 4);
  const kinds = run.of("check").filter(({ name }) => name === "tenant kind");
  assert.deepEqual(
    kinds.map(({ profile, status }) => [profile, status]),
    [
      ["well", "ok"],
      ["wrong", "block"],
    ],
  );
});

test("a terminal is asked for each tenant by itself", async () => {
  await using it = await manyTenants({ one: user, two: user });
  const run = await it.run(["apply", list, "--profile", "one,two"], { typed: ["yes", "no"] });
  assert.equal(run.exitCode, 6);
  assert.match(run.stdout, /one\.example/);
  assert.match(run.stdout, /two\.example/);
  assert.equal(mobileOf(it.tenant("one")), "+31 612345678");
  assert.equal(mobileOf(it.tenant("two")), undefined);
});

test("whoever interrupts ends it: the tenants after that are not begun", async () => {
  await using it = await manyTenants({ one: user, two: user });
  const stop = new AbortController();
  const { Interrupted } = await import("../../src/engine/stop.ts");
  stop.abort(new Interrupted());
  const run = await it.run(["apply", list, "--profile", "one,two", "--yes", "--json"], {
    signal: stop.signal,
  });
  assert.deepEqual(
    endsOf(run).map(({ exitCode }) => exitCode),
    [null, null],
  );
  assert.equal(run.exitCode, 130);
  assert.equal(mobileOf(it.tenant("one")), undefined);
});

const refusals: readonly {
  readonly argv: readonly string[];
  readonly says: RegExp;
  readonly stdin?: string;
}[] = [
  { argv: ["plan", list, "--profile", "one,gone"], says: /no profile gone/ },
  { argv: ["plan", list, "--profile", "one,ONE"], says: /one is named twice/ },
  { argv: ["plan", list, "--profile", "one,two", "--sandbox"], says: /--sandbox is one tenant/ },
  { argv: ["plan", "-", "--profile", "one,two"], says: /only once/, stdin: "userPrincipalName,mobile\n" },
  { argv: ["apply", list, "--profile", "one,two", "--yes", "--digest", "0".repeat(64)], says: /one plan/ },
  { argv: ["apply", list, "--profile", "one,two"], says: /--yes/ },
  { argv: ["resume", "3f2a", "--profile", "one,two", "--yes"], says: /A run is of one tenant/ },
  {
    argv: ["undo", "3f2a", "--profile", "one,two", "--yes"],
    says: /`prepop undo` works in one tenant at a time/,
  },
  {
    argv: ["phone", "list", kim, "--profile", "one,two"],
    says: /`prepop phone list` works in one tenant at a time/,
  },
  { argv: ["plan", list, "--profile", "one,two", "--report", "plan.doc"], says: /cannot be written as plan/ },
];

for (const { argv, says, stdin } of refusals) {
  test(`${argv.filter(each => each !== list).join(" ")} is refused before the first tenant`, async () => {
    await using it = await manyTenants({ one: user, two: user });
    const run = await it.run([...argv, "--json"], stdin === undefined ? {} : { stdin });
    assert.equal(run.exitCode, 1, run.stdout);
    assert.match(run.stderr, says);
    assert.deepEqual(
      run.lines.map(({ type }) => type),
      ["error", "summary"],
    );
    for (const name of ["one", "two"]) assert.deepEqual(it.tenant(name).log, []);
  });
}

test("a saved plan is of one tenant", async () => {
  await using it = await manyTenants({ one: user, two: user });
  const out = join(it.home, "tonight.plan");
  const plans = await it.run(["plan", list, "--profile", "one,two", "--out", out, "--json"]);
  assert.deepEqual(
    plans.of("summary").map(each => each.out),
    [join(it.home, "tonight-one.plan"), join(it.home, "tonight-two.plan"), undefined],
  );
  const own = join(it.home, "tonight-one.plan");
  const both = await it.run(["apply", own, "--profile", "one,two", "--yes", "--json"]);
  assert.equal(both.exitCode, 1);
  assert.match(both.stderr, /A saved plan is of one tenant/);
  assert.equal((await it.run(["apply", own, "--profile", "one", "--yes", "--json"])).exitCode, 0);
});
