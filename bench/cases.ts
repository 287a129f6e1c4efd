import type { FaultKind } from "../src/sandbox/faults/kinds.ts";
import type { ContenderName } from "./measurement.ts";

/** What a list asks for in a case. */
export type ChangeWanted = "create" | "update" | "delete";

/** Writes at once, and writes a second after that. */
export type Quota = { readonly burst: number; readonly perSecond: number };

/** A line of "must reach": a figure of prepop's and its bound. */
export type Target =
  | { readonly kind: "seconds"; readonly most: number }
  /** Of the time that the quota itself takes. */
  | { readonly kind: "ofMinimum"; readonly most: number }
  /** Throttled operations over writes. */
  | { readonly kind: "throttledShare"; readonly most: number }
  /** prepop's time over another's. */
  | { readonly kind: "ofContender"; readonly contender: ContenderName; readonly most: number }
  | { readonly kind: "changesPerSecond"; readonly least: number }
  | { readonly kind: "cpuMsPerChange"; readonly most: number }
  /** CPU per change over that of another case. */
  | { readonly kind: "cpuOfCase"; readonly case: string; readonly most: number }
  | { readonly kind: "peakMb"; readonly most: number }
  /** How far the rehearsal's time is from that of the run, as a share of it. */
  | { readonly kind: "predicted"; readonly most: number }
  /** How much the peak grows for each row more than in another case. */
  | { readonly kind: "bytesPerRow"; readonly case: string; readonly most: number };

/** A list that is applied to a tenant. */
export type WriteCase = {
  readonly kind: "write";
  readonly name: string;
  readonly summary: string;
  /** Left out unless asked for by name or by --all. */
  readonly long?: true;
  readonly users: number;
  readonly change: ChangeWanted;
  readonly latencyMs: number;
  readonly batchLatency: "max" | "perItem";
  readonly quota?: Quota;
  readonly contenders: readonly ContenderName[];
  /** Users that `oneByOne` really writes. */
  readonly sample: number;
  /** More options of `prepop apply`. */
  readonly options?: readonly string[];
  /** What goes wrong at the service, by kind and probability, as `--faults` has them. */
  readonly faults?: readonly (readonly [kind: FaultKind, probability: number])[];
  /** Rehearse it first: what the rehearsal is told of the quota. It is told of the faults as well. */
  readonly rehearse?: string;
  readonly targets: readonly Target[];
};

/** A list that is only read. */
export type ReadCase = {
  readonly kind: "read";
  readonly name: string;
  readonly summary: string;
  readonly long?: true;
  readonly command: "check" | "plan";
  readonly rows: number;
  readonly format: "csv" | "xlsx";
  readonly targets: readonly Target[];
};

export type Case = WriteCase | ReadCase;

/** For one app in one tenant: https://learn.microsoft.com/graph/throttling-limits (read 2026-11-23). */
const documented: Quota = { burst: 3_000, perSecond: 20 };
const all: readonly ContenderName[] = ["prepop", "flow2020", "microsoft", "oneByOne"];

/** A thousand users, 150 ms, the documented quota: what differs is said in each case. */
const thousand = {
  kind: "write",
  users: 1_000,
  change: "create",
  latencyMs: 150,
  batchLatency: "max",
  quota: documented,
  contenders: all,
  sample: 100,
  targets: [],
} as const;

/** As fast as the machine goes. */
const unpaced = {
  kind: "write",
  change: "create",
  latencyMs: 0,
  batchLatency: "max",
  options: ["--rate", "0"],
  sample: 100,
} as const;

