import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** One request as the server saw it. */
export type SeenRequest = {
  readonly method: string;
  /** Path and query as they came over the wire, still encoded. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly httpVersion: string;
};

/**
 * What the server does with a request. `json` is sent as it is; `text` and `bytes` are not touched. `hang` never
 * answers, `drop` closes the connection after it has read the request, `cut` after the head and half of the body.
 */
export type Reply =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly json?: unknown;
      readonly text?: string;
      readonly bytes?: Uint8Array;
    }
  | { readonly cut: string; readonly status?: number; readonly headers?: Readonly<Record<string, string>> }
  | "hang"
  | "drop";

export type Script = (request: SeenRequest, number: number) => Reply;

export type ScriptedGraph = AsyncDisposable & {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
};

/** A server on loopback that answers what a test says, and remembers what it was asked. */
export async function scriptedGraph(script: Script): Promise<ScriptedGraph> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers, httpVersion } = request;
      const asked = { method, path: url, headers, body: Buffer.concat(chunks).toString(), httpVersion };
      seen.push(asked);
      const reply = script(asked, seen.length);
      if (reply === "hang") return;
      if (reply === "drop") {
        request.socket.destroy();
        return;
      }
      // A script that wants a Date gives one.
      response.sendDate = false;
      if ("cut" in reply) {
        response.writeHead(reply.status ?? 200, { "content-length": 2 * reply.cut.length, ...reply.headers });
        response.write(reply.cut, () => request.socket.destroy());
        return;
      }
      const type = reply.json === undefined ? {} : { "content-type": "application/json" };
      response.writeHead(reply.status ?? 200, { ...type, ...reply.headers });
      response.end(reply.json === undefined ? (reply.bytes ?? reply.text) : JSON.stringify(reply.json));
    });
  });
  return { url: await listen(server), seen, [Symbol.asyncDispose]: () => stop(server) };
}

/** Starts a server on a free port of the loopback address; gives its origin. */
export async function listen(server: Server, scheme = "http"): Promise<string> {
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Stops a server together with its connections. */
export async function stop(server: Server): Promise<void> {
  await new Promise<void>(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
