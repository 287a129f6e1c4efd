import { at, below, isObject, type Json, listAt, textAt } from "../json.ts";
import { type OperationView, type Placed, root } from "./connector.ts";
import { type Level, type Problem, type Rule, sources } from "./finding.ts";
import { isSentence, isTitleCase } from "./texts.ts";

/** Rules of parameters. */
export const parameterRules: readonly Rule[] = [
  onParameter("ParameterTypeMissing", "error", sources.openApi, ({ value }) =>
    value.in === "body" || textAt(value, "type") ? undefined : "The parameter has no type.",
  ),
  onParameter("ParameterPlaceNotValid", "error", sources.openApi, ({ value }) =>
    places.includes(String(value.in)) ? undefined : `in must be one of ${places.join(", ")}.`,
  ),
  onParameter("BodyWithoutSchema", "error", sources.validator, ({ value }) =>
    value.in === "body" && !isObject(value.schema) ? "The body has no schema." : undefined,
  ),
  onParameter("PathParameterNotRequired", "error", sources.openApi, ({ value }) =>
    value.in === "path" && value.required !== true ? "A parameter in the path must be required." : undefined,
  ),
  {
    id: "PathParameterNotInPath",
    level: "error",
    source: sources.openApi,
    *find({ operations }) {
      for (const operation of operations) {
        const names = templateNames(operation);
        for (const { where, value } of inPath(operation)) {
          if (!names.includes(String(value.name))) {
            yield { where, message: `The path ${operation.path} has no {${String(value.name)}}.` };
          }
        }
      }
    },
  },
  {
    id: "PathParameterNotDefined",
    level: "error",
    source: sources.openApi,
    *find({ operations }) {
      for (const operation of operations) {
        const known = inPath(operation).map(({ value }) => value.name);
        for (const name of templateNames(operation)) {
          if (!known.includes(name)) {
            yield { where: operation.where, message: `{${name}} of the path is not defined as a parameter.` };
          }
        }
      }
    },
  },
  onParameter("PathParameterMissingEncoding", "certification", sources.validator, ({ value }) =>
    value.in === "path" && !/^(single|double)$/.test(String(value["x-ms-url-encoding"]))
      ? "x-ms-url-encoding must be single or double: a value with # or / would cut the path."
      : undefined,
  ),
  onParameter("QueryParameterWithEncoding", "certification", sources.validator, ({ value }) =>
    value.in === "query" && value["x-ms-url-encoding"] !== undefined
      ? "x-ms-url-encoding is for the path only."
      : undefined,
  ),
  onShown("ParameterSummaryMissing", "certification", sources.strings, ({ value }) =>
    textAt(value, "x-ms-summary") ? undefined : "The parameter has no x-ms-summary; its raw name is shown.",
  ),
  onShown("ParameterSummaryTooLong", "certification", sources.strings, ({ value }) =>
    (textAt(value, "x-ms-summary") ?? "").length > 80
      ? "x-ms-summary is longer than 80 characters."
      : undefined,
  ),
  onShown("ParameterSummaryNotTitleCase", "advice", sources.strings, ({ value }) =>
    isTitleCase(textAt(value, "x-ms-summary") ?? "") ? undefined : "x-ms-summary is not in Title Case.",
  ),
  onShown("ParameterDescriptionMissing", "certification", sources.strings, ({ value }) =>
    textAt(value, "description") ? undefined : "The parameter has no description.",
  ),
  onShown("ParameterDescriptionNotASentence", "certification", sources.submission, ({ value }) => {
    const description = textAt(value, "description");
    return description && !isSentence(description) ? "The description must end with a full stop." : undefined;
  }),
  onParameter("ParameterNamedConnectionId", "certification", sources.validator, ({ value }) =>
    String(value.name).toLowerCase() === "connectionid"
      ? "connectionId is a name of the service."
      : undefined,
  ),
  onParameter("CollectionFormatMulti", "certification", sources.validator, ({ value }) =>
    value.collectionFormat === "multi" ? "collectionFormat multi is not supported." : undefined,
  ),
  onParameter("UniqueItemsNotSupported", "certification", sources.validator, ({ value }) =>
    value.uniqueItems === true ? "uniqueItems is not supported." : undefined,
  ),
  onParameter("InternalWithoutDefault", "error", sources.extensions, ({ value }) =>
    value["x-ms-visibility"] === "internal" &&
    value.required === true &&
    value.default === undefined &&
    value.in !== "body"
      ? "An internal parameter that is required needs a default: nobody can fill it in."
      : undefined,
  ),
  onParameter("PropertyMustBeRequired", "certification", sources.validator, ({ value }) =>
    value["x-ms-visibility"] === "internal" && value.required !== true && value.default !== undefined
      ? "An internal parameter with a default must be required: otherwise it is not sent."
      : undefined,
  ),
  onParameter("BodyOptionalButHasRequired", "advice", sources.practice, ({ value }) =>
    value.in === "body" && value.required !== true && listAt(value, "schema", "required").length > 0
      ? "The body is optional, but members of it are required: a call without it would be refused."
      : undefined,
  ),
  {
    id: "RepeatedParameter",
    level: "advice",
    source: sources.coding,
    *find({ parameters }) {
      const seen = new Map<string, string>();
      for (const { where, value } of parameters) {
        const text = JSON.stringify(sorted(value));
        const before = seen.get(text);
        if (before === undefined) seen.set(text, where);
        else yield { where, message: `It is written twice (${before}); write it once under #/parameters.` };
      }
    },
  },
];