export const cases: readonly Case[] = [
  {
    ...thousand,
    name: "creates",
    summary: "1,000 creates into empty users, documented quota, 150 ms",
    rehearse: "documented",
    targets: [
      { kind: "predicted", most: 0.15 },
      { kind: "seconds", most: 10 },
      { kind: "throttledShare", most: 0.01 },
    ],
  },
  {
    ...thousand,
    name: "creates-per-item",
    summary: "the same, where a batch takes 150 ms and 20 ms an item",
    batchLatency: "perItem",
    targets: [
      { kind: "seconds", most: 10 },
      { kind: "throttledShare", most: 0.01 },
    ],
  },
  {
    ...thousand,
    name: "updates",
    summary: "1,000 updates, documented quota, 150 ms",
    change: "update",
    rehearse: "documented",
    targets: [{ kind: "predicted", most: 0.15 }],
  },
  {
    ...thousand,
    name: "deletes",
    summary: "1,000 deletes, documented quota, 150 ms",
    change: "delete",
    rehearse: "documented",
    targets: [{ kind: "predicted", most: 0.15 }],
  },
  {
    ...thousand,
    name: "faulty",
    long: true,
    summary: "1,000 updates, of which 4 % are throttled, fail or are answered 504 after they were done",
    change: "update",
    faults: [
      ["throttled", 0.02],
      ["unavailable", 0.01],
      ["committedThen504", 0.01],
    ],
    contenders: ["prepop"],
    rehearse: "documented",
    targets: [{ kind: "predicted", most: 0.15 }],
  },
  {
    ...thousand,
    name: "slow",
    summary: "1,000 creates, every answer takes 2,000 ms",
    latencyMs: 2_000,
    sample: 10,
    targets: [
      { kind: "ofContender", contender: "flow2020", most: 0.25 },
      { kind: "ofContender", contender: "microsoft", most: 0.25 },
    ],
  },
  {
    ...thousand,
    name: "small-quota",
    summary: "1,000 creates, an undocumented quota of 150 at once and 20 a second",
    quota: { burst: 150, perSecond: 20 },
    rehearse: "150,20",
    targets: [
      { kind: "predicted", most: 0.15 },
      { kind: "ofMinimum", most: 1.1 },
      { kind: "throttledShare", most: 0.05 },
    ],
  },
  {
    ...unpaced,
    name: "speed",
    summary: "10,000 creates, no quota, no latency, --rate 0",
    users: 10_000,
    contenders: all,
    targets: [
      { kind: "changesPerSecond", least: 3_000 },
      { kind: "cpuMsPerChange", most: 0.25 },
    ],
  },
  {
    kind: "read",
    name: "check-xlsx",
    summary: "check of a workbook of 100,000 rows",
    command: "check",
    rows: 100_000,
    format: "xlsx",
    targets: [{ kind: "seconds", most: 4 }],
  },
  {
    kind: "read",
    name: "check-100k",
    summary: "check of 100,000 csv rows",
    command: "check",
    rows: 100_000,
    format: "csv",
    targets: [],
  },
  {
    kind: "read",
    name: "check-1m",
    summary: "check of 1,000,000 csv rows",
    command: "check",
    rows: 1_000_000,
    format: "csv",
    targets: [
      { kind: "seconds", most: 25 },
      { kind: "peakMb", most: 250 },
      { kind: "bytesPerRow", case: "check-100k", most: 64 },
    ],
  },
  {
    ...thousand,
    name: "tiny-quota",
    summary: "300 creates, an undocumented quota of 20 at once and 2 a second",
    long: true,
    users: 300,
    quota: { burst: 20, perSecond: 2 },
    rehearse: "20,2",
    targets: [
      { kind: "predicted", most: 0.15 },
      { kind: "ofMinimum", most: 1.15 },
      { kind: "throttledShare", most: 0.1 },
    ],
  },
  {
    ...thousand,
    name: "creates-6000",
    summary: "6,000 creates, documented quota, 150 ms",
    long: true,
    users: 6_000,
    rehearse: "documented",
    targets: [
      { kind: "predicted", most: 0.15 },
      { kind: "ofMinimum", most: 1.03 },
      { kind: "throttledShare", most: 0.01 },
    ],
  },
  {
    ...thousand,
    name: "creates-6000-per-item",
    summary: "the same, where a batch takes 150 ms and 20 ms an item",
    long: true,
    users: 6_000,
    batchLatency: "perItem",
    contenders: ["prepop"],
    targets: [
      { kind: "ofMinimum", most: 1.03 },
      { kind: "throttledShare", most: 0.01 },
    ],
  },
  {
    ...unpaced,
    name: "speed-100k",
    summary: "100,000 creates, no quota, no latency, --rate 0",
    long: true,
    users: 100_000,
    contenders: ["prepop"],
    targets: [{ kind: "cpuMsPerChange", most: 0.25 }],
  },
  {
    ...unpaced,
    name: "speed-1m",
    summary: "1,000,000 creates, no quota, no latency, --rate 0",
    long: true,
    users: 1_000_000,
    contenders: ["prepop"],
    targets: [
      { kind: "cpuMsPerChange", most: 0.25 },
      { kind: "cpuOfCase", case: "speed", most: 1.2 },
      { kind: "bytesPerRow", case: "speed-100k", most: 64 },
    ],
  },
  {
    kind: "read",
    name: "plan-100k",
    summary: "plan of 100,000 csv rows against as many users",
    long: true,
    command: "plan",
    rows: 100_000,
    format: "csv",
    targets: [],
  },
  {
    kind: "read",
    name: "plan-1m",
    summary: "plan of 1,000,000 csv rows against as many users",
    long: true,
    command: "plan",
    rows: 1_000_000,
    format: "csv",
    targets: [
      { kind: "peakMb", most: 350 },
      { kind: "bytesPerRow", case: "plan-100k", most: 64 },
    ],
  },
];

/** The least time that a quota lets so many writes take, s. */
export function quotaSeconds(quota: Quota | undefined, writes: number): number {
  return quota === undefined ? 0 : Math.max(0, (writes - quota.burst) / quota.perSecond);
}
