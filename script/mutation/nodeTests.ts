import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { InstrumenterContext, MutantCoverage } from "@stryker-mutator/api/core";
import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import {
  type CompleteDryRunResult,
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from "@stryker-mutator/api/test-runner";
import { type CollectedTest, collected } from "./collected.ts";

/**
 * Runs the tests of `test/decide` for Stryker without a process for each file: what a process start costs would be nearly
 * all of the time. Each file and mutant gets the modules loaded anew, so that nothing one leaves behind can kill or save
 * another. A file that has a test which reaches the mutant is run as a whole: what a module makes at its first use and
 * keeps is reached by the first test only, and used by all.
 */
class NodeTests implements TestRunner {
  capabilities() {
    // Every run reloads them.
    return { reloadEnvironment: true };
  }

  async init(): Promise<void> {
    followRounds();
  }

  async dryRun(): Promise<DryRunResult> {
    const result = await runFiles({ bail: false });
    const times = Map.groupBy(result.tests, ({ fileName = "" }) => fileName);
    const sums = [...times].map(([file, tests]) => [
      file,
      tests.reduce((sum, each) => sum + each.timeSpentMs, 0),
    ]);
    writeFileSync(timesFile, JSON.stringify(Object.fromEntries(sums)));
    return instrumented.mutantCoverage ? { ...result, mutantCoverage: instrumented.mutantCoverage } : result;
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, hitLimit, mutantActivation, testFilter, disableBail } = options;
    Object.assign(instrumented, { hitCount: 0, hitLimit });
    const mutant = { id: activeMutant.id, whileLoading: mutantActivation === "static" };
    const reach = testFilter ? { reach: testFilter } : {};
    const result = await runFiles({ bail: !disableBail, mutant, ...reach });
    const endless = determineHitLimitReached(instrumented.hitCount, instrumented.hitLimit);
    return toMutantRunResult(endless ?? result);
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "nodeTests", NodeTests)];

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** What the mutated source looks at to know which mutant is on. */
const instrumented: Mutable<InstrumenterContext> & { mutantCoverage?: MutantCoverage } = (() => {
  const context: InstrumenterContext = {};
  return Object.assign(globalThis, { __stryker__: context }).__stryker__;
})();

type RunFiles = {
  readonly bail: boolean;
  /** Absent when nothing is to be mutated. */
  readonly mutant?: { readonly id: string; readonly whileLoading: boolean };
  /** The ids of the tests that reach the mutant; absent for all. */
  readonly reach?: readonly string[];
};

const testFiles: readonly string[] = globSync("test/decide/**/*.test.ts")
  .map(file => file.replaceAll(sep, "/"))
  .sort();

/** What each file took without a mutant. It lies in the folder that all processes of a run share. */
const timesFile = "testTimes.json";

/** The quickest first: most mutants are killed before a simulation or a property test is needed. */
function quickestFirst(): readonly string[] {
  const times: unknown = existsSync(timesFile) ? JSON.parse(readFileSync(timesFile, "utf8")) : {};
  const known = new Map(Object.entries(times as Readonly<Record<string, number>>));
  return testFiles.toSorted((left, right) => (known.get(left) ?? 0) - (known.get(right) ?? 0));
}

const idOf = (file: string, test: string): string => `${file} > ${test}`;

async function runFiles({ bail, mutant, reach }: RunFiles): Promise<CompleteDryRunResult> {
  const tests: TestResult[] = [];
  const failed = () => tests.some(({ status }) => status === TestStatus.Failed);
  for (const file of quickestFirst()) {
    if (bail && failed()) break;
    if (reach && !reach.some(id => id.startsWith(idOf(file, "")))) continue;
    activate(mutant?.whileLoading ? mutant.id : undefined);
    const loaded = await loadFile(file);
    activate(mutant?.id);
    if ("failureMessage" in loaded) {
      // A mutant with which the tests cannot even be loaded is seen by whoever loads them.
      tests.push({
        id: file,
        name: file,
        fileName: file,
        timeSpentMs: 0,
        status: TestStatus.Failed,
        ...loaded,
      });
      continue;
    }
    for (const test of loaded.tests) {
      tests.push(await runTest(file, test));
      if (bail && failed()) break;
    }
  }
  activate(undefined);
  return { status: DryRunStatus.Complete, tests };
}

function activate(id: string | undefined): void {
  if (id === undefined) delete instrumented.activeMutant;
  else instrumented.activeMutant = id;
}

type Loaded = { readonly tests: readonly CollectedTest[] } | { readonly failureMessage: string };

let round = 0;

/** Loads a test file, and what it imports of this project, as if for the first time. */
async function loadFile(file: string): Promise<Loaded> {
  collected.length = 0;
  round++;
  try {
    await import(`${pathToFileURL(file).href}?round=${round}`);
    return { tests: [...collected] };
  } catch (error) {
    return { failureMessage: text(error) };
  }
}

/** Hands the round of a module on to what it imports, and `collected.ts` to who asks for node:test. */
function followRounds(): void {
  const root = pathToFileURL(`${process.cwd()}${sep}`).href;
  registerHooks({
    resolve(specifier, context, next) {
      const query = /\?round=\d+$/.exec(context.parentURL ?? "")?.[0];
      if (query === undefined) return next(specifier, context);
      if (specifier === "node:test") return next(new URL("collected.ts", import.meta.url).href, context);
      const found = next(specifier, context);
      const ours = found.url.startsWith(root) && !found.url.includes("/node_modules/");
      return ours ? { ...found, url: found.url + query } : found;
    },
  });
}

async function runTest(fileName: string, test: CollectedTest): Promise<TestResult> {
  const id = idOf(fileName, test.name);
  instrumented.currentTestId = id;
  const begun = performance.now();
  const result = () => ({ id, name: id, fileName, timeSpentMs: performance.now() - begun });
  try {
    await test.run();
    return { ...result(), status: TestStatus.Success };
  } catch (error) {
    return { ...result(), status: TestStatus.Failed, failureMessage: text(error) };
  } finally {
    delete instrumented.currentTestId;
  }
}

function text(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
