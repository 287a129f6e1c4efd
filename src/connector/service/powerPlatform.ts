import { PrepopError } from "../../model/errors.ts";
import { isObject, type Json, type JsonObject, listAt, textAt } from "../json.ts";
import { type SendSettings, send } from "./send.ts";

/** Where Power Platform is, and who asks. */
export type PowerPlatformSettings = SendSettings & {
  /** Origin of the Power Apps service; default `https://api.powerapps.com`. */
  readonly url: string;
  /** Origin of the Power Automate service, which knows the environments. */
  readonly flowUrl: string;
  /** For `https://service.powerapps.com/`. */
  readonly token: string;
};

/** The calls of Microsoft's paconn, one by one. Each throws PrepopError PREPOP_POWER_PLATFORM_*. */
export type PowerPlatform = {
  environments(): Promise<readonly { readonly name: string; readonly displayName: string }[]>;
  connectors(environment: string): Promise<readonly Json[]>;
  connector(environment: string, id: string): Promise<Json>;
  /** What the service says of a document; undefined when it is good. */
  validate(definition: JsonObject, certification: boolean): Promise<string | undefined>;
  /** Uploads a file and returns the address under which the service finds it. */
  upload(environment: string, name: string, bytes: Uint8Array): Promise<string>;
  create(environment: string, payload: JsonObject): Promise<Json>;
  update(environment: string, id: string, payload: JsonObject): Promise<Json>;
  /** Reads a file whose address the service gave; no token goes there. */
  read(address: string, what: string): Promise<Buffer>;
};

const apiVersion = "2016-11-01";
const apps = "/providers/Microsoft.PowerApps/";

export function openPowerPlatform(settings: PowerPlatformSettings): PowerPlatform {
  const owner = objectIdOf(settings.token);
  const call = async ({ body, ...ask }: Ask): Promise<Json> => {
    const query = [["api-version", apiVersion] as const, ...(ask.query ?? [])];
    const text = query.map(each => each.map(encodeURIComponent).join("=")).join("&");
    const answer = await send(settings, {
      method: ask.method,
      what: ask.what,
      ...(ask.repeatable === undefined ? {} : { repeatable: ask.repeatable }),
      url: `${ask.origin ?? settings.url}${ask.path}?${text}`,
      headers: {
        authorization: `Bearer ${settings.token}`,
        accept: "application/json",
        "x-ms-origin": "prepop",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      secrets: [settings.token, ...secretsIn(body)],
    });
    return parsed(answer, ask.what);
  };
  const inEnvironment = (environment: string): readonly (readonly [string, string])[] => [
    ["$filter", `environment eq '${environment.replaceAll("'", "''")}'`],
  ];
  const one = (id: string): string => `${apps}apis/${encodeURIComponent(id)}`;

  return {
    async environments() {
      const path = "/providers/Microsoft.ProcessSimple/environments";
      const found = await call({ method: "GET", origin: settings.flowUrl, path, what: "the environments" });
      return listAt(found, "value").map(each => ({
        name: textAt(each, "name") ?? "",
        displayName: textAt(each, "properties", "displayName") ?? "",
      }));
    },
    async connectors(environment) {
      const query = inEnvironment(environment);
      return listAt(
        await call({ method: "GET", path: `${apps}apis`, query, what: "the connectors" }),
        "value",
      );
    },
    connector: (environment, id) =>
      call({ method: "GET", path: one(id), query: inEnvironment(environment), what: "the connector" }),
    async validate(definition, certification) {
      const said = await call({
        method: "POST",
        path: `${apps}objectIds/${owner}/validateApiSwagger`,
        query: certification ? [["enableConnectorCertificationRules", "true"]] : [],
        body: definition,
        what: "the definition",
        repeatable: true,
      });
      return typeof said === "string" && said !== "" ? said : undefined;
    },
    async upload(environment, name, bytes) {
      const made = await call({
        method: "POST",
        path: `${apps}objectIds/${owner}/generateResourceStorage`,
        body: { environment: { name: environment } },
        what: "a place for the icon",
        repeatable: true,
      });
      const given = textAt(made, "sharedAccessSignature") ?? "";
      const address = URL.parse(given);
      if (address === null) {
        const facts = { what: "a place for the icon", why: "the answer names none", request: "" };
        throw new PrepopError("PREPOP_POWER_PLATFORM_REFUSED", facts);
      }
      address.pathname = `${address.pathname}/${encodeURIComponent(name)}`;
      const type = name.endsWith(".png") ? "image/png" : "application/octet-stream";
      await send(settings, {
        method: "PUT",
        url: address.href,
        headers: { "x-ms-blob-type": "BlockBlob", "x-ms-version": "2019-02-02", "content-type": type },
        body: bytes,
        what: name,
        repeatable: true,
      });
      return address.href;
    },
    create: (environment, payload) =>
      call({
        method: "POST",
        path: `${apps}apis`,
        query: inEnvironment(environment),
        body: payload,
        what: "the connector",
      }),
    update: (environment, id, payload) =>
      call({
        method: "PATCH",
        path: one(id),
        query: inEnvironment(environment),
        body: payload,
        what: "the connector",
        repeatable: true,
      }),
    async read(address, what) {
      return Buffer.from(await send(settings, { method: "GET", url: address, headers: {}, what }));
    },
  };
}

type Ask = {
  readonly method: string;
  readonly origin?: string;
  readonly path: string;
  readonly query?: readonly (readonly [string, string])[];
  readonly body?: JsonObject;
  /** For messages. */
  readonly what: string;
  readonly repeatable?: boolean;
};

function parsed(bytes: ArrayBuffer, what: string): Json {
  const text = Buffer.from(bytes).toString("utf8");
  if (text === "") return null;
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    const facts = { what, why: "the answer cannot be read", request: "" };
    throw new PrepopError("PREPOP_POWER_PLATFORM_REFUSED", facts, cause);
  }
}

/** Every client secret in what is sent. */
function secretsIn(value: Json | undefined): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(secretsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, each]) =>
    name === "clientSecret" && typeof each === "string" ? [each] : secretsIn(each),
  );
}

/** The `oid` of a token; the service wants it in two paths. */
function objectIdOf(token: string): string {
  try {
    const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8");
    return textAt(JSON.parse(payload) as Json, "oid") ?? nobody;
  } catch {
    // A token that cannot be read is the service's to judge.
    return nobody;
  }
}

const nobody = "00000000-0000-0000-0000-000000000000";
