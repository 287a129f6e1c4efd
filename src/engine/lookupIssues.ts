import type { DesiredRow } from "../decide/desire.ts";
import { issueLevel, type RowIssue } from "../model/issue.ts";
import type { RosterRow } from "../model/row.ts";
import type { UserLookup } from "../model/user.ts";

/** Issues that only a found user can settle; beside an unknown user they would be noise. */
const waitingForUser: ReadonlySet<string> = new Set(["region-needed"]);

/** The issues of a row whose user was not found, is not one, or is not named at all. */
export function lookupIssues(
  row: RosterRow,
  desired: DesiredRow,
  lookup: Exclude<UserLookup, { kind: "one" }> | undefined,
): readonly RowIssue[] {
  if (!lookup) return desired.issues;
  const others = desired.issues.filter(issue => !waitingForUser.has(issue.code));
  const code = lookup.kind === "many" ? "ambiguous-user" : "unknown-user";
  const message =
    lookup.kind === "many"
      ? `More than one user of this tenant has the key of this row, so none is touched. Match by something unique, for example --match id.`
      : `No user of this tenant has the key of this row. Check the spelling, or take the row out if the account is gone.`;
  return [{ code, level: issueLevel(code), ref: row.ref, user: desired.user, message }, ...others];
}
