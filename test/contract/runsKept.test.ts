import assert from "node:assert/strict";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { openLedger } from "../../src/ledger/ledger.ts";
import { filesOf, temporaryFolder } from "../support/ledgerData.ts";
import { csv, prepop } from "../support/rehearse.ts";
import { aTenant, type Tenant } from "../support/tenant.ts";

/** What the ledger keeps of a run, for how long, and what can be proven of it. */

const anna = "anna@contoso.com";
const bob = "bob@contoso.com";
const day = 86_400_000;

async function start(): Promise<{ readonly tenant: Tenant; readonly run: string }> {
  const tenant = await aTenant()
    .withUser(anna, { mobile: "+31 612345601" })
    .withUser(bob, {}, { otherMethods: ["password", "fido2"] })
    .start();
  const roster = csv(
    "userPrincipalName,mobile",
    `${anna},+31612345602`,
    `${bob},+31612345603`,
    "carol@contoso.com,12",
  );
  const apply = await prepop(tenant, ["apply", roster, "--policy", "update", "--yes", "--json"]);
  assert.equal(apply.exitCode, 3, apply.stderr);
  return { tenant, run: String(apply.summary.run) };
}

test("runs forget removes the numbers of a run and keeps what came of it", async () => {
  const { tenant, run } = await start();
  await using _ = tenant;
  const before = await prepop(tenant, ["runs", "show", run, "--json", "--show-numbers"]);
  const forget = await prepop(tenant, ["runs", "forget", run, "--yes", "--json"]);
  assert.equal(forget.exitCode, 0, forget.stderr);

  const after = await prepop(tenant, ["runs", "show", run, "--json", "--show-numbers"]);
  const outcomes = (lines: typeof after) => lines.of("outcome").map(({ to, ...rest }) => rest);
  assert.deepEqual(outcomes(after), outcomes(before));
  assert.deepEqual(
    after.of("outcome").map(({ to }) => to),
    [null, null],
  );
  const [listed] = (await prepop(tenant, ["runs", "--json"])).of("run");
  assert.equal(typeof listed?.forgottenAt, "string");

  const undo = await prepop(tenant, ["undo", run, "--yes", "--json"]);
  assert.equal(undo.exitCode, 8);
  assert.equal(undo.of("error")[0]?.code, "PREPOP_RUN_FORGOTTEN");
  assert.equal(tenant.phones(anna).mobile, "+31 612345602");
  assert.match((await prepop(tenant, ["runs", "show", run])).stdout, /numbers were removed/);
});

test("what was sealed is not in any file of the home folder afterwards", async () => {
  const { tenant, run } = await start();
  await using _ = tenant;
  const sealedBefore = sealedNumbers(tenant);
  assert.ok(sealedBefore.length >= 2);
  await prepop(tenant, ["runs", "forget", run, "--yes", "--json"]);
  const bytes = Buffer.concat([...filesOf(tenant.home).values()]);
  for (const sealed of sealedBefore) assert.equal(bytes.includes(sealed), false);
});

/** What the ledger holds in place of numbers. */
function sealedNumbers({ home }: Tenant): readonly Buffer[] {
  const database = new DatabaseSync(join(home, "ledger.db"), { readOnly: true });
  const rows = database.prepare("SELECT numbers FROM entry").all();
  database.close();
  return rows.map(({ numbers }) => Buffer.from(numbers as Uint8Array));
}

test("runs forget wants one way of naming runs, a yes, and runs that are at their end", async t => {
  const { tenant, run } = await start();
  await using _ = tenant;
  const cases: readonly (readonly [string, readonly string[], string, number])[] = [
    ["neither run nor age", ["--yes"], "PREPOP_USAGE", 1],
    ["run and age", [run, "--older-than", "1d", "--yes"], "PREPOP_USAGE", 1],
    ["no yes", [run], "PREPOP_USAGE_NEEDS_YES", 1],
    ["another run", ["nothing", "--yes"], "PREPOP_RUN_NOT_FOUND", 1],
  ];
  for (const [name, options, code, exit] of cases) {
    await t.test(name, async () => {
      const forget = await prepop(tenant, ["runs", "forget", ...options, "--json"]);
      assert.equal(forget.of("error")[0]?.code, code);
      assert.equal(forget.exitCode, exit);
    });
  }
  const ledger = openLedger({ home: tenant.home });
  ledger.reopenRun(run);
  ledger.close();
  const forget = await prepop(tenant, ["runs", "forget", run, "--yes", "--json"]);
  assert.equal(forget.of("error")[0]?.code, "PREPOP_RUN_NOT_ENDED");
  assert.equal(forget.exitCode, 6);
});

