import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Ledger, openLedger } from "../../src/ledger/ledger.ts";
import type { Change } from "../../src/model/change.ts";
import type { RowIssue } from "../../src/model/issue.ts";
import type { Entry, Outcome, RunState } from "../../src/model/run.ts";
import { aChange, aRun, changes, filesOf, temporaryFolder, testKey } from "../support/ledgerData.ts";

/** A ledger in a new home; runs are called run-1, run-2 …, and the clock stands at 1000. */
function aLedger(test: TestContext, home = temporaryFolder()): Ledger {
  let runs = 0;
  const ledger = openLedger({ home, key: testKey, now: () => 1_000, newId: () => `run-${++runs}` });
  test.after(() => ledger.close());
  return ledger;
}

const applied: Outcome = { outcome: "applied", attempts: 1, requestId: "request-1" };
const inDoubt: Outcome = {
  outcome: "inDoubt",
  attempts: 1,
  code: "PREPOP_ROW_IN_DOUBT",
  message: "No answer.",
};
const seqs = (users: Iterable<readonly { readonly seq: number }[]>): number[][] =>
  Array.from(users, user => user.map(entry => entry.seq));

test("a run gives back what it was given", t => {
  const ledger = aLedger(t);
  const given = aRun({
    tenant: { id: "tenant-1", domain: "contoso.example", displayName: "Contoso", source: "organization" },
    policy: "mirror",
    smsSignIn: "disable",
    rosterHash: "r",
    optionsHash: "o",
    undoes: "run-0",
    issues: 2,
  });
  ledger.lock("tenant-1");
  const run = ledger.startRun(given, changes(1), []);
  assert.deepEqual(run, { ...given, id: "run-1", startedAt: 1_000, state: "open" });
  assert.deepEqual(ledger.run("run-1"), run);

  ledger.endRun("run-1", "interrupted", 2_000);
  assert.deepEqual(ledger.run("run-1"), { ...run, state: "interrupted", endedAt: 2_000 });
  ledger.reopenRun("run-1");
  assert.deepEqual(ledger.run("run-1"), run);
});

test("entries give back every field of their changes", t => {
  const ledger = aLedger(t);
  const given: readonly Change[] = [
    aChange(1, { from: "+44 7700900999", kind: "update", reason: "otherNumber", rows: [2, 7] }),
    aChange(2, {
      kind: "delete",
      to: null,
      from: "+1 5555550123x12",
      ref: { row: 3, sheet: "Blad1", table: "T" },
      switchDefault: { from: "sms", to: "push" },
    }),
  ];
  const { id } = ledger.startRun(aRun(), given, []);
  const entries = Array.from(ledger.outcomes(id), standing => standing.entry);
  assert.deepEqual(
    entries,
    given.map((change, at) => ({ ...change, runId: id, seq: at + 1, state: "open", attempts: 0 })),
  );
});

test("issues come back in order for the report", t => {
  const ledger = aLedger(t);
  const issues: readonly RowIssue[] = Array.from({ length: 1_500 }, (_, at) => ({
    code: "invalid-phone",
    level: "error",
    ref: { row: at },
    user: at % 2 ? null : `user${at}`,
    phoneType: "office",
    message: "too short: •••12",
  }));
  const { id } = ledger.startRun(aRun({ issues: 1_500 }), [], issues);
  assert.deepEqual([...ledger.issues(id)], issues);
  assert.equal(ledger.counts(id).issues, 1_500);
});

test("a run is found by the beginning of its id when only one run has it", t => {
  const ids = ["ab12", "ab34", "cd"];
  const ledger = openLedger({ home: temporaryFolder(), key: testKey, newId: () => ids.shift() ?? "" });
  t.after(() => ledger.close());
  for (let n = 0; n < 3; n++) ledger.startRun(aRun(), [], []);
  const found = ["ab1", "ab", "cd", "c", "", "x", "ab12", "%"].map(id => ledger.run(id)?.id);
  assert.deepEqual(found, ["ab12", undefined, "cd", "cd", undefined, undefined, "ab12", undefined]);
});

