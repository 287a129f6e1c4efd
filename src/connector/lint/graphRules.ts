import { type Operation, operations } from "../../model/operations.ts";
import { below, listAt, textAt } from "../json.ts";
import { type Connector, type OperationView, resolved } from "./connector.ts";
import type { Problem, Rule } from "./finding.ts";

/** Rules of connectors to Microsoft Graph: what they say of its phones must be what Graph has. */
export const graphRules: readonly Rule[] = [
  {
    id: "GraphMethodUnknown",
    level: "error",
    source: operations.updatePhone.page,
    *find(connector) {
      for (const { operation, known } of graphOperations(connector)) {
        const methods = known.map(({ method }) => method);
        if (!methods.some(method => method.toLowerCase() === operation.method)) {
          yield {
            where: operation.where,
            message: `Microsoft Graph v1.0 has no ${operation.method.toUpperCase()} on this path, but ${[...new Set(methods)].join(", ")}.`,
          };
        }
      }
    },
  },
  {
    id: "GraphStatusUnknown",
    level: "certification",
    source: operations.updatePhone.page,
    *find(connector) {
      for (const { operation, match } of matched(connector)) {
        const named = operation.responses.filter(({ status }) => /^2\d\d$/.test(status));
        const wrong = named.find(({ status }) => status !== String(match.success));
        if (match.success !== undefined && wrong !== undefined) {
          yield {
            where: wrong.where,
            message: `Microsoft Graph answers ${match.success}, not ${wrong.status}.`,
          };
        }
      }
    },
  },
  {
    id: "GraphBodyNeedsTooMuch",
    level: "advice",
    source: operations.updatePhone.page,
    *find(connector) {
      for (const { operation, match } of matched(connector)) {
        for (const problem of surplus(connector, operation, match)) yield problem;
      }
    },
  },
];

type Found = { readonly operation: OperationView; readonly known: readonly Operation[] };

/** Operations on a path that the table knows, with what the table has there. A PUT is judged as the PATCH it stands for. */
function graphOperations({ definition, operations: all }: Connector): readonly Found[] {
  if (textAt(definition, "host")?.toLowerCase() !== "graph.microsoft.com") return [];
  const base = textAt(definition, "basePath") ?? "";
  return all.flatMap(operation => {
    const path = segments(`${base}/${operation.path}`);
    const known = tableOfPhones.filter(each => same(segments(each.path), path));
    return known.length === 0 ? [] : [{ operation, known }];
  });
}

function matched(connector: Connector) {
  return graphOperations(connector).flatMap(({ operation, known }) => {
    const method = operation.method === "put" ? "patch" : operation.method;
    const match = known.find(each => each.method.toLowerCase() === method);
    return match === undefined ? [] : [{ operation, match }];
  });
}

function* surplus(
  { definition }: Connector,
  { parameters }: OperationView,
  { body }: Operation,
): Generator<Problem> {
  const given = parameters.find(({ value }) => value.in === "body");
  const schema = given?.value.schema;
  if (definition === undefined || given === undefined || body === undefined) return;
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return;
  const placed = resolved(definition, { where: below(given.where, "schema"), value: schema as never });
  const extra = listAt(placed.value, "required").filter(name => !body.required.includes(String(name)));
  if (extra.length > 0) {
    yield { where: placed.where, message: `Microsoft Graph does not need ${extra.join(", ")} here.` };
  }
}

/** Users may have more methods than this table has operations; of phones it has all. */
const tableOfPhones: readonly Operation[] = Object.values(operations).filter(({ path }) =>
  path.includes("/phoneMethods"),
);

function segments(path: string): readonly string[] {
  return path
    .replace(/^\/*(beta|v1\.0)?\/+(beta|v1\.0)\//, "/v1.0/")
    .split("/")
    .filter(part => part !== "" && part !== "v1.0");
}

/** A parameter of the table takes any segment. */
function same(table: readonly string[], path: readonly string[]): boolean {
  return (
    table.length === path.length &&
    table.every((part, index) => part.startsWith("{") || part.toLowerCase() === path[index]?.toLowerCase())
  );
}