test("runs forget --older-than takes the finished runs that started longer ago", async () => {
  const { tenant, run } = await start();
  await using _ = tenant;
  tenant.clock.advance(10 * day);
  await prepop(tenant, ["phone", "delete", bob, "mobile", "--yes", "--json"]);
  const none = await prepop(tenant, ["runs", "forget", "--older-than", "11d", "--yes", "--json"]);
  assert.equal(none.summary.runs, 0);
  const forget = await prepop(tenant, ["runs", "forget", "--older-than", "9d", "--yes", "--json"]);
  assert.deepEqual(
    forget.of("run").map(({ id }) => id),
    [run],
  );
});

test("a person is asked before numbers are removed", async () => {
  const { tenant, run } = await start();
  await using _ = tenant;
  assert.equal((await prepop(tenant, ["runs", "forget", run], { typed: "n" })).exitCode, 6);
  assert.equal((await prepop(tenant, ["runs", "forget", run], { typed: "y" })).exitCode, 0);
});

for (const [name, options, days, kept] of [
  ["90 days", [], 89, true],
  ["90 days, no more", [], 91, false],
  ["as long as --keep-numbers says", ["--keep-numbers", "30d"], 31, false],
] as const) {
  test(`a new run keeps the numbers of older ones: ${name}`, async () => {
    const { tenant, run } = await start();
    await using _ = tenant;
    tenant.clock.advance(days * day);
    const argv = ["phone", "delete", bob, "mobile", "--yes", "--json", ...options];
    assert.equal((await prepop(tenant, argv)).exitCode, 0);
    const undo = await prepop(tenant, ["undo", run, "--yes", "--json"]);
    assert.equal(undo.exitCode === 8, !kept, undo.stdout);
  });
}

async function exported(): Promise<{ readonly tenant: Tenant; readonly run: string; readonly file: string }> {
  const { tenant, run } = await start();
  const file = join(temporaryFolder(), "run.jsonl");
  const done = await prepop(tenant, ["runs", "export", run, "--out", file, "--json"]);
  assert.equal(done.exitCode, 0, done.stderr);
  return { tenant, run, file };
}

test("an exported record is masked, names plan, actor and request-ids, and is the same each time", async () => {
  const { tenant, run, file } = await exported();
  await using _ = tenant;
  const text = readFileSync(file, "utf8");
  assert.doesNotMatch(text, /61234560/);
  const [head, first] = text.split("\n").map(line => (line === "" ? {} : JSON.parse(line)));
  assert.equal(head.id, run);
  assert.match(head.planDigest, /^[0-9a-f]{64}$/);
  assert.ok(head.actor.name);
  assert.equal(first.to, "+•• •••••••02");
  assert.equal(first.from, "+•• •••••••01");
  assert.match(first.requestId, /^[0-9a-f-]{36}$/);
  await prepop(tenant, ["runs", "export", run, "--out", file, "--json", "--show-numbers"]);
  assert.equal(readFileSync(file, "utf8"), text);
});

test("runs verify tells a record from one of which any byte was changed", async () => {
  const { tenant, run, file } = await exported();
  await using _ = tenant;
  const good = await prepop(tenant, ["runs", "verify", file, "--json"]);
  assert.equal(good.exitCode, 0, good.stderr);
  assert.equal(good.summary.id, run);
  assert.equal(good.summary.checkedBy, "key");
  assert.match((await prepop(tenant, ["runs", "verify", file])).stdout, /is unchanged/);

  const bytes = readFileSync(file);
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(file, changed);
    const verify = await prepop(tenant, ["runs", "verify", file, "--json"]);
    assert.equal(verify.exitCode, 1, `byte ${at}`);
    assert.match(String(verify.of("error")[0]?.code), /^PREPOP_RECORD_/);
  }
  const cuts = [0, 10, bytes.length - 1, bytes.length - 200].map(end => bytes.subarray(0, end));
  for (const changed of [...cuts, Buffer.concat([bytes, bytes]), Buffer.concat([bytes, Buffer.from("\n")])]) {
    writeFileSync(file, changed);
    assert.equal((await prepop(tenant, ["runs", "verify", file, "--json"])).exitCode, 1);
  }
});

