import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { parseArgs } from "node:util";
import type { MutantResult } from "@stryker-mutator/api/core";
import { Stryker } from "@stryker-mutator/core";
import { type Equivalent, type Mutant, type Score, score, sum } from "./mutation/score.ts";

/**
 * Changes src/decide in every small way that Stryker knows and asks the tests of test/decide whether they see it:
 * `npm run mutation`, or `npm run mutation -- src/decide/judge.ts` for some files. What is known from the last run is not
 * tried again, as long as neither the source nor its tests changed; `--force` tries all. Exit code 1 when fewer than 85 %
 * of the mutants that count were killed, or when the list of equivalent ones is wrong. docs/decisions/mutationByStryker.md
 */
const wanted = 85;
const root = resolve(import.meta.dirname, "..");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { force: { type: "boolean", default: false }, alive: { type: "boolean", default: false } },
});
const files = (positionals.length > 0 ? positionals : globSync("src/decide/**/*.ts", { cwd: root })).map(
  nameOf,
);

process.chdir(root);
// Read before, because it may be edited while the mutants run.
const sources = new Map(files.map(file => [file, readFileSync(resolve(root, file), "utf8").split("\n")]));
const memory = ".mutation/incremental.json";
forgetUnsure();
const results = await new Stryker({
  mutate: files,
  testRunner: "nodeTests",
  plugins: ["./script/mutation/nodeTests.ts"],
  coverageAnalysis: "perTest",
  ignorePatterns: ["**", "!src/**", "!test/**", "!package.json"],
  // Stryker would rewrite a tsconfig.json with a part of TypeScript that TypeScript 7 does not have.
  tsconfigFile: "none.json",
  tempDirName: ".mutation/sandbox",
  reporters: ["progress-append-only", "html"],
  htmlReporter: { fileName: ".mutation/report.html" },
  incremental: true,
  incrementalFile: memory,
  force: values.force,
  concurrency: 2,
  // Modules that were loaded anew for each mutant are never given back.
  maxTestRunnerReuse: 200,
  timeoutMS: 30_000,
  timeoutFactor: 4,
  warnings: {
    slow: false,
    unknownOptions: true,
    preprocessorErrors: true,
    unserializableOptions: true,
  },
}).runMutationTest();

const reviewed = JSON.parse(
  readFileSync(resolve(import.meta.dirname, "mutation/equivalent.json"), "utf8"),
) as readonly Equivalent[];
const mutants = results.flatMap(mutantOf);
const outcome = score(mutants, reviewed);
print(outcome);
if (outcome.percent < wanted || outcome.wrong.length > 0) process.exitCode = 1;

/**
 * Stryker does not know which tests reach a mutant that acts while its module is loaded, so a new test would not have it
 * tried again: what lived of these is forgotten. So is what hung, because it may only have been slow.
 */
function forgetUnsure(): void {
  if (!existsSync(memory)) return;
  const report = JSON.parse(readFileSync(memory, "utf8")) as {
    readonly files: Record<string, { mutants: readonly MutantResult[] }>;
  };
  for (const file of Object.values(report.files)) {
    file.mutants = file.mutants.filter(
      ({ status, static: early }) => status === "Killed" || (status !== "Timeout" && !early),
    );
  }
  writeFileSync(memory, JSON.stringify(report));
}

function nameOf(file: string): string {
  return relative(root, resolve(root, file)).replaceAll(sep, "/");
}

/** Nothing for the files that were not asked for: Stryker remembers them, too. */
function mutantOf(result: MutantResult): readonly Mutant[] {
  const file = nameOf(result.fileName);
  const source = sources.get(file);
  if (!source) return [];
  const { start, end } = result.location;
  const lines = source.slice(start.line - 1, end.line);
  const last = lines.pop() ?? "";
  const [first = "", ...others] = [...lines, last.slice(0, end.column - 1)];
  const begun = source[start.line - 1] ?? "";
  return [
    {
      file,
      lineNumber: start.line,
      line: begun.trim(),
      column: start.column - 1 - (begun.length - begun.trimStart().length),
      original: [first.slice(start.column - 1), ...others].join("\n"),
      replacement: result.replacement ?? "",
      mutator: result.mutatorName,
      seen: result.status === "Killed" ? "failed" : result.status === "Timeout" ? "hung" : undefined,
    },
  ];
}

function print({ files, alive, hung, percent, wrong }: Score): void {
  const lines = [
    "| file | killed | alive | equivalent | text | score |",
    "|---|---|---|---|---|---|",
    ...files.map(each =>
      row(each.file.replace("src/decide/", ""), each.killed, each.alive, each.equivalent, each.text),
    ),
    row("all", sum(files, "killed"), sum(files, "alive"), sum(files, "equivalent"), sum(files, "text")),
  ];
  const told = values.alive ? [...alive, ...hung] : [];
  for (const { file, lineNumber, original, replacement, seen } of told) {
    lines.push("", `${file}:${lineNumber}${seen ? " (hung)" : ""}`, `- ${original}`, `+ ${replacement}`);
  }
  const share = `${percent.toFixed(1)} % of the mutants that count were killed (${hung.length} hung)`;
  lines.push("", ...wrong, `${share}; ${wanted} % are wanted.`);
  process.stdout.write(`${lines.join("\n")}\n`);
}

function row(name: string, killed: number, alive: number, equivalent: number, text: number): string {
  const share = killed + alive === 0 ? "" : `${((100 * killed) / (killed + alive)).toFixed(1)} %`;
  return `| ${name} | ${killed} | ${alive} | ${equivalent} | ${text} | ${share} |`;
}
