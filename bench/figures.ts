import { type Case, quotaSeconds, type Target } from "./cases.ts";
import type { ContenderName, Measurement } from "./measurement.ts";

/** What a case came to: one measurement a contender; a case that only reads has prepop's alone. */
export type CaseResult = { readonly case: Case; readonly measurements: readonly Measurement[] };

/** A target and what was measured for it. `pass` is undefined where a figure it needs was not measured. */
export type Judged = {
  readonly case: string;
  readonly what: string;
  readonly bound: string;
  readonly value: number | undefined;
  readonly pass: boolean | undefined;
};

/** Compares every target of the cases that were run with what was measured. */
export function judge(results: readonly CaseResult[]): readonly Judged[] {
  return results.flatMap(result =>
    result.case.targets.map(target => {
      const value = figureOf(target, result, results);
      const pass = value === undefined ? undefined : withinBound(target, value);
      return {
        case: result.case.name,
        what: names[target.kind](target),
        bound: boundText(target),
        value,
        pass,
      };
    }),
  );
}

/** CPU of the process for each change, ms. */
export function cpuMsPerChange({ cpuSeconds }: Pick<Measurement, "cpuSeconds">, changes: number): number {
  return (cpuSeconds / changes) * 1_000;
}

function measured({ measurements }: CaseResult, contender: ContenderName): Measurement | undefined {
  return measurements.find(each => each.contender === contender);
}

function sizeOf(each: Case): number {
  return each.kind === "write" ? each.users : each.rows;
}

function figureOf(target: Target, result: CaseResult, results: readonly CaseResult[]): number | undefined {
  const mine = measured(result, "prepop");
  if (mine === undefined) return undefined;
  const other = "case" in target ? results.find(each => each.case.name === target.case) : undefined;
  const others = other && measured(other, "prepop");
  const size = sizeOf(result.case);
  switch (target.kind) {
    case "seconds":
      return mine.seconds;
    case "peakMb":
      return mine.peakMb;
    case "changesPerSecond":
      return size / mine.seconds;
    case "cpuMsPerChange":
      return cpuMsPerChange(mine, size);
    case "predicted": {
      const { seconds, predictedSeconds } = mine.told ?? {};
      return seconds === undefined || predictedSeconds === undefined
        ? undefined
        : Math.abs(predictedSeconds / seconds - 1);
    }
    case "ofMinimum":
      return result.case.kind === "write"
        ? mine.seconds / quotaSeconds(result.case.quota, result.case.users)
        : undefined;
    case "throttledShare":
      return mine.throttled / Math.max(1, mine.writes);
    case "ofContender": {
      const rival = measured(result, target.contender);
      return rival && mine.seconds / rival.seconds;
    }
    case "cpuOfCase":
      return other && others && cpuMsPerChange(mine, size) / cpuMsPerChange(others, sizeOf(other.case));
    case "bytesPerRow":
      return (
        other && others && ((mine.peakMb - others.peakMb) * 2 ** 20) / Math.max(1, size - sizeOf(other.case))
      );
  }
}

function withinBound(target: Target, value: number): boolean {
  return "least" in target ? value >= target.least : value <= target.most;
}

const names: { readonly [Kind in Target["kind"]]: (target: Target) => string } = {
  seconds: () => "whole process, s",
  ofMinimum: () => "whole process over the quota's minimum",
  predicted: () => "error of the rehearsal's time",
  throttledShare: () => "throttled / writes",
  ofContender: target => `time over that of ${"contender" in target ? target.contender : ""}`,
  changesPerSecond: () => "changes a second",
  cpuMsPerChange: () => "CPU per change, ms",
  cpuOfCase: target => `CPU per change over that of ${"case" in target ? target.case : ""}`,
  peakMb: () => "peak memory, MB",
  bytesPerRow: target => `memory for each row more than in ${"case" in target ? target.case : ""}, bytes`,
};

function boundText(target: Target): string {
  return "least" in target ? `at least ${target.least}` : `at most ${target.most}`;
}
