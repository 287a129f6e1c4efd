import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { type Equivalent, type Mutant, score } from "../../script/mutation/score.ts";

const root = resolve(import.meta.dirname, "../..");
const reviewed = JSON.parse(
  readFileSync(resolve(root, "script/mutation/equivalent.json"), "utf8"),
) as readonly Equivalent[];

const mutant = (more: Partial<Mutant> = {}): Mutant => ({
  file: "src/decide/judge.ts",
  lineNumber: 3,
  line: "if (a > 0) {",
  column: 4,
  original: "a > 0",
  replacement: "true",
  mutator: "ConditionalExpression",
  seen: undefined,
  ...more,
});
const listed = (more: Partial<Equivalent> = {}): Equivalent => {
  const { file, line, column, original, replacement } = mutant();
  return { file, line, column, original, replacement, reason: "a is never 0", ...more };
};

test("what lived lowers the score", () => {
  const { percent, files, alive } = score(
    [mutant(), mutant({ seen: "failed" }), mutant({ seen: "failed" })],
    [],
  );
  assert.equal(percent.toFixed(2), "66.67");
  assert.deepEqual(files, [{ file: "src/decide/judge.ts", killed: 2, alive: 1, equivalent: 0, text: 0 }]);
  assert.equal(alive.length, 1);
});

test("what hung is killed, and told apart", () => {
  const hung = mutant({ seen: "hung" });
  const { percent, hung: told } = score([hung, mutant({ seen: "failed" })], []);
  assert.equal(percent, 100);
  assert.deepEqual(told, [hung]);
});

test("a reviewed equivalent mutant does not count", () => {
  const { percent, files, wrong } = score([mutant(), mutant({ original: "b", seen: "failed" })], [listed()]);
  assert.equal(percent, 100);
  assert.equal(files[0]?.equivalent, 1);
  assert.deepEqual(wrong, []);
});

for (const [name, mutants, says] of [
  ["is gone", [mutant({ line: "if (b > 0) {" })], /there is no such mutant any more/],
  ["fits two", [mutant(), mutant({ lineNumber: 9 })], /2 mutants fit/],
  ["is seen by a test", [mutant({ seen: "failed" })], /a test sees it/],
] as const) {
  test(`a reviewed mutant that ${name} is said to be wrong`, () => {
    const { wrong } = score(mutants, [listed()]);
    assert.equal(wrong.length, 1);
    assert.match(wrong[0] ?? "", says);
  });
}

test("the list of a file that was not run is not looked at", () => {
  assert.deepEqual(score([mutant()], [listed({ file: "src/decide/undo.ts" })]).wrong, []);
});

for (const [original, file, mutator, counted] of [
  ['"it holds no digits"', "src/decide/spelling.ts", "StringLiteral", "text"],
  ["`It is $" + "{kind} now`", "src/decide/judge.ts", "StringLiteral", "text"],
  ['"refused"', "src/decide/judge.ts", "StringLiteral", "alive"],
  ['"Great Britain"', "src/decide/region.ts", "StringLiteral", "alive"],
  ['a === "it is so"', "src/decide/judge.ts", "ConditionalExpression", "alive"],
] as const) {
  test(`${mutator} of ${original} in ${file} is ${counted}`, () => {
    assert.equal(score([mutant({ original, file, mutator })], []).files[0]?.[counted], 1);
  });
}

for (const { file, line, column, original, reason } of reviewed) {
  test(`the reviewed mutant of ${original.split("\n")[0]} in ${file} is of source that is there`, () => {
    const source = readFileSync(resolve(root, file), "utf8");
    assert.ok(source.includes(line), line);
    assert.ok(source.includes(original), original);
    assert.equal(line.slice(column, column + original.length), original.split("\n")[0]);
    assert.ok(reason.length > 10);
  });
}
