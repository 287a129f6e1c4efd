import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { type TestContext, test } from "node:test";
import { type Conditions, type Rehearsal, rehearse } from "../../src/engine/rehearse.ts";
import { openLedger } from "../../src/ledger/ledger.ts";
import type { Change } from "../../src/model/change.ts";
import { defaultLimits, defaultPace } from "../../src/model/defaults.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { EntryOutcome, OutcomeKind } from "../../src/model/run.ts";
import { aChange, aPlan } from "../report/build.ts";
import { temporaryFolder } from "../support/ledgerData.ts";

/** Rehearses with the machine's time held still: only waiting counts, so the prediction is the same each time. */
async function rehearsed(
  t: TestContext,
  plan: Plan,
  conditions: Partial<Conditions> = {},
): Promise<Rehearsal & { readonly outcomes: readonly EntryOutcome[] }> {
  const ledger = openLedger({ home: temporaryFolder(), key: randomBytes(32).toString("base64") });
  t.after(() => ledger.close());
  const running = rehearse(
    {
      plan,
      ledger,
      limits: { ...defaultLimits, force: true, maxDelete: 1_000, confirmTenant: "contoso.com" },
      pace: defaultPace,
      conditions: { latencyMs: 150, faults: [], ...conditions },
    },
    {
      clock: {
        now: () => 0,
        wall: () => Date.UTC(2026, 10, 24),
        sleep: () => assert.fail("a rehearsal waited for real"),
      },
      random: () => 0.5,
      newId: randomUUID,
    },
  );
  const outcomes: EntryOutcome[] = [];
  let next = await running.next();
  for (; !next.done; next = await running.next()) outcomes.push(next.value);
  return { ...next.value, outcomes };
}

/** One change for each of so many users. */
function changes(count: number, kind: Change["kind"] = "create", more: Partial<Change> = {}): Change[] {
  return Array.from({ length: count }, (_, at) => {
    const user = `user${at}@contoso.com`;
    const userId = `00000000-0000-4000-8000-${String(at).padStart(12, "0")}`;
    const to = kind === "delete" ? null : `+31 61${String(at).padStart(7, "0")}`;
    return aChange(kind, { user, userPrincipalName: user, userId, to, ...more });
  });
}

function within(value: number, least: number, most: number): void {
  assert.ok(value >= least && value <= most, `${value} is not from ${least} to ${most}`);
}

const kinds = (outcomes: readonly EntryOutcome[]): readonly OutcomeKind[] =>
  outcomes.map(({ outcome }) => outcome);

test("a quota takes its time in the prediction and none for whoever rehearses", async t => {
  const plan = aPlan({ changes: changes(700) });
  const { seconds, writes, throttled, end } = await rehearsed(t, plan, {
    quota: { burst: 100, perSecond: 2 },
  });
  // 600 writes wait for a token, two a second.
  within(seconds, 300, 300 * 1.15);
  assert.deepEqual([end.state, end.counts.applied, writes], ["done", 700, 700 + throttled]);
});

test("without a quota the time is that of the answers and of the pace", async t => {
  const plan = aPlan({ changes: changes(300) });
  const { seconds, throttled } = await rehearsed(t, plan);
  within(seconds, 0.15, 10);
  assert.equal(throttled, 0);
});

test("two rehearsals of one plan say the same", async t => {
  const plan = aPlan({ changes: changes(120) });
  const conditions = {
    quota: { burst: 20, perSecond: 5 },
    faults: [{ kind: "committedThen504" as const, probability: 0.1 }],
  };
  const [one, other] = [await rehearsed(t, plan, conditions), await rehearsed(t, plan, conditions)];
  assert.deepEqual(
    [one.seconds, one.requests, one.writes, one.throttled, one.end.counts],
    [other.seconds, other.requests, other.writes, other.throttled, other.end.counts],
  );
});

test("a doubtful answer is read back in the rehearsal, too, and its time is counted", async t => {
  const plan = aPlan({ changes: changes(3) });
  const calm = await rehearsed(t, plan);
  const { seconds, outcomes } = await rehearsed(t, plan, { faults: [{ kind: "committedThen504" }] });
  assert.deepEqual(kinds(outcomes), ["applied", "applied", "applied"]);
  assert.ok(seconds > calm.seconds, `${seconds} s with doubt, ${calm.seconds} s without`);
});

