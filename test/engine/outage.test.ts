import assert from "node:assert/strict";
import { test } from "node:test";
import { applyPlan } from "../../src/engine/apply.ts";
import { resumeRun } from "../../src/engine/resume.ts";
import { defaultLimits } from "../../src/model/defaults.ts";
import type { FaultRule } from "../../src/sandbox/sandbox.ts";
import { crashPace, openLimits, planFor, seedUsers, toldIn } from "../support/crashCase.ts";
import { temporaryFolder } from "../support/ledgerData.ts";
import { seeded } from "../support/seeded.ts";
import { contradictions, judgeRun, usersOf } from "../support/truth.ts";
import { aWorld, type Engine } from "../support/world.ts";

/** The service goes away in the middle of a run: it is waited for, and when that takes too long the run can be resumed. */

const count = 400;
const minute = 60_000;

type Outage = {
  readonly name: string;
  readonly ms: number;
  readonly body?: "reset";
  readonly ends: "done" | "busy";
};

const outages: readonly Outage[] = [
  { name: "half a minute of 503", ms: minute / 2, ends: "done" },
  { name: "half a minute without connections that last", ms: minute / 2, body: "reset", ends: "done" },
  { name: "three minutes of 503", ms: 3 * minute, ends: "done" },
  { name: "an hour of 503", ms: 60 * minute, ends: "busy" },
  { name: "an hour without connections that last", ms: 60 * minute, body: "reset", ends: "busy" },
];

for (const [index, { name, ms, body, ends }] of outages.entries()) {
  test(`${name}: ${ends === "done" ? "the run goes on" : "the run ends for now, and resume does the rest"}`, async () => {
    const random = seeded(index + 1);
    const beginsAt = 3_000;
    const outage: FaultRule = {
      kind: "outage",
      afterMs: beginsAt,
      untilMs: beginsAt + ms,
      ...(body ? { body } : {}),
    };
    const world = aWorld({
      random,
      config: { seed: index + 1, users: seedUsers(count), faults: [outage], latencyMs: 50, jitterMs: 20 },
    });
    const { sandbox, clock } = world;
    const before = usersOf(sandbox);
    const plan = planFor([...before.values()], sandbox.tenantId, clock.wall());
    // The guard against failures is as it is: an outage is none.
    const limits = {
      ...openLimits,
      stopAtFailures: defaultLimits.stopAtFailures,
      confirmTenant: sandbox.tenantId,
    };
    const pace = { ...crashPace, rate: 60 };
    const home = temporaryFolder();
    const first = await world.live(home, ({ edges, ledger }) =>
      applyPlan({ plan, ledger, limits, pace, command: "apply" }, edges),
    );
    assert.ok(first.kind === "ended");
    assert.equal(first.end.stop?.kind, ends === "busy" ? "busy" : undefined);
    assert.equal(first.end.state, ends === "busy" ? "interrupted" : "done");
    if (ends === "busy") {
      assert.ok(first.end.counts.applied > 0, "something was done before");
      assert.equal(first.end.counts.failed, 0);
      await clock.sleep(60 * minute);
      const resume = ({ edges, ledger }: Engine) =>
        resumeRun({ run: first.end.run, ledger, limits, pace }, edges);
      const second = await world.live(home, resume);
      assert.ok(second.kind === "ended" && second.end.state === "done", "it is resumed");
    }
    const told = toldIn(home, first.end.run.id);
    const record = { log: sandbox.log, before, after: (id: string) => sandbox.user(id), stalenessMs: 0 };
    const verdict = judgeRun(told, record);
    assert.deepEqual(contradictions(verdict), []);
    assert.equal(verdict.needless, 0);
    assert.ok(told.every(({ outcome }) => outcome === "applied" || outcome === "alreadySo"));
  });
}
