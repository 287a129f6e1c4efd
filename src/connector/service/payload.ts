import { PrepopError } from "../../model/errors.ts";
import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from "../json.ts";

/** What a connector is made from: both files, parsed, and where icon and script were uploaded to. */
export type PayloadParts = {
  readonly definition: JsonObject;
  readonly properties: JsonObject;
  readonly environment: string;
  readonly secret: string | undefined;
  readonly iconUri: string | undefined;
  readonly scriptUri: string | undefined;
  readonly kind: "create" | "update";
};

/**
 * The body that creates or updates a connector, member for member what Microsoft's paconn 0.0.21 sends. A name is given
 * only on creation: the service refuses to change it.
 */
export function payloadOf(parts: PayloadParts): JsonObject {
  const { definition, environment, iconUri, kind, scriptUri } = parts;
  const properties = objectAt(parts.properties, "properties") ?? {};
  return {
    ...parts.properties,
    properties: {
      ...withSecret(properties, parts.secret),
      openApiDefinition: definition,
      backendService: { serviceUrl: serviceUrl(definition) },
      environment: { name: environment },
      ...(kind === "create" ? { displayName: textAt(definition, "info", "title") ?? "" } : {}),
      description: textAt(definition, "info", "description") ?? "",
      ...(iconUri === undefined ? {} : { iconUri }),
      scriptDefinitionUrl: scriptUri ?? "",
    },
  };
}

/** Whether the connector signs in with OAuth, so that creating it needs a secret. */
export function needsSecret(properties: JsonObject): boolean {
  return (
    objectAt(properties, "properties", "connectionParameters", "token", "oAuthSettings") !== undefined ||
    listAt(properties, "properties", "connectionParameterSets", "values").some(
      set => objectAt(set, "parameters", "token", "oAuthSettings") !== undefined,
    )
  );
}

/**
 * What is kept of a connector that was read back, as its apiProperties.json: the members paconn keeps.
 * @throws PrepopError PREPOP_POWER_PLATFORM_REFUSED for an answer without properties
 */
export function propertiesFile(api: Json): JsonObject {
  const properties = objectAt(api, "properties");
  if (properties === undefined) {
    throw new PrepopError("PREPOP_POWER_PLATFORM_REFUSED", {
      what: "the connector",
      why: "it has no properties",
      request: "",
    });
  }
  const names = keptMembers.filter(name => properties[name] !== undefined);
  return { properties: Object.fromEntries(names.map(name => [name, properties[name] ?? null])) };
}

const keptMembers = [
  "connectionParameters",
  "connectionParameterSets",
  "iconBrandColor",
  "scriptOperations",
  "capabilities",
  "policyTemplateInstances",
  "publisher",
  "stackOwner",
];

function serviceUrl(definition: JsonObject): string {
  const [scheme = ""] = listAt(definition, "schemes");
  return `${String(scheme)}://${textAt(definition, "host") ?? ""}${textAt(definition, "basePath") ?? ""}`;
}

/** Only a parameter called token has a secret. */
function withSecret(properties: JsonObject, secret: string | undefined): JsonObject {
  if (secret === undefined) return properties;
  const inToken = (parameters: Json | undefined): Json | undefined => {
    const settings = objectAt(parameters, "token", "oAuthSettings");
    if (settings === undefined || !isObject(parameters)) return parameters;
    const token = { ...objectAt(parameters, "token"), oAuthSettings: { ...settings, clientSecret: secret } };
    return { ...parameters, token };
  };
  const sets = objectAt(properties, "connectionParameterSets");
  return {
    ...properties,
    ...(isObject(properties.connectionParameters)
      ? { connectionParameters: inToken(properties.connectionParameters) ?? null }
      : {}),
    ...(sets === undefined
      ? {}
      : {
          connectionParameterSets: {
            ...sets,
            values: listAt(sets, "values").map(set =>
              isObject(set) ? { ...set, parameters: inToken(set.parameters) ?? null } : set,
            ),
          },
        }),
  };
}
