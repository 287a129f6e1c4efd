import type { FaultKind } from "./kinds.ts";

/** Which requests a rule looks at. Every condition given must hold. */
export type FaultMatch = {
  /** Names of operations (`createPhone`, `listPhones`, `getUser`, …; `batch` for the outer request). */
  readonly operation?: string | readonly string[];
  readonly effect?: "read" | "write";
  /** UPNs or object ids. */
  readonly user?: string | readonly string[];
  readonly phoneType?: string | readonly string[];
  /** True: only what stands in a batch; false: only what does not. */
  readonly packed?: boolean;
  /** Of the requests that fit the rest, the n-th ones, counted from 1. */
  readonly nth?: number | readonly number[];
};

/** One fault to inject, as it stands in the config file. */
export type FaultRule = {
  readonly kind: FaultKind;
  /** Of the requests that match, the share that is hit; default 1. Drawn from the seed. */
  readonly probability?: number;
  /** How often it strikes at most; `count` is the same. Default: always. */
  readonly times?: number;
  readonly count?: number;
  readonly match?: FaultMatch;
  /** From this matching request on, and up to that one, both included, counted from 1. */
  readonly from?: number;
  readonly to?: number;
  /** Only from, and until, that many milliseconds after the start. */
  readonly afterMs?: number;
  readonly untilMs?: number;

  /** Seconds, or how the header is wrong. */
  readonly retryAfter?: number | "date" | "missing" | "zero" | "negative" | "garbage" | "long";
  readonly status?: number;
  readonly body?: "html" | "truncated" | "empty" | "reset";
  readonly ms?: number;
  readonly origin?: string;
  readonly items?: number;
  readonly code?: "accessDenied" | "Authorization_RequestDenied" | "insufficient_claims";
};

/** The rules in force, with what they have counted so far. */
export type FaultTable = {
  readonly seed: number;
  readonly startedAt: number;
  readonly rules: readonly ActiveRule[];
};

export type ActiveRule = {
  readonly rule: FaultRule;
  readonly index: number;
  matched: number;
  struck: number;
  /** How often each subject was seen, so that a draw does not depend on the order of arrival. */
  readonly seen: Map<string, number>;
};

export function faultTable(rules: readonly FaultRule[], seed: number, startedAt: number): FaultTable {
  const active = rules.map((rule, index) => ({ rule, index, matched: 0, struck: 0, seen: new Map() }));
  return { seed, startedAt, rules: active };
}

/** How far into the past reads may look: what the tenant must remember. */
export function longestLag(rules: readonly FaultRule[]): number {
  return Math.max(0, ...rules.map(rule => (rule.kind === "staleReads" ? (rule.ms ?? defaultLagMs) : 0)));
}

export const defaultLagMs = 5000;
