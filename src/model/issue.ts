import type { PhoneType } from "./phone.ts";
import type { RowRef } from "./row.ts";

/** Problems of the data that stop a phone, a row or a user. */
export const errorIssues = [
  "invalid-phone",
  "ambiguous",
  "region-needed",
  "ambiguous-region",
  "premium-number",
  "missing-phone",
  "missing-user",
  "invalid-user",
  "unknown-user",
  "ambiguous-user",
  "user-mismatch",
  "alternate-without-mobile",
  "conflict",
] as const;

/** Problems of the data worth a look, which stop nothing. */
export const warningIssues = [
  "duplicate",
  "shared-number",
  "same-number",
  "landline",
  "possible-only",
  "repaired",
  "disabled-user",
  "admin-user",
] as const;

export type ErrorIssue = (typeof errorIssues)[number];
export type WarningIssue = (typeof warningIssues)[number];
export type IssueCode = ErrorIssue | WarningIssue;
export type IssueLevel = "error" | "warning";

/** Why a row cannot be used, or what is odd about it. A value, collected and shown beside its row, never thrown. */
export type RowIssue = {
  readonly code: IssueCode;
  readonly level: IssueLevel;
  readonly ref: RowRef;
  /** The roster's text of the user; null when the cell is empty. */
  readonly user: string | null;
  readonly phoneType?: PhoneType;
  /** What happened, why and what to do, with every digit of a number but the last two masked. */
  readonly message: string;
};

const errorCodes: ReadonlySet<string> = new Set(errorIssues);

export function issueLevel(code: IssueCode): IssueLevel {
  return errorCodes.has(code) ? "error" : "warning";
}
