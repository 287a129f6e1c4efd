import assert from "node:assert/strict";
import { test } from "node:test";
import { type BenchOptions, parseOptions } from "../../bench/options.ts";

const everybody = ["prepop", "flow2020", "microsoft", "oneByOne"] as const;

const understood: readonly { readonly argv: readonly string[]; readonly options: BenchOptions }[] = [
  { argv: [], options: { kind: "run", cases: "default", contenders: everybody } },
  { argv: ["--all"], options: { kind: "run", cases: "all", contenders: everybody } },
  {
    argv: ["--case", "speed", "--case", "slow"],
    options: { kind: "run", cases: ["speed", "slow"], contenders: everybody },
  },
  {
    argv: ["--contender", "prepop"],
    options: { kind: "run", cases: "default", contenders: ["prepop"] },
  },
  { argv: ["--list"], options: { kind: "list" } },
  { argv: ["--help"], options: { kind: "help" } },
];

for (const { argv, options } of understood) {
  test(`the bench understands "${argv.join(" ")}"`, () => {
    assert.deepEqual(parseOptions(argv, ["speed", "slow"]), options);
  });
}

const refused: readonly { readonly argv: readonly string[]; readonly why: RegExp }[] = [
  { argv: ["--case", "fast"], why: /no case "fast"\. Known: speed, slow/ },
  { argv: ["--case"], why: /no case ""/ },
  { argv: ["--contender", "curl"], why: /no contender "curl"\. Known: prepop/ },
  { argv: ["--quick"], why: /"--quick" is not understood/ },
  { argv: ["--all", "--case", "speed"], why: /exclude each other/ },
];

for (const { argv, why } of refused) {
  test(`the bench refuses "${argv.join(" ")}" and says why`, () => {
    const options = parseOptions(argv, ["speed", "slow"]);
    assert.equal(options.kind, "wrong");
    assert.match(options.kind === "wrong" ? options.why : "", why);
  });
}