test("runs are listed newest first with their totals", async t => {
  const ledger = aLedger(t);
  ledger.startRun(aRun(), changes(3), []);
  ledger.startRun(aRun({ issues: 4 }), changes(1), []);
  await Promise.all([ledger.finish("run-1", 1, applied), ledger.finish("run-1", 2, inDoubt)]);
  const none = {
    applied: 0,
    alreadySo: 0,
    refused: 0,
    failed: 0,
    inDoubt: 0,
    skipped: 0,
    issues: 0,
    open: 0,
  };
  assert.deepEqual(
    Array.from(ledger.runs(), run => [run.id, run.counts]),
    [
      ["run-2", { ...none, open: 1, issues: 4 }],
      ["run-1", { ...none, applied: 1, inDoubt: 1, open: 1 }],
    ],
  );
});

const runStates: readonly (readonly [state: RunState, goesOn: boolean])[] = [
  ["open", true],
  ["interrupted", true],
  ["inDoubt", true],
  ["done", false],
  ["superseded", false],
  ["ended", false],
];
for (const [state, goesOn] of runStates) {
  test(`a run that is ${state} ${goesOn ? "can be gone on with" : "is over"}`, t => {
    const ledger = aLedger(t);
    ledger.startRun(aRun(), [], []);
    ledger.startRun(aRun(), [], []);
    ledger.startRun(aRun({ tenant: { id: "tenant-2", source: "signIn" } }), [], []);
    ledger.endRun("run-2", state, 2_000);
    assert.equal(ledger.newestOpenRun("tenant-1")?.id, goesOn ? "run-2" : "run-1");
    assert.equal(ledger.newestOpenRun("tenant-3"), undefined);
  });
}

type Move = (ledger: Ledger) => Promise<void>;
const sent =
  (attempt: number, sentAt: number): Move =>
  ledger =>
    ledger.markSent({ runId: "run-1", seq: 1, attempt, sentAt, clientRequestId: "c" });
const doubted =
  (since: number): Move =>
  ledger =>
    ledger.markDoubt("run-1", 1, since);
const finished =
  (outcome: Outcome): Move =>
  ledger =>
    ledger.finish("run-1", 1, outcome);

type Life = {
  readonly name: string;
  readonly moves: readonly Move[];
  readonly entry: Pick<Entry, "state" | "attempts"> & Partial<Entry>;
  readonly outcome?: Outcome;
};
const lives: readonly Life[] = [
  { name: "is open when nothing was sent", moves: [], entry: { state: "open", attempts: 0 } },
  {
    name: "is sent while an attempt is out",
    moves: [sent(1, 500)],
    entry: { state: "sent", attempts: 1, sentAt: 500 },
  },
  {
    name: "keeps its newest attempt",
    moves: [sent(1, 500), sent(2, 600)],
    entry: { state: "sent", attempts: 2, sentAt: 600 },
  },
  {
    name: "keeps the newest attempt in doubt through a later attempt",
    moves: [sent(1, 500), doubted(500), sent(2, 600)],
    entry: { state: "sent", attempts: 2, sentAt: 600, doubtSince: 500 },
  },
  {
    name: "is finished by an outcome",
    moves: [sent(1, 500), finished(applied)],
    entry: { state: "finished", attempts: 1, sentAt: 500 },
    outcome: applied,
  },
  {
    name: "can be finished without a send",
    moves: [finished({ outcome: "skipped", attempts: 0, code: "PREPOP_ROW_KEPT" })],
    entry: { state: "finished", attempts: 0 },
    outcome: { outcome: "skipped", attempts: 0, code: "PREPOP_ROW_KEPT" },
  },
  {
    name: "in doubt has an outcome and is not finished",
    moves: [sent(1, 500), doubted(500), finished(inDoubt)],
    entry: { state: "sent", attempts: 1, sentAt: 500, doubtSince: 500 },
    outcome: inDoubt,
  },
  {
    name: "in doubt can be settled later",
    moves: [sent(1, 500), finished(inDoubt), finished(applied)],
    entry: { state: "finished", attempts: 1, sentAt: 500 },
    outcome: applied,
  },
  {
    name: "in doubt that is sent again has no outcome until the answer",
    moves: [sent(1, 500), finished(inDoubt), sent(2, 900)],
    entry: { state: "sent", attempts: 2, sentAt: 900 },
  },
];
for (const { name, moves, entry, outcome } of lives) {
  test(`an entry ${name}`, async t => {
    const ledger = aLedger(t);
    ledger.startRun(aRun(), changes(1), []);
    for (const move of moves) await move(ledger);
    const expected = { ...aChange(1), runId: "run-1", seq: 1, ...entry };
    assert.deepEqual([...ledger.outcomes("run-1")], [{ entry: expected, ...outcome }]);
    const isFinished = expected.state === "finished";
    assert.deepEqual([...ledger.users("run-1")], isFinished ? [] : [[expected]]);
    assert.deepEqual(ledger.entriesOfUser("run-1", "user-1"), [expected]);
  });
}

