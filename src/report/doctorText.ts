import type { Check } from "../model/health.ts";
import type { Tone } from "./paint.ts";
import { pageOf, type TextOptions } from "./textOptions.ts";
import { plural } from "./words.ts";

const signs: Readonly<Record<Check["status"], { readonly sign: string; readonly tone: Tone }>> = {
  ok: { sign: "ok   ", tone: "good" },
  warn: { sign: "warn ", tone: "warn" },
  block: { sign: "BLOCK", tone: "bad" },
};

/** A check a line, in columns, and below what is not well what to do about it. */
export function* doctorText(checks: readonly Check[], options: TextOptions): Iterable<string> {
  const page = pageOf(options);
  const width = Math.max(...checks.map(({ name }) => name.length));
  for (const { name, status, message, fix } of checks) {
    const { sign, tone } = signs[status];
    const [first = "", ...more] = page.block(message, " ".repeat(sign.length + width + 3));
    yield `${page.paint(tone, sign)} ${name.padEnd(width)}  ${first.trimStart()}`;
    yield* more;
    if (fix !== "") yield* page.block(`→ ${fix}`, " ".repeat(sign.length + width + 3));
  }
  const count = (status: Check["status"]) => checks.filter(each => each.status === status).length;
  const blocks = count("block");
  yield "";
  yield* blocks > 0
    ? page.say(`${plural(blocks, "thing stands", "things stand")} in the way of writing phones.`, "strong")
    : page.say(
        count("warn") > 0
          ? "Phones can be written. Read the warnings first."
          : "All is well. Next: prepop plan ROSTER",
        "strong",
      );
}
