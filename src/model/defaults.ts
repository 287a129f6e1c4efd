import type { Limits, PaceOptions } from "./options.ts";

/** What holds where nothing else is said. `maxDelete` is for runs in which nobody can be asked (rules.md, guards). */
export const defaultLimits: Limits = {
  maxChange: { kind: "percent", value: 30 },
  maxDelete: 10,
  stopAtFailures: { kind: "percent", value: 5 },
  maxAgeMs: 86_400_000,
  force: false,
};

/** Numbers of finished runs older than this are removed from the ledger when a new run starts: 90 days. */
export const defaultKeepNumbersMs = 90 * 86_400_000;

/** 50 requests side by side is what the flow of 2020 did; the horizon and the longest wait are those of rules.md. */
export const defaultPace: PaceOptions = {
  concurrency: 50,
  batch: true,
  maxWaitMs: 600_000,
  settleHorizonMs: 45_000,
};
