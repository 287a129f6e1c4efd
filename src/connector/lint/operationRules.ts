import { at, below, isObject, objectAt, textAt } from "../json.ts";
import { type OperationView, root } from "./connector.ts";
import { type Level, type Problem, type Rule, sources } from "./finding.ts";
import { endsAlphanumeric, hasCamelWord, isSentence, saysTheSame } from "./texts.ts";

/** Rules of operations: their names, their words, their answers. */
export const operationRules: readonly Rule[] = [
  {
    id: "OperationsMissing",
    level: "error",
    source: sources.openApi,
    *find({ definition, operations }) {
      if (definition !== undefined && operations.length === 0) {
        yield { where: below(root, "paths"), message: "The connector has no operation." };
      }
    },
  },
  {
    id: "TooManyOperations",
    level: "error",
    source: sources.faq,
    *find({ operations }) {
      if (operations.length > 256) {
        yield { where: below(root, "paths"), message: `${operations.length} operations; the limit is 256.` };
      }
    },
  },
  onOperation("OperationIdRequired", "error", sources.validator, ({ value }) =>
    textAt(value, "operationId") ? undefined : "The operation has no operationId.",
  ),
  {
    id: "OperationIdNotUnique",
    level: "error",
    source: sources.validator,
    *find({ operations }) {
      const seen = new Set<string>();
      for (const { where, value } of operations) {
        const id = textAt(value, "operationId") ?? "";
        if (id !== "" && seen.has(id)) {
          yield { where: below(where, "operationId"), message: `${id} is used more than once.` };
        }
        seen.add(id);
      }
    },
  },
  onText("OperationIdSanitized", "certification", sources.validator, "operationId", id =>
    /^[A-Za-z0-9]*$/.test(id) ? undefined : "The operationId may hold letters and digits only.",
  ),
  onText("OperationIdNotPascalCase", "certification", sources.coding, "operationId", id =>
    /^[a-z]/.test(id) ? "The operationId must begin with a capital (PascalCase)." : undefined,
  ),
  onOperation("SummaryMissing", "certification", sources.strings, ({ value }) =>
    textAt(value, "summary") ? undefined : "The operation has no summary.",
  ),
  onText("SummaryTooLong", "certification", sources.strings, "summary", summary =>
    summary.length > 80 ? `The summary has ${summary.length} characters; the limit is 80.` : undefined,
  ),
  onText("RestrictedCharactersInSummary", "certification", sources.validator, "summary", summary =>
    /[^\p{L}\p{N}\s()]/u.test(summary)
      ? "The summary may hold letters, digits, spaces and parentheses only."
      : undefined,
  ),
  onText("SummaryMustEndWithAlphanumeric", "certification", sources.validator, "summary", summary =>
    summary === "" || endsAlphanumeric(summary)
      ? undefined
      : "The summary must end with a letter or a digit.",
  ),
  onText("SummaryNotTranslatable", "certification", sources.submission, "summary", summary =>
    hasCamelWord(summary) ? "The summary holds a word in camel case, which cannot be translated." : undefined,
  ),
  onText("SummaryNotSentenceCase", "advice", sources.strings, "summary", summary =>
    /^\p{Ll}/u.test(summary) ? "The summary must begin with a capital." : undefined,
  ),
  onOperation("OperationDescriptionMissing", "certification", sources.strings, ({ value }) =>
    textAt(value, "description") ? undefined : "The operation has no description.",
  ),
  onOperation("OperationDescriptionSameAsSummary", "certification", sources.submission, ({ value }) => {
    const description = textAt(value, "description");
    const same = description && saysTheSame(description, textAt(value, "summary") ?? "");
    return same ? "The description says what the summary says." : undefined;
  }),
  onText("OperationDescriptionNotASentence", "certification", sources.coding, "description", description =>
    description === "" || isSentence(description) ? undefined : "The description must end with a full stop.",
  ),
  onOperation("ResponsesMissing", "error", sources.openApi, ({ responses }) =>
    responses.length === 0 ? "The operation has no response." : undefined,
  ),
  onOperation("OperationShouldHaveSuccessfulResponse", "certification", sources.validator, ({ responses }) =>
    responses.length === 0 || responses.some(({ status }) => /^2\d\d$/.test(status))
      ? undefined
      : "The operation has no response of success (200, 201, 204).",
  ),
  onOperation("DefaultResponseAlone", "certification", sources.coding, ({ responses }) =>
    responses.length === 1 && responses[0]?.status === "default"
      ? "default is the only response; name the status of success and of the known errors."
      : undefined,
  ),
  onOperation("NoErrorResponse", "advice", sources.coding, ({ responses }) =>
    responses.some(({ status }) => /^[45]\d\d$/.test(status))
      ? undefined
      : "No error is named; a flow cannot tell what may come (400, 401, 403, 404, 429).",
  ),
  onResponse("DefaultResponseHasSchema", "certification", sources.validator, ({ status, value }) =>
    status === "default" && at(value, "schema") !== undefined
      ? "default must not carry a schema; its fields are offered as if the call had succeeded."
      : undefined,
  ),
  onResponse("SchemaDefinitionSetIncorrectly", "certification", sources.validator, ({ status, value }) =>
    !/^(200|201|default)$/.test(status) && at(value, "schema") !== undefined
      ? `Only 200 or 201 may carry a schema, not ${status}.`
      : undefined,
  ),
  onOperation("OperationHasManyResponsesWithSchema", "certification", sources.validator, ({ responses }) => {
    const many = responses.filter(({ value }) => at(value, "schema") !== undefined);
    return many.length > 1 ? `${many.length} responses carry a schema; one may.` : undefined;
  }),
  onResponse("EmptyResponseSchema", "certification", sources.submission, ({ value }) => {
    const schema = objectAt(value, "schema");
    return schema && Object.keys(schema).length === 0 ? "The schema is empty; leave it out." : undefined;
  }),
  onResponse("ResponseDescriptionMissing", "error", sources.openApi, ({ value }) =>
    typeof at(value, "description") === "string" ? undefined : "The response has no description.",
  ),
  onResponse("ResponseDescriptionSaysNothing", "advice", sources.strings, ({ status, value }) => {
    const description = textAt(value, "description")?.trim();
    return description === "" || description === status
      ? "The description of the response says nothing; say what it means."
      : undefined;
  }),
  onOperation("GetHasBody", "certification", sources.validator, ({ method, parameters }) =>
    (method === "get" || method === "head") && parameters.some(({ value }) => value.in === "body")
      ? "A GET takes no body."
      : undefined,
  ),
  onOperation("ManyBodies", "error", sources.validator, ({ parameters }) =>
    parameters.filter(({ value }) => value.in === "body").length > 1
      ? "An operation takes one body."
      : undefined,
  ),
];

