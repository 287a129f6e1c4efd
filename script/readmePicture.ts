/**
 * Makes docs/run.svg, the picture of the README, from a real run: the command line itself, on a terminal that records.
 * Run it with `node script/readmePicture.ts` when what prepop prints has changed. Lines that are left out show as ⋮.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { main } from "../src/cli/program.ts";
import { type Line, terminalPicture } from "./terminalPicture.ts";

const root = join(import.meta.dirname, "..");
const columns = 92;
const list = "examples/employees.xlsx";
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };

process.chdir(root);
const home = mkdtempSync(join(tmpdir(), "prepop-picture-"));
try {
  const plan = await run("plan", list, "--sandbox");
  const apply = await run("apply", list, "--sandbox", "--yes", "--rate", "40");
  const again = await run("plan", list, "--sandbox");
  const picture = terminalPicture("prepop", columns, [
    prompt(`prepop plan ${list} --sandbox`),
    ...excerpt(plan.out, [
      { from: /^Plan add/, lines: 6 },
      { from: /row {2}user/, lines: 6 },
      { from: /^To do/, lines: 3 },
      { from: /^x invalid-phone/, lines: 4 },
      { from: /^! repaired/, lines: 4 },
    ]),
    "",
    prompt(`prepop apply ${list} --sandbox --yes --rate 40`),
    halfWay(apply.progress),
    ...excerpt(apply.out, [{ from: /applied\.$/, lines: 2 }]),
    "",
    prompt(`prepop plan ${list} --sandbox`),
    ...excerpt(again.out, [{ from: /^Nothing to do/, lines: 1 }]),
  ]);
  writeFileSync(join(root, "docs/run.svg"), picture);
} finally {
  rmSync(home, { recursive: true, force: true });
}

/** What a command wrote: the lines of stdout, and each state of the progress line on stderr. */
async function run(...argv: string[]): Promise<{ readonly out: string[]; readonly progress: string[] }> {
  const stdout = terminal();
  const stderr = terminal();
  await main(argv, {
    env: { PREPOP_HOME: home },
    platform: process.platform,
    stdin: Readable.from([]),
    stdout,
    stderr,
    signal: new AbortController().signal,
    version,
  });
  return { out: stdout.text().trimEnd().split("\n"), progress: stderr.text().split("\r\u001b[2K") };
}

/** A terminal that keeps what is written to it. */
function terminal(): Writable & { isTTY: true; columns: number; text(): string } {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  return Object.assign(stream, { isTTY: true as const, columns, text: () => text });
}

function prompt(command: string): Line {
  return `\u001b[32m$\u001b[39m \u001b[1m${command}\u001b[22m`;
}

type Part = { readonly from: RegExp; readonly lines: number };

/** Pieces of an output in their order, with ⋮ where lines are left out in between. */
function excerpt(lines: readonly string[], parts: readonly Part[]): string[] {
  const shown: string[] = [];
  let end = 0;
  for (const { from, lines: count } of parts) {
    const start = lines.findIndex((line, at) => at >= end && from.test(plain(line)));
    if (start < 0)
      throw new Error(`No line like ${from} is printed any more; choose other lines for the picture.`);
    const left = lines.slice(end, start);
    if (end > 0 && left.length > 0)
      shown.push(left.every(line => line === "") ? "" : "\u001b[2m  ⋮\u001b[22m");
    shown.push(...lines.slice(start, start + count));
    end = start + count;
  }
  return shown;
}

/** The state of the progress that is nearest to the middle. */
function halfWay(states: readonly string[]): string {
  const share = (state: string): number => Number(/(\d+) %/.exec(state)?.[1] ?? 0);
  const best = states.toSorted((left, right) => Math.abs(share(left) - 60) - Math.abs(share(right) - 60))[0];
  if (best === undefined || share(best) === 0) throw new Error("The run showed no progress.");
  return best;
}

function plain(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the terminal's own
  return line.replace(/\u001b\[[0-9;]*m/g, "");
}
