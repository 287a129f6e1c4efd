import assert from "node:assert/strict";
import { test } from "node:test";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { temporaryFolder, testKey } from "../support/ledgerData.ts";
import { csv } from "../support/rehearse.ts";
import { spawnPrepop } from "../support/spawned.ts";

/** A disk that fills up in the middle of a run. */

const users = 600;
const noFileLimit = process.platform === "win32" && "no limit for files there";
const numberOf = (index: number): string => `+31 61${String(index).padStart(7, "0")}`;

test("the run stops before a write that cannot be recorded, says how things stand, and can be resumed", {
  skip: noFileLimit,
}, async t => {
  const sandbox = await startSandbox({ users });
  t.after(() => sandbox.close());
  const env = {
    PREPOP_HOME: temporaryFolder(),
    PREPOP_LEDGER_KEY: testKey,
    PREPOP_GRAPH_URL: sandbox.url,
    PREPOP_ACCESS_TOKEN: sandbox.token,
  };
  const everybody = [...sandbox.users()];
  const rows = everybody.map(({ userPrincipalName }, index) => `${userPrincipalName},${numberOf(index)}`);
  const apply = ["apply", csv("userPrincipalName,mobile", ...rows), "--yes", "--json"];

  // The plan fits into the log of the ledger, and some of the marks after it.
  const full = await spawnPrepop(apply, env, { largestFile: 1_500 }).ended;
  assert.equal(full.exitCode, 1, full.stderr);
  const error = full.lines.find(line => line.type === "error");
  assert.equal(error?.code, "PREPOP_LEDGER_WRITE");
  assert.match(String(error?.message), /Done: \d+\. .*In doubt: \d+\. Not sent: \d+\.$/);
  assert.match(String(error?.hint), /prepop resume/);
  assert.equal(full.summary?.type, "summary");
  const executed = sandbox.stats().executed;
  t.diagnostic(`${executed} of ${users} were executed`);
  assert.ok(executed > 0 && executed < users, `${executed} executed`);

  const resumed = await spawnPrepop(["resume", "--yes", "--json", "--settle-horizon", "1s"], env).ended;
  assert.equal(resumed.exitCode, 0, resumed.stderr);
  assert.equal(sandbox.stats().executed, users, "nobody was written to twice");
  assert.equal(sandbox.stats().writes, users);
  for (const [index, { id }] of everybody.entries()) {
    assert.equal(sandbox.user(id)?.phones.mobile?.phoneNumber, numberOf(index));
  }
});
