import type { Tone } from "./paint.ts";
import { plainText } from "./plainText.ts";
import { pageOf, type TextOptions } from "./textOptions.ts";

/** What one exit code says of one tenant. */
const codeWords: Readonly<Record<number, readonly [words: string, tone: Tone]>> = {
  0: ["done", "good"],
  1: ["an error", "bad"],
  2: ["changes are planned", "change"],
  3: ["some rows are not done", "warn"],
  4: ["sign-in, consent or role", "bad"],
  5: ["try again later", "warn"],
  6: ["a guard refused", "bad"],
  7: ["the roster cannot be used", "bad"],
  8: ["the plan is stale", "bad"],
  130: ["interrupted", "warn"],
};

/** Several tenants together: a line each, by name, with what went wrong and what to do about it. */
export function* tenantsText(
  ends: readonly {
    readonly profile: string;
    readonly exitCode: number | undefined;
    readonly error?: { readonly message: string; readonly hint: string };
  }[],
  options: TextOptions,
): Iterable<string> {
  const page = pageOf(options);
  const width = Math.max(...ends.map(({ profile }) => profile.length));
  yield "";
  yield* page.say(`${ends.length} tenants:`, "strong");
  for (const { profile, exitCode, error } of ends) {
    const [words, tone] =
      exitCode === undefined
        ? (["not begun", "warn"] as const)
        : (codeWords[exitCode] ?? (["an error", "bad"] as const));
    const name = `  ${plainText(profile).padEnd(width)}`;
    yield `${name}  ${page.paint(tone, exitCode === undefined ? words : `${words} (${exitCode})`)}`;
    if (error !== undefined) yield* page.block(`${error.message} ${error.hint}`.trim(), "      ");
  }
}
