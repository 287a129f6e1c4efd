import type { IssueCode, IssueLevel, RowIssue } from "../model/issue.ts";
import { issueTexts } from "./issueText.ts";
import { shownText, shownUser } from "./numbers.ts";
import { plainText, shorten, wrap } from "./plainText.ts";
import type { Page } from "./textOptions.ts";
import { plural, thousands } from "./words.ts";

/** Rows shown of each code. */
const firstRows = 3;

type Group = {
  readonly code: IssueCode;
  readonly level: IssueLevel;
  count: number;
  readonly first: RowIssue[];
};

/** The issues of a roster by code, errors first, with the first rows of each and what to do about them. */
export function* issueLines(issues: Iterable<RowIssue>, page: Page): Iterable<string> {
  const groups = gather(issues);
  if (groups.length === 0) return;
  yield "";
  yield* page.say(totals(groups), "strong");
  for (const group of groups) {
    const { title, fix } = issueTexts[group.code];
    const tone = group.level === "error" ? "bad" : "warn";
    yield* page.mark(
      group.level === "error" ? "x" : "!",
      `${group.code} ${thousands(group.count)}: ${title}. ${fix}`,
      tone,
    );
    for (const issue of group.first) yield* rowLines(issue, page);
    const more = group.count - group.first.length;
    if (more > 0) yield page.paint("dim", `         … and ${thousands(more)} more`);
  }
}

function totals(groups: readonly Group[]): string {
  const count = (level: IssueLevel): number =>
    groups.reduce((sum, group) => (group.level === level ? sum + group.count : sum), 0);
  const [errors, warnings] = [count("error"), count("warning")];
  const parts: string[] = [];
  if (errors > 0)
    parts.push(`${plural(errors, "error")} (no change is made for ${errors === 1 ? "it" : "them"})`);
  if (warnings > 0) parts.push(plural(warnings, "warning"));
  return `Issues: ${parts.join(", ")}.`;
}

function gather(issues: Iterable<RowIssue>): Group[] {
  const groups = new Map<IssueCode, Group>();
  for (const issue of issues) {
    let group = groups.get(issue.code);
    if (!group) {
      group = { code: issue.code, level: issue.level, count: 0, first: [] };
      groups.set(issue.code, group);
    }
    group.count++;
    if (group.first.length < firstRows) group.first.push(issue);
  }
  const weight = (group: Group): number => (group.level === "error" ? 0 : 1);
  return [...groups.values()].sort((left, right) => weight(left) - weight(right) || right.count - left.count);
}

/** At most two lines an issue: the row, the user and the phone type, and the message. */
function rowLines(issue: RowIssue, page: Page): string[] {
  const sheet = issue.ref.sheet === undefined ? "" : `${shorten(plainText(issue.ref.sheet), 16, "middle")}: `;
  const user =
    issue.user === null ? "no user" : shorten(plainText(shownUser(issue.user, page.show)), 32, "middle");
  const type = issue.phoneType === undefined ? "" : `, ${issue.phoneType}`;
  const row = String(issue.ref.row).padStart(7);
  const indent = " ".repeat(row.length + 2);
  const width = page.width - indent.length;
  const [first = "", ...rest] = wrap(
    `${sheet}${user}${type}: ${plainText(shownText(issue.message, page.show))}`,
    width,
  );
  const second = rest.length > 1 ? shorten(rest.join(" "), width, "end") : rest[0];
  return [`${row}  ${first}`, ...(second === undefined ? [] : [indent + second])];
}