test("a finished entry is not marked as sent again, and others of the same tick are", async t => {
  const ledger = aLedger(t);
  ledger.startRun(aRun(), changes(2), []);
  await ledger.finish("run-1", 1, applied);
  const marks = [1, 2, 3].map(seq => ledger.markSent({ runId: "run-1", seq, attempt: 2, sentAt: 1 }));
  const settled = await Promise.allSettled(marks);
  assert.deepEqual(
    settled.map(result => result.status),
    ["rejected", "fulfilled", "rejected"],
  );
  await assert.rejects(ledger.markSent({ runId: "run-9", seq: 1, attempt: 1, sentAt: 1 }), {
    code: "PREPOP_RUN_NOT_FOUND",
  });
  assert.equal(ledger.counts("run-1").open, 1);
});

test("a user's entries come together and in order, also across a page", t => {
  const ledger = aLedger(t);
  const types = ["mobile", "alternateMobile", "office"] as const;
  const all = Array.from({ length: 2_400 }, (_, at) =>
    aChange(1 + Math.floor(at / 3), { phoneType: types[at % 3] ?? "mobile" }),
  );
  ledger.startRun(aRun(), all, []);
  const users = seqs(ledger.users("run-1"));
  assert.equal(users.length, 800);
  assert.deepEqual(
    users.flat(),
    all.map((_, at) => at + 1),
  );
  assert.deepEqual(users[333], [1_000, 1_001, 1_002]);
});

test("a walk meets every unfinished entry once while entries are marked and finished", async t => {
  const ledger = aLedger(t);
  ledger.startRun(aRun(), changes(3_500), []);
  for (const seq of [2, 1_500]) await ledger.finish("run-1", seq, applied);
  await ledger.finish("run-1", 3, inDoubt);

  const met: number[] = [];
  const walk = ledger.users("run-1")[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let user = walk.next(); !user.done; user = walk.next()) {
      for (const { seq } of user.value) {
        met.push(seq);
        await ledger.markSent({ runId: "run-1", seq, attempt: 1, sentAt: 1_000 });
        await ledger.finish("run-1", seq, seq % 7 ? applied : inDoubt);
      }
    }
  };
  await Promise.all(Array.from({ length: 50 }, work));
  const expected = Array.from({ length: 3_500 }, (_, at) => at + 1).filter(seq => seq !== 2 && seq !== 1_500);
  assert.deepEqual(
    met.sort((left, right) => left - right),
    expected,
  );
  assert.deepEqual(
    seqs(ledger.users("run-1")).flat(),
    expected.filter(seq => seq % 7 === 0),
  );
});

test("a slot has one change of its phone and one of its SMS sign-in in a run", t => {
  const ledger = aLedger(t);
  const sms = aChange(1, { kind: "enableSms", reason: "smsSignIn" });
  ledger.startRun(aRun(), [aChange(1), sms, aChange(1, { phoneType: "office" })], []);
  const twice: readonly (readonly Change[])[] = [
    [aChange(1), aChange(1, { to: "+44 7700900999" })],
    [aChange(1), aChange(1, { kind: "delete" })],
    [sms, aChange(1, { kind: "disableSms" })],
    [sms, aChange(1, { kind: "refused", reason: "smsSignIn" })],
  ];
  for (const pair of twice) assert.throws(() => ledger.startRun(aRun(), pair, []), /UNIQUE/);
  assert.deepEqual(
    Array.from(ledger.runs(), run => run.counts.open),
    [3],
  );
});

test("a plan that breaks off while it is recorded leaves no run", t => {
  const ledger = aLedger(t);
  function* broken(): Iterable<Change> {
    yield aChange(1);
    throw new Error("the spool is gone");
  }
  assert.throws(() => ledger.startRun(aRun(), broken(), []), /spool is gone/);
  assert.deepEqual([...ledger.runs()], []);
  ledger.startRun(aRun(), changes(1), []);
  assert.equal([...ledger.runs()].length, 1);
});

