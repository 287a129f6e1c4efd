import { draw } from "./chance.ts";
import type { Settings } from "./settings.ts";

/** What a batch costs for each item when its latency is `perItem`. */
const perItemMs = 20;

/** How long the answer to the n-th request takes: latency ± jitter, for a batch as configured, drawn from the seed. */
export function latencyOf(settings: Settings, nth: number, items: number): number {
  const { latencyMs, jitterMs, batchLatency, seed } = settings;
  if (latencyMs === 0 && jitterMs === 0) return batchLatency === "perItem" ? items * perItemMs : 0;
  const one = (item: number) =>
    Math.max(0, latencyMs + (2 * draw(seed, "latency", nth, item) - 1) * jitterMs);
  if (items === 0) return one(0);
  const all = Array.from({ length: items }, (_, item) => one(item));
  switch (batchLatency) {
    case "max":
      return Math.max(...all);
    case "sum":
      return all.reduce((sum, each) => sum + each, 0);
    case "perItem":
      return one(0) + items * perItemMs;
  }
}
