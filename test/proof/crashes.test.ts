import assert from "node:assert/strict";
import { test } from "node:test";
import { applyPlan } from "../../src/engine/apply.ts";
import { resumeRun } from "../../src/engine/resume.ts";
import {
  crashPace,
  faultMix,
  leftBehind,
  openLimits,
  planFor,
  seedUsers,
  toldIn,
} from "../support/crashCase.ts";
import { temporaryFolder } from "../support/ledgerData.ts";
import { seeded } from "../support/seeded.ts";
import { judgeRun, usersOf, type Verdict } from "../support/truth.ts";
import { aWorld, type Crash, type CrashPoint, crashPoints } from "../support/world.ts";

/**
 * A run that dies at every named point, again and again, on a tenant with every kind of fault, and is resumed each time
 * from what the ledger holds. Time is invented, so a horizon costs nothing; the seed makes the world.
 */

const seeds = Number(process.env.PREPOP_CRASH_SEEDS ?? 20);
const usersEach = Number(process.env.PREPOP_CRASH_USERS ?? 500);
const firstSeed = Number(process.env.PREPOP_CRASH_FROM ?? 1);

const reached = new Set<CrashPoint>();
const totals = { crashes: 0, inFlight: 0, needless: 0, entries: 0 };

for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
  test(`seed ${seed}: ${usersEach} users, and the process dies at every point`, async () => {
    const { verdict, stale } = await crashRun(seed);
    assert.deepEqual(verdict.wrong, [], "users with something else than what was said");
    assert.deepEqual(verdict.lost, [], "lost");
    assert.deepEqual(verdict.untrue, [], "untrue outcomes");
    assert.deepEqual(verdict.inexcusable, [], "sent again without need");
    if (!stale) assert.equal(verdict.needless, 0);
  });
}

test("every named point was reached", t => {
  t.diagnostic(JSON.stringify(totals));
  assert.deepEqual(
    crashPoints.filter(point => !reached.has(point)),
    [],
  );
});

async function crashRun(seed: number): Promise<{ readonly verdict: Verdict; readonly stale: boolean }> {
  const random = seeded(seed);
  // A third of the worlds has no stale reads: there nothing at all may be sent without need.
  const stalenessMs = seed % 3 === 0 ? 0 : 1_000 + random() * 30_000;
  const world = aWorld({
    random,
    batch: seed % 4 !== 0,
    concurrency: seed % 4 === 0 ? 40 : 4,
    config: {
      seed,
      users: seedUsers(usersEach),
      faults: faultMix(random, stalenessMs),
      smsPolicy: { usableForSignIn: true },
      // Nobody has published what Graph answers to a second phone of a type: a conflict, or a refusal for good.
      ...(seed % 2 === 0 ? { errorCodes: { phoneTypeTaken: { status: 400, code: "badRequest" } } } : {}),
      latencyMs: 20,
      jitterMs: 15,
      logLimit: 1_000_000,
    },
  });
  const { sandbox, clock } = world;
  const before = usersOf(sandbox);
  const plan = planFor([...before.values()], sandbox.tenantId, clock.wall());
  const pace = { ...crashPace, batch: seed % 4 !== 0, concurrency: seed % 4 === 0 ? 40 : 4 };
  const crashes = shuffled(
    [...crashPoints, ...crashPoints.filter(point => /Mark|Finish|executed|onTheWay/.test(point))],
    random,
  );

  const limits = { ...openLimits, confirmTenant: sandbox.tenantId };

  let home = temporaryFolder();
  let runId: string | undefined;
  for (let lives = 0; ; lives++) {
    assert.ok(lives < 100, "the run does not come to its end");
    const crash = nextCrash(crashes, runId === undefined, random);
    const left = await world.live(
      home,
      engine => {
        const found = runId === undefined ? undefined : engine.ledger.run(runId);
        return found
          ? resumeRun({ run: found, ledger: engine.ledger, limits, pace }, engine.edges)
          : applyPlan({ plan, ledger: engine.ledger, limits, pace, command: "apply" }, engine.edges);
      },
      crash,
    );
    home = left.home;
    if (left.kind === "killed") {
      reached.add(left.at);
      if (/End/.test(left.at)) crashes.splice(crashes.indexOf(left.at) >>> 0, 1);
      totals.crashes++;
    }
    const behind = leftBehind(home);
    runId = behind?.run.id;
    totals.inFlight += left.kind === "killed" ? (behind?.inFlight ?? 0) : 0;
    if (behind?.run.state === "done") break;
  }
  // What was still under way when a process died has arrived by then.
  await clock.sleep(60_000);
  const told = toldIn(home, runId ?? "");
  const verdict = judgeRun(told, {
    log: sandbox.log,
    before,
    after: id => sandbox.user(id),
    stalenessMs: 0,
  });
  totals.entries += told.length;
  totals.needless += verdict.needless;
  return { verdict, stale: stalenessMs > 0 };
}

/** Points of a start come first; the others in between, each at a random time of its, or at the end where that is first. */
function nextCrash(crashes: CrashPoint[], fresh: boolean, random: () => number): Crash | undefined {
  const wanted = fresh ? /Start/ : /^(?!.*(Start|End))/;
  const found = crashes.findIndex(point => wanted.test(point));
  const at = found === -1 && !fresh ? crashes.findIndex(point => /End/.test(point)) : found;
  const [point] = at === -1 ? [] : crashes.splice(at, 1);
  if (point === undefined) return undefined;
  const nth = /Start|Reopen|End/.test(point)
    ? 1
    : 1 + Math.floor(random() * (/Doubt|Unsent/.test(point) ? 2 : 25));
  return {
    point,
    nth,
    orElse: crashes.find(other => /End/.test(other)),
    how: random() < 0.3 ? "powerCut" : "kill",
  };
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map(item => ({ item, at: random() }))
    .toSorted((left, right) => left.at - right.at)
    .map(({ item }) => item);
}
