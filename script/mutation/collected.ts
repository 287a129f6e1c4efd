/**
 * What `node:test` is while mutants are run (nodeTests.ts): it keeps the tests instead of running them, so that one process
 * can run them again and again. A test file that uses more of node:test than this fails to load, which is said.
 */
export type CollectedTest = { readonly name: string; readonly run: () => unknown };

/** The tests of the file that is being loaded. */
export const collected: CollectedTest[] = [];

const around: string[] = [];

export function test(name: string, run: () => unknown): void {
  collected.push({ name: [...around, name].join(" > "), run });
}

export function describe(name: string, define: () => void): void {
  around.push(name);
  define();
  around.pop();
}
