import type { Change, Policy, SmsSignIn } from "./change.ts";
import type { PhoneType, SmsSignInState } from "./phone.ts";
import type { Actor, Tenant } from "./user.ts";

/** What came of a change. inDoubt: no trustworthy answer yet, and it is read back before anything is said. */
export type OutcomeKind = "applied" | "alreadySo" | "refused" | "failed" | "inDoubt" | "skipped";

export const outcomeKinds: readonly OutcomeKind[] = [
  "applied",
  "alreadySo",
  "refused",
  "failed",
  "inDoubt",
  "skipped",
];

/**
 * The life of a run. open: entries are still to be sent. interrupted: the process ended before the run did; it can be
 * resumed. inDoubt: all was sent and some answers are still to be settled. done: every entry has its outcome.
 * superseded: a newer plan took its place. ended: stopped for good by a guard or by hand.
 */
export type RunState = "open" | "interrupted" | "inDoubt" | "done" | "superseded" | "ended";

export type Run = {
  readonly id: string;
  readonly planId: string;
  readonly digest: string;
  readonly tenant: Tenant;
  readonly actor: Actor;
  /** apply, undo, phone create … */
  readonly command: string;
  readonly source: string;
  readonly policy: Policy;
  readonly smsSignIn: SmsSignIn;
  readonly rosterHash?: string;
  readonly optionsHash?: string;
  /** The run that this one takes back. */
  readonly undoes?: string;
  /** Error issues of the plan: they raise the exit code of the run as well. */
  readonly issues: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt?: number;
  /** When the numbers of this run were removed from the ledger; its outcomes stay. */
  readonly forgottenAt?: number;
  readonly state: RunState;
};

/** One change in a run. `seq` is its place, from 1; a user's entries follow each other. */
export type Entry = Change & {
  readonly runId: string;
  readonly seq: number;
  /** open: nothing sent. sent: an attempt is out without an answer on record. finished: it has an outcome. */
  readonly state: "open" | "sent" | "finished";
  readonly attempts: number;
  /** Wall clock, ms since 1970, of the newest attempt; undefined before the first. */
  readonly sentAt?: number;
  /** Whether any attempt so far had no trustworthy answer, and when that one was sent. */
  readonly doubtSince?: number;
  /** The state of SMS sign-in that the last read before the send showed; undefined for an empty slot. */
  readonly smsBefore?: SmsSignInState;
};

/** A write of a later run that changed a slot, or may have (inDoubt: also where no answer is on record). */
export type LaterWrite = {
  readonly runId: string;
  /** The run that the later one takes back, where it is an undo. */
  readonly undoes?: string;
  readonly phoneType: PhoneType;
  readonly outcome: "applied" | "inDoubt";
};

/** What is said of one entry. */
export type Outcome = {
  readonly outcome: OutcomeKind;
  /** HTTP writes sent for it. */
  readonly attempts: number;
  /** Graph's request-id of the answer that decided. */
  readonly requestId?: string;
  /** A catalogue code (PREPOP_ROW_…) or Graph's own (phoneNumberNotUnique); absent when all went well. */
  readonly code?: string;
  readonly message?: string;
};

/** An entry with its outcome, as reports and `runs show` have it. */
export type EntryOutcome = { readonly entry: Change & { readonly seq: number } } & Outcome;

/** Totals of a run. */
export type RunCounts = Readonly<Record<OutcomeKind, number>> & { readonly issues: number };
