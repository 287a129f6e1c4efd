/** The objects of `--json` and of the library, exactly as interface.md has them (commands and their JSON Lines). */
import type { Change, ChangeKind, Reason } from "../model/change.ts";
import type { ProfileProperty } from "../model/directoryProfile.ts";
import type { IssueCode, IssueLevel, RowIssue } from "../model/issue.ts";
import type { ExistingPhone, PhoneNumber, PhoneType, SmsSignInState } from "../model/phone.ts";
import type { RowRef } from "../model/row.ts";
import type { Outcome, OutcomeKind } from "../model/run.ts";
import type { User } from "../model/user.ts";
import { type ShowNumbers, shownNumber, shownText, shownUser } from "./numbers.ts";

export type { ShowNumbers } from "./numbers.ts";

export type ChangeLine = {
  readonly type: "change";
  readonly kind: ChangeKind;
  readonly user: string;
  readonly userPrincipalName: string;
  readonly userId: string;
  readonly phoneType: PhoneType;
  readonly from: string | null;
  readonly to: string | null;
  readonly reason: Reason;
  readonly row: number;
  readonly rows: readonly number[];
  readonly property?: ProfileProperty;
  /** The user was not read: the registration report lists no method. */
  readonly basis?: "report";
  readonly switchDefault?: NonNullable<Change["switchDefault"]>;
};

export type IssueLine = {
  readonly type: "issue";
  readonly code: IssueCode;
  readonly level: IssueLevel;
  readonly row: number;
  readonly sheet?: string;
  readonly property?: ProfileProperty;
  readonly user: string | null;
  readonly phoneType?: PhoneType;
  readonly message: string;
};

export type RowLine = {
  readonly type: "row";
  readonly row: number;
  readonly sheet?: string;
  readonly user: string | null;
  readonly phones: { readonly [Type in PhoneType]?: string };
  readonly issues: readonly {
    readonly code: IssueCode;
    readonly level: IssueLevel;
    readonly phoneType?: PhoneType;
    readonly message: string;
  }[];
};

export type OutcomeLine = {
  readonly type: "outcome";
  readonly outcome: OutcomeKind;
  readonly kind: ChangeKind;
  readonly user: string;
  readonly userPrincipalName: string;
  readonly userId: string;
  readonly phoneType: PhoneType;
  readonly to: string | null;
  readonly attempts: number;
  /** Null when no answer had one. */
  readonly requestId: string | null;
  /** Null when all went well. */
  readonly code: string | null;
  readonly message: string | null;
  readonly row: number;
  readonly rows: readonly number[];
  readonly property?: ProfileProperty;
};

export type PhoneLine = {
  readonly type: "phone";
  readonly user: string;
  readonly userId: string;
  readonly phoneType: PhoneType;
  readonly phoneNumber: string;
  /** Null where Graph does not say it. */
  readonly smsSignInState: SmsSignInState | null;
  readonly id: string;
};

/** A row as `check` saw it. */
export type CheckedRow = {
  readonly ref: RowRef;
  readonly user: string | null;
  /** What each cell parses to, also when the row cannot be used. */
  readonly phones: { readonly [Type in PhoneType]?: PhoneNumber };
  readonly issues: readonly RowIssue[];
};

/** One change of a plan. */
export function changeLine(change: Change, show: ShowNumbers): ChangeLine {
  return {
    type: "change",
    kind: change.kind,
    user: shownUser(change.user, show),
    userPrincipalName: change.userPrincipalName,
    userId: change.userId,
    phoneType: change.phoneType,
    from: shownNumber(change.from, show),
    to: shownNumber(change.to, show),
    reason: change.reason,
    row: change.ref.row,
    rows: change.rows,
    ...propertyOf(change.ref),
    ...(change.basis === undefined ? {} : { basis: change.basis }),
    ...(change.switchDefault ? { switchDefault: change.switchDefault } : {}),
  };
}

/** One issue of a roster. */
export function issueLine(issue: RowIssue, show: ShowNumbers = false): IssueLine {
  return {
    type: "issue",
    code: issue.code,
    level: issue.level,
    row: issue.ref.row,
    ...(issue.ref.sheet === undefined ? {} : { sheet: issue.ref.sheet }),
    ...propertyOf(issue.ref),
    user: issue.user === null ? null : shownUser(issue.user, show),
    ...(issue.phoneType === undefined ? {} : { phoneType: issue.phoneType }),
    message: shownText(issue.message, show),
  };
}

/** One row of a checked roster. */
export function rowLine(row: CheckedRow, show: ShowNumbers): RowLine {
  const phones: { [Type in PhoneType]?: string } = {};
  for (const phoneType of Object.keys(row.phones) as PhoneType[]) {
    const number = row.phones[phoneType];
    if (number !== undefined) phones[phoneType] = shownNumber(number, show);
  }
  return {
    type: "row",
    row: row.ref.row,
    ...(row.ref.sheet === undefined ? {} : { sheet: row.ref.sheet }),
    user: row.user === null ? null : shownUser(row.user, show),
    phones,
    issues: row.issues.map(issue => ({
      code: issue.code,
      level: issue.level,
      ...(issue.phoneType === undefined ? {} : { phoneType: issue.phoneType }),
      message: shownText(issue.message, show),
    })),
  };
}

/** What came of one change. */
export function outcomeLine(entry: Change, outcome: Outcome, show: ShowNumbers): OutcomeLine {
  return {
    type: "outcome",
    outcome: outcome.outcome,
    kind: entry.kind,
    user: shownUser(entry.user, show),
    userPrincipalName: entry.userPrincipalName,
    userId: entry.userId,
    phoneType: entry.phoneType,
    to: shownNumber(entry.to, show),
    attempts: outcome.attempts,
    requestId: outcome.requestId ?? null,
    code: outcome.code ?? null,
    message: outcome.message === undefined ? null : shownText(outcome.message, show),
    row: entry.ref.row,
    rows: entry.rows,
    ...propertyOf(entry.ref),
  };
}

/** Where a number of the directory's own came from: `mobilePhone` or `businessPhones` of the user's profile. */
function propertyOf({ property }: RowRef): { readonly property?: ProfileProperty } {
  return property === undefined ? {} : { property };
}

/** One phone that a user holds. */
export function phoneLine(
  user: Pick<User, "id" | "userPrincipalName">,
  phone: ExistingPhone,
  show: ShowNumbers,
): PhoneLine {
  return {
    type: "phone",
    user: user.userPrincipalName,
    userId: user.id,
    phoneType: phone.phoneType,
    phoneNumber: shownNumber(phone.phoneNumber, show),
    smsSignInState: phone.smsSignInState ?? null,
    id: phone.id,
  };
}
