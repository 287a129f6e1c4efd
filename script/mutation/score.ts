/** One change that was made to the source, and whether a test saw it. */
export type Mutant = {
  readonly file: string;
  readonly lineNumber: number;
  /** The source line on which it begins, without the spaces around it. */
  readonly line: string;
  /** Where in that text it begins, from 0. */
  readonly column: number;
  readonly original: string;
  readonly replacement: string;
  readonly mutator: string;
  /** A test failed, or never came to its end. */
  readonly seen: "failed" | "hung" | undefined;
};

/** What a mutant is known again by when lines move. */
type Known = Pick<Mutant, "file" | "line" | "column" | "original" | "replacement">;

/** A mutant that no test can see because it does what the source does, and why that is so. */
export type Equivalent = Known & { readonly reason: string };

/** What becomes of a mutant in the score. */
export type Counted = "killed" | "alive" | "equivalent" | "text";

export type FileScore = { readonly file: string } & Readonly<Record<Counted, number>>;

export type Score = {
  readonly files: readonly FileScore[];
  /** Killed of those that count, in percent. */
  readonly percent: number;
  /** The mutants that count and lived, in the order of the source. */
  readonly alive: readonly Mutant[];
  /** Those of the killed that hung: on a busy machine one may only have been slow. */
  readonly hung: readonly Mutant[];
  /** What is wrong with the list of equivalent mutants: sentences. */
  readonly wrong: readonly string[];
};

/** Counts the mutants of whole files against the reviewed list of equivalent ones (docs/decisions/mutationByStryker.md). */
export function score(mutants: readonly Mutant[], reviewed: readonly Equivalent[]): Score {
  const files = new Map<string, Record<Counted, number>>();
  const alive: Mutant[] = [];
  const found = new Map(reviewed.map(each => [keyOf(each), [] as Mutant[]]));
  for (const mutant of mutants) {
    const listed = found.get(keyOf(mutant));
    listed?.push(mutant);
    const counted =
      mutant.seen !== undefined ? "killed" : listed ? "equivalent" : isText(mutant) ? "text" : "alive";
    const counts = files.get(mutant.file) ?? { killed: 0, alive: 0, equivalent: 0, text: 0 };
    counts[counted]++;
    files.set(mutant.file, counts);
    if (counted === "alive") alive.push(mutant);
  }
  const scores = [...files].map(([file, counts]) => ({ file, ...counts }));
  const killed = sum(scores, "killed");
  return {
    files: scores.toSorted((left, right) => (left.file < right.file ? -1 : 1)),
    percent: killed + alive.length === 0 ? 100 : (100 * killed) / (killed + alive.length),
    alive: alive.toSorted((left, right) =>
      left.file === right.file ? left.lineNumber - right.lineNumber : left.file < right.file ? -1 : 1,
    ),
    hung: mutants.filter(({ seen }) => seen === "hung"),
    wrong: reviewed
      .filter(({ file }) => files.has(file))
      .flatMap(each => faultOf(each, found.get(keyOf(each)) ?? [])),
  };
}

export function sum(files: readonly FileScore[], counted: Counted): number {
  return files.reduce((total, each) => total + each[counted], 0);
}

function keyOf({ file, line, column, original, replacement }: Known): string {
  return JSON.stringify([file, line, column, original, replacement]);
}

function faultOf(listed: Equivalent, mutants: readonly Mutant[]): readonly string[] {
  const name = `${listed.file}: ${listed.original} > ${listed.replacement}`;
  if (mutants.length === 0) return [`${name}: there is no such mutant any more`];
  if (mutants.length > 1)
    return [`${name}: ${mutants.length} mutants fit, so it is not clear which one was reviewed`];
  return mutants[0]?.seen ? [`${name}: a test sees it, so it is not equivalent`] : [];
}

/** In these, words with spaces between them are data that a decision looks things up in. */
const wordsAreData: readonly string[] = ["src/decide/headerNames.ts", "src/decide/region.ts"];

/** Whether only words for a reader went: a literal with spaces in it. A code, a kind or an option has none. */
function isText({ file, mutator, original }: Mutant): boolean {
  return mutator === "StringLiteral" && /\S\s+\S/.test(original) && !wordsAreData.includes(file);
}