test("a plan may be streamed out of the ledger that records it", t => {
  const ledger = aLedger(t);
  ledger.startRun(aRun(), changes(1_200), []);
  function* backwards(): Iterable<Change> {
    for (const { entry } of ledger.outcomes("run-1"))
      yield { ...entry, kind: "delete", from: entry.to, to: null };
  }
  ledger.startRun(aRun({ undoes: "run-1" }), backwards(), []);
  assert.equal(ledger.counts("run-2").open, 1_200);
});

type Recent = {
  readonly name: string;
  readonly ask: Parameters<Ledger["recentWrite"]>;
  readonly sent: boolean;
};
const recents: readonly Recent[] = [
  { name: "a write of the same slot", ask: ["tenant-1", "user-1", "mobile", 500], sent: true },
  { name: "a write at the very moment", ask: ["tenant-1", "user-1", "mobile", 700], sent: true },
  { name: "an older write", ask: ["tenant-1", "user-1", "mobile", 701], sent: false },
  { name: "another slot", ask: ["tenant-1", "user-1", "office", 500], sent: false },
  { name: "another user", ask: ["tenant-1", "user-2", "mobile", 500], sent: false },
  { name: "another tenant", ask: ["tenant-2", "user-1", "mobile", 500], sent: false },
  {
    name: "its own write",
    ask: ["tenant-1", "user-1", "mobile", 500, { runId: "run-1", seq: 1 }],
    sent: false,
  },
  {
    name: "the write of another run's entry in the same place",
    ask: ["tenant-1", "user-1", "mobile", 500, { runId: "run-2", seq: 1 }],
    sent: true,
  },
];
for (const { name, ask, sent } of recents) {
  test(`${name} is ${sent ? "" : "not "}a recent write`, async t => {
    const ledger = aLedger(t);
    ledger.startRun(aRun(), changes(2), []);
    ledger.startRun(aRun(), changes(2), []);
    await ledger.markSent({ runId: "run-1", seq: 1, attempt: 1, sentAt: 700 });
    await ledger.finish("run-1", 1, applied);
    assert.equal(ledger.recentWrite(...ask), sent ? 700 : undefined);
  });
}

test("flush and close commit what nobody has awaited yet", async t => {
  const home = temporaryFolder();
  const ledger = openLedger({ home, key: testKey, newId: () => "run-1" });
  ledger.startRun(aRun(), changes(2), []);
  const first = ledger.finish("run-1", 1, applied);
  await ledger.flush();
  assert.equal(ledger.counts("run-1").applied, 1);
  const second = ledger.finish("run-1", 2, applied);
  ledger.close();
  await Promise.all([first, second]);
  assert.equal(aLedger(t, home).counts("run-1").applied, 2);
});

test("the files are for their owner only", { skip: process.platform === "win32" && "no file modes" }, t => {
  const home = join(temporaryFolder(), "new", "home");
  const ledger = openLedger({ home });
  t.after(() => ledger.close());
  ledger.startRun(aRun(), changes(1), []);
  ledger.lock("tenant-1");
  const mode = (path: string): number => statSync(join(home, path)).mode & 0o777;
  assert.equal(mode(""), 0o700);
  assert.equal(mode("locks"), 0o700);
  const files = ["ledger.db", "ledger.db-wal", "ledger.db-shm", "ledger.key", "locks/tenant-1.lock"];
  assert.deepEqual(
    files.map(file => [file, mode(file)]),
    files.map(file => [file, 0o600]),
  );
});

test("no number can be found in the ledger's files", async () => {
  const home = temporaryFolder();
  const ledger = openLedger({ home, key: testKey, newId: () => "run-1" });
  const numbers = ["+31 612345678", "+1 2125550123x99"];
  const change = aChange(1, { from: numbers[0] ?? null, to: numbers[1] ?? null });
  const swapped: RowIssue = {
    code: "invalid-user",
    level: "error",
    ref: { row: 3 },
    user: "+31 612345678",
    message: "It is not a user.",
  };
  ledger.startRun(aRun(), [change], [swapped]);
  await ledger.finish("run-1", 1, applied);
  ledger.close();
  for (const [file, bytes] of filesOf(home)) {
    for (const digits of ["612345678", "2125550123", "5678", "0123"]) {
      assert.equal(bytes.includes(digits), false, `${digits} in ${file}`);
      assert.equal(bytes.includes(Buffer.from(digits, "utf16le")), false, `${digits} in ${file}`);
    }
  }
});