function onOperation(
  id: string,
  level: Level,
  source: string,
  judge: (operation: OperationView) => string | undefined,
): Rule {
  return {
    id,
    level,
    source,
    *find({ operations }): Generator<Problem> {
      for (const operation of operations) {
        const message = judge(operation);
        if (message !== undefined) yield { where: operation.where, message };
      }
    },
  };
}

/** A rule of one text of each operation that has it. */
function onText(
  id: string,
  level: Level,
  source: string,
  name: string,
  judge: (text: string) => string | undefined,
): Rule {
  return {
    id,
    level,
    source,
    *find({ operations }): Generator<Problem> {
      for (const { where, value } of operations) {
        const text = textAt(value, name);
        const message = text === undefined ? undefined : judge(text);
        if (message !== undefined) yield { where: below(where, name), message };
      }
    },
  };
}

function onResponse(
  id: string,
  level: Level,
  source: string,
  judge: (response: OperationView["responses"][number]) => string | undefined,
): Rule {
  return {
    id,
    level,
    source,
    *find({ operations }): Generator<Problem> {
      for (const { responses } of operations) {
        for (const response of responses) {
          const message = isObject(response.value) ? judge(response) : undefined;
          if (message !== undefined) yield { where: response.where, message };
        }
      }
    },
  };
}
