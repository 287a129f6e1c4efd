import type { IssueLevel, RowIssue } from "../model/issue.ts";
import type { HtmlGroup } from "./htmlPage.ts";
import { issueTexts } from "./issueText.ts";
import { shownText, shownUser } from "./numbers.ts";

/** The issues of a roster as groups of a page: the errors, then the warnings. */
export function issueGroups(issues: () => Iterable<RowIssue>, show: boolean): HtmlGroup[] {
  const counts: Record<IssueLevel, number> = { error: 0, warning: 0 };
  for (const issue of issues()) counts[issue.level]++;
  const levels: readonly IssueLevel[] = ["error", "warning"];
  return levels
    .filter(level => counts[level] > 0)
    .map(level => ({
      id: level === "error" ? "issues" : "warnings",
      title: level === "error" ? "row errors" : "row warnings",
      tone: level === "error" ? "bad" : "change",
      count: counts[level],
      open: level === "error",
      columns: ["row", "user", "type", "issue", "message"],
      *rows() {
        for (const issue of issues()) {
          if (issue.level !== level) continue;
          yield [
            String(issue.ref.row),
            issue.user === null ? "" : shownUser(issue.user, show),
            issue.phoneType ?? "",
            issue.code,
            { text: shownText(issue.message, show), more: issueTexts[issue.code].fix },
          ];
        }
      },
    }));
}
