import type { RowIssue } from "../model/issue.ts";
import { issueLines } from "./issueLines.ts";
import type { CheckedRow } from "./jsonLines.ts";
import { plainText } from "./plainText.ts";
import { pageOf, type TextOptions } from "./textOptions.ts";
import { list, plural } from "./words.ts";

export type CheckView = {
  readonly name: string;
  /** Which header was taken for what. */
  readonly columns: { readonly [kind: string]: { readonly header: string } | undefined };
  readonly counts: {
    readonly rows: number;
    readonly usable: number;
    readonly issues: number;
    readonly warnings: number;
    readonly hiddenRows: number;
  };
  rows(): Iterable<CheckedRow>;
};

/** A checked roster for a person: which columns were read as what, the issues by kind, the totals, the next command. */
export function* checkText(view: CheckView, options: TextOptions): Iterable<string> {
  const page = pageOf(options);
  const { counts } = view;
  yield* page.say(`Check ${view.name}`, "strong");
  const columns = Object.entries(view.columns).map(([kind, column]) => `${kind} = ${column?.header ?? ""}`);
  yield* page.say(`Columns: ${list(columns)}.`, "dim", "  ");
  yield* issueLines(issuesOf(view.rows()), page);
  yield "";
  const hidden = counts.hiddenRows > 0 ? `, ${counts.hiddenRows} of them hidden` : "";
  yield* page.say(`${plural(counts.rows, "row")}${hidden}; ${counts.usable} usable.`, "strong");
  yield* page.say(`Next: prepop plan ${view.name}`, "strong", "  ");
}

function* issuesOf(rows: Iterable<CheckedRow>): Iterable<RowIssue> {
  for (const row of rows) yield* row.issues;
}

/** What `check --inspect` lists. */
export type InspectedLine =
  | {
      readonly type: "sheet";
      readonly name: string;
      readonly state: string;
      readonly hiddenRows: readonly number[];
    }
  | {
      readonly type: "table";
      readonly name: string;
      readonly sheet: string;
      readonly ref: string;
      readonly headers: readonly string[];
      readonly dataRows: number;
      readonly totalsRow: boolean;
    }
  | { readonly type: "cell"; readonly sheet: string; readonly ref: string; readonly text: string };

/** One line of `check --inspect` for a person. */
export function inspectText(line: InspectedLine): string {
  switch (line.type) {
    case "sheet": {
      const hidden = line.hiddenRows.length === 0 ? "" : `, ${plural(line.hiddenRows.length, "hidden row")}`;
      return `sheet ${plainText(line.name)} (${line.state}${hidden})`;
    }
    case "table": {
      const totals = line.totalsRow ? ", with a totals row" : "";
      const what = `table ${plainText(line.name)} at ${plainText(line.sheet)}!${line.ref}`;
      return `${what}: ${plural(line.dataRows, "row")}${totals}; headers ${list(line.headers.map(plainText))}`;
    }
    case "cell":
      return `  ${line.ref.padEnd(6)} ${plainText(line.text)}`;
  }
}
