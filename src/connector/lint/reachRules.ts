import { at, below, isObject, type Json, type JsonObject, listAt, textAt } from "../json.ts";
import { type Connector, entries, type OperationView, resolve } from "./connector.ts";
import { extensionsIn } from "./extensionRules.ts";
import { type Problem, type Rule, sources } from "./finding.ts";

/** Limits of the service on what one operation may be made of, references followed. */
const mostInBody = 512;
const mostInOperation = 16_384;

/** Rules that have to follow references to know. */
export const reachRules: readonly Rule[] = [
  {
    id: "TooManySchemas",
    level: "error",
    source: sources.faq,
    *find({ definition, operations }) {
      for (const operation of definition === undefined ? [] : operations) {
        yield* tooMany(definition ?? {}, operation);
      }
    },
  },
  {
    id: "DynamicCollectionNotArray",
    level: "certification",
    source: sources.validator,
    *find(connector) {
      for (const { name, where, value } of extensionsIn(connector.definition)) {
        const collection = name === "x-ms-dynamic-values" ? textAt(value, "value-collection") : undefined;
        const answer = answerOf(connector, textAt(value, "operationId"));
        if (collection === undefined || answer === undefined) continue;
        const found = member(connector.definition ?? {}, answer, collection.split("/"));
        if (textAt(found, "type") !== "array") {
          const message = `${collection} of the operation's answer is not an array.`;
          yield { where: below(where, "value-collection"), message };
        }
      }
    },
  },
];

function* tooMany(definition: JsonObject, operation: OperationView): Generator<Problem> {
  const { where, parameters, responses } = operation;
  const bodies = [...parameters, ...responses].flatMap(each =>
    isObject(each.value.schema) ? [{ at: each.where, count: countFrom(definition, each.value.schema) }] : [],
  );
  for (const { at: place, count } of bodies) {
    if (count > mostInBody) {
      yield { where: place, message: `The body has ${count} schemas; the limit is ${mostInBody}.` };
    }
  }
  const all = bodies.reduce((sum, { count }) => sum + count, 0);
  if (all > mostInOperation) {
    yield { where, message: `The operation has ${all} schemas; the limit is ${mostInOperation}.` };
  }
}

/** Schemas that can be reached from one. What leads back to itself is counted once. */
function countFrom(definition: JsonObject, start: JsonObject): number {
  const seen = new Set<JsonObject>();
  const open: (Json | undefined)[] = [start];
  for (let next = open.pop(); open.length > 0 || next !== undefined; next = open.pop()) {
    const schema = followed(definition, next);
    if (schema === undefined || seen.has(schema)) continue;
    seen.add(schema);
    open.push(...entries(at(schema, "properties")).map(([, each]) => each));
    open.push(at(schema, "items"), at(schema, "additionalProperties"), ...listAt(schema, "allOf"));
  }
  return seen.size;
}

/** The schema of what an operation answers when it succeeds. */
function answerOf({ operations }: Connector, id: string | undefined): Json | undefined {
  const operation = operations.find(({ value }) => id !== undefined && value.operationId === id);
  return operation?.responses.find(({ status }) => status.startsWith("2"))?.value.schema;
}

function member(definition: JsonObject, schema: Json, path: readonly string[]): JsonObject | undefined {
  const here = followed(definition, schema);
  const [name, ...rest] = path;
  return name === undefined || name === ""
    ? here
    : member(definition, at(here, "properties", name) ?? null, rest);
}

function followed(definition: JsonObject, value: Json | undefined): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  const reference = textAt(value, "$ref");
  return reference === undefined ? value : resolve(definition, reference)?.value;
}
