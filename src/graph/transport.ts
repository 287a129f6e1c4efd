import { type Dispatcher, EnvHttpProxyAgent, Pool } from "undici";
import { PrepopError } from "../model/errors.ts";
import { verified, verifiedThroughProxy } from "../model/tls.ts";
import type { Answer } from "./answer.ts";
import { type Carrier, dispatchTo } from "./carrier.ts";
import { cleanCause, withoutToken } from "./clean.ts";
import { Exchange } from "./exchange.ts";
import type { Origin } from "./origin.ts";
import type { Wire } from "./wire.ts";

/** Which proxy to use; what is absent comes from HTTPS_PROXY and NO_PROXY. */
export type ProxySettings = { readonly https?: string; readonly except?: string };

export type TransportSettings = {
  readonly origin: Origin;
  readonly connections: number;
  readonly timeoutMs: number;
  readonly userAgent: string;
  readonly newId: () => string;
  readonly proxy: ProxySettings;
  /** Answers in this process, in the place of connections. */
  readonly carrier?: Carrier;
};

/** HTTP requests that went out, write operations in them, and operations that were answered 429. */
type Counts = { requests: number; writes: number; throttled: number };

export type Transport = {
  readonly counts: Counts;
  /** One request, sent once: never repeated, never redirected. Throws GraphFault where no answer came. */
  send(wire: Wire, token: string): Promise<Answer>;
  /** Breaks off what is under way, and sends nothing more. */
  abandon(): void;
  /** Waits for what is under way. May be called again. */
  close(): Promise<void>;
};

/**
 * Connections to Graph over HTTP/1.1 (docs/decisions/graphOverUndiciHttp1.md says why not 2). Without a proxy they are a
 * pool of this one origin, so that no request, and no token, can go anywhere else.
 */
export function openTransport(settings: TransportSettings): Transport {
  const { origin, timeoutMs, newId } = settings;
  const dispatcher = settings.carrier ? dispatchTo(settings.carrier) : openDispatcher(settings);
  const counts: Counts = { requests: 0, writes: 0, throttled: 0 };
  let closing: Promise<void> | undefined;
  const underWay = new Set<Exchange>();
  let abandoned = false;
  const fixed = ["accept", "application/json", "user-agent", settings.userAgent];

  return {
    counts,
    send: (wire, token) =>
      new Promise((resolve, reject) => {
        const id = newId();
        const headers = ["authorization", `Bearer ${token}`, "client-request-id", id, ...fixed];
        if (wire.body !== undefined) headers.push("content-type", contentType(wire.body));
        if (wire.eventual) headers.push("consistencylevel", "eventual");
        if (wire.prefer !== undefined) headers.push("prefer", wire.prefer);
        if (wire.session !== undefined) headers.push("workbook-session-id", wire.session);
        const operations = wire.operations ?? 1;
        const exchange = new Exchange({
          // A service may take the items of a batch one after the other.
          timeoutMs: operations > 1 ? 2 * timeoutMs : timeoutMs,
          clientRequestId: id,
          asFile: wire.file ?? false,
          whole: wire.whole ?? false,
          scrub: body => withoutToken(body, token),
          onSent: () => {
            counts.requests += 1;
            counts.writes += wire.writes ?? 0;
          },
          onAnswer: answer => {
            underWay.delete(exchange);
            if (answer.status === 429) counts.throttled += operations;
            resolve(answer);
          },
          onFault: fault => {
            underWay.delete(exchange);
            reject(fault);
          },
        });
        if (abandoned) {
          exchange.giveUp();
          return;
        }
        underWay.add(exchange);
        dispatcher.dispatch(
          { origin: origin.origin, path: wire.path, method: wire.method, headers, body: wire.body ?? null },
          exchange,
        );
      }),
    abandon() {
      abandoned = true;
      for (const exchange of underWay) exchange.giveUp();
    },
    close: () => {
      closing ??= dispatcher.close();
      return closing;
    },
  };
}

function contentType(body: string | Uint8Array): string {
  return typeof body === "string" ? "application/json" : "application/octet-stream";
}

function openDispatcher(settings: TransportSettings): Dispatcher {
  const { origin, connections, timeoutMs, proxy } = settings;
  const options = {
    connections,
    // Node 26 and undici 8 would choose HTTP/2 by themselves.
    allowH2: false,
    connect: verified,
    connectTimeout: Math.min(10_000, timeoutMs),
    // Exchange has one deadline for the whole answer instead.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  // For a proxy, 127.0.0.1 is the proxy's own machine: the token of a sandbox must not go there.
  if (origin.loopback || !hasProxy(proxy)) return new Pool(origin.origin, options);
  try {
    return new EnvHttpProxyAgent({
      ...options,
      ...verifiedThroughProxy,
      ...(proxy.https === undefined ? {} : { httpsProxy: proxy.https }),
      ...(proxy.except === undefined ? {} : { noProxy: proxy.except }),
    });
  } catch (error) {
    const why = `the proxy cannot be used (${cleanCause(error)})`;
    throw new PrepopError("PREPOP_GRAPH_UNREACHABLE", { origin: origin.origin, why }, error);
  }
}

/** The names that EnvHttpProxyAgent reads. */
export function hasProxy(proxy: ProxySettings): boolean {
  if (proxy.https !== undefined) return proxy.https !== "";
  return ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"].some(name => process.env[name]);
}
