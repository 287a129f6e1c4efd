import { Agent, type Dispatcher, EnvHttpProxyAgent, fetch, type Response } from "undici";
import { PrepopError } from "../../model/errors.ts";
import { isLoopback, isSafe } from "../../model/loopback.ts";
import { verified, verifiedThroughProxy } from "../../model/tls.ts";
import { type Json, textAt } from "../json.ts";

export type SendSettings = {
  readonly sleep: (ms: number) => Promise<void>;
  readonly signal?: AbortSignal;
};

export type Request = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** For messages. */
  readonly what: string;
  /** Whether a request without an answer may be sent again; a GET always may. */
  readonly repeatable?: boolean;
  /** What no message may repeat, whatever the service answers. */
  readonly secrets?: readonly string[];
};

const attempts = 6;

/**
 * Sends a request, and again after 429, 5xx and lost answers: 1 s, doubling to 30 s. Creating is repeated after 429 only.
 * No redirect is followed, and nothing goes over plain http but to this machine.
 * @throws PrepopError PREPOP_POWER_PLATFORM_*
 */
export async function send(settings: SendSettings, request: Request): Promise<ArrayBuffer> {
  const url = safeAddress(request.url, request.what);
  const dispatcher = dispatcherTo(url);
  try {
    return await repeated(settings, request, url, dispatcher);
  } finally {
    await dispatcher.destroy();
  }
}

async function repeated(
  settings: SendSettings,
  { method, headers, body, ...request }: Request,
  url: URL,
  dispatcher: Dispatcher,
): Promise<ArrayBuffer> {
  const repeatable = method === "GET" || request.repeatable === true;
  for (let attempt = 1; ; attempt++) {
    const wait = Math.min(1000 * 2 ** (attempt - 1), 30_000);
    let answer: Response;
    try {
      answer = await fetch(url, {
        method,
        headers,
        redirect: "manual",
        dispatcher,
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : new Uint8Array(body) }),
        ...(settings.signal === undefined ? {} : { signal: settings.signal }),
      });
    } catch (cause) {
      if (settings.signal?.aborted) throw settings.signal.reason;
      if (!repeatable || attempt >= attempts) {
        const facts = { origin: url.origin, why: reasonOf(cause) };
        throw new PrepopError("PREPOP_POWER_PLATFORM_UNREACHABLE", facts, cause);
      }
      await settings.sleep(wait);
      continue;
    }
    if (answer.ok) return answer.arrayBuffer();
    if (answer.status < 400) throw redirected(answer, request.what);
    const again = answer.status === 429 || (repeatable && answer.status >= 500);
    if (!again || attempt >= attempts) throw await refusal(answer, request);
    await answer.body?.cancel();
    await settings.sleep(Number(answer.headers.get("retry-after") ?? 0) * 1000 || wait);
  }
}

/** The address of a file, which the service may have given. */
function safeAddress(address: string, what: string): URL {
  const url = URL.parse(address);
  const why = url === null ? "it is no address" : isSafe(url) ? undefined : "it is not https";
  if (url === null || why !== undefined) {
    const where = url === null ? "nothing" : `${url.protocol}//${url.host}`;
    throw new PrepopError("PREPOP_POWER_PLATFORM_FOREIGN", { what, where, why });
  }
  return url;
}

function redirected(answer: Response, what: string): PrepopError {
  const where = URL.parse(answer.headers.get("location") ?? "")?.origin ?? "another path";
  const why = `HTTP ${answer.status} is a redirect, and none is followed`;
  return new PrepopError("PREPOP_POWER_PLATFORM_FOREIGN", { what, where, why });
}

/** HTTPS_PROXY and NO_PROXY, as for Graph; the global fetch knows neither. */
function dispatcherTo({ hostname, origin }: URL): Dispatcher {
  const options = { allowH2: false, connect: verified, connectTimeout: 10_000 };
  if (isLoopback(hostname)) return new Agent(options);
  try {
    return new EnvHttpProxyAgent({ ...options, ...verifiedThroughProxy });
  } catch (cause) {
    const facts = { origin, why: `the proxy cannot be used (${reasonOf(cause)})` };
    throw new PrepopError("PREPOP_POWER_PLATFORM_UNREACHABLE", facts, cause);
  }
}

async function refusal(
  answer: Response,
  { what, secrets = [] }: Pick<Request, "what" | "secrets">,
): Promise<PrepopError> {
  const said = withoutSecrets(saidBy(await answer.text()), secrets);
  const request = answer.headers.get("x-ms-request-id") ?? answer.headers.get("request-id");
  const facts = {
    what,
    why: `${answer.status} ${said}`.trim(),
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
    return [code, message].filter(each => each !== undefined).join(": ");
  } catch {
    // A page of a gateway has nothing to say to people.
    return "";
  }
}

const longestMessage = 2000;
const jsonWebToken = /eyJ[\w-]{7,}\.[\w-]{10,}\.[\w-]*/g;

/** A service may repeat what it was sent. */
function withoutSecrets(text: string, secrets: readonly string[]): string {
  const hidden = secrets
    .filter(each => each !== "")
    .reduce((all, each) => all.replaceAll(each, "[secret]"), text);
  return hidden.replace(jsonWebToken, "[token]").slice(0, longestMessage);
}

function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return inner instanceof Error ? ("code" in inner ? String(inner.code) : inner.message) : String(inner);
}
