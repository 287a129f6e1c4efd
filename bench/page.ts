import type { BenchRecord } from "./record.ts";
import { readHeader, readRow, round, writeHeader, writeRows } from "./table.ts";

const begin = "<!-- Figures: made by `node bench/publish.ts`, not by hand. -->";
const end = "<!-- End of the figures. -->";

/**
 * Puts a record's figures into the page, between its two marks.
 * @throws Error for a page without the marks
 */
export function withFigures(page: string, record: BenchRecord): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from === -1 || to < from) throw new Error("The page has no place for the figures.");
  return `${page.slice(0, from)}${begin}\n\n${figures(record)}\n\n${page.slice(to)}`;
}

function figures({ machine, results, judged }: BenchRecord): string {
  const core = machine.sandboxOnOwnCore ? "bound to a core of its own" : "beside prepop";
  const writes = results.flatMap(({ case: each, measurements }) =>
    each.kind === "write" ? [{ each, rows: writeRows(each, measurements) }] : [],
  );
  const reads = results.flatMap(({ case: each, measurements }) =>
    each.kind === "read" ? measurements.map(measured => readRow(each, measured)) : [],
  );
  return [
    `Measured ${machine.date} on ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}; Node ${machine.node}, SQLite ${machine.sqlite}, prepop ${machine.prepop} from source, @microsoft/microsoft-graph-client ${machine.microsoftGraphClient}; the sandbox ${core}. Processes that wanted a core just before: ${machine.load}; above ${machine.cores}, times (not CPU) are longer than this machine needs.`,
    "## What must be reached",
    markdownTable([
      ["case", "figure", "bound", "measured", ""],
      ...judged.map(({ case: name, what, bound, value, pass }) => [
        name,
        what,
        bound,
        value === undefined ? "not measured" : round(value, 4),
        pass === undefined ? "" : pass ? "reached" : "**missed**",
      ]),
    ]),
    "## Beside the ways it replaces",
    ...writes.flatMap(({ each, rows }) => [
      `### ${each.name}: ${each.summary}`,
      markdownTable([writeHeader, ...rows]),
    ]),
    "## Reading lists",
    markdownTable([readHeader, ...reads]),
  ].join("\n\n");
}

function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [row(head), row(head.map(() => "---")), ...body.map(row)].join("\n");
}
