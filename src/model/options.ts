import type { Policy, SmsSignIn } from "./change.ts";
import type { PhoneType } from "./phone.ts";
import type { ColumnKind } from "./row.ts";
import type { Match } from "./user.ts";

/** How to read a roster: what the file does not say by itself. */
export type RosterOptions = {
  /** Default country of numbers that carry none, ISO 3166-1 alpha-2. */
  readonly region?: string;
  readonly sheet?: string;
  readonly table?: string;
  /** 1-based. */
  readonly headerRow?: number;
  readonly format?: "csv" | "json" | "ndjson" | "xlsx";
  /** Exact header texts. */
  readonly columns?: { readonly [Kind in ColumnKind]?: string };
  readonly match?: Match;
};

/** A share (of 100) or a number. */
export type Limit = { readonly kind: "percent" | "count"; readonly value: number };

/** How much change is too much (rules.md, guards). */
export type Limits = {
  readonly maxChange: Limit;
  /** Undefined: no limit (a person at a terminal is asked instead). */
  readonly maxDelete?: number;
  readonly confirmTenant?: string;
  readonly stopAtFailures: Limit;
  readonly maxAgeMs: number;
  readonly force: boolean;
};

/** Which users the plan is cut to. */
export type Scope = {
  readonly limit?: number;
  readonly only?: readonly string[];
  readonly exclude?: readonly string[];
  readonly groups?: readonly string[];
  readonly excludeGroups?: readonly string[];
  readonly excludeAdmins?: boolean;
  readonly excludeDisabled?: boolean;
  readonly percent?: number;
};

/** What a plan may do. */
export type PlanOptions = {
  readonly policy: Policy;
  readonly smsSignIn: SmsSignIn;
  /** Under remove, for a list without phone columns. */
  readonly types?: readonly PhoneType[];
  readonly allowLastMethod?: boolean;
  readonly overwriteMasked?: boolean;
};

/** How fast to go and how long to wait. */
export type PaceOptions = {
  readonly concurrency: number;
  /** Writes a second; 0 switches pacing off; undefined: the tenant decides. */
  readonly rate?: number;
  readonly batch: boolean;
  readonly maxWaitMs: number;
  /** The length of the settling horizon; the read-back times are scaled with it. */
  readonly settleHorizonMs: number;
};
