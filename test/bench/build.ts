import type { ReadCase, WriteCase } from "../../bench/cases.ts";
import type { Machine } from "../../bench/machine.ts";
import type { Measurement } from "../../bench/measurement.ts";

/** A thousand creates; what matters to a test is said in `more`. */
export function aCase(more: Partial<WriteCase> = {}): WriteCase {
  return {
    kind: "write",
    name: "creates",
    summary: "creates",
    users: 1_000,
    change: "create",
    latencyMs: 150,
    batchLatency: "max",
    contenders: ["prepop"],
    sample: 100,
    targets: [],
    ...more,
  };
}

/** A list that is only read. */
export function aReadCase(more: Partial<ReadCase> = {}): ReadCase {
  return {
    kind: "read",
    name: "check",
    summary: "check",
    command: "check",
    rows: 1_000,
    format: "csv",
    targets: [],
    ...more,
  };
}

/** Ten seconds for a thousand users, all done. */
export function aMeasurement(more: Partial<Measurement> = {}): Measurement {
  return {
    contender: "prepop",
    users: 1_000,
    done: 1_000,
    requests: 100,
    writes: 1_000,
    throttled: 0,
    seconds: 10,
    writingSeconds: 8,
    cpuSeconds: 1,
    peakMb: 100,
    exitCode: 0,
    ...more,
  };
}

/** Where invented figures come from. */
export function aMachine(more: Partial<Machine> = {}): Machine {
  return {
    date: "2026-11-24",
    cpu: "a CPU",
    cores: 2,
    memoryGb: 24,
    system: "linux",
    node: "26.10.0",
    sqlite: "3",
    prepop: "0.1.0",
    microsoftGraphClient: "3.0.7",
    sandboxOnOwnCore: true,
    load: 0.3,
    ...more,
  };
}
