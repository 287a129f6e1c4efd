import assert from "node:assert/strict";
import { test } from "node:test";
import { applyPlan } from "../../src/engine/apply.ts";
import { createLane, createReadLane } from "../../src/engine/lane.ts";
import { createPatience } from "../../src/engine/patience.ts";
import { skippingClock } from "../../src/engine/skippingClock.ts";
import { type Fault, GraphFault } from "../../src/model/fault.ts";
import type { FaultRule } from "../../src/sandbox/sandbox.ts";
import { changeFor, crashPace, openLimits, planOf } from "../support/crashCase.ts";
import { temporaryFolder } from "../support/ledgerData.ts";
import { mostWithin } from "../support/paceService.ts";
import { seeded } from "../support/seeded.ts";
import { usersOf } from "../support/truth.ts";
import { aWorld } from "../support/world.ts";

/** What one lane learns does not hold the other, and nobody goes before a Retry-After is over. */

const second = 1_000;
/** What is on its way when the refusal comes may still arrive: an answer and the wait of a packed request. */
const onTheWay = 150;

/** Updates so many users, each read before he is written, under these faults; when what was received, ms. */
async function updateUnder(faults: readonly FaultRule[], count = 60) {
  const world = aWorld({
    random: seeded(1),
    config: {
      seed: 1,
      latencyMs: 50,
      faults,
      users: Array.from({ length: count }, (_, index) => ({
        userPrincipalName: `user${index}@contoso.com`,
        phones: { mobile: `+31 620000${String(index).padStart(3, "0")}` },
      })),
    },
  });
  const { sandbox, clock } = world;
  const startedAt = clock.wall();
  const users = [...usersOf(sandbox).values()];
  const changes = users.map((user, index) =>
    changeFor(user, index, "update", "mobile", `+31 610000${String(index).padStart(3, "0")}`),
  );
  const plan = planOf(changes, users, sandbox.tenantId, clock.wall());
  const { rate: _, ...pace } = crashPace;
  const life = await world.live(temporaryFolder(), ({ edges, ledger }) =>
    applyPlan({ plan, ledger, limits: openLimits, pace, command: "apply" }, edges),
  );
  assert.ok(life.kind === "ended");
  const received = sandbox.log.map(({ at, operation, status, userId }) => ({
    at: at - startedAt,
    operation,
    status,
    userId,
  }));
  return {
    applied: life.end.counts.applied,
    state: life.end.state,
    stop: life.end.stop,
    writes: received.filter(({ operation }) => operation === "updatePhone"),
    reads: received.filter(({ operation }) => operation === "listPhones"),
  };
}

test("a read that is refused for now holds the reads and no write", async () => {
  const rule: FaultRule = { kind: "throttled", match: { operation: "listPhones", nth: 45 }, retryAfter: 20 };
  const { applied, reads, writes } = await updateUnder([rule]);
  assert.equal(applied, 60);
  const refusedAt = reads.find(({ status }) => status === 429)?.at ?? Number.NaN;
  const meanwhile = (all: readonly { at: number }[]) =>
    all.filter(({ at }) => at > refusedAt + onTheWay && at < refusedAt + 20 * second).length;
  assert.equal(meanwhile(reads), 0);
  // Whose phone was read before goes on.
  assert.ok(writes.filter(({ at }) => at < refusedAt + second).length > 0);
});

test("a write that is refused for now holds the writes, and none goes before the Retry-After is over", async () => {
  const rule: FaultRule = { kind: "throttled", match: { operation: "updatePhone", nth: 20 }, retryAfter: 20 };
  const { applied, writes } = await updateUnder([rule], 300);
  assert.equal(applied, 300);
  const refusedAt = writes.find(({ status }) => status === 429)?.at ?? Number.NaN;
  const later = writes.filter(({ at }) => at > refusedAt + onTheWay);
  assert.ok(later.length > 20);
  assert.ok(later.every(({ at }) => at >= refusedAt + 20 * second));
  // The documented 20 a second is what is believed in then.
  const first = later.filter(({ at }) => at < refusedAt + 22 * second).map(({ at }) => at);
  assert.ok(mostWithin(second, first) <= 25, `${mostWithin(second, first)}`);
});

test("a write that failed with a Retry-After is not sent again before that is over", async () => {
  const match = { operation: "updatePhone", user: "user7@contoso.com" };
  const { applied, writes } = await updateUnder([{ kind: "unavailable", match, times: 1, retryAfter: 30 }]);
  assert.equal(applied, 60);
  const failed = writes.find(({ status }) => status === 503);
  const [first, again] = writes.filter(({ userId }) => userId === failed?.userId);
  assert.ok(first && again && again.at - first.at >= 30 * second, `${again?.at} after ${first?.at}`);
});

test("a write that failed and is to wait an hour ends the run for now", async () => {
  const match = { operation: "updatePhone", user: "user7@contoso.com" };
  const { state, stop } = await updateUnder([{ kind: "unavailable", match, times: 1, retryAfter: 3_600 }]);
  assert.equal(state, "interrupted");
  assert.equal(stop?.kind, "busy");
});

const clock = skippingClock({ now: () => 0, wall: () => 0 });
const throttledBy = (limit?: Fault["limit"]): GraphFault =>
  new GraphFault({ kind: "http", status: 429, message: "", retryAfter: "10", ...(limit ? { limit } : {}) });

for (const [name, limit, waits] of [
  ["for both", "readWrite", true],
  ["for reads", "read", false],
  ["for nobody knows what", undefined, false],
] as const) {
  test(`a limit ${name} that a read meets ${waits ? "holds the writes too" : "holds no write"}`, async () => {
    const writes = createLane({ clock });
    const patience = createPatience({
      clock,
      random: () => 0,
      origin: "https://graph.microsoft.com",
      maxWaitMs: 60 * second,
      renew: async () => false,
      writes,
    });
    let tries = 0;
    const read = patience.read(async () => {
      if (tries++ === 0) throw throttledBy(limit);
    });
    await new Promise(resolve => setImmediate(resolve));
    const before = clock.now();
    await writes.admit();
    assert.equal(clock.now() - before >= 9 * second, waits);
    await read;
  });
}

test("a thousand reads that waited for one Retry-After come back as the service took them before", async () => {
  const time = skippingClock({ now: () => 0, wall: () => 0 });
  const lane = createReadLane({ clock: time });
  for (let read = 0; read < 100; read++) {
    await lane.admit();
    lane.accepted();
  }
  await time.sleep(second);
  lane.throttled(time.now(), 10 * second);
  const until = time.now() + 10 * second;
  const went: number[] = [];
  await Promise.all(
    Array.from({ length: 1_000 }, async () => {
      await lane.admit();
      went.push(time.now());
    }),
  );
  assert.ok(went.every(at => at >= until));
  assert.ok(mostWithin(10, went) <= 60, `${mostWithin(10, went)}`);
});
