import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A script of this folder in a process of its own, which is dead at the latest when the test ends. */
export type Child = {
  readonly pid: number;
  /** Its next line on stdout; undefined at the end. */
  line(): Promise<string | undefined>;
  /** All further lines. */
  rest(): Promise<string[]>;
  /** kill -9, and the end of it awaited. */
  kill(): Promise<void>;
  tell(line: string): void;
};

type ChildOptions = {
  readonly test: { after(clean: () => Promise<void>): void };
  /** Its file in test/support. */
  readonly script: string;
  readonly arguments: readonly string[];
  /** In the shell's unit: no file of the child may grow beyond it. */
  readonly largestFile?: number;
};

export function startChild({ test, script, arguments: given, largestFile }: ChildOptions): Child {
  const command = [process.execPath, join(import.meta.dirname, script), ...given];
  const limit = `ulimit -f ${largestFile}; exec "$@"`;
  const [program, ...rest] = largestFile === undefined ? command : ["sh", "-c", limit, "sh", ...command];
  const child: ChildProcessWithoutNullStreams = spawn(program ?? "", rest);
  child.stderr.pipe(process.stderr);
  const ended = once(child, "exit");
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = async (): Promise<string | undefined> => {
    const next = await lines.next();
    return next.done ? undefined : next.value;
  };
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
  };
  test.after(kill);
  return {
    pid: child.pid ?? 0,
    line,
    async rest() {
      const all: string[] = [];
      for (let next = await line(); next !== undefined; next = await line()) all.push(next);
      return all;
    },
    kill,
    tell: text => void child.stdin.write(`${text}\n`),
  };
}
