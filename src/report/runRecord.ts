/**
 * The record of a run that leaves the ledger (`runs export`): JSON Lines, masked whatever the options, whose last line seals
 * what stands before it. Everything in it comes from the ledger, so one run gives the same bytes whenever it is exported.
 */
import type { RowIssue } from "../model/issue.ts";
import type { Entry, EntryOutcome, Run, RunCounts } from "../model/run.ts";
import { issueLine, outcomeLine } from "./jsonLines.ts";
import { shownNumber } from "./numbers.ts";

/** The version of the record; another one is not verified by this prepop. */
export const recordFormatVersion = 1;

export type RunRecord = {
  readonly run: Run;
  readonly counts: RunCounts & { readonly open: number };
  outcomes(): Iterable<EntryOutcome & { readonly entry: Entry }>;
  issues(): Iterable<RowIssue>;
};

/** Every line but the seal, each with its line end. */
export function* recordLines({ run, counts, outcomes, issues }: RunRecord): Iterable<string> {
  yield line({
    type: "run",
    formatVersion: recordFormatVersion,
    id: run.id,
    planDigest: run.digest,
    planId: run.planId,
    tenant: run.tenant,
    actor: run.actor,
    command: run.command,
    source: run.source,
    policy: run.policy,
    smsSignIn: run.smsSignIn,
    undoes: run.undoes ?? null,
    startedAt: moment(run.startedAt),
    endedAt: moment(run.endedAt),
    forgottenAt: moment(run.forgottenAt),
    state: run.state,
    counts,
  });
  for (const { entry, ...outcome } of outcomes()) {
    yield line({
      ...outcomeLine(entry, outcome, false),
      seq: entry.seq,
      from: shownNumber(entry.from, false),
      reason: entry.reason,
      smsBefore: entry.smsBefore ?? null,
      switchDefault: entry.switchDefault ?? null,
      sentAt: moment(entry.sentAt),
    });
  }
  for (const issue of issues()) yield line(issueLine(issue, false));
}

/** The seal: which key, by a name that says nothing of it, and the HMAC of every byte before. */
export type RecordSeal = {
  /** 16 hex digits. */
  readonly key: string;
  /** 64 hex digits. */
  readonly hmac: string;
};

/** The last line of a record, with its line end. It is as long whatever it says. */
export function sealLine({ key, hmac }: RecordSeal): string {
  return line({ type: "seal", algorithm: "HMAC-SHA256", key, hmac });
}

/** Bytes of the last line. */
export const sealLength = sealLine({ key: "0".repeat(16), hmac: "0".repeat(64) }).length;

/** Reads the last bytes of a record; undefined unless they are a seal to the letter. */
export function readSeal(text: string): RecordSeal | undefined {
  const [, key, hmac] = /"key":"([0-9a-f]{16})","hmac":"([0-9a-f]{64})"/.exec(text) ?? [];
  if (key === undefined || hmac === undefined) return undefined;
  return sealLine({ key, hmac }) === text ? { key, hmac } : undefined;
}

/** What a verified record says of itself in its first line. */
export type RecordHead = {
  readonly id: string;
  readonly planDigest: string;
  readonly tenantId: string;
  readonly actor: string;
  readonly startedAt: string;
};

/** Reads the first line; undefined when it is not the head of a record of this version. */
export function readHead(text: string): RecordHead | undefined {
  try {
    const head = JSON.parse(text) as {
      readonly type?: unknown;
      readonly formatVersion?: unknown;
      readonly id?: unknown;
      readonly planDigest?: unknown;
      readonly tenant?: { readonly id?: unknown };
      readonly actor?: { readonly name?: unknown };
      readonly startedAt?: unknown;
    };
    if (head.type !== "run" || head.formatVersion !== recordFormatVersion) return undefined;
    return {
      id: String(head.id),
      planDigest: String(head.planDigest),
      tenantId: String(head.tenant?.id),
      actor: String(head.actor?.name),
      startedAt: String(head.startedAt),
    };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

function moment(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
