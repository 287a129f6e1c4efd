import { quotaSeconds, type ReadCase, type WriteCase } from "./cases.ts";
import { type CaseResult, cpuMsPerChange, type Judged } from "./figures.ts";
import { contenderTexts, type Measurement } from "./measurement.ts";

/** One case as a table for a terminal. */
export function caseTable(result: CaseResult): readonly string[] {
  const { name, summary } = result.case;
  const head = `${name}: ${summary}`;
  const each = result.case;
  if (each.kind === "read") {
    return [head, ...columns([readHeader, ...result.measurements.map(measured => readRow(each, measured))])];
  }
  const least = quotaSeconds(each.quota, each.users);
  return [
    least > 0 ? `${head}. The quota's own minimum: ${round(least)} s` : head,
    ...columns([writeHeader, ...writeRows(each, result.measurements)]),
  ];
}

export const readHeader: readonly string[] = ["", "time", "CPU", "peak memory"];

/** The line of a case that only reads. */
export function readRow({ name, command }: ReadCase, measured: Measurement): readonly string[] {
  const { seconds, cpuSeconds, peakMb } = measured;
  return [
    `${name}: prepop ${command}`,
    `${round(seconds)} s`,
    `${round(cpuSeconds)} s`,
    `${round(peakMb)} MB`,
  ];
}

export const writeHeader: readonly string[] = [
  "",
  "time",
  "to prepop",
  "requests/user",
  "throttled/writes",
  "CPU/change",
  "peak memory",
  "done",
];

/** The lines of a case, one a contender. What is extrapolated or not all done says so. */
export function writeRows(
  { users }: WriteCase,
  measurements: readonly Measurement[],
): readonly (readonly string[])[] {
  const prepop = measurements.find(each => each.contender === "prepop");
  return measurements.map(each => [
    contenderTexts[each.contender],
    `${round(each.seconds)} s${each.extrapolatedFrom === undefined ? "" : ` (extrapolated from ${each.extrapolatedFrom})`}`,
    prepop ? `${round(each.seconds / prepop.seconds)} x` : "",
    round(each.requests / users),
    `${round((each.throttled / Math.max(1, each.writes)) * 100)} %`,
    `${round(cpuMsPerChange(each, users))} ms`,
    `${round(each.peakMb)} MB`,
    each.done === users ? "all" : `${each.done} of ${users}`,
  ]);
}

/** The targets with their verdicts. */
export function judgedTable(judged: readonly Judged[]): readonly string[] {
  return columns([
    ["", "case", "must reach", "bound", "measured"],
    ...judged.map(each => [
      each.pass === undefined ? "?" : each.pass ? "pass" : "FAIL",
      each.case,
      each.what,
      each.bound,
      // 1.0331 is beyond a bound of 1.03 and must not look as if it were not.
      each.value === undefined ? "not measured" : round(each.value, 4),
    ]),
  ]);
}

/** Three digits that count, or as many as are said. */
export function round(value: number, count = 3): string {
  if (value === 0) return "0";
  const digits = Math.max(0, count - 1 - Math.floor(Math.log10(Math.abs(value))));
  return value
    .toFixed(Math.min(4, digits))
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map(row => row[at]?.length ?? 0)));
  return rows.map(row => `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ")}`.trimEnd());
}
