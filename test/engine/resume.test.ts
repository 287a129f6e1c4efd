import assert from "node:assert/strict";
import { test } from "node:test";
import { applyPlan } from "../../src/engine/apply.ts";
import { resumeRun } from "../../src/engine/resume.ts";
import { crashPace, openLimits, planFor, seedUsers, toldIn } from "../support/crashCase.ts";
import { temporaryFolder } from "../support/ledgerData.ts";
import { seeded } from "../support/seeded.ts";
import { aWorld } from "../support/world.ts";

/** What a process that goes on knows of the changes that were finished before it. */

test("what comes after a change that failed before the end is skipped afterwards as well", async () => {
  const world = aWorld({
    random: seeded(1),
    config: {
      users: seedUsers(4),
      faults: [
        { kind: "unknownError", status: 400, match: { operation: "createPhone", phoneType: "mobile" } },
      ],
    },
  });
  const { sandbox, clock } = world;
  const whole = planFor([...sandbox.users()], sandbox.tenantId, clock.wall());
  // The fourth user is to get a mobile, and an alternate mobile after it.
  const changes = [...whole.changes()].slice(-2);
  const plan = { ...whole, changes: () => changes };
  const died = await world.live(
    temporaryFolder(),
    ({ edges, ledger }) =>
      applyPlan({ plan, ledger, limits: openLimits, pace: crashPace, command: "apply" }, edges),
    { point: "afterFinish", nth: 1, how: "kill" },
  );
  assert.equal(died.kind, "killed");
  sandbox.setFaults([]);
  const received = sandbox.log.length;

  const wentOn = await world.live(died.home, ({ edges, ledger }) => {
    const run = ledger.newestOpenRun(sandbox.tenantId);
    assert.ok(run);
    return resumeRun({ run, ledger, limits: openLimits, pace: crashPace }, edges);
  });
  assert.ok(wentOn.kind === "ended");
  assert.deepEqual(
    toldIn(wentOn.home, wentOn.end.run.id).map(({ change, outcome }) => [change.phoneType, outcome]),
    [
      ["mobile", "failed"],
      ["alternateMobile", "skipped"],
    ],
  );
  assert.equal(wentOn.outcomes[0]?.code, "PREPOP_ROW_BLOCKED_BY");
  assert.match(String(wentOn.outcomes[0]?.message), /entry 1\b/);
  const sent = sandbox.log.slice(received).filter(({ operation }) => operation === "createPhone");
  assert.deepEqual(sent, []);
});

test("what is in doubt of a run that was stopped for good is read back, and nothing else of it is sent", async () => {
  const world = aWorld({
    random: seeded(1),
    concurrency: 1,
    batch: false,
    config: {
      users: seedUsers(30),
      faults: [{ kind: "committedThenTimeout", match: { operation: "createPhone" }, times: 1 }],
      stalenessMs: 600_000,
    },
  });
  const { sandbox, clock } = world;
  const plan = planFor([...sandbox.users()], sandbox.tenantId, clock.wall());
  const limits = { ...openLimits, stopAtFailures: { kind: "count", value: 0 } } as const;
  const pace = { ...crashPace, batch: false, concurrency: 1 };
  const home = temporaryFolder();
  const stopped = await world.live(home, ({ edges, ledger }) =>
    applyPlan({ plan, ledger, limits, pace, command: "apply" }, edges),
  );
  assert.ok(stopped.kind === "ended");
  assert.equal(stopped.end.state, "ended");
  assert.equal(stopped.end.counts.inDoubt, 1);

  await clock.sleep(24 * 3_600_000 + 600_000);
  const sent = sandbox.stats().writes;
  const settled = await world.live(home, ({ edges, ledger }) => {
    const run = ledger.run(stopped.end.run.id);
    assert.ok(run);
    return resumeRun({ run, ledger, limits, pace }, edges);
  });
  assert.ok(settled.kind === "ended");
  assert.equal(settled.end.state, "ended");
  assert.equal(sandbox.stats().writes, sent);
  assert.deepEqual(
    settled.outcomes.map(({ outcome }) => outcome),
    ["applied"],
  );
});
