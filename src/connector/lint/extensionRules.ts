import { at, below, isObject, type Json, listAt, objectAt, textAt } from "../json.ts";
import { type Connector, root } from "./connector.ts";
import { type Problem, type Rule, sources } from "./finding.ts";

/** Rules of Microsoft's extensions, `x-ms-…`. */
export const extensionRules: readonly Rule[] = [
  {
    id: "ExtensionUnknown",
    level: "advice",
    source: sources.extensions,
    *find({ definition }) {
      for (const { name, where } of extensionsIn(definition)) {
        if (!known.has(name)) {
          yield { where, message: `${name} is not an extension that is known; is it misspelt?` };
        }
      }
    },
  },
  {
    id: "DynamicOperationUnknown",
    level: "error",
    source: sources.validator,
    *find(connector) {
      const ids = operationIds(connector);
      for (const { name, where, value } of extensionsIn(connector.definition)) {
        if (!/^x-ms-dynamic-(values|schema|list|tree|properties)$/.test(name)) continue;
        const id = textAt(value, "operationId");
        if (id !== undefined && !ids.has(id)) {
          yield { where: below(where, "operationId"), message: `There is no operation ${id}.` };
        }
      }
    },
  },
  {
    id: "NextLinkNameNotValid",
    level: "certification",
    source: sources.validator,
    *find({ definition }) {
      for (const { name, where, value } of extensionsIn(definition)) {
        if (name !== "x-ms-pageable") continue;
        const link = textAt(value, "nextLinkName");
        if (link !== "nextLink" && link !== "@odata.nextLink") {
          yield { where, message: "nextLinkName must be nextLink or @odata.nextLink." };
        }
      }
    },
  },
  {
    id: "NoTestConnection",
    level: "advice",
    source: sources.testConnection,
    *find({ definition, operations }) {
      if (definition !== undefined && operations.length > 0 && testOf(definition) === undefined) {
        yield {
          where: below(root, "x-ms-capabilities"),
          message: "There is no testConnection: a bad connection shows only when a flow fails.",
        };
      }
    },
  },
  {
    id: "TestConnectionNotUsable",
    level: "error",
    source: sources.testConnection,
    *find({ definition, operations }) {
      const test = testOf(definition);
      if (test === undefined) return;
      const where = below(root, "x-ms-capabilities", "testConnection");
      const id = textAt(test, "operationId");
      const operation = operations.find(({ value }) => value.operationId === id);
      if (operation === undefined) {
        yield { where, message: `There is no operation ${String(id)}.` };
        return;
      }
      if (operation.method !== "get") yield { where, message: `${String(id)} is not a GET.` };
      const given = objectAt(test, "parameters") ?? {};
      const needed = operation.parameters.filter(
        ({ value }) =>
          value.required === true && value.default === undefined && given[String(value.name)] === undefined,
      );
      if (needed.length > 0) {
        const names = needed.map(({ value }) => String(value.name)).join(", ");
        yield { where, message: `${String(id)} cannot be called without ${names}.` };
      }
    },
  },
];

const known = new Set([
  "x-ms-api-annotation",
  "x-ms-capabilities",
  "x-ms-client-request-id",
  "x-ms-connector-metadata",
  "x-ms-date-local-format",
  "x-ms-docs-operation-type",
  "x-ms-dynamic-list",
  "x-ms-dynamic-properties",
  "x-ms-dynamic-schema",
  "x-ms-dynamic-tree",
  "x-ms-dynamic-values",
  "x-ms-editor",
  "x-ms-editor-options",
  "x-ms-enum",
  "x-ms-enum-values",
  "x-ms-external",
  "x-ms-keywords",
  "x-ms-media-kind",
  "x-ms-name-extension",
  "x-ms-no-generic-test",
  "x-ms-notification",
  "x-ms-notification-content",
  "x-ms-notification-url",
  "x-ms-openai-data",
  "x-ms-openai-manifest",
  "x-ms-operation-context",
  "x-ms-pageable",
  "x-ms-paths",
  "x-ms-permission",
  "x-ms-property-name-alias",
  "x-ms-safe-operation",
  "x-ms-scheduler-recommendation",
  "x-ms-scheduler-trigger",
  "x-ms-summary",
  "x-ms-test-value",
  "x-ms-trigger",
  "x-ms-trigger-hint",
  "x-ms-trigger-metadata",
  "x-ms-url-encoding",
  "x-ms-visibility",
  "x-ms-weblogin-settings",
]);

