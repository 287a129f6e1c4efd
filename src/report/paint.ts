import { styleText } from "node:util";

/** What a piece of text is, for those who see colours. The text must say the same without them. */
export type Tone = "strong" | "dim" | "good" | "change" | "bad" | "warn" | "note";

export type Paint = (tone: Tone, text: string) => string;

const styles = {
  strong: "bold",
  dim: "dim",
  good: "green",
  change: "yellow",
  bad: "red",
  warn: "yellow",
  note: "cyan",
} as const satisfies Record<Tone, string>;

/** Whether to colour is decided where the terminal is known (NO_COLOR, a pipe), never here. */
export function painter(color: boolean): Paint {
  return color
    ? (tone, text) => styleText(styles[tone], text, { validateStream: false })
    : (_tone, text) => text;
}