test("an answer that never comes takes as long as prepop waits for one", async t => {
  const plan = aPlan({ changes: changes(1) });
  const { seconds, outcomes } = await rehearsed(t, plan, {
    faults: [{ kind: "committedThenTimeout", match: { effect: "write" } }],
  });
  within(seconds, 30, 120);
  assert.deepEqual(kinds(outcomes), ["applied"]);
});

test("a connection that breaks before the service has the request is survived", async t => {
  const plan = aPlan({ changes: changes(2) });
  const { outcomes } = await rehearsed(t, plan, { faults: [{ kind: "resetBefore", times: 1 }] });
  assert.deepEqual(kinds(outcomes), ["applied", "applied"]);
});

const known: readonly { readonly name: string; readonly changes: readonly Change[] }[] = [
  { name: "an update of the number that is there", changes: changes(2, "update") },
  {
    name: "an update of a number that was read masked",
    changes: changes(2, "update", { from: "+44 XXXXXXXX23" }),
  },
  {
    name: "an update of a number that the tenant took without its space or with a trunk zero",
    changes: changes(2, "update", { from: "+4407700900123" }),
  },
  { name: "a delete of the only phone", changes: changes(2, "delete") },
  {
    name: "a delete of the default method, which is switched first",
    changes: changes(2, "delete", { switchDefault: { from: "sms", to: "push" } }),
  },
  {
    name: "an alternate mobile beside a mobile that the list does not speak of",
    changes: changes(2, "create", { phoneType: "alternateMobile" }),
  },
  {
    name: "a mobile and its alternate, one after the other",
    changes: [...changes(1), ...changes(1, "create", { phoneType: "alternateMobile", to: "+31 687654321" })],
  },
];

for (const { name, changes: planned } of known) {
  test(`${name} is rehearsed as it would be done`, async t => {
    const { outcomes } = await rehearsed(t, aPlan({ changes: planned, findings: { phonesHeld: 100 } }));
    assert.deepEqual(
      outcomes.map(({ outcome, message }) => message ?? outcome),
      planned.map(() => "applied"),
    );
  });
}

test("SMS sign-in is switched on and off where the plan says so", async t => {
  const mobile = { from: "+31 612345678", to: "+31 612345678" };
  for (const kind of ["enableSms", "disableSms"] as const) {
    const plan = aPlan({
      changes: changes(1, kind, mobile),
      header: { smsSignIn: kind === "enableSms" ? "enable" : "disable" },
    });
    const { outcomes } = await rehearsed(t, plan);
    assert.ok(
      kinds(outcomes).every(kind => kind === "applied" || kind === "alreadySo"),
      JSON.stringify(outcomes),
    );
  }
});

test("two users who want one number for SMS sign-in are in each other's way, as they would be", async t => {
  const plan = aPlan({
    changes: changes(2, "create", { to: "+31 612345678" }),
    findings: { smsSideEffect: 2 },
  });
  const { writes, seconds } = await rehearsed(t, plan);
  assert.equal(writes, 2);
  // The second is answered 409 although the phone is stored, and is read back.
  assert.ok(seconds > 1, `${seconds} s`);
});

test("what sends nothing costs nothing and keeps its outcome", async t => {
  const planned = (["unchanged", "kept", "refused"] as const).map(kind =>
    aChange(kind, { userId: randomUUID() }),
  );
  const { outcomes, writes } = await rehearsed(t, aPlan({ changes: planned }));
  assert.deepEqual(kinds(outcomes), ["alreadySo", "skipped", "refused"]);
  assert.equal(writes, 0);
});

test("a guard refuses a rehearsal as it would refuse the run", async t => {
  const ledger = openLedger({ home: temporaryFolder(), key: randomBytes(32).toString("base64") });
  t.after(() => ledger.close());
  const plan = aPlan({ changes: changes(20, "delete"), findings: { phonesHeld: 1_000 } });
  const running = rehearse(
    {
      plan,
      ledger,
      limits: defaultLimits,
      pace: defaultPace,
      conditions: { latencyMs: 0, faults: [] },
    },
    {
      clock: { now: () => 0, wall: () => 0, sleep: async () => undefined },
      random: Math.random,
      newId: randomUUID,
    },
  );
  await assert.rejects(running.next(), { code: "PREPOP_GUARD_MAX_DELETE" });
});
