import { at, below, isObject, type Json, type JsonObject, listAt, textAt } from "../json.ts";

/** The files of a connector folder as they were read; undefined where there is none. */
export type ConnectorFiles = {
  readonly definition: string | undefined;
  readonly properties: string | undefined;
  readonly readme: string | undefined;
  readonly script: string | undefined;
  readonly icon: Uint8Array | undefined;
};

export const fileNames = {
  definition: "apiDefinition.swagger.json",
  properties: "apiProperties.json",
  readme: "README.md",
  script: "script.csx",
  icon: "icon.png",
} as const;

/** A piece of a document and where it stands. */
export type Placed = { readonly where: string; readonly value: JsonObject };

/** An operation, with what it shares with its path and what its references stand for. */
export type OperationView = Placed & {
  readonly path: string;
  readonly method: string;
  readonly parameters: readonly Placed[];
  readonly responses: readonly (Placed & { readonly status: string })[];
};

/** A connector taken apart for the rules. What is not as it should be is left out, never guessed. */
export type Connector = {
  readonly files: ConnectorFiles;
  readonly definition: JsonObject | undefined;
  readonly properties: JsonObject | undefined;
  readonly operations: readonly OperationView[];
  /** Every parameter where it is written, shared ones once. */
  readonly parameters: readonly Placed[];
  /** Every schema and every part of one, where it is written. */
  readonly schemas: readonly SchemaView[];
};

export type SchemaView = Placed & {
  /** What the schema is part of: what is sent, what comes back, or a definition that may be both. */
  readonly side: "body" | "response" | "definition";
  /** Its name, where it is a property. */
  readonly property?: string;
};

export const methods = ["get", "put", "post", "delete", "options", "head", "patch"] as const;

/** Takes a connector apart. Unparsable files are undefined here; rules of the files name them. */
export function connectorOf(files: ConnectorFiles): Connector {
  const definition = objectIn(files.definition);
  const properties = objectIn(files.properties);
  const operations = definition === undefined ? [] : operationsOf(definition);
  return {
    files,
    definition,
    properties,
    operations,
    parameters: unique([...operations.flatMap(({ parameters }) => parameters), ...shared(definition)]),
    schemas: schemasOf(definition, operations),
  };
}

/** What a reference inside the document stands for; undefined when it points nowhere. */
export function resolve(definition: JsonObject, reference: string): Placed | undefined {
  if (!reference.startsWith("#/")) return undefined;
  const names = reference
    .slice(2)
    .split("/")
    .map(name => name.replaceAll("~1", "/").replaceAll("~0", "~"));
  const value = at(definition, ...names);
  return isObject(value) ? { where: below(root, ...names), value } : undefined;
}

/** The schema itself, or the one it refers to. */
export function resolved(definition: JsonObject, placed: Placed): Placed {
  const reference = textAt(placed.value, "$ref");
  return (reference === undefined ? undefined : resolve(definition, reference)) ?? placed;
}

export const root = `${fileNames.definition}#`;

/** JSON with the marks that some editors put before it. */
export function parse(text: string): Json {
  return JSON.parse(text.replace(/^\ufeff/, "")) as Json;
}

function objectIn(text: string | undefined): JsonObject | undefined {
  if (text === undefined) return undefined;
  try {
    const value = parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // The rule that the file is JSON says so, with the parser's words.
    return undefined;
  }
}

function operationsOf(definition: JsonObject): readonly OperationView[] {
  return entries(at(definition, "paths")).flatMap(([path, item]) => {
    if (!isObject(item)) return [];
    const common = parametersOf(definition, item, below(root, "paths", path));
    return methods.flatMap(method => {
      const value = at(item, method);
      if (!isObject(value)) return [];
      const where = below(root, "paths", path, method);
      const own = parametersOf(definition, value, where);
      const names = new Set(own.map(key));
      return [
        {
          where,
          value,
          path,
          method,
          parameters: [...own, ...common.filter(each => !names.has(key(each)))],
          responses: responsesOf(definition, value, where),
        },
      ];
    });
  });
}

function parametersOf(definition: JsonObject, holder: JsonObject, where: string): readonly Placed[] {
  return listAt(holder, "parameters").flatMap((value, index) =>
    isObject(value)
      ? [resolved(definition, { where: below(where, "parameters", index), value })].filter(
          ({ value: found }) => found.$ref === undefined,
        )
      : [],
  );
}

function responsesOf(definition: JsonObject, operation: JsonObject, where: string) {
  return entries(at(operation, "responses")).flatMap(([status, value]) =>
    isObject(value)
      ? [{ status, ...resolved(definition, { where: below(where, "responses", status), value }) }]
      : [],
  );
}

function shared(definition: JsonObject | undefined): readonly Placed[] {
  return entries(at(definition, "parameters")).flatMap(([name, value]) =>
    isObject(value) ? [{ where: below(root, "parameters", name), value }] : [],
  );
}

function schemasOf(
  definition: JsonObject | undefined,
  operations: readonly OperationView[],
): readonly SchemaView[] {
  const found: SchemaView[] = [];
  for (const { parameters, responses } of operations) {
    for (const { where, value } of parameters)
      gather(found, at(value, "schema"), below(where, "schema"), "body");
    for (const { where, value } of responses) {
      gather(found, at(value, "schema"), below(where, "schema"), "response");
    }
  }
  for (const [name, value] of entries(at(definition, "definitions"))) {
    gather(found, value, below(root, "definitions", name), "definition");
  }
  return unique(found);
}

/** A schema and its parts, however deep. References are not followed: what they point to is gathered where it stands. */
function gather(found: SchemaView[], start: Json | undefined, from: string, side: SchemaView["side"]): void {
  const open: { value: Json | undefined; where: string; property?: string }[] = [
    { value: start, where: from },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, where, property } = next;
    if (!isObject(value)) continue;
    found.push({ where, value, side, ...(property === undefined ? {} : { property }) });
    for (const [name, each] of entries(at(value, "properties"))) {
      open.push({ value: each, where: below(where, "properties", name), property: name });
    }
    for (const name of ["items", "additionalProperties"]) {
      open.push({ value: at(value, name), where: below(where, name) });
    }
    for (const [index, each] of listAt(value, "allOf").entries()) {
      open.push({ value: each, where: below(where, "allOf", index) });
    }
  }
}

/** The members of an object in their order; none of anything else. */
export function entries(value: Json | undefined): readonly (readonly [string, Json])[] {
  return isObject(value) ? Object.entries(value) : [];
}

function unique<Each extends Placed>(list: readonly Each[]): readonly Each[] {
  return [...new Map(list.map(each => [each.where, each])).values()];
}

function key({ value }: Placed): string {
  return `${String(at(value, "in"))} ${String(at(value, "name"))}`;
}