test("without the key, runs list and verify, and undo says what is missing", async () => {
  const { tenant, run, file } = await exported();
  await using _ = tenant;
  renameSync(join(tenant.home, "ledger.key"), join(temporaryFolder(), "ledger.key"));
  const runs = await prepop(tenant, ["runs", "--json"]);
  assert.equal(runs.exitCode, 0);
  assert.equal(runs.of("run")[0]?.id, run);
  const verify = await prepop(tenant, ["runs", "verify", file, "--json"]);
  assert.equal(verify.exitCode, 0, verify.stderr);
  assert.equal(verify.summary.checkedBy, "ledger");
  assert.match((await prepop(tenant, ["runs", "verify", file])).stdout, /The key is not here/);
  writeFileSync(file, readFileSync(file, "utf8").replace("applied", "refused"));
  const changed = await prepop(tenant, ["runs", "verify", file, "--json"]);
  assert.equal(changed.exitCode, 1);
  assert.equal(changed.of("error")[0]?.code, "PREPOP_RECORD_KEY");

  const undo = await prepop(tenant, ["undo", run, "--yes", "--json"]);
  assert.equal(undo.exitCode, 1);
  assert.equal(undo.of("error")[0]?.code, "PREPOP_LEDGER_KEY");
  assert.match(undo.stderr, /ledger\.key/);
  // Forgetting needs no key: it is the way out when the key is lost.
  assert.equal((await prepop(tenant, ["runs", "forget", run, "--yes", "--json"])).exitCode, 0);
});

test("a record is verified far from its ledger with the key alone, and not with another key", async () => {
  const { tenant, file } = await exported();
  await using _ = tenant;
  const key = readFileSync(join(tenant.home, "ledger.key"), "utf8").trim();
  const far = { PREPOP_HOME: temporaryFolder() };
  const verify = await prepop(tenant, ["runs", "verify", file, "--json"], {
    env: { ...far, PREPOP_LEDGER_KEY: key },
  });
  assert.equal(verify.exitCode, 0, verify.stderr);
  assert.equal(verify.summary.checkedBy, "key");
  const other = Buffer.alloc(32, 3).toString("base64");
  for (const env of [{ ...far, PREPOP_LEDGER_KEY: other }, far]) {
    const refused = await prepop(tenant, ["runs", "verify", file, "--json"], { env });
    assert.equal(refused.exitCode, 1);
    assert.equal(refused.of("error")[0]?.code, "PREPOP_RECORD_KEY");
  }
});

test("what cannot be exported or verified is told", async t => {
  const { tenant, run } = await start();
  await using _ = tenant;
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ["no file", ["export", run], "PREPOP_USAGE"],
    ["no such run", ["export", "nothing", "--out", join(tenant.home, "x")], "PREPOP_RUN_NOT_FOUND"],
    ["no such folder", ["export", run, "--out", join(tenant.home, "no", "x")], "PREPOP_FILE_WRITE"],
    ["nothing to verify", ["verify", join(tenant.home, "nothing")], "PREPOP_USAGE"],
    ["no record", ["verify", csv("a", "b")], "PREPOP_RECORD_CHANGED"],
  ];
  for (const [name, argv, code] of cases) {
    await t.test(name, async () => {
      const told = await prepop(tenant, ["runs", ...argv, "--json"]);
      assert.equal(told.exitCode, 1);
      assert.equal(told.of("error")[0]?.code, code);
    });
  }
});

test("runs end stops a run for good, once", async () => {
  const { tenant, run } = await start();
  await using _ = tenant;
  const ended = await prepop(tenant, ["runs", "end", run, "--json"]);
  assert.equal(ended.exitCode, 0);
  assert.equal(ended.summary.state, "done");
  const ledger = openLedger({ home: tenant.home });
  ledger.reopenRun(run);
  ledger.close();
  assert.equal((await prepop(tenant, ["runs", "end", run, "--json"])).summary.state, "ended");
  const resume = await prepop(tenant, ["resume", "--yes", "--json"]);
  assert.match(String(resume.summary.message), /nothing to resume/);
});
