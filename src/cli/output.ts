import { once } from "node:events";
import type { Progress } from "../engine/edges.ts";
import { progressLine, progressPlain } from "../report/progress.ts";
import type { Call } from "./command.ts";

/**
 * Where a command writes: results to stdout, progress and notes to stderr. With --json stdout is JSON Lines whose last
 * line is the summary.
 */
export type Output = {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly showNumbers: boolean;
  /** Columns of the terminal; 80 off one. */
  readonly width: number;
  readonly color: boolean;
  /** One line of JSON, in JSON mode only. */
  line(value: object): Promise<void>;
  /** One line for a person, off JSON mode only. */
  say(text: string): Promise<void>;
  /** One line on stderr, also in JSON mode. */
  note(text: string): void;
  /** Progress on stderr: a bar on a terminal, a plain line every now and then off it. */
  progress(progress: Progress): void;
  /** Takes the bar away. */
  settle(): void;
};

const gatheredChars = 32_768;
const barEveryMs = 100;
const plainEveryMs = 5_000;
/** Shorter work shows no progress. */
const patienceMs = 1_000;

export function openOutput(call: Call, now: () => number): Output {
  const { stdout, stderr, env } = call.surroundings;
  const json = call.options.json === true;
  const quiet = call.options.quiet === true;
  const terminal = stderr.isTTY === true && env.CI === undefined;
  const width = stderr.columns ?? 80;
  let phase: string | undefined;
  let startedAt = now();
  let shownAt = Number.NEGATIVE_INFINITY;
  let bar = false;

  // Lines of one turn of the loop go out together; who writes a lot waits for the reader.
  let pending = "";
  let scheduled = false;
  const flush = (): boolean => {
    const text = pending;
    pending = "";
    return text === "" || stdout.write(text) || stdout.destroyed;
  };
  const write = async (text: string): Promise<void> => {
    pending += text;
    if (pending.length >= gatheredChars) {
      if (!flush()) await once(stdout, "drain");
    } else if (!scheduled) {
      scheduled = true;
      setImmediate(() => {
        scheduled = false;
        flush();
      });
    }
  };
  const clear = (): void => {
    if (bar) stderr.write("\r\u001b[2K");
    bar = false;
  };
  return {
    json,
    quiet,
    showNumbers: call.options.showNumbers === true,
    width: Math.min(stdout.columns ?? 80, 120),
    color: stdout.isTTY === true && env.NO_COLOR === undefined && env.TERM !== "dumb",
    async line(value) {
      if (json) await write(`${JSON.stringify(ofTenant(value, call.among))}\n`);
    },
    async say(text) {
      if (json) return;
      clear();
      await write(`${text}\n`);
    },
    note(text) {
      if (quiet) return;
      clear();
      stderr.write(`${text}\n`);
    },
    progress(progress) {
      if (quiet) return;
      const at = now();
      if (progress.phase !== phase) {
        phase = progress.phase;
        startedAt = at;
        shownAt = Number.NEGATIVE_INFINITY;
      }
      if (at - startedAt < patienceMs || at - shownAt < (terminal ? barEveryMs : plainEveryMs)) return;
      shownAt = at;
      const state = { ...progress, startedAt, now: at };
      if (terminal) {
        stderr.write(`\r\u001b[2K${progressLine(state, width - 1)}`);
        bar = true;
      } else {
        stderr.write(`${progressPlain(state)}\n`);
      }
    },
    settle: clear,
  };
}

/** A line of one of several tenants names its profile. */
export function ofTenant(line: object, among: string | undefined): object {
  if (among === undefined) return line;
  const { type, ...rest } = line as { readonly type?: string };
  return { type, profile: among, ...rest };
}
