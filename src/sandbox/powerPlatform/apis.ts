import { createHash } from "node:crypto";
import type { Core } from "../core.ts";
import { type Api, type Fields, fieldsOf } from "./state.ts";
import { keep } from "./storage.ts";

/** Why the service refuses: status, code and text of its answer. */
export type ServiceRefusal = { readonly status: number; readonly code: string; readonly message: string };

export function isRefusal(value: object): value is ServiceRefusal {
  return "status" in value && "code" in value && "message" in value;
}

/** Makes a connector of what was sent. Rules of the service that callers are known to meet are kept. */
export function createApi(core: Core, environment: string, body: Fields): Api | ServiceRefusal {
  const properties = fieldsOf(body.properties);
  const { displayName } = properties;
  if (typeof displayName !== "string" || displayName === "") {
    return refuse("InvalidApiDisplayName", "The API has no display name.");
  }
  const wrong = faultOf(core, environment, properties);
  if (wrong !== undefined) return wrong;
  const name = nameOf(core, displayName);
  const api: Api = { name, environment, properties: {}, hasSecret: hasSecret(properties), permissions: [] };
  api.properties = kept(core, name, {}, properties);
  core.powerPlatform.apis.set(name, api);
  return api;
}

/** Changes a connector. Without a secret the old one stays. */
export function updateApi(core: Core, api: Api, body: Fields): Api | ServiceRefusal {
  const properties = fieldsOf(body.properties);
  if (properties.displayName !== undefined) {
    return refuse("CannotUpdateApiDisplayName", "The display name of an API cannot be updated.");
  }
  if (properties.stackOwner !== undefined) {
    return refuse("CannotUpdateApiStackOwner", "The stack owner of an API cannot be updated.");
  }
  const wrong = faultOf(core, api.environment, properties);
  if (wrong !== undefined) return wrong;
  api.hasSecret ||= hasSecret(properties);
  api.properties = kept(core, api.name, api.properties, properties);
  return api;
}

function faultOf(core: Core, environment: string, properties: Fields): ServiceRefusal | undefined {
  const swagger = fieldsOf(properties.openApiDefinition);
  if (fieldsOf(properties.environment).name !== environment) {
    return refuse("EnvironmentMismatch", "The environment of the body is not that of the query.");
  }
  const service = String(fieldsOf(properties.backendService).serviceUrl ?? "").replace(/\/$/, "");
  const base = String(swagger.basePath ?? "").replace(/\/$/, "");
  if (!service.endsWith(base)) {
    return refuse(
      "InvalidApiDefinition",
      `Swagger contains base path ${base} but backend Url doesn't end on same path.`,
    );
  }
  const script = properties.scriptDefinitionUrl;
  if (Array.isArray(properties.scriptOperations) && properties.scriptOperations.length > 0 && !script) {
    return refuse(
      "InvalidScriptDefinitionUrlWithNonNullOperations",
      "There are script operations, but there is no script.",
    );
  }
  const judged = core.powerPlatform.judge(JSON.stringify(swagger), false);
  return judged === undefined ? undefined : refuse("InvalidApiDefinition", judged);
}

/** What is shown of a connector: no secret, the service's own redirect URL, the document under an address. */
function kept(core: Core, name: string, before: Fields, sent: Fields): Fields {
  const { openApiDefinition, backendService, iconUri = before.iconUri, scriptDefinitionUrl, ...own } = sent;
  const swagger = { ...fieldsOf(openApiDefinition), tags: [] };
  const address = keep(core, "swagger.json", Buffer.from(JSON.stringify(swagger)));
  const { scriptDefinitionUrl: _old, ...rest } = before;
  return {
    ...rest,
    ...own,
    // An empty address means that there is no script, and comes back as none: paconn fails on an empty one.
    ...(scriptDefinitionUrl ? { scriptDefinitionUrl } : {}),
    ...(iconUri === undefined ? {} : { iconUri }),
    connectionParameters: shownParameters(name, fieldsOf(sent.connectionParameters)),
    backendService,
    apiDefinitions: { originalSwaggerUrl: address, modifiedSwaggerUrl: address },
    isCustomApi: true,
    createdBy: { displayName: "Sandbox user", type: "User" },
    tier: "Standard",
  };
}

function shownParameters(name: string, parameters: Fields): Fields {
  const redirectUrl = `https://global.consent.azure-apim.net/redirect/${name.replace(/^shared_/, "")}`;
  return Object.fromEntries(
    Object.entries(parameters).map(([key, parameter]) => {
      const { oAuthSettings, ...rest } = fieldsOf(parameter);
      if (oAuthSettings === undefined) return [key, parameter];
      const { clientSecret: _secret, ...settings } = fieldsOf(oAuthSettings);
      return [key, { ...rest, oAuthSettings: { ...settings, redirectUrl } }];
    }),
  );
}

function hasSecret({ connectionParameters }: Fields): boolean {
  return Object.values(fieldsOf(connectionParameters)).some(
    each => typeof fieldsOf(fieldsOf(each).oAuthSettings).clientSecret === "string",
  );
}

/** As the service makes names: `-20` for a space, `-5f` for an underscore, then sixteen digits of its own. */
function nameOf(core: Core, title: string): string {
  const encoded = title
    .toLowerCase()
    .replace(/[^a-z0-9]/g, char => `-${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
  const number = ++core.powerPlatform.made;
  const own = createHash("sha256").update(`${core.settings.seed} ${number}`).digest("hex").slice(0, 16);
  return `shared_${encoded}-5f${own}`;
}

function refuse(code: string, message: string): ServiceRefusal {
  return { status: 400, code, message };
}
