import { type OutcomeKind, outcomeKinds, type Run } from "../model/run.ts";
import { plainText } from "./plainText.ts";
import { outcomeWords } from "./reason.ts";
import { runStateWords } from "./runText.ts";
import { headerLine, layout, type TextColumn, tableLine } from "./table.ts";
import { pageOf, type TextOptions } from "./textOptions.ts";
import { moment, thousands } from "./words.ts";

/** A run with its totals, as `runs` lists it. */
export type ListedRun = Run & { readonly counts: { readonly [Kind in OutcomeKind]?: number } };

const columns: readonly TextColumn[] = [
  { header: "run" },
  { header: "when" },
  { header: "tenant", shrink: "middle", min: 12 },
  { header: "state" },
  { header: "outcomes", shrink: "end", min: 16 },
];

/** The runs that the ledger remembers, for a person: a line each, and what can be done with them. */
export function* runsText(runs: readonly ListedRun[], options: TextOptions): Iterable<string> {
  const page = pageOf(options);
  if (runs.length === 0) {
    yield "The ledger holds no run yet.";
    return;
  }
  const rows = runs.map(run => [
    shortId(run.id),
    moment(run.startedAt).replace(" UTC", "Z"),
    plainText(run.tenant.domain ?? run.tenant.displayName ?? run.tenant.id),
    `${plainText(run.command)} ${runStateWords[run.state]}${run.forgottenAt === undefined ? "" : ", forgotten"}`,
    outcomesOf(run),
  ]);
  const table = layout(columns, rows, page.width);
  yield page.paint("dim", headerLine(table));
  for (const row of rows) yield tableLine(table, row);
  yield "";
  yield* page.say("prepop runs show RUN lists the changes of a run, prepop undo RUN takes it back.", "dim");
}

/** The beginning of a long id is enough for every command that takes one. */
function shortId(id: string): string {
  return id.length > 12 ? id.slice(0, 8) : id;
}

function outcomesOf({ counts }: ListedRun): string {
  return outcomeKinds
    .flatMap(kind => {
      const count = counts[kind] ?? 0;
      return count > 0 ? [`${thousands(count)} ${outcomeWords[kind]}`] : [];
    })
    .join(", ");
}
