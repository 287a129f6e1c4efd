import { PrepopError } from "../../model/errors.ts";
import { type Json, type JsonObject, listAt, textAt } from "../json.ts";

/** Where Power Platform is, and who asks. */
export type PowerPlatformSettings = {
  /** Origin of the Power Apps service; default `https://api.powerapps.com`. */
  readonly url: string;
  /** Origin of the Power Automate service, which knows the environments. */
  readonly flowUrl: string;
  /** For `https://service.powerapps.com/`. */
  readonly token: string;
  readonly sleep: (ms: number) => Promise<void>;
  readonly signal?: AbortSignal;
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
const attempts = 6;

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
      const address = new URL(textAt(made, "sharedAccessSignature") ?? "");
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

type Request = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly what: string;
  /** Whether a request without an answer may be sent again; a GET always may. */
  readonly repeatable?: boolean;
};

/** Sends a request, and again after 429, 5xx and lost answers: 1 s, doubling to 30 s. Creating is repeated after 429 only. */
async function send(settings: PowerPlatformSettings, request: Request): Promise<ArrayBuffer> {
  const { method, url, headers, body, what } = request;
  const repeatable = method === "GET" || request.repeatable === true;
  for (let attempt = 1; ; attempt++) {
    const wait = Math.min(1000 * 2 ** (attempt - 1), 30_000);
    let answer: Response;
    try {
      answer = await fetch(url, {
        method,
        headers,
        redirect: "error",
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : new Uint8Array(body) }),
        ...(settings.signal === undefined ? {} : { signal: settings.signal }),
      });
    } catch (cause) {
      if (settings.signal?.aborted) throw settings.signal.reason;
      const why = reasonOf(cause);
      if (!repeatable || attempt >= attempts) {
        throw new PrepopError(
          "PREPOP_POWER_PLATFORM_UNREACHABLE",
          { origin: new URL(url).origin, why },
          cause,
        );
      }
      await settings.sleep(wait);
      continue;
    }
    if (answer.ok) return answer.arrayBuffer();
    const again = answer.status === 429 || (repeatable && answer.status >= 500);
    if (!again || attempt >= attempts) throw await refusal(answer, what);
    await answer.body?.cancel();
    await settings.sleep(Number(answer.headers.get("retry-after") ?? 0) * 1000 || wait);
  }
}

async function refusal(answer: Response, what: string): Promise<PrepopError> {
  const text = await answer.text();
  const request = answer.headers.get("x-ms-request-id") ?? answer.headers.get("request-id");
  const facts = {
    what,
    why: `${answer.status} ${saidBy(text)}`.trim(),
    request: request === null ? "" : ` (request-id ${request})`,
  };
  const denied = answer.status === 401 || answer.status === 403;
  return new PrepopError(denied ? "PREPOP_POWER_PLATFORM_DENIED" : "PREPOP_POWER_PLATFORM_REFUSED", facts);
}

/** The service's own words, with its code before them; at most a few lines. */
function saidBy(text: string): string {
  try {
    const value = JSON.parse(text) as Json;
    const code = textAt(value, "error", "code");
    const message = textAt(value, "error", "message") ?? (typeof value === "string" ? value : undefined);
    return [code, message]
      .filter(each => each !== undefined)
      .join(": ")
      .slice(0, 2000);
  } catch {
    // A page of a gateway has nothing to say to people.
    return "";
  }
}

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

function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return inner instanceof Error ? ("code" in inner ? String(inner.code) : inner.message) : String(inner);
}
