import type { ContenderName } from "./measurement.ts";
import { contenderNames } from "./measurement.ts";

/** What `npm run bench` was asked for. */
export type BenchOptions =
  | { readonly kind: "help" }
  | { readonly kind: "list" }
  | {
      readonly kind: "run";
      /** Names of cases; undefined: those that fit into ten minutes. */
      readonly cases: readonly string[] | "default" | "all";
      readonly contenders: readonly ContenderName[];
    }
  | { readonly kind: "wrong"; readonly why: string };

export const usage = `npm run bench -- [--case NAME]… [--contender NAME]… [--all | --list | --help]
  --case NAME        only this case (repeatable; --list shows them)
  --contender NAME   only this contender: ${contenderNames.join(", ")} (repeatable)
  --all              also the cases that take longer than ten minutes together`;

/** Reads the command line (without node and script). */
export function parseOptions(argv: readonly string[], known: readonly string[]): BenchOptions {
  const cases: string[] = [];
  const contenders: ContenderName[] = [];
  let all = false;
  for (let at = 0; at < argv.length; at++) {
    const flag = argv[at] ?? "";
    switch (flag) {
      case "--help":
        return { kind: "help" };
      case "--list":
        return { kind: "list" };
      case "--all":
        all = true;
        break;
      case "--case": {
        const name = argv[++at] ?? "";
        if (!known.includes(name)) return wrong(`There is no case "${name}"`, known);
        cases.push(name);
        break;
      }
      case "--contender": {
        const name = contenderNames.find(each => each === argv[at + 1]);
        if (name === undefined) return wrong(`There is no contender "${argv[at + 1] ?? ""}"`, contenderNames);
        contenders.push(name);
        at++;
        break;
      }
      default:
        return { kind: "wrong", why: `"${flag}" is not understood.` };
    }
  }
  if (all && cases.length > 0) return { kind: "wrong", why: "--all and --case exclude each other." };
  return {
    kind: "run",
    cases: all ? "all" : cases.length > 0 ? cases : "default",
    contenders: contenders.length > 0 ? contenders : contenderNames,
  };
}

function wrong(why: string, known: readonly string[]): BenchOptions {
  return { kind: "wrong", why: `${why}. Known: ${known.join(", ")}.` };
}
