/** Who does the work of a case. */
export type ContenderName = "prepop" | "flow2020" | "oneByOne" | "microsoft";

export const contenderNames: readonly ContenderName[] = ["prepop", "flow2020", "microsoft", "oneByOne"];

/** What each contender is, for a reader. */
export const contenderTexts: Readonly<Record<ContenderName, string>> = {
  prepop: "prepop apply",
  flow2020: "2020 flow: 50 single requests side by side, again 5 s after a 429",
  microsoft: "Microsoft's JavaScript client, its retry handler, 50 side by side",
  oneByOne: "one request at a time",
};

/** One process, from its start to its end. */
export type ProcessFigures = {
  readonly seconds: number;
  /** User and system time of the process. */
  readonly cpuSeconds: number;
  /** The most memory it held at once, MB (2^20 bytes). */
  readonly peakMb: number;
  readonly exitCode: number;
};

/** One contender in one case. Counts are the sandbox's own. */
export type Measurement = ProcessFigures & {
  readonly contender: ContenderName;
  /** Users asked for. */
  readonly users: number;
  /** Users that ended up as the list says. */
  readonly done: number;
  readonly requests: number;
  readonly writes: number;
  /** Operations answered 429. */
  readonly throttled: number;
  /** From the first write that arrived to the last, s. */
  readonly writingSeconds: number;
  /** What prepop says of its own time, and what a rehearsal said before; s. */
  readonly told?: { readonly seconds: number; readonly predictedSeconds?: number };
  /** How many users were really written, where the rest is extrapolated. */
  readonly extrapolatedFrom?: number;
};

/** What a sample of users came to, told by the process itself. */
export type Sample = {
  readonly measured: Measurement;
  /** The part of its time and of its CPU time that grows with the users. */
  readonly growing: { readonly seconds: number; readonly cpuSeconds: number };
};

/**
 * A sample blown up to all users: what grows with the users grows, the rest stays, and a quota takes at least as long
 * as it must.
 */
export function extrapolate({ measured, growing }: Sample, users: number, least: number): Measurement {
  const factor = users / measured.users;
  const up = (count: number): number => Math.round(count * factor);
  const grown = (what: "seconds" | "cpuSeconds"): number => measured[what] + growing[what] * (factor - 1);
  return {
    ...measured,
    users,
    done: up(measured.done),
    requests: up(measured.requests),
    writes: up(measured.writes),
    throttled: up(measured.throttled),
    seconds: Math.max(least, grown("seconds")),
    writingSeconds: Math.max(least, measured.writingSeconds * factor),
    cpuSeconds: grown("cpuSeconds"),
    extrapolatedFrom: measured.users,
  };
}
