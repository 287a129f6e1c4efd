import { PrepopError } from "../../model/errors.ts";
import { type Json, type JsonObject, jsonText, textAt } from "../json.ts";
import { fileNames, parse } from "../lint/connector.ts";
import type { ConnectorFiles } from "../lint/lint.ts";
import type { MadeFile } from "../package.ts";
import { needsSecret, payloadOf, propertiesFile } from "./payload.ts";
import type { PowerPlatform } from "./powerPlatform.ts";

/** A connector as the service has it. */
export type Registered = {
  readonly id: string;
  readonly displayName: string;
  /** To be added to the application registration; undefined where the connector does not sign in with OAuth. */
  readonly redirectUrl: string | undefined;
};

export type Upsert = {
  readonly files: ConnectorFiles;
  readonly environment: string;
  readonly secret: string | undefined;
  /** The connector to update; undefined creates one. */
  readonly id: string | undefined;
};

/**
 * Creates or updates a connector, in the order of paconn: validate, upload, send; then reads it back, because its
 * redirect URL exists only then.
 */
export async function upsertConnector(service: PowerPlatform, upsert: Upsert): Promise<Registered> {
  const { files, environment, secret, id } = upsert;
  const definition = objectIn(files.definition, fileNames.definition);
  const properties = objectIn(files.properties, fileNames.properties);
  if (id === undefined && secret === undefined && needsSecret(properties)) {
    throw new PrepopError("PREPOP_CONNECTOR_SECRET");
  }
  await service.validate(definition, false);
  const uploaded = (name: string, bytes: Uint8Array | undefined): Promise<string | undefined> =>
    bytes === undefined ? Promise.resolve(undefined) : service.upload(environment, name, bytes);
  const iconUri = await uploaded(fileNames.icon, files.icon);
  const scriptUri = await uploaded(
    fileNames.script,
    files.script === undefined ? undefined : Buffer.from(files.script),
  );
  const payload = payloadOf({
    definition,
    properties,
    environment,
    secret,
    iconUri,
    scriptUri,
    kind: id === undefined ? "create" : "update",
  });
  const made =
    id === undefined
      ? await service.create(environment, payload)
      : await service.update(environment, id, payload);
  return registeredConnector(service, environment, id ?? textAt(made, "name") ?? "");
}

/** Reads a connector back. */
export async function registeredConnector(
  service: PowerPlatform,
  environment: string,
  id: string,
): Promise<Registered> {
  const found = await service.connector(environment, id);
  return {
    id: textAt(found, "name") ?? id,
    displayName: textAt(found, "properties", "displayName") ?? "",
    redirectUrl: textAt(found, "properties", "connectionParameters", "token", "oAuthSettings", "redirectUrl"),
  };
}

/** The files of a connector as the service has them. */
export async function downloadConnector(
  service: PowerPlatform,
  environment: string,
  id: string,
): Promise<readonly MadeFile[]> {
  const found = await service.connector(environment, id);
  const files: MadeFile[] = [{ path: fileNames.properties, content: jsonText(propertiesFile(found)) }];
  const swagger = textAt(found, "properties", "apiDefinitions", "originalSwaggerUrl");
  if (swagger !== undefined) {
    const text = (await service.read(swagger, fileNames.definition)).toString("utf8");
    files.push({ path: fileNames.definition, content: jsonText(parse(text)) });
  }
  for (const [name, member] of [
    [fileNames.icon, "iconUri"],
    [fileNames.script, "scriptDefinitionUrl"],
  ] as const) {
    const address = textAt(found, "properties", member);
    if (address) files.push({ path: name, content: await service.read(address, name) });
  }
  return files;
}

/** Sends a folder's definition to the service's validation with the rules of certification. */
export function validateConnector(
  service: PowerPlatform,
  files: ConnectorFiles,
): Promise<string | undefined> {
  return service.validate(objectIn(files.definition, fileNames.definition), true);
}

function objectIn(text: string | undefined, name: string): JsonObject {
  try {
    const value: Json = parse(text ?? "");
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch (cause) {
    throw new PrepopError("PREPOP_CONNECTOR_NOT_FOUND", { folder: name, why: "it is not JSON" }, cause);
  }
  throw new PrepopError("PREPOP_CONNECTOR_NOT_FOUND", { folder: name, why: "it is no JSON object" });
}
