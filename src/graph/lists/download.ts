import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from "undici";
import { GraphFault } from "../../model/fault.ts";
import { isLoopback } from "../../model/loopback.ts";
import { verified, verifiedThroughProxy } from "../../model/tls.ts";
import { cleanCause } from "../clean.ts";
import type { Origin } from "../origin.ts";
import { hasProxy, type ProxySettings } from "../transport.ts";

/** Reads what lies at an address that needs no sign-in. */
export type Download = (address: string) => Promise<AsyncIterable<Uint8Array>>;

export type DownloadSettings = {
  readonly graph: Origin;
  readonly timeoutMs: number;
  readonly userAgent: string;
  readonly proxy: ProxySettings;
};

/**
 * Follows the address that Graph gives for a file's bytes. The address itself is the right to read, so nothing goes there
 * that says who asks: no token, and no header but the agent's name. It leads to another host, over https; plain http is
 * for a sandbox on this machine only. Another redirect from there is not followed.
 */
export function downloadFrom(settings: DownloadSettings): Download {
  return async address => {
    const url = URL.parse(address);
    const local = url !== null && isLoopback(url.hostname);
    if (
      url === null ||
      !(url.protocol === "https:" || (url.protocol === "http:" && local && settings.graph.loopback))
    ) {
      throw unusable("The address that Graph gave for the file is not https.");
    }
    const dispatcher = dispatcherTo(local, settings);
    try {
      const { statusCode, body } = await request(url, {
        dispatcher,
        headers: { "user-agent": settings.userAgent, accept: "*/*" },
        headersTimeout: settings.timeoutMs,
        bodyTimeout: settings.timeoutMs,
      });
      if (statusCode === 200) return closing(body, dispatcher);
      await body.dump();
      throw new GraphFault({
        kind: "http",
        status: statusCode,
        message: `HTTP ${statusCode} from the address that Graph gave for the file.`,
      });
    } catch (error) {
      await dispatcher.close();
      if (error instanceof GraphFault) throw error;
      const why = cleanCause(error).replaceAll(url.search, "");
      throw new GraphFault(
        { kind: "unreachable", message: `${url.host} cannot be reached: ${why}` },
        undefined,
      );
    }
  };
}

async function* closing(body: AsyncIterable<Uint8Array>, dispatcher: Dispatcher): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } finally {
    await dispatcher.destroy();
  }
}

function dispatcherTo(local: boolean, { proxy, timeoutMs }: DownloadSettings): Dispatcher {
  const options = { allowH2: false, connect: verified, connectTimeout: Math.min(10_000, timeoutMs) };
  if (local || !hasProxy(proxy)) return new Agent(options);
  return new EnvHttpProxyAgent({
    ...options,
    ...verifiedThroughProxy,
    ...(proxy.https === undefined ? {} : { httpsProxy: proxy.https }),
    ...(proxy.except === undefined ? {} : { noProxy: proxy.except }),
  });
}

function unusable(message: string): GraphFault {
  return new GraphFault({ kind: "unreadable", message });
}
