/** One line of a terminal, with its colours as SGR sequences. */
export type Line = string;

type Style = { readonly bold: boolean; readonly dim: boolean; readonly color: string };
type Span = Style & { readonly text: string; readonly column: number };

const cell = { width: 8.4, height: 19 };
const margin = { x: 20, top: 52, bottom: 18 };
const ink = "#d1d9e0";
const colors: Readonly<Record<number, string>> = {
  31: "#ff7b72",
  32: "#56d364",
  33: "#e3b341",
  34: "#79c0ff",
  36: "#76e3ea",
};
const plainStyle: Style = { bold: false, dim: false, color: ink };

/**
 * A terminal as SVG, dark on purpose, so that it reads the same on a light and on a dark page. Each piece of text is held
 * to its columns, whatever monospaced font the reader has.
 */
export function terminalPicture(title: string, columns: number, lines: readonly Line[]): string {
  const width = Math.round(columns * cell.width + 2 * margin.x);
  const height = margin.top + lines.length * cell.height + margin.bottom;
  const rows = lines.map((line, at) => {
    const y = margin.top + (at + 1) * cell.height - 5;
    return spansOf(line)
      .map(span => textOf(span, y))
      .join("");
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="A run of prepop in a terminal">
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10" fill="#0d1117" stroke="#3d444d"/>
<path d="M0.5 36 V10.5 a10 10 0 0 1 10 -10 H${width - 10.5} a10 10 0 0 1 10 10 V36 Z" fill="#161b22" stroke="#3d444d"/>
<circle cx="22" cy="18" r="6" fill="#3d444d"/><circle cx="42" cy="18" r="6" fill="#3d444d"/><circle cx="62" cy="18" r="6" fill="#3d444d"/>
<g font-family="ui-monospace, SFMono-Regular, 'SF Mono', Menlo, Consolas, 'Liberation Mono', 'DejaVu Sans Mono', monospace" font-size="14" fill="${ink}">
<text x="${width / 2}" y="23" text-anchor="middle" font-size="13" fill="#9198a1">${escaped(title)}</text>
${rows.filter(row => row !== "").join("\n")}
</g>
</svg>
`;
}

function textOf({ text, column, bold, dim, color }: Span, y: number): string {
  if (text.trim() === "") return "";
  const lead = text.length - text.trimStart().length;
  const shown = text.trim();
  const x = margin.x + (column + lead) * cell.width;
  const style = [
    `fill="${dim ? "#9198a1" : color}"`,
    ...(bold ? ['font-weight="600"'] : []),
    `textLength="${round([...shown].length * cell.width)}" lengthAdjust="spacingAndGlyphs" xml:space="preserve"`,
  ];
  return `<text x="${round(x)}" y="${y}" ${style.join(" ")}>${escaped(shown)}</text>`;
}

/** The pieces of a line that share a style. */
function spansOf(line: Line): Span[] {
  const spans: Span[] = [];
  let style = plainStyle;
  let column = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the terminal's own
  for (const part of line.split(/(\u001b\[[0-9;]*m)/)) {
    if (part.startsWith("\u001b[")) {
      for (const code of part.slice(2, -1).split(";")) style = restyle(style, Number(code));
      continue;
    }
    if (part !== "") spans.push({ ...style, text: part, column });
    column += [...part].length;
  }
  return spans;
}

function restyle(style: Style, code: number): Style {
  switch (code) {
    case 0:
      return plainStyle;
    case 1:
      return { ...style, bold: true };
    case 2:
      return { ...style, dim: true };
    case 22:
      return { ...style, bold: false, dim: false };
    case 39:
      return { ...style, color: ink };
    default:
      return { ...style, color: colors[code] ?? ink };
  }
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
