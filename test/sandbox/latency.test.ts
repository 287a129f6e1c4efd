import assert from "node:assert/strict";
import { test } from "node:test";
import { type SandboxConfig, settingsOf } from "../../src/sandbox/config.ts";
import { latencyOf } from "../../src/sandbox/latency.ts";

const rows: readonly { readonly config: SandboxConfig; readonly items: number; readonly ms: number }[] = [
  { config: {}, items: 0, ms: 0 },
  { config: { latencyMs: 50 }, items: 0, ms: 50 },
  { config: { latencyMs: 50 }, items: 20, ms: 50 },
  { config: { latencyMs: 50, batchLatency: "sum" }, items: 20, ms: 1000 },
  { config: { latencyMs: 50, batchLatency: "perItem" }, items: 20, ms: 450 },
  { config: { batchLatency: "perItem" }, items: 3, ms: 60 },
  { config: { latencyMs: 50, batchLatency: "sum" }, items: 0, ms: 50 },
];

for (const { config, items, ms } of rows) {
  test(`${JSON.stringify(config)} takes ${ms} ms for ${items} items`, () => {
    assert.equal(latencyOf(settingsOf(config), 1, items), ms);
  });
}

test("jitter stays within its bounds, differs by request and is the same for a seed", () => {
  const draws = (seed: number) =>
    Array.from({ length: 200 }, (_, nth) =>
      latencyOf(settingsOf({ latencyMs: 50, jitterMs: 20, seed }), nth, 0),
    );
  assert.ok(draws(1).every(ms => ms >= 30 && ms <= 70));
  assert.ok(new Set(draws(1)).size > 150);
  assert.deepEqual(draws(1), draws(1));
  assert.notDeepEqual(draws(1), draws(2));
});

test("a batch takes as long as its slowest item", () => {
  const settings = settingsOf({ latencyMs: 50, jitterMs: 20 });
  assert.ok(latencyOf(settings, 1, 20) > latencyOf({ ...settings, batchLatency: "perItem" }, 1, 1) - 20 - 40);
  assert.ok(latencyOf(settings, 1, 20) <= 70);
});
