import { createHash } from "node:crypto";
import { pageStyle } from "./htmlStyle.ts";

/** The colours of the page by what they say. */
export type HtmlTone = "good" | "change" | "bad" | "note" | "quiet";

/** A cell: a text, and where there is more to say a second, smaller line. */
export type HtmlCell = string | { readonly text: string; readonly more: string };

/** One group of rows that can be opened and closed, and that a tile leads to. */
export type HtmlGroup = {
  /** An anchor of this page: letters only. */
  readonly id: string;
  readonly title: string;
  readonly tone: HtmlTone;
  readonly count: number;
  readonly open: boolean;
  readonly columns: readonly string[];
  rows(): Iterable<readonly HtmlCell[]>;
};

export type HtmlPage = {
  readonly title: string;
  readonly subtitle: string;
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
  readonly groups: readonly HtmlGroup[];
  /** What the bar is made of: the groups without issues. */
  readonly bar: readonly { readonly tone: HtmlTone; readonly label: string; readonly count: number }[];
  readonly facts: readonly (readonly [name: string, value: string])[];
};

/** A browser shows this many rows of a table well; the spreadsheet formats have them all. */
const mostRows = 10_000;

const styleHash = createHash("sha256").update(pageStyle).digest("base64");

/** Nothing is loaded, nothing runs: the page has one style sheet, known by its hash, and no script. */
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;

/** One page that stands for itself: it can be mailed, archived and printed. Every text in it is escaped. */
export function* htmlPage(page: HtmlPage): Iterable<string> {
  const title = escapeHtml(page.title.replace(/^./u, first => first.toUpperCase()));
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<header>
<h1>${title}</h1>
<p class="subtitle">${escapeHtml(page.subtitle)}</p>
</header>
`;
  for (const warning of page.warnings) yield `<p class="callout bad" role="note">${linked(warning)}</p>\n`;
  yield* tiles(page);
  yield bar(page.bar);
  for (const group of page.groups) yield* details(group);
  for (const note of page.notes) yield `<p class="callout note">${linked(note)}</p>\n`;
  yield `<footer><h2>Facts</h2>\n<dl>\n`;
  for (const [name, value] of page.facts)
    yield `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>\n`;
  yield "</dl></footer>\n</main>\n</body>\n</html>\n";
}

function* tiles(page: HtmlPage): Iterable<string> {
  yield `<nav aria-label="Results"><ul class="tiles">\n`;
  for (const { id, title, tone, count } of page.groups) {
    yield `<li><a class="tile ${tone}" href="#${id}"><b>${number(count)}</b><span>${escapeHtml(title)}</span></a></li>\n`;
  }
  yield "</ul></nav>\n";
}

/** The share of each result, drawn without styles in the markup, so that the policy stays strict. */
function bar(parts: HtmlPage["bar"]): string {
  const total = parts.reduce((sum, part) => sum + part.count, 0);
  if (total === 0) return "";
  let x = 0;
  const rects = parts.map(({ tone, label, count }) => {
    const width = (count / total) * 1000;
    const rect = `<rect class="${tone}" x="${x.toFixed(2)}" width="${width.toFixed(2)}" height="10"><title>${escapeHtml(label)}: ${number(count)}</title></rect>`;
    x += width;
    return rect;
  });
  const spoken = parts.map(({ label, count }) => `${number(count)} ${label}`).join(", ");
  return `<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="${escapeHtml(spoken)}">${rects.join("")}</svg>\n`;
}

function* details({ id, title, tone, count, open, columns, rows }: HtmlGroup): Iterable<string> {
  yield `<details${open ? " open" : ""}><summary><span class="dot ${tone}"></span>${escapeHtml(title)} <span class="count">${number(count)}</span></summary>
<div class="scroll" id="${id}"><table><thead><tr>${columns.map(column => `<th scope="col">${escapeHtml(column)}</th>`).join("")}</tr></thead>
<tbody>
`;
  let shown = 0;
  for (const row of rows()) {
    if (shown === mostRows) break;
    shown++;
    yield `<tr>${row.map(cell => `<td>${cellHtml(cell)}</td>`).join("")}</tr>\n`;
  }
  yield "</tbody></table></div>\n";
  if (count > shown) {
    yield `<p class="more">… and ${number(count - shown)} more; a report as .xlsx or .csv has every row.</p>\n`;
  }
  yield "</details>\n";
}

function cellHtml(cell: HtmlCell): string {
  if (typeof cell === "string") return escapeHtml(cell);
  const more = cell.more === "" ? "" : `<small>${escapeHtml(cell.more)}</small>`;
  return escapeHtml(cell.text) + more;
}

/** Our own sentences may end with the address of a page. */
function linked(sentence: string): string {
  const [, text = "", address] = /^(.*) (https:\/\/learn\.microsoft\.com\/[\w./-]+)$/.exec(sentence) ?? [];
  if (address === undefined) return escapeHtml(sentence);
  return `${escapeHtml(text)} <a href="${escapeHtml(address)}" rel="noreferrer">${escapeHtml(address.replace(/^https:\/\//, ""))}</a>`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Makes a text safe between tags and in a quoted attribute; what is not shown but does something becomes `�`. */
export function escapeHtml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\t\r\n\u2028\u2029]+/g, " ")
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "\ufffd")
    .replace(/[&<>"']/g, character => entities[character] ?? "");
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
