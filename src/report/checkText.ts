import type { ProfileSource } from "../model/directoryProfile.ts";
import type { InspectLine } from "../model/inspect.ts";
import type { RowIssue } from "../model/issue.ts";
import { type ColumnKind, columnKinds } from "../model/row.ts";
import { issueLines } from "./issueLines.ts";
import type { CheckedRow } from "./jsonLines.ts";
import { plainText, shorten } from "./plainText.ts";
import { noNumbersNote, profileSentence } from "./profileRosterText.ts";
import { pageOf, type TextOptions } from "./textOptions.ts";
import { list, plural, thousands } from "./words.ts";

/** What `check` found, for a person. */
export type CheckView = {
  /** As it was typed; the name where it was not. */
  readonly path?: string;
  /** The file's name. */
  readonly name: string;
  /** The columns that were chosen: their headers and, in a sheet, their letters. */
  readonly columns: { readonly [Kind in ColumnKind]?: { readonly header: string; readonly column?: string } };
  readonly counts: {
    readonly rows: number;
    readonly usable: number;
    readonly issues: number;
    readonly warnings: number;
    readonly hiddenRows: number;
  };
  readonly fromProfile?: ProfileSource;
  rows(): Iterable<CheckedRow>;
};

/** A checked roster: which columns were taken for what, what is wrong, how many rows can be used, the next command. */
export function* checkText(view: CheckView, options: TextOptions): Iterable<string> {
  const page = pageOf(options);
  const { rows, usable, issues, hiddenRows } = view.counts;
  const { fromProfile } = view;
  yield* page.say(`Check ${view.name}`, "strong");
  for (const kind of columnKinds) {
    const column = view.columns[kind];
    if (!column) continue;
    const where = column.column === undefined ? "" : ` (column ${column.column})`;
    const header = shorten(plainText(column.header), 40, "end");
    yield page.paint("dim", `  ${kind.padEnd(17)}${header}${where}`);
  }
  yield* issueLines(issuesOf(view.rows()), page);
  yield "";
  const hidden = hiddenRows > 0 ? `, ${thousands(hiddenRows)} of them hidden` : "";
  if (fromProfile) {
    yield* page.say(`Read: ${profileSentence(fromProfile)}.`);
    const note = noNumbersNote(fromProfile);
    if (note !== undefined) yield* page.mark("i", note, "note");
  }
  yield* page.say(`${plural(rows, "row")}${hidden}; ${thousands(usable)} can be used.`, "strong");
  if (issues > 0) yield* page.say("Rows with errors make no change: correct them, or go on without them.");
  yield* page.say(`Next: prepop plan ${view.path ?? view.name}`, "strong", "  ");
}

function* issuesOf(rows: Iterable<CheckedRow>): Iterable<RowIssue> {
  for (const row of rows) yield* row.issues;
}

/** One line of `check --inspect` for a person. */
export function inspectText(line: InspectLine): string {
  switch (line.type) {
    case "sheet": {
      const notes = [
        ...(line.state === "visible" ? [] : ["hidden"]),
        ...(line.hiddenRows.length > 0 ? [plural(line.hiddenRows.length, "hidden row")] : []),
      ];
      return plainText(`Sheet ${line.name}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`);
    }
    case "table": {
      const totals = line.totalsRow ? ", with a totals row" : "";
      const rows = plural(line.dataRows, "row");
      return plainText(
        `Table ${line.name} at ${line.ref} of ${line.sheet}: ${rows}${totals}; headers ${list(line.headers)}`,
      );
    }
    case "cell":
      return plainText(`  ${line.ref.padEnd(6)} ${line.text}`);
  }
}
