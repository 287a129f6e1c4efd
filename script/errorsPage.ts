import { type CatalogueEntry, catalogue, type ErrorCode } from "../src/model/errors.ts";
import { errorIssues, type IssueCode, warningIssues } from "../src/model/issue.ts";

type Chapter = { readonly title: string; readonly codes: readonly ErrorCode[] };

const exitCodes: Readonly<Record<CatalogueEntry["exitCode"], string>> = {
  7: "The roster cannot be used",
  4: "Sign-in, consent or role",
  6: "A guard refused",
  8: "The plan is stale",
  5: "Try again later",
  1: "Other errors",
  130: "Interrupted",
};

const intro = `# Errors

Three kinds of problems, told apart on purpose:

- **A problem of a row** is an issue. It is shown beside its row, stops that phone, row or user, and never the rest.
- **A problem of the world, or a refusal**, stops the command. It has a permanent code, says what happened and why, and what
  to do. With \`--json\` it is the line \`{"type":"error","code":…,"message":…,"hint":…}\` before the summary; in the
  library it is a thrown \`PrepopError\`.
- **A bug** is neither. The command prints a report that can be sent, with numbers and names masked.

Codes are permanent; their texts may improve. \`{name}\` stands for a value.
`;

/** The page docs/errors.md. */
export function errorsPage(): string {
  return [intro, ...chapters().map(chapterText), issuesText()].join("\n");
}

function chapters(): readonly Chapter[] {
  const codes = Object.keys(catalogue) as ErrorCode[];
  const ofRows = codes.filter(code => code.startsWith("PREPOP_ROW_"));
  const ofCommands = codes.filter(code => !ofRows.includes(code));
  const byExitCode = ([7, 4, 6, 8, 5, 1, 130] as const).map(exitCode => ({
    title: `${exitCodes[exitCode]}: exit code ${exitCode}`,
    codes: ofCommands.filter(code => catalogue[code].exitCode === exitCode),
  }));
  return [...byExitCode, { title: "What is said of one change of a run", codes: ofRows }];
}

function chapterText({ title, codes }: Chapter): string {
  const rows = codes.map(code => {
    const { message, hint }: CatalogueEntry = catalogue[code];
    return `| \`${code}\` | ${cell(message({}))} | ${cell(hint({}))} |`;
  });
  return `## ${title}\n\n| code | what happened | what to do |\n|---|---|---|\n${rows.join("\n")}\n`;
}

function issuesText(): string {
  const list = (codes: readonly IssueCode[]): string => codes.map(code => `\`${code}\``).join(", ");
  return `## Issues of a row\n\nErrors, which make no change for that phone or row: ${list(errorIssues)}.\n\nWarnings, which stop nothing: ${list(warningIssues)}.\n`;
}

/** A text in a table of Markdown. What stands in braces is code, so that it is not taken for markup. */
function cell(text: string): string {
  return text
    .trim()
    .replaceAll("|", "\\|")
    .replace(/(\{\w+\})+/g, "`$&`");
}
