import { readFile } from "node:fs/promises";
import { cases } from "./cases.ts";
import { type CaseResult, type Judged, judge } from "./figures.ts";
import type { Machine } from "./machine.ts";
import { contenderNames } from "./measurement.ts";

/** Everything that a run of the bench found, as it is kept. */
export type BenchRecord = {
  readonly machine: Machine;
  readonly results: readonly CaseResult[];
  readonly judged: readonly Judged[];
};

/** Reads a kept record; undefined where there is none. */
export async function readRecord(file: URL): Promise<BenchRecord | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as BenchRecord;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * The newest result of every case. Results of another machine or Node are not carried on: they cannot be compared. A case
 * that was run with fewer contenders keeps the others' older figures.
 */
export function mergeInto(before: BenchRecord | undefined, now: BenchRecord): BenchRecord {
  const kept = before && sameMachine(before.machine, now.machine) ? before.results : [];
  const results = cases.flatMap(each => {
    const older = kept.find(result => result.case.name === each.name);
    const newer = now.results.find(result => result.case.name === each.name);
    const merged = newer && older ? mergeCase(older, newer) : (newer ?? older);
    return merged ? [merged] : [];
  });
  return { machine: now.machine, results, judged: judge(results) };
}

function mergeCase(older: CaseResult, newer: CaseResult): CaseResult {
  const named = (result: CaseResult, name: string) =>
    result.measurements.find(each => each.contender === name);
  return {
    case: newer.case,
    measurements: contenderNames.flatMap(name => named(newer, name) ?? named(older, name) ?? []),
  };
}

function sameMachine(one: Machine, other: Machine): boolean {
  return one.cpu === other.cpu && one.cores === other.cores && one.node === other.node;
}
