import type { RowIssue } from "../model/issue.ts";
import type { RowStatus } from "../model/rowStatus.ts";
import type { EntryOutcome } from "../model/run.ts";
import { issueTexts } from "./issueText.ts";
import { outcomeWords } from "./reason.ts";

/** What is said of a row as a whole: the first of these that fits one of its phones. */
const importance = [
  "in doubt",
  "failed",
  "refused",
  "not usable",
  "skipped",
  "kept",
  "applied",
  "already so",
];

/**
 * The status of each row of a list, by row number: the outcomes of its phones and its issues in one. A row that the run
 * says nothing of (it was out of scope) has none.
 */
export function rowStatuses(
  outcomes: Iterable<EntryOutcome>,
  issues: Iterable<RowIssue>,
): ReadonlyMap<number, RowStatus> {
  const rows = new Map<number, { word: string; readonly messages: string[] }>();
  const say = (row: number, word: string, message: string | undefined): void => {
    const said = rows.get(row) ?? { word, messages: [] };
    if (importance.indexOf(word) < importance.indexOf(said.word)) said.word = word;
    if (message !== undefined && !said.messages.includes(message)) said.messages.push(message);
    rows.set(row, said);
  };
  for (const { entry, outcome, code, message } of outcomes) {
    const word = code === "PREPOP_ROW_KEPT" ? "kept" : outcomeWords[outcome];
    const told = message === undefined ? undefined : `${entry.phoneType}: ${withoutNumbers(message)}`;
    for (const row of entry.rows) say(row, word, told);
  }
  for (const { level, ref, code, phoneType } of issues) {
    if (level === "error") {
      const { title, fix } = issueTexts[code];
      say(ref.row, "not usable", `${phoneType === undefined ? "" : `${phoneType}: `}${title}. ${fix}`);
    }
  }
  return new Map(
    [...rows].map(([row, { word, messages }]) => [
      row,
      { outcome: word, message: messages.join(" ").slice(0, longestMessage) },
    ]),
  );
}

const longestMessage = 500;

/** A list is seen by many: not even a masked number, or an id that looks like one, goes into it. */
function withoutNumbers(text: string): string {
  return text.replace(/[+(]{0,2}[\d•](?:[\s().\-/]{0,3}[\d•]){5,}/g, "(number)");
}
