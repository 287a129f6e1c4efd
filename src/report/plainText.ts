/**
 * Text that is about to stand in a terminal: a name from a list may hold escape sequences, line breaks or marks that
 * turn the reading direction, and none of these may move the cursor or make one user look like another.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to take out
const unsafe = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Replaces every character that is not shown but does something by a visible `�`, and white space by one space. */
export function plainText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\t\r\n]+/g, " ")
    .replace(unsafe, "�");
}

let segmenter: Intl.Segmenter | undefined;

/** What a reader takes for one character each. Made at the first need: most texts are ASCII. */
function graphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return segmenter.segment(text);
}

const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
const emoji = /\p{Emoji_Presentation}|\ufe0f|^\p{RI}\p{RI}$/u;
/** East Asian Wide and Fullwidth of Unicode's EastAsianWidth.txt, in whole blocks. */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** How many columns of a terminal a text takes. */
export function displayWidth(text: string): number {
  // The first test spares plain ASCII, which is nearly everything, the segmenter.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes(text)) width += clusterWidth(segment);
  return width;
}

/** Cuts a text to a width, with `…` in its middle or at its end. */
export function shorten(text: string, width: number, where: "middle" | "end"): string {
  if (displayWidth(text) <= width) return text;
  if (width <= 1) return width === 1 ? "…" : "";
  const clusters = [...graphemes(text)].map(({ segment }) => segment);
  const tailWidth = where === "middle" ? Math.floor((width - 1) / 2) : 0;
  const head = take(clusters, width - 1 - tailWidth);
  const tail = take(clusters.toReversed(), tailWidth).toReversed();
  return `${head.join("")}…${tail.join("")}`;
}

/** Fills a text with spaces up to a width. */
export function pad(text: string, width: number, align: "left" | "right" = "left"): string {
  const gap = " ".repeat(Math.max(0, width - displayWidth(text)));
  return align === "left" ? text + gap : gap + text;
}

/**
 * Breaks a text into lines of at most `width` columns at its spaces; later lines start with `indent`. A word that is
 * wider than a line (an address of a page) stays whole, so that it can still be clicked.
 */
export function wrap(text: string, width: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const candidate = line === "" || line === indent ? line + word : `${line} ${word}`;
    if (displayWidth(candidate) <= width || line === "" || line === indent) line = candidate;
    else {
      lines.push(line);
      line = indent + word;
    }
  }
  return [...lines, line];
}

function clusterWidth(cluster: string): number {
  if (zeroWidth.test(cluster)) return 0;
  return emoji.test(cluster) || wide.test(cluster) ? 2 : 1;
}

function take(clusters: readonly string[], width: number): string[] {
  const taken: string[] = [];
  let left = width;
  for (const cluster of clusters) {
    left -= clusterWidth(cluster);
    if (left < 0) break;
    taken.push(cluster);
  }
  return taken;
}
