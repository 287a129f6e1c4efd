/** An area of cells, counted from 0, both ends included. */
export type Area = {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
};

/** `B2:D9` or `B2`, with or without `$` and a sheet before it; undefined for anything else. */
export function readArea(text: string): Area | undefined {
  const bare = text.slice(text.lastIndexOf("!") + 1).replaceAll("$", "");
  const match = /^([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?$/i.exec(bare);
  if (match === null) return undefined;
  const [, left = "", top = "", right = left, bottom = top] = match;
  const area = {
    top: Number(top) - 1,
    left: columnIndex(left),
    bottom: Number(bottom) - 1,
    right: columnIndex(right),
  };
  return area.top >= 0 && area.bottom >= area.top && area.right >= area.left ? area : undefined;
}

export function writeArea({ top, left, bottom, right }: Area): string {
  return `${letters(left)}${top + 1}:${letters(right)}${bottom + 1}`;
}

export function cellCount({ top, left, bottom, right }: Area): number {
  return (bottom - top + 1) * (right - left + 1);
}

function columnIndex(text: string): number {
  return [...text.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function letters(column: number): string {
  const rest = Math.floor(column / 26);
  return (rest > 0 ? letters(rest - 1) : "") + String.fromCharCode(65 + (column % 26));
}
