import { answer } from "../answers.ts";
import { callerOf } from "../callers.ts";
import type { Core } from "../core.ts";
import type { Answer, SandboxRequest } from "../exchange.ts";
import { createApi, isRefusal, type ServiceRefusal, updateApi } from "./apis.ts";
import { type Api, fieldsOf } from "./state.ts";
import { answerStorage, uploadAddress } from "./storage.ts";

const powerApps = "/providers/Microsoft.PowerApps/";
const flows = "/providers/Microsoft.ProcessSimple/";

/**
 * Answers what Power Platform answers to those who create connectors (Microsoft's paconn 0.0.21 and ours), beside the
 * Graph of the same origin; undefined for a path that is not its own.
 */
export function answerPowerPlatform(core: Core, request: SandboxRequest, now: number): Answer | undefined {
  if (/^\/(v1\.0|beta)\//i.test(request.url)) return undefined;
  const [pathname = "", search = ""] = request.url.split("?", 2);
  const searchParams = new URLSearchParams(search);
  const own = pathname.startsWith(powerApps) || pathname.startsWith(flows);
  if (!own) return answerStorage(core, request);
  const caller = callerOf(core.tokens, request.headers.authorization, now, "powerPlatform");
  if (caller.kind === "refusal") {
    return told({
      status: 401,
      code: "InvalidAuthenticationToken",
      message: "The access token is not valid.",
    });
  }
  if (searchParams.get("api-version") !== "2016-11-01") {
    return told({
      status: 400,
      code: "InvalidApiVersion",
      message: "The api-version is missing or not known.",
    });
  }
  const result = perform(core, request, pathname, searchParams);
  return result === undefined
    ? told({ status: 404, code: "NotFound", message: "There is no such resource." })
    : result;
}

function perform(
  core: Core,
  request: SandboxRequest,
  pathname: string,
  query: URLSearchParams,
): Answer | undefined {
  const { method } = request;
  if (pathname === `${flows}environments` && method === "GET")
    return json(200, { value: environments(core) });
  const [first, second, third, fourth] = pathname.slice(powerApps.length).split("/");
  if (first === "objectIds" && method === "POST") {
    if (third === "validateApiSwagger") return validated(core, request, query);
    if (third === "generateResourceStorage") {
      const environment = fieldsOf(fieldsOf(bodyOf(request)).environment).name;
      return isEnvironment(core, environment)
        ? json(200, { sharedAccessSignature: uploadAddress(core) })
        : told(noEnvironment);
    }
  }
  if (first !== "apis" || fourth !== undefined) return undefined;
  const environment = /^environment eq '(.*)'$/.exec(query.get("$filter") ?? "")?.[1];
  if (environment === undefined || !isEnvironment(core, environment)) return told(noEnvironment);
  if (second === undefined) return ofAll(core, request, environment);
  const api = core.powerPlatform.apis.get(second);
  return api === undefined || api.environment !== environment ? undefined : ofOne(core, request, api, third);
}

function ofAll(core: Core, request: SandboxRequest, environment: string): Answer | undefined {
  if (request.method === "GET") {
    const all = [...core.powerPlatform.apis.values()].filter(api => api.environment === environment);
    return json(200, { value: all.map(shown) });
  }
  if (request.method !== "POST") return undefined;
  const made = createApi(core, environment, fieldsOf(bodyOf(request)));
  return isRefusal(made) ? told(made) : json(201, shown(made));
}

function ofOne(
  core: Core,
  request: SandboxRequest,
  api: Api,
  action: string | undefined,
): Answer | undefined {
  if (action === "modifyPermissions" && request.method === "POST") {
    const put = fieldsOf(bodyOf(request)).put;
    if (!Array.isArray(put)) return told({ status: 400, code: "InvalidRequest", message: "put is missing." });
    api.permissions.push(...put.map(fieldsOf));
    return json(200, { put });
  }
  if (action !== undefined) return undefined;
  switch (request.method) {
    case "GET":
      return json(200, shown(api));
    case "PATCH": {
      const made = updateApi(core, api, fieldsOf(bodyOf(request)));
      return isRefusal(made) ? told(made) : json(200, shown(made));
    }
    case "DELETE":
      core.powerPlatform.apis.delete(api.name);
      return answer(204, { kind: "none" }, {});
    default:
      return undefined;
  }
}

/** The answer is a text in JSON: empty for a good document. */
function validated(core: Core, request: SandboxRequest, query: URLSearchParams): Answer {
  const certification = query.get("enableConnectorCertificationRules") === "true";
  const judged = core.powerPlatform.judge(request.body ?? "", certification);
  if (judged !== undefined && !certification) {
    return told({ status: 400, code: "InvalidApiDefinition", message: judged });
  }
  return json(200, judged ?? "");
}

/** The one environment that every tenant has. */
function environments({ settings }: Core) {
  return [
    {
      name: `Default-${settings.tenantId}`,
      properties: { displayName: `${settings.domain} (default)`, isDefault: true },
    },
  ];
}

function isEnvironment(core: Core, name: unknown): boolean {
  return environments(core).some(each => each.name === name);
}

const noEnvironment: ServiceRefusal = {
  status: 404,
  code: "EnvironmentNotFound",
  message: "The environment could not be found in the tenant.",
};

function shown({ name, properties }: Api) {
  return {
    name,
    id: `/providers/Microsoft.PowerApps/apis/${name}`,
    type: "Microsoft.PowerApps/apis",
    properties,
  };
}

function bodyOf({ body }: SandboxRequest): unknown {
  try {
    return JSON.parse(body ?? "null");
  } catch {
    // What is not JSON has no members, and is refused for what it lacks.
    return undefined;
  }
}

function json(status: number, value: unknown): Answer {
  return answer(status, { kind: "json", value }, { "Content-Type": "application/json; charset=utf-8" });
}

function told({ status, code, message }: ServiceRefusal): Answer {
  return json(status, { error: { code, message } });
}
