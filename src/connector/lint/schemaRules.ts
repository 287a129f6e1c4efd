import { at, below, isObject, type Json, listAt, textAt } from "../json.ts";
import { entries, type Placed, type SchemaView } from "./connector.ts";
import { type Level, type Problem, type Rule, sources } from "./finding.ts";
import { saysTheSame } from "./texts.ts";

/** Rules of what is sent and what comes back, and of values wherever they are declared. */
export const schemaRules: readonly Rule[] = [
  onValue("ArrayWithoutItems", "error", sources.openApi, ({ value }) =>
    value.type === "array" && !isObject(value.items) ? "An array must say what its items are." : undefined,
  ),
  onSchema("TypeMissing", "certification", sources.validator, ({ value }) =>
    textAt(value, "type") ||
    ["$ref", "allOf", "enum", "x-ms-dynamic-schema"].some(name => value[name] !== undefined) ||
    Object.keys(value).length === 0
      ? undefined
      : "The schema has no type.",
  ),
  onSchema("RequiredEmpty", "error", sources.openApi, ({ value }) =>
    Array.isArray(value.required) && value.required.length === 0
      ? "required is empty; leave it out."
      : undefined,
  ),
  onSchema("RequiredNotDefined", "certification", sources.validator, ({ value }) => {
    if (!isObject(value.properties) || value.allOf !== undefined) return undefined;
    const missing = listAt(value, "required").filter(
      name => at(value, "properties", String(name)) === undefined,
    );
    return missing.length > 0 ? `required names ${missing.join(", ")}, which is not a property.` : undefined;
  }),
  onSchema("ReadOnlyRequired", "certification", sources.validator, ({ value }) => {
    const wrong = listAt(value, "required").filter(
      name => at(value, "properties", String(name), "readOnly") === true,
    );
    return wrong.length > 0 ? `${wrong.join(", ")} is read-only and cannot be required.` : undefined;
  }),
  onSchema("ReferenceWithSiblings", "certification", sources.validator, ({ value }) =>
    typeof value.$ref === "string" && Object.keys(value).some(name => name !== "$ref")
      ? "Nothing may stand beside $ref; it is not read."
      : undefined,
  ),
  onValue("EnumEmpty", "certification", sources.validator, ({ value }) =>
    Array.isArray(value.enum) && value.enum.length === 0 ? "enum is empty; leave it out." : undefined,
  ),
  onValue("EnumValueOfWrongType", "certification", sources.validator, ({ value }) => {
    const wrong = listAt(value, "enum").find(each => !fits(each, textAt(value, "type")));
    return wrong === undefined ? undefined : `${JSON.stringify(wrong)} of enum is not of the type.`;
  }),
  onValue("EnumLabelsDoNotFit", "certification", sources.validator, ({ value }) => {
    const labels = listAt(value, "x-ms-enum-values");
    if (labels.length === 0) return undefined;
    const values = labels.map(label => at(label, "value"));
    if (values.some(each => each === undefined))
      return "Each of x-ms-enum-values needs a value and a displayName.";
    if (new Set(values).size < values.length) return "A value stands twice in x-ms-enum-values.";
    const known = listAt(value, "enum");
    const unknown = values.find(each => !known.includes(each ?? null));
    return unknown === undefined ? undefined : `${String(unknown)} of x-ms-enum-values is not in enum.`;
  }),
  onValue("EnumWithoutLabels", "advice", sources.extensions, ({ value }) =>
    value["x-ms-visibility"] !== "internal" &&
    listAt(value, "enum").some(each => typeof each === "string" && !readable(each)) &&
    value["x-ms-enum-values"] === undefined
      ? "The choices are shown raw; x-ms-enum-values gives them labels."
      : undefined,
  ),
  onValue("DefaultDoesNotFit", "certification", sources.validator, ({ value }) => {
    if (value.default === undefined) return undefined;
    if (!fits(value.default, textAt(value, "type"))) return "The default is not of the type.";
    const known = listAt(value, "enum");
    return known.length > 0 && !known.includes(value.default) ? "The default is not in enum." : undefined;
  }),
  onValue("RangeNotValid", "certification", sources.validator, ({ value }) => {
    for (const [least, most] of ranges) {
      const [from, to] = [value[least], value[most]];
      if (typeof from === "number" && typeof to === "number" && from > to)
        return `${least} is above ${most}.`;
    }
    return undefined;
  }),
  onValue("PatternNotValid", "certification", sources.validator, ({ value }) => {
    if (typeof value.pattern !== "string") return undefined;
    try {
      new RegExp(value.pattern);
      return undefined;
    } catch (error) {
      return `The pattern cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    }
  }),
  onProperty("PropertySummaryMissing", "certification", sources.strings, ({ value }) =>
    textAt(value, "x-ms-summary") || textAt(value, "title")
      ? undefined
      : "The property has no x-ms-summary and no title.",
  ),
  onProperty("PropertySummaryOnlyTitle", "advice", sources.strings, ({ value }) =>
    !textAt(value, "x-ms-summary") && textAt(value, "title")
      ? "The property has a title but no x-ms-summary."
      : undefined,
  ),
  onProperty("PropertyDescriptionMissing", "certification", sources.strings, ({ value }) =>
    textAt(value, "description") ? undefined : "The property has no description.",
  ),
  onProperty("PropertyDescriptionSameAsSummary", "certification", sources.strings, ({ value }) => {
    const description = textAt(value, "description");
    const summary = textAt(value, "x-ms-summary") ?? textAt(value, "title");
    return description && summary && saysTheSame(description, summary)
      ? "The description says what the summary says."
      : undefined;
  }),
  onProperty("PropertyDescriptionRepeatsName", "advice", sources.strings, ({ value, property }) => {
    const description = textAt(value, "description");
    return description && property && saysTheSame(description, property)
      ? "The description repeats the name of the property."
      : undefined;
  }),
];

const ranges = [
  ["minimum", "maximum"],
  ["minLength", "maxLength"],
  ["minItems", "maxItems"],
] as const;

/** A choice that can be shown as it is: words, not an id or a name in camel case. */
function readable(text: string): boolean {
  return /^\p{Lu}[\p{L}\p{N} ()-]*$/u.test(text) && !/\p{Ll}\p{Lu}/u.test(text);
}

function fits(value: Json, type: string | undefined): boolean {
  switch (type) {
    case "string":
      return typeof value === "string";
    case "integer":
      return Number.isInteger(value);
    case "number":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
    default:
      return true;
  }
}

function onSchema(
  id: string,
  level: Level,
  source: string,
  judge: (schema: SchemaView) => string | undefined,
): Rule {
  return {
    id,
    level,
    source,
    *find({ schemas }): Generator<Problem> {
      for (const schema of schemas) {
        const message = judge(schema);
        if (message !== undefined) yield { where: schema.where, message };
      }
    },
  };
}

/** A rule of properties with a value of their own. */
function onProperty(
  id: string,
  level: Level,
  source: string,
  judge: (schema: SchemaView) => string | undefined,
): Rule {
  return onSchema(id, level, source, schema =>
    schema.property === undefined ||
    schema.value.$ref !== undefined ||
    schema.value["x-ms-visibility"] === "internal"
      ? undefined
      : judge(schema),
  );
}

/** A rule of schemas and of parameters that hold a value themselves. */
function onValue(
  id: string,
  level: Level,
  source: string,
  judge: (placed: Placed) => string | undefined,
): Rule {
  return {
    id,
    level,
    source,
    *find({ schemas, parameters }): Generator<Problem> {
      const nested = parameters.flatMap(({ where, value }) => itemsOf(where, value));
      for (const placed of [
        ...parameters.filter(({ value }) => value.in !== "body"),
        ...nested,
        ...schemas,
      ]) {
        const message = judge(placed);
        if (message !== undefined) yield { where: placed.where, message };
      }
    },
  };
}

/** The items of a parameter that is a list, and their items. */
function itemsOf(where: string, value: Json): readonly Placed[] {
  return entries(value).flatMap(([name, each]) =>
    name === "items" && isObject(each)
      ? [{ where: below(where, name), value: each }, ...itemsOf(below(where, name), each)]
      : [],
  );
}
