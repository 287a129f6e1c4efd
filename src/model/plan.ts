import type { Change, ChangeKind, Policy, SmsSignIn } from "./change.ts";
import type { ProfileSource } from "./directoryProfile.ts";
import type { RowIssue } from "./issue.ts";
import type { Tenant } from "./user.ts";

/** The version of the plan file and of what the digest covers. */
export const planFormatVersion = 1;

export type PlanCounts = Readonly<Record<ChangeKind, number>> & {
  readonly rows: number;
  readonly users: number;
  /** Error issues. */
  readonly issues: number;
  readonly warnings: number;
  readonly outOfScope: number;
  readonly excluded: number;
};

/** Whether codes will reach the numbers that a plan writes, as far as the tenant's policies can be read. */
export type Delivery = {
  readonly sms: "on" | "off" | "unknown";
  readonly voice: "on" | "off" | "unknown";
  /** Numbers that the plan writes and that neither policy lets a code reach; undefined where that cannot be told. */
  readonly outside?: number;
  /** Who delivers: a provider of the tenant's own, one on trial, or Microsoft. */
  readonly provider: "own" | "trial" | "none" | "unknown";
  /** ISO day from which Microsoft delivers no more codes in this cloud; undefined where it named none. */
  readonly endsOn?: string;
};

/** What the plan found out that a reader must know before he says yes. */
export type PlanFindings = {
  /** Reads of this tenant hide digits. */
  readonly masked: boolean;
  /** Slots counted under `unchanged` whose visible digits fit, no more. */
  readonly maskedFits: number;
  /** Mobile numbers that the service will register for SMS sign-in by itself; undefined: policy not readable. */
  readonly smsSideEffect?: number;
  /** Absent where the plan writes no number. */
  readonly delivery?: Delivery;
  /** Phones that the plan's users hold now: what --max-change is a share of. */
  readonly phonesHeld: number;
  /** Numbers of a mobile column, and how many of them are fixed lines. */
  readonly mobileNumbers: number;
  readonly mobileLandlines: number;
  /** With --exclude-disabled: users of whom it is not shown whether they are disabled. */
  readonly disabledUnknown?: number;
  /** Users whose methods or default method could not be read before a delete. */
  readonly methodsUnknown: number;
  /** Changes that rest on the registration report instead of a read. */
  readonly notRead?: number;
  /** Users whom the plan leaves without any method (only with --allow-last-method). */
  readonly leftWithoutMethod: number;
  /** In an undo: mobile phones whose state of SMS sign-in before the run is not on record. */
  readonly smsUnknown?: number;
  /** In an undo: users whose default method cannot be switched back, because it cannot be read or was changed since. */
  readonly defaultsKept?: number;
};

/** The first line of a plan file, and the head of every plan. */
export type PlanHeader = {
  readonly formatVersion: number;
  readonly id: string;
  readonly tenantId: string;
  readonly tenant: Tenant;
  readonly policy: Policy;
  readonly smsSignIn: SmsSignIn;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly counts: PlanCounts;
  readonly findings: PlanFindings;
  /** Where it came from: a file name without its folder, or the name of a command. */
  readonly source: string;
  /** SHA-256 of the roster's bytes and of the options, to know an interrupted run again. */
  readonly rosterHash?: string;
  readonly optionsHash?: string;
  /** Where the roster was the directory's own profiles: what was read of them, and which property is which phone. */
  readonly fromProfile?: ProfileSource;
  /** The run that this plan takes back. */
  readonly undoes?: string;
};

/**
 * All changes for one tenant, as plain data. Preview, apply, resume, undo and every report read this one thing.
 * `changes` and `issues` can be walked again and again; they come in roster order, a user's changes together and in
 * the order they are to be sent. They are streamed: a plan of a million rows does not lie in memory.
 */
export type Plan = {
  readonly header: PlanHeader;
  /** SHA-256, hex, of what decide/digest says. */
  readonly digest: string;
  changes(): Iterable<Change>;
  issues(): Iterable<RowIssue>;
};
