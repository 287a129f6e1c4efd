import { PassThrough, Readable, Writable } from "node:stream";
import { main } from "../../src/cli/program.ts";
import type { Clock } from "../../src/engine/clock.ts";
import { assertNoSecrets } from "./noSecrets.ts";

/** One line of JSON on stdout. Tests look at its fields by name and assert what they find. */
export type Line = { readonly type: string; readonly [field: string]: unknown };

/** What a command line came to. */
export type CliRun = {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout read as JSON Lines; empty without --json. */
  readonly lines: readonly Line[];
  /** The lines of one type. */
  of(type: string): readonly Line[];
  /** The last line. */
  readonly summary: Line;
};

export type CliPlace = {
  readonly env: NodeJS.ProcessEnv;
  readonly clock?: Clock;
  readonly stdin?: string;
  /** What a person types on the terminal, or an answer for each question; without it there is no terminal. */
  readonly typed?: string | readonly string[];
  readonly signal?: AbortSignal;
  readonly requestTimeoutMs?: number;
  readonly openBrowser?: (url: string) => Promise<void>;
};

/** Runs a command line in this process. With --json every line of stdout must be JSON. */
export async function runCli(argv: readonly string[], place: CliPlace): Promise<CliRun> {
  const out = collector();
  const answers = Array.isArray(place.typed) ? [...(place.typed as readonly string[])] : [];
  const stdin = stdinOf(place);
  const err = collector(text => {
    if (text.endsWith("[y/N] ") && answers.length > 0) stdin.push(`${answers.shift()}\n`);
  });
  const exitCode = await main(argv, {
    env: place.env,
    platform: "linux",
    stdin,
    stdout: place.typed === undefined ? out.stream : Object.assign(out.stream, { isTTY: true, columns: 100 }),
    stderr: err.stream,
    signal: place.signal ?? new AbortController().signal,
    version: "0.0.0-test",
    requestTimeoutMs: place.requestTimeoutMs ?? 30_000,
    ...(place.clock ? { clock: place.clock } : {}),
    ...(place.openBrowser ? { openBrowser: place.openBrowser } : {}),
  });
  const stdout = out.text();
  assertNoSecrets(place.env, argv, `${stdout}${err.text()}`);
  const lines = argv.includes("--json") ? jsonLines(stdout) : [];
  return {
    exitCode,
    stdout,
    stderr: err.text(),
    lines,
    of: type => lines.filter(line => line.type === type),
    summary: lines.at(-1) ?? { type: "none" },
  };
}

/** Reads JSON Lines; anything else on stdout is a failure. */
export function jsonLines(text: string): readonly Line[] {
  return text
    .split("\n")
    .filter(line => line !== "")
    .map(line => JSON.parse(line) as Line);
}

function collector(onText: (text: string) => void = () => undefined) {
  let collected = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      collected += String(chunk);
      onText(String(chunk));
      done();
    },
  });
  return { stream, text: () => collected };
}

function stdinOf({ typed, stdin }: CliPlace): Readable {
  if (typed === undefined) return Readable.from([stdin ?? ""]);
  const terminal = Object.assign(new PassThrough(), { isTTY: true });
  if (typeof typed === "string") terminal.write(`${typed}\n`);
  return terminal;
}