const places = ["path", "query", "header", "body", "formData"];

function templateNames({ path }: OperationView): readonly string[] {
  return [...path.matchAll(/\{([^}]*)\}/g)].map(match => match[1] ?? "");
}

function inPath({ parameters }: OperationView): readonly Placed[] {
  return parameters.filter(({ value }) => value.in === "path");
}

function sorted(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value ?? null;
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map(name => [name, sorted(at(value, name))]),
  );
}

function onParameter(
  id: string,
  level: Level,
  source: string,
  judge: (parameter: Placed) => string | undefined,
): Rule {
  return {
    id,
    level,
    source,
    *find({ parameters }): Generator<Problem> {
      for (const parameter of parameters) {
        const message = judge(parameter);
        if (message !== undefined) yield { where: parameter.where, message };
      }
    },
  };
}

/** A rule of parameters that a person sees; of a body the members are seen, and they have rules of their own. */
function onShown(
  id: string,
  level: Level,
  source: string,
  judge: (parameter: Placed) => string | undefined,
): Rule {
  return onParameter(id, level, source, parameter =>
    parameter.value.in === "body" || parameter.value["x-ms-visibility"] === "internal"
      ? undefined
      : judge(parameter),
  );
}

/** Where a reference is written that points nowhere. */
export const referenceRule: Rule = {
  id: "ReferenceNotFound",
  level: "error",
  source: sources.openApi,
  *find({ definition }) {
    const open: { value: Json | undefined; where: string }[] = [{ value: definition, where: root }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { value, where } = next;
      const members = Array.isArray(value)
        ? [...value.entries()]
        : isObject(value)
          ? Object.entries(value)
          : [];
      for (const [name, each] of members) {
        if (name === "$ref" && typeof each === "string" && !points(definition, each)) {
          yield { where, message: `${each} points nowhere.` };
        }
        open.push({ value: each, where: below(where, name) });
      }
    }
  },
};

function points(definition: Json | undefined, reference: string): boolean {
  if (!reference.startsWith("#/")) return false;
  const names = reference.slice(2).split("/");
  return at(definition, ...names.map(name => name.replaceAll("~1", "/").replaceAll("~0", "~"))) !== undefined;
}