/** Every extension with its place. Names below `properties` are of the data, and examples are data too. */
export function* extensionsIn(
  definition: Json | undefined,
): Generator<{ readonly name: string; readonly where: string; readonly value: Json }> {
  const open: { value: Json | undefined; where: string }[] = [{ value: definition, where: root }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const members = Array.isArray(next.value)
      ? [...next.value.entries()]
      : isObject(next.value)
        ? Object.entries(next.value)
        : [];
    for (const [name, value] of members) {
      const where = below(next.where, name);
      if (
        typeof name === "string" &&
        name.startsWith("x-ms-") &&
        !/\/(properties|headers|example|examples)$/.test(next.where)
      ) {
        yield { name, where, value };
      }
      open.push({ value, where });
    }
  }
}

function operationIds({ operations }: Connector): ReadonlySet<string> {
  return new Set(operations.flatMap(({ value }) => textAt(value, "operationId") ?? []));
}

function testOf(definition: Json | undefined): Json | undefined {
  return at(definition, "x-ms-capabilities", "testConnection");
}

/** Rules of who may call: security requirements and their scopes. */
export const securityRules: readonly Rule[] = [
  {
    id: "SecurityRequirementUnknown",
    level: "certification",
    source: sources.validator,
    *find({ definition }) {
      for (const { where, name } of requirementsIn(definition)) {
        if (at(definition, "securityDefinitions", name) === undefined) {
          yield { where, message: `There is no security definition ${name}.` };
        }
      }
    },
  },
  {
    id: "ScopeUnknown",
    level: "certification",
    source: sources.validator,
    *find({ definition }) {
      for (const { where, name, scopes } of requirementsIn(definition)) {
        const defined = at(definition, "securityDefinitions", name);
        if (textAt(defined, "type") !== "oauth2") continue;
        const missing = scopes.filter(scope => at(defined, "scopes", String(scope)) === undefined);
        if (missing.length > 0) yield { where, message: `${missing.join(", ")} is not a scope of ${name}.` };
      }
    },
  },
  onOauth("ScopesNotNamed", scheme =>
    Object.keys(objectAt(scheme, "scopes") ?? {}).length === 0
      ? "scopes is empty: nobody sees what is consented to."
      : undefined,
  ),
  onOauth("TokenUrlIsAuthorizationUrl", scheme =>
    textAt(scheme, "tokenUrl") !== undefined &&
    textAt(scheme, "tokenUrl") === textAt(scheme, "authorizationUrl")
      ? "tokenUrl is the authorizationUrl, so an import of this file alone cannot sign in."
      : undefined,
  ),
  onOauth("OldSignInHost", scheme =>
    /\blogin\.windows\.net\b/.test(
      `${textAt(scheme, "authorizationUrl") ?? ""} ${textAt(scheme, "tokenUrl") ?? ""}`,
    )
      ? "login.windows.net is the old host; use login.microsoftonline.com."
      : undefined,
  ),
];

function onOauth(id: string, judge: (scheme: Json) => string | undefined): Rule {
  return {
    id,
    level: "advice",
    source: sources.practice,
    *find({ definition }): Generator<Problem> {
      for (const [name, scheme] of Object.entries(objectAt(definition, "securityDefinitions") ?? {})) {
        const message = textAt(scheme, "type") === "oauth2" ? judge(scheme) : undefined;
        if (message !== undefined) yield { where: below(root, "securityDefinitions", name), message };
      }
    },
  };
}

function requirementsIn(definition: Json | undefined) {
  return listAt(definition, "security").flatMap((requirement, index) =>
    isObject(requirement)
      ? Object.entries(requirement).map(([name, scopes]) => ({
          where: below(root, "security", index, name),
          name,
          scopes: Array.isArray(scopes) ? (scopes as readonly Json[]) : [],
        }))
      : [],
  );
}