test("what later runs wrote to a user of the same tenant is known, oldest first", async t => {
  const ledger = aLedger(t);
  ledger.startRun(aRun(), [aChange(1)], []);
  await ledger.finish("run-1", 1, applied);
  ledger.startRun(
    aRun({ undoes: "run-1" }),
    [aChange(1, { kind: "delete" }), aChange(1, { phoneType: "office" }), aChange(2)],
    [],
  );
  await ledger.finish("run-2", 1, applied);
  await ledger.markSent({ runId: "run-2", seq: 2, attempt: 1, sentAt: 1_000 });
  await ledger.finish("run-2", 3, applied);
  ledger.startRun(aRun(), [aChange(1), aChange(1, { phoneType: "office" })], []);
  await ledger.finish("run-3", 1, { outcome: "failed", attempts: 1 });
  await ledger.finish("run-3", 2, inDoubt);
  ledger.startRun(aRun({ tenant: { id: "tenant-2", source: "signIn" } }), [aChange(1)], []);
  await ledger.finish("run-4", 1, applied);

  assert.deepEqual(ledger.laterWrites("run-1", "user-1"), [
    { runId: "run-2", undoes: "run-1", phoneType: "mobile", outcome: "applied" },
    { runId: "run-2", undoes: "run-1", phoneType: "office", outcome: "inDoubt" },
    { runId: "run-3", phoneType: "office", outcome: "inDoubt" },
  ]);
  assert.deepEqual(ledger.laterWrites("run-3", "user-1"), []);
});

test("the state of SMS sign-in before the first send stays that of the newest read that still tells it", async t => {
  const ledger = aLedger(t);
  ledger.startRun(aRun(), [aChange(1, { kind: "update" })], []);
  const smsBefore = (): unknown => ledger.entriesOfUser("run-1", "user-1")[0]?.smsBefore;
  assert.equal(smsBefore(), undefined);
  const mark = { runId: "run-1", seq: 1, sentAt: 1_000 };
  await ledger.markSent({ ...mark, attempt: 1, smsBefore: "ready" });
  assert.equal(smsBefore(), "ready");
  await ledger.markSent({ ...mark, attempt: 2, smsBefore: "notEnabled" });
  assert.equal(smsBefore(), "notEnabled");
  await ledger.markSent({ ...mark, attempt: 3 });
  assert.equal(smsBefore(), "notEnabled");
});

const anIssue: RowIssue = {
  code: "invalid-phone",
  level: "error",
  ref: { row: 5 },
  user: "+44 7700900321",
  message: "It is too short.",
};

test("a forgotten run has no numbers and no issues, also without the key", async t => {
  const home = temporaryFolder();
  const ledger = aLedger(t, home);
  ledger.startRun(aRun(), [aChange(1)], [anIssue]);
  await ledger.finish("run-1", 1, applied);
  ledger.endRun("run-1", "done", 1_000);
  ledger.startRun(aRun(), [aChange(2)], []);
  ledger.forget("run-1");

  const keyless = openLedger({ home });
  t.after(() => keyless.close());
  const [standing] = keyless.outcomes("run-1");
  assert.deepEqual([standing?.entry.from, standing?.entry.to, standing?.outcome], [null, null, "applied"]);
  assert.deepEqual([...keyless.issues("run-1")], []);
  assert.equal(keyless.run("run-1")?.forgottenAt, 1_000);
  assert.equal([...ledger.outcomes("run-2")][0]?.entry.to, "+44 7700900002");
});

test("only finished runs that are old enough and still have numbers are to be forgotten", t => {
  const ledger = aLedger(t);
  const states: readonly RunState[] = [
    "open",
    "interrupted",
    "inDoubt",
    "done",
    "superseded",
    "ended",
    "done",
  ];
  for (const state of states) {
    ledger.startRun(aRun(state === "ended" ? { tenant: { id: "tenant-2", source: "signIn" } } : {}), [], []);
  }
  for (const [at, state] of states.entries()) ledger.endRun(`run-${at + 1}`, state, 1_000);
  ledger.forget("run-7");
  const ids = (runs: readonly { readonly id: string }[]): string[] => runs.map(({ id }) => id);
  assert.deepEqual(ids(ledger.runsToForget(1_001)), ["run-4", "run-5", "run-6"]);
  assert.deepEqual(ids(ledger.runsToForget(1_001, "tenant-2")), ["run-6"]);
  assert.deepEqual(ids(ledger.runsToForget(1_000)), []);
});
