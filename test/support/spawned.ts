import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { jsonLines, type Line } from "./cli.ts";
import { assertNoSecrets } from "./noSecrets.ts";

/** What a process came to. */
export type Ended = {
  /** null after a kill. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Its whole lines on stdout; empty without --json. */
  readonly lines: readonly Line[];
  readonly summary: Line | undefined;
};

export type Spawned = { readonly child: ChildProcess; readonly ended: Promise<Ended> };

const bin = join(import.meta.dirname, "../../src/bin.ts");

/**
 * Runs a command line in a process of its own, from source. No file of it may grow beyond `largestFile` (in the shell's
 * unit), which is what a disk that fills up looks like.
 */
export function spawnPrepop(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  { largestFile }: { readonly largestFile?: number } = {},
): Spawned {
  const command = [process.execPath, bin, ...argv];
  const limited = ["sh", "-c", `ulimit -f ${largestFile}; exec "$@"`, "sh", ...command];
  const [program = "", ...given] = largestFile === undefined ? command : limited;
  const child = spawn(program, given, {
    env: { PATH: process.env.PATH, HOME: "/nonexistent", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", chunk => {
    stdout += String(chunk);
  });
  child.stderr.on("data", chunk => {
    stderr += String(chunk);
  });
  const ended = once(child, "close").then((): Ended => {
    // A process that was killed may leave half a line.
    assertNoSecrets(env, argv, `${stdout}${stderr}`);
    const whole = stdout.slice(0, stdout.lastIndexOf("\n") + 1);
    const lines = argv.includes("--json") ? jsonLines(whole) : [];
    return { exitCode: child.exitCode, stdout, stderr, lines, summary: lines.at(-1) };
  });
  return { child, ended };
}
