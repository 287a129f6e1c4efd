import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { type TestContext, test } from "node:test";
import {
  apply,
  connectGraph,
  type OpenPlan,
  openLedger,
  PrepopError,
  plan,
  type RunLine,
  type RunSummaryLine,
  readRoster,
  resume,
  startSandbox,
} from "../../src/index.ts";
import { temporaryFolder } from "../support/ledgerData.ts";

const users = ["adele@contoso.com", "alex@contoso.com", "amber@contoso.com"];
const list = `userPrincipalName,mobile\n${users.map((user, at) => `${user},+1 2065550${100 + at}`).join("\n")}\n`;

/** A tenant with three users, a ledger, and a list that gives each of them a phone. */
async function aRehearsal(t: TestContext) {
  const sandbox = await startSandbox({ users });
  const graph = connectGraph({ origin: sandbox.url, token: sandbox.token });
  const home = temporaryFolder();
  const ledger = openLedger({ home });
  const roster = await readRoster(Readable.from([list]), { format: "csv" });
  const made = await plan(roster, { graph });
  t.after(async () => {
    made.close();
    ledger.close();
    await roster.close();
    await graph.close();
    await sandbox.close();
  });
  return { sandbox, graph, ledger, home, roster, made };
}

function summaryOf(lines: readonly RunLine[]): RunSummaryLine {
  const last = lines.at(-1);
  assert.ok(last?.type === "summary", "the last line is the summary");
  return last;
}

test("apply yields an outcome for each change and then the summary", async t => {
  const { made, graph, ledger, sandbox } = await aRehearsal(t);
  const lines = await Array.fromAsync(apply(made, { graph, ledger, digest: made.digest }));
  assert.deepEqual(
    lines.map(line => (line.type === "outcome" ? [line.user, line.outcome, line.to] : line.type)),
    [...users.map((user, at) => [user, "applied", `+• ••••••••0${at}`]), "summary"],
  );
  const summary = summaryOf(lines);
  assert.equal(summary.exitCode, 0);
  assert.equal(summary.state, "done");
  assert.equal(summary.writes, 3);
  assert.equal(sandbox.user("alex@contoso.com")?.phones.mobile?.phoneNumber, "+1 2065550101");
});

test("the lines show numbers in full only when asked to", async t => {
  const { made, graph, ledger } = await aRehearsal(t);
  const lines = await Array.fromAsync(apply(made, { graph, ledger, showNumbers: true }));
  assert.deepEqual(
    lines.flatMap(line => (line.type === "outcome" ? [line.to] : [])),
    ["+1 2065550100", "+1 2065550101", "+1 2065550102"],
  );
});

test("the counts of a summary are of its own run, not of all that the connection did", async t => {
  const { made, graph, ledger, roster } = await aRehearsal(t);
  await Array.fromAsync(apply(made, { graph, ledger }));
  const again: OpenPlan = await plan(roster, { graph });
  t.after(() => again.close());
  const summary = summaryOf(await Array.fromAsync(apply(again, { graph, ledger })));
  assert.equal(summary.counts.alreadySo, 3);
  assert.equal(summary.writes, 0);
});

test("leaving the loop interrupts the run, and resume finishes it", async t => {
  const { made, graph, ledger, sandbox } = await aRehearsal(t);
  for await (const line of apply(made, { graph, ledger, rate: 1 })) {
    if (line.type === "outcome") break;
  }
  const [left] = ledger.runs();
  assert.equal(left?.state, "interrupted");
  const before = sandbox.stats().executed;
  assert.ok(before < 3, "not everything was sent");

  const summary = summaryOf(await Array.fromAsync(resume({ graph, ledger })));
  assert.equal(summary.command, "resume");
  assert.equal(summary.state, "done");
  assert.equal(sandbox.stats().executed, 3);
});

test("a signal interrupts the run, and the summary says so", async t => {
  const { made, graph, ledger } = await aRehearsal(t);
  const stop = new AbortController();
  const lines: RunLine[] = [];
  for await (const line of apply(made, { graph, ledger, rate: 1, signal: stop.signal })) {
    lines.push(line);
    stop.abort();
  }
  const summary = summaryOf(lines);
  assert.equal(summary.exitCode, 130);
  assert.equal(summary.state, "interrupted");
  assert.ok(summary.open > 0);
});

test("resume without an interrupted run yields the summary only", async t => {
  const { graph, ledger } = await aRehearsal(t);
  const lines = await Array.fromAsync(resume({ graph, ledger }));
  assert.equal(lines.length, 1);
  assert.equal(summaryOf(lines).run, null);
});

const refusals: readonly {
  readonly name: string;
  readonly code: string;
  readonly act: (given: Awaited<ReturnType<typeof aRehearsal>>) => Promise<unknown>;
}[] = [
  {
    name: "another digest than the one that was looked at",
    code: "PREPOP_PLAN_DIGEST",
    act: ({ made, graph, ledger }) => Array.fromAsync(apply(made, { graph, ledger, digest: "0" })),
  },
  {
    name: "another tenant than the one that is meant",
    code: "PREPOP_TENANT_MISMATCH",
    act: ({ roster, graph }) => plan(roster, { graph, tenantId: "99999999-0000-4000-8000-000000000000" }),
  },
  {
    name: "a run that the ledger does not know",
    code: "PREPOP_RUN_NOT_FOUND",
    act: ({ graph, ledger }) => Array.fromAsync(resume({ graph, ledger, run: "nope" })),
  },
  {
    name: "a file that is not there",
    code: "PREPOP_ROSTER_NOT_FOUND",
    act: () => readRoster("no such file.xlsx"),
  },
];
for (const { name, code, act } of refusals) {
  test(`${name} is refused before anything is sent`, async t => {
    const given = await aRehearsal(t);
    await assert.rejects(act(given), error => error instanceof PrepopError && error.code === code);
    assert.equal(given.sandbox.stats().writes, 0);
  });
}

test("policy remove without a phone column needs to be told which phones", async t => {
  const { graph } = await aRehearsal(t);
  const roster = await readRoster(Readable.from([`userPrincipalName\n${users[0]}\n`]), {
    format: "csv",
    requirePhones: false,
  });
  t.after(() => roster.close());
  await assert.rejects(plan(roster, { graph, policy: "remove" }), { code: "PREPOP_ROSTER_TYPES_NEEDED" });
  const made = await plan(roster, { graph, policy: "remove", types: ["mobile"] });
  made.close();
});
