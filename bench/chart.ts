import { quotaSeconds, type WriteCase } from "./cases.ts";
import { type ContenderName, contenderNames, contenderTexts, type Measurement } from "./measurement.ts";
import type { BenchRecord } from "./record.ts";
import { round } from "./table.ts";

const width = 900;
const labelWidth = 290;
/** Each contender has a lane of its own in the row of a case. */
const laneHeight = 15;
const rowHeight = 4 * laneHeight + 14;
const legendTop = 58;
const top = 158;
const bottom = 52;

const colours: Readonly<Record<ContenderName, string>> = {
  prepop: "#0b6e4f",
  flow2020: "#c2410c",
  microsoft: "#1d4ed8",
  oneByOne: "#6b7280",
};

/** The times of all contenders in each case, as an SVG. The scale is logarithmic, so points on stems and not bars. */
export function chart({ results, machine }: BenchRecord): string {
  const rows = results.flatMap(({ case: each, measurements }) =>
    each.kind === "write" && measurements.length > 1 ? [{ each, measurements }] : [],
  );
  const height = top + rows.length * rowHeight + bottom;
  const most = Math.max(
    10,
    ...rows.flatMap(({ measurements }) => measurements.map(({ seconds }) => seconds)),
  );
  const decades = Math.ceil(Math.log10(most));
  const x = (seconds: number): number =>
    labelWidth + (Math.log10(Math.max(1, seconds)) / decades) * (width - labelWidth - 110);
  const y = (row: number): number => top + row * rowHeight;

  const ticks = Array.from({ length: decades + 1 }, (_, power) => 10 ** power);
  const body = [
    text(
      20,
      30,
      "Time for the whole process, seconds (shorter is better)",
      'font-size="17" font-weight="600"',
    ),
    ...legend(),
    ...ticks.flatMap(tick => [
      line(x(tick), top, x(tick), height - bottom, "#d1d5db"),
      text(x(tick), height - bottom + 18, String(tick), 'text-anchor="middle" fill="#4b5563"'),
    ]),
    ...rows.flatMap(({ each, measurements }, row) => [
      ...labelOf(each).map((words, at) =>
        text(20, y(row) + 26 + at * 17, words, at === 0 ? 'font-weight="600"' : 'fill="#4b5563"'),
      ),
      ...minimum(each, x, y(row)),
      ...measurements.flatMap(measured => stem(measured, x, y(row))),
    ]),
    text(
      20,
      height - 10,
      `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${machine.date}. Dashed: what the quota alone takes. ~: extrapolated.`,
      'font-size="11" fill="#4b5563"',
    ),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="13" fill="#111827">`,
    `<title>Time of prepop and of the ways it replaces</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...body,
    "</svg>",
    "",
  ].join("\n");
}

function labelOf({ users, change, latencyMs, batchLatency, quota }: WriteCase): readonly string[] {
  const limit =
    quota === undefined
      ? "no quota"
      : `quota ${quota.burst.toLocaleString("en")} + ${quota.perSecond} a second`;
  const title = `${users.toLocaleString("en")} ${change}s`;
  return batchLatency === "perItem"
    ? [title, `${latencyMs} ms, in a batch 20 ms an item`, limit]
    : [title, `${latencyMs} ms, ${limit}`];
}

function legend(): readonly string[] {
  return contenderNames.flatMap((name, at) => [
    dot(26, legendTop + at * 20, name, false),
    text(40, legendTop + at * 20 + 4, contenderTexts[name]),
  ]);
}

/** Where the quota alone would end. */
function minimum(each: WriteCase, x: (seconds: number) => number, y: number): readonly string[] {
  const seconds = quotaSeconds(each.quota, each.users);
  if (seconds < 1) return [];
  return [line(x(seconds), y + 4, x(seconds), y + rowHeight - 4, "#111827", ' stroke-dasharray="2 3"')];
}

/** One contender's time, in its lane. */
function stem(
  { contender, seconds, done, users, extrapolatedFrom }: Measurement,
  x: (seconds: number) => number,
  y: number,
): readonly string[] {
  const lane = y + 14 + contenderNames.indexOf(contender) * laneHeight;
  const less = done < users ? `, ${Math.round((done / users) * 100)} % done` : "";
  const about = extrapolatedFrom === undefined ? "" : "~";
  return [
    line(x(1), lane, x(seconds), lane, colours[contender]),
    dot(x(seconds), lane, contender, done < users),
    text(x(seconds) + 9, lane + 4, `${about}${round(seconds)} s${less}`, 'font-size="11"'),
  ];
}

function dot(x: number, y: number, contender: ContenderName, hollow: boolean): string {
  const colour = colours[contender];
  const fill = hollow ? "#ffffff" : colour;
  return `<circle cx="${x.toFixed(1)}" cy="${y}" r="4.5" fill="${fill}" stroke="${colour}" stroke-width="2"/>`;
}

function line(x1: number, y1: number, x2: number, y2: number, colour: string, more = ""): string {
  return `<line x1="${x1.toFixed(1)}" y1="${y1}" x2="${x2.toFixed(1)}" y2="${y2}" stroke="${colour}"${more}/>`;
}

function text(x: number, y: number, content: string, more = ""): string {
  const safe = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x.toFixed(1)}" y="${y}" ${more}>${safe}</text>`;
}
