import { quotaSeconds, type WriteCase } from "./cases.ts";
import { type ContenderName, contenderNames, contenderTexts } from "./measurement.ts";
import type { BenchRecord } from "./record.ts";

const width = 860;
const labelWidth = 300;
const rowHeight = 34;
const top = 104;
const bottom = 46;

/** How each contender is drawn. Two that lie on each other can still be told apart: one is a ring around the other. */
const marks: Readonly<Record<ContenderName, { readonly colour: string; readonly ring: boolean }>> = {
  prepop: { colour: "#0b6e4f", ring: false },
  flow2020: { colour: "#c2410c", ring: false },
  microsoft: { colour: "#1d4ed8", ring: true },
  oneByOne: { colour: "#6b7280", ring: false },
};

/** The times of all contenders, one line a case, as an SVG. The scale is logarithmic, so points and not bars. */
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
    labelWidth + (Math.log10(Math.max(1, seconds)) / decades) * (width - labelWidth - 40);
  const y = (row: number): number => top + row * rowHeight + rowHeight / 2;

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
      text(20, y(row) + 4, labelOf(each)),
      ...minimum(each, x, y(row)),
      ...measurements.map(({ contender, seconds, done, users }) =>
        point(x(seconds), y(row), contender, done < users),
      ),
    ]),
    text(
      20,
      height - 10,
      `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${machine.date}. Hollow: not all users were done.`,
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

function labelOf({ users, change, latencyMs, batchLatency, quota }: WriteCase): string {
  const limit = quota === undefined ? "no quota" : `${quota.burst} + ${quota.perSecond}/s`;
  const item = batchLatency === "perItem" ? " + 20/item" : "";
  return `${users.toLocaleString("en")} ${change}s, ${latencyMs} ms${item}, ${limit}`;
}

function legend(): readonly string[] {
  return contenderNames.flatMap((name, at) => {
    const [left, row] = [20 + (at % 2) * 430, 54 + Math.floor(at / 2) * 22];
    return [point(left + 6, row, name, false), text(left + 20, row + 4, contenderTexts[name])];
  });
}

/** Where the quota alone would end. */
function minimum(each: WriteCase, x: (seconds: number) => number, y: number): readonly string[] {
  const seconds = quotaSeconds(each.quota, each.users);
  return seconds < 1 ? [] : [line(x(seconds), y - 12, x(seconds), y + 12, "#111827")];
}

function point(x: number, y: number, contender: ContenderName, hollow: boolean): string {
  const { colour, ring } = marks[contender];
  const fill = ring || hollow ? "none" : colour;
  const radius = ring ? 8 : 5;
  return `<circle cx="${x.toFixed(1)}" cy="${y}" r="${radius}" fill="${fill}" stroke="${colour}" stroke-width="2"${hollow ? ' stroke-dasharray="3 2"' : ""}/>`;
}

function line(x1: number, y1: number, x2: number, y2: number, colour: string): string {
  return `<line x1="${x1.toFixed(1)}" y1="${y1}" x2="${x2.toFixed(1)}" y2="${y2}" stroke="${colour}"/>`;
}

function text(x: number, y: number, content: string, more = ""): string {
  const safe = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x.toFixed(1)}" y="${y}" ${more}>${safe}</text>`;
}
