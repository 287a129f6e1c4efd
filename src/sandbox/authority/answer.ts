import type { Core } from "../core.ts";
import type { Answer, AnswerBody, SandboxRequest } from "../exchange.ts";
import { objectId } from "../ids.ts";
import { grantToken } from "./grants.ts";
import { authorize, type Handover, startDeviceCode } from "./interactive.ts";
import { identityToken } from "./managedIdentity.ts";
import { isRefusal, refuse, type SignInRefusal } from "./refusals.ts";

const endpoints = {
  "/v2.0/.well-known/openid-configuration": { name: "openid-configuration", method: "GET" },
  "/discovery/v2.0/keys": { name: "keys", method: "GET" },
  "/oauth2/v2.0/authorize": { name: "authorize", method: "GET" },
  "/oauth2/v2.0/devicecode": { name: "devicecode", method: "POST" },
  "/oauth2/v2.0/token": { name: "token", method: "POST" },
} as const;

type Endpoint = (typeof endpoints)[keyof typeof endpoints]["name"];

/**
 * Answers what Entra's sign-in answers, beside the Graph of the same origin; undefined for a path that is not its own.
 * The paths are those of the v2.0 endpoints: https://learn.microsoft.com/entra/identity-platform/v2-protocols
 */
export function answerSignIn(core: Core, request: SandboxRequest, now: number): Answer | undefined {
  if (/^\/(v1\.0|beta)\//i.test(request.url)) return undefined;
  const [path = "", search = ""] = request.url.split("?", 2);
  const query = new URLSearchParams(search);
  const log = (endpoint: string, answer: Answer, form?: URLSearchParams, error?: string): Answer => {
    const grant = form?.get("grant_type") ?? undefined;
    const clientId = (form ?? query).get("client_id") ?? undefined;
    core.authority.log.push({
      at: now,
      endpoint,
      status: answer.status,
      ...(grant === undefined ? {} : { grant }),
      ...(clientId === undefined ? {} : { clientId }),
      ...(error === undefined ? {} : { error }),
    });
    return answer;
  };
  const told = (
    endpoint: string,
    result: object | Handover | SignInRefusal,
    form?: URLSearchParams,
  ): Answer => log(endpoint, answerOf(core, result, now), form, isRefusal(result) ? result.error : undefined);

  if (path === "/metadata/identity/oauth2/token" || path === "/msi/token") {
    return told("identity", identityToken(core, request, query, now));
  }
  if (path === "/common/discovery/instance") return told("instance", instances(core));
  const { tenant, endpoint } = placeOf(path);
  if (endpoint === undefined || tenant === undefined) return undefined;
  if (!isKnown(core, tenant)) return told(endpoint.name, refuse("tenantNotFound", { tenant }));
  if (request.method !== endpoint.method)
    return told(endpoint.name, refuse("methodWrong", { method: endpoint.method }));
  const form = new URLSearchParams(request.body ?? "");
  return told(endpoint.name, resultOf(core, endpoint.name, query, form, now), form);
}

function resultOf(
  core: Core,
  name: Endpoint,
  query: URLSearchParams,
  form: URLSearchParams,
  now: number,
): object {
  switch (name) {
    case "openid-configuration":
      return configuration(core);
    case "keys":
      return { keys: [core.authority.key().jwk] };
    case "authorize":
      return authorize(core, query, now);
    case "devicecode":
      return startDeviceCode(core, form, now);
    case "token":
      return grantToken(core, form, now);
  }
}

function placeOf(path: string) {
  const match = /^\/([^/]+)(\/.+)$/.exec(path);
  const [, tenant, rest = ""] = match ?? [];
  return {
    tenant,
    endpoint: !Object.hasOwn(endpoints, rest) ? undefined : endpoints[rest as keyof typeof endpoints],
  };
}

/** A tenant is known by its id and by its domains; an application of many tenants may leave it open. */
function isKnown({ settings: { tenantId, domain } }: Core, tenant: string): boolean {
  const initial = `${domain.split(".")[0] ?? domain}.onmicrosoft.com`;
  return [tenantId, domain, initial, "common", "organizations"].includes(tenant.toLowerCase());
}

function configuration({ origin, settings: { tenantId } }: Core): object {
  const base = `${origin}/${tenantId}`;
  return {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt"],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["ES256"],
    response_types_supported: ["code"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    tenant_region_scope: "EU",
    msgraph_host: "graph.microsoft.com",
  };
}

/** Without it a library asks the real cloud whether it may trust this authority. */
function instances({ origin, settings: { tenantId } }: Core): object {
  const { host } = new URL(origin);
  return {
    tenant_discovery_endpoint: `${origin}/${tenantId}/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
}

function answerOf(core: Core, result: object | Handover | SignInRefusal, now: number): Answer {
  if (isRefusal(result)) return refusalAnswer(core, result, now);
  if (!isHandover(result)) return answer(200, { kind: "json", value: result }, json, now);
  const fields = new URLSearchParams(result.fields);
  switch (result.mode) {
    case "form_post":
      return answer(
        200,
        { kind: "text", text: formPage(result) },
        { "Content-Type": "text/html; charset=utf-8" },
        now,
      );
    case "query":
      return answer(302, { kind: "none" }, { Location: withQuery(result.to, fields) }, now);
    case "fragment":
      return answer(302, { kind: "none" }, { Location: `${result.to}#${fields}` }, now);
  }
}

function refusalAnswer(core: Core, { status, error, code, message }: SignInRefusal, now: number): Answer {
  const trace = objectId(core.settings.seed, "trace", ++core.authority.count);
  const timestamp = `${new Date(now).toISOString().slice(0, 19).replace("T", " ")}Z`;
  const value = {
    error,
    error_description: `AADSTS${code}: ${message} Trace ID: ${trace} Correlation ID: ${trace} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: trace,
    correlation_id: trace,
  };
  return answer(status, { kind: "json", value }, json, now);
}

const json = { "Content-Type": "application/json; charset=utf-8" };

function answer(
  status: number,
  body: AnswerBody,
  headers: Readonly<Record<string, string>>,
  now: number,
): Answer {
  return {
    status,
    body,
    headers: { "Cache-Control": "no-store, no-cache", Date: new Date(now).toUTCString(), ...headers },
    delivery: "send",
    slowMs: 0,
    items: 0,
  };
}

function isHandover(value: object): value is Handover {
  return "kind" in value && value.kind === "handover";
}

function withQuery(to: string, fields: URLSearchParams): string {
  return `${to}${to.includes("?") ? "&" : "?"}${fields}`;
}

/** A page that sends itself on, as Entra's does. */
function formPage({ to, fields }: Handover): string {
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}" />`,
  );
  return `<!DOCTYPE html><html><head><title>Working...</title></head><body><form method="POST" name="hiddenform" action="${escaped(to)}">${inputs.join("")}<noscript><input type="submit" value="Submit" /></noscript></form><script>document.forms[0].submit();</script></body></html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, each => `&#${each.charCodeAt(0)};`);
}
