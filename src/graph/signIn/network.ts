import type { INetworkModule } from "@azure/msal-node";
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from "undici";
import { type CloudFacts, clouds } from "../../model/clouds.ts";
import { type ErrorCode, type Facts, PrepopError } from "../../model/errors.ts";
import { isLoopback } from "../../model/loopback.ts";
import { verified, verifiedThroughProxy } from "../../model/tls.ts";
import { cleanCause } from "../clean.ts";
import { isRecord, parseJson } from "../json.ts";
import { failureFacts } from "./convert.ts";

export type NetworkSettings = {
  /** The one service that gets secrets and refresh tokens; undefined for the endpoint of this machine's own identity. */
  readonly authority: string | undefined;
  readonly timeoutMs: number;
};

export type Network = {
  readonly client: INetworkModule;
  /** What went wrong last; msal puts errors of its own over it. */
  fault(): PrepopError | undefined;
};

type Options = { readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

/**
 * The way of msal-node to the authority. Its own takes the global fetch, which knows no proxy and speaks HTTP/2 from
 * Node 26 on. This one follows no redirect, and goes nowhere but to the authority, whatever a discovery document says.
 */
export function openNetwork({ authority, timeoutMs }: NetworkSettings): Network {
  const allowed = authority === undefined ? undefined : originsOf(authority);
  let last: PrepopError | undefined;
  let dispatcher: Dispatcher | undefined;
  const fail = (code: ErrorCode, facts: Facts, cause?: unknown): PrepopError => {
    last = new PrepopError(code, facts, cause);
    return last;
  };

  const send = async <Body>(method: "GET" | "POST", url: string, options: Options = {}, wait = timeoutMs) => {
    last = undefined;
    const to = new URL(url).origin;
    if (allowed?.includes(to) === false) throw fail("PREPOP_AUTH_FOREIGN", { origin: to, authority });
    dispatcher ??= dispatcherTo(authority);
    const answer = await exchange(method, url, options, dispatcher, wait).catch((error: unknown) => {
      throw fail("PREPOP_AUTH_UNREACHABLE", { origin: to, why: cleanCause(error) }, error);
    });
    const parsed = parseJson(answer.text);
    // Azure Arc asks for a proof with an answer that has no body.
    const body = isRecord(parsed) || authority !== undefined ? parsed : {};
    if (!isRecord(body)) {
      const why = `it answered ${answer.status} with something that is not JSON`;
      throw fail("PREPOP_AUTH_UNREACHABLE", { origin: to, why });
    }
    // msal takes any answer of this endpoint for a code.
    if (answer.status >= 400 && /\/devicecode\b/.test(url)) {
      throw fail("PREPOP_AUTH_SIGN_IN_FAILED", failureFacts(String(body.error_description ?? body.error)));
    }
    return { status: answer.status, headers: answer.headers, body: body as Body };
  };

  return {
    client: {
      sendGetRequestAsync: (url, options, timeout) => send("GET", url, options, timeout),
      sendPostRequestAsync: (url, options) => send("POST", url, options),
    },
    fault: () => last,
  };
}

/** A national cloud's service has two names, and one name's documents may point to the other. */
function originsOf(authority: string): readonly string[] {
  const known: readonly CloudFacts[] = Object.values(clouds);
  const names = known.map(({ login, loginAlias }) => [login, loginAlias ?? login]);
  return names.find(each => each.includes(authority)) ?? [authority];
}

/** A proxy is for the authority; what is on this machine or beside it is asked directly. */
function dispatcherTo(authority: string | undefined): Dispatcher {
  const options = { allowH2: false, connect: verified, connectTimeout: 10_000 };
  if (authority === undefined || isLoopback(new URL(authority).hostname)) return new Agent(options);
  return new EnvHttpProxyAgent({ ...options, ...verifiedThroughProxy });
}

async function exchange(
  method: "GET" | "POST",
  url: string,
  { headers = {}, body = "" }: Options,
  dispatcher: Dispatcher,
  timeoutMs: number,
) {
  const signal = AbortSignal.timeout(timeoutMs);
  const sent = { method, headers, body: method === "POST" ? body : null, dispatcher, signal };
  const answer = await request(url, sent);
  const single = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
  return {
    status: answer.statusCode,
    headers: Object.fromEntries(single) as Record<string, string>,
    text: await answer.body.text(),
  };
}
