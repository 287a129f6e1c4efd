/** A JSON schema as far as the OpenAPI extract uses it. */
export type Schema = {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly nullable?: boolean;
  readonly pattern?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
};

/** Every way in which a value does not fit its schema, with its place. */
export function misfits(value: unknown, schema: Schema, root: unknown, at = "body"): string[] {
  const own = resolved(schema, root);
  if (value === null) return own.nullable ? [] : [`${at} is null`];
  const parts = (own.allOf ?? []).flatMap(part => misfits(value, part, root, at));
  return [...parts, ...typeMisfits(value, own, at), ...objectMisfits(value, own, root, at)];
}

/** Follows `$ref`s within the document. */
export function resolved<Thing extends object>(thing: Thing, root: unknown): Thing {
  const ref = "$ref" in thing ? String(thing.$ref) : undefined;
  if (ref === undefined) return thing;
  const found = ref
    .slice(2)
    .split("/")
    .reduce<unknown>((place, name) => (place as Readonly<Record<string, unknown>>)[name], root);
  return resolved(found as Thing, root);
}

function typeMisfits(value: unknown, schema: Schema, at: string): string[] {
  const actual = Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value;
  const problems: string[] = [];
  if (schema.type !== undefined && schema.type !== actual)
    problems.push(`${at} is ${actual}, not ${schema.type}`);
  if (schema.enum !== undefined && !schema.enum.includes(String(value)))
    problems.push(`${at} is not in the enum`);
  if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(String(value))) {
    problems.push(`${at} does not fit the pattern`);
  }
  return problems;
}

function objectMisfits(value: unknown, schema: Schema, root: unknown, at: string): string[] {
  const { items } = schema;
  if (Array.isArray(value)) {
    return items === undefined
      ? []
      : value.flatMap((item, index) => misfits(item, items, root, `${at}[${index}]`));
  }
  if (typeof value !== "object" || value === null) return [];
  const record = value as Readonly<Record<string, unknown>>;
  const missing = (schema.required ?? []).filter(name => record[name] === undefined);
  const wrong = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    record[name] === undefined ? [] : misfits(record[name], property, root, `${at}.${name}`),
  );
  return [...missing.map(name => `${at}.${name} is missing`), ...wrong];
}
