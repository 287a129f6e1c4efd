import { below } from "../json.ts";
import { type Connector, entries, type OperationView, root } from "./connector.ts";
import { type Problem, type Rule, sources } from "./finding.ts";

/** Rules of paths: what may stand in them, and which two may not stand side by side. */
export const pathRules: readonly Rule[] = [
  {
    id: "PathNotValid",
    level: "error",
    source: sources.validator,
    *find(connector) {
      for (const path of pathsOf(connector)) {
        if (!path.startsWith("/")) yield problem(path, "A path must begin with /.");
        const odd = /[*?#]/.exec(path);
        if (odd) yield problem(path, `A path must not hold ${odd[0]}.`);
      }
    },
  },
  {
    id: "PathRedefined",
    level: "error",
    source: sources.validator,
    *find(connector) {
      const seen = new Map<string, string>();
      for (const path of pathsOf(connector)) {
        const before = seen.get(path.toLowerCase());
        if (before !== undefined) yield problem(path, `Only upper and lower case tell it from ${before}.`);
        seen.set(path.toLowerCase(), path);
      }
    },
  },
  {
    id: "DuplicateOperationPath",
    level: "error",
    source: sources.validator,
    *find({ operations }) {
      const seen = new Map<string, OperationView>();
      for (const operation of operations) {
        const shape = `${operation.method} ${operation.path.toLowerCase().replace(/\{[^}]*\}/g, "{}")}`;
        const before = seen.get(shape);
        if (before !== undefined && before.path.toLowerCase() !== operation.path.toLowerCase()) {
          yield { where: operation.where, message: `No call can be told from one to ${before.path}.` };
        }
        seen.set(shape, operation);
      }
    },
  },
  {
    id: "PartialDuplicateOperationPath",
    level: "certification",
    source: sources.validator,
    *find({ operations }) {
      for (const fixed of operations) {
        const cover = operations.find(
          other => other.method === fixed.method && covers(other.path, fixed.path),
        );
        if (cover !== undefined) {
          yield { where: fixed.where, message: `A call to it is also a call to ${cover.path}.` };
        }
      }
    },
  },
  {
    id: "ProductionStatusOnBetaService",
    level: "certification",
    source: sources.validator,
    *find(connector) {
      const base = String(connector.definition?.basePath ?? "");
      if (/\/beta\b/i.test(base)) {
        yield { where: below(root, "basePath"), message: "Beta is not for production; use v1.0." };
      }
      for (const path of pathsOf(connector)) {
        if (/^\/beta\b/i.test(path)) yield problem(path, "Beta is not for production; use v1.0.");
      }
    },
  },
  {
    id: "IdWrittenInPath",
    level: "advice",
    source: sources.practice,
    *find(connector) {
      for (const path of pathsOf(connector)) {
        if (/\/[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}(\/|$)/i.test(path)) {
          yield problem(
            path,
            "An id is written into the path; an internal parameter with a default says what it is.",
          );
        }
      }
    },
  },
];

function pathsOf({ definition }: Connector): readonly string[] {
  return entries(definition?.paths).map(([path]) => path);
}

function problem(path: string, message: string): Problem {
  return { where: below(root, "paths", path), message };
}

/** Whether a template takes every call to another path, because only fixed segments tell them apart. */
function covers(template: string, path: string): boolean {
  const [left, right] = [template.toLowerCase().split("/"), path.toLowerCase().split("/")];
  if (left.length !== right.length) return false;
  const pairs = left.map((segment, index) => [segment, right[index] ?? ""] as const);
  const isParameter = (segment: string): boolean => /^\{[^}]*\}$/.test(segment);
  return (
    pairs.every(([ours, theirs]) => ours === theirs || isParameter(ours)) &&
    pairs.some(([ours, theirs]) => isParameter(ours) && !isParameter(theirs))
  );
}
