import type { DesiredRow } from "../decide/desire.ts";
import { rowIssue } from "../decide/issueMessage.ts";
import type { RowIssue } from "../model/issue.ts";
import type { UserLookup } from "../model/user.ts";

/** Issues that only a found user can settle; beside an unknown user they would be noise. */
const waitingForUser: ReadonlySet<string> = new Set(["region-needed"]);

/** The issues of a row whose user was not found, is not one, or is not named at all. */
export function lookupIssues(
  desired: DesiredRow,
  lookup: Exclude<UserLookup, { kind: "one" }> | undefined,
): readonly RowIssue[] {
  if (!lookup) return desired.issues;
  const others = desired.issues.filter(issue => !waitingForUser.has(issue.code));
  const code = lookup.kind === "many" ? "ambiguous-user" : "unknown-user";
  return [rowIssue(desired, { code }), ...others];
}
