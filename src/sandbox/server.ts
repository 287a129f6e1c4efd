import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Answer, SandboxRequest } from "./exchange.ts";

export type Listener = { readonly port: number; close(): Promise<void> };

/**
 * What carries requests to the core: reads them whole, sends the answer after its delay, and hangs or breaks the
 * connection where the answer says so. With `tls` (PEM) it is https, and HTTP/1.1 as well.
 */
export async function listen(
  where: {
    readonly host: string;
    readonly port: number;
    readonly tls?: { readonly cert: string; readonly key: string };
  },
  handler: (request: SandboxRequest) => { readonly answer: Answer; readonly delayMs: number },
  after: (ms: number, run: () => void) => void,
): Promise<Listener> {
  const serve = (incoming: IncomingMessage, response: ServerResponse): void => {
    collect(incoming, body => {
      const { answer, delayMs } = handler(toRequest(incoming, body));
      if (delayMs > 0) after(delayMs, () => deliver(answer, response));
      else deliver(answer, response);
    });
  };
  const server: Server = where.tls === undefined ? createServer(serve) : createTlsServer(where.tls, serve);
  // Longer than any client keeps an idle connection, so that no reset is seen that nobody ordered.
  server.keepAliveTimeout = 75_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(where.port, where.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  let closing: Promise<void> | undefined;
  return {
    port: portOf(server),
    close: () => {
      closing ??= close(server);
      return closing;
    },
  };
}

function collect(incoming: IncomingMessage, done: (body: Buffer | undefined) => void): void {
  const chunks: Buffer[] = [];
  incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
  incoming.on("end", () => done(chunks.length === 0 ? undefined : Buffer.concat(chunks)));
  // A client that goes away before its request is whole has asked for nothing.
  incoming.on("error", () => incoming.destroy());
}

function toRequest(incoming: IncomingMessage, body: Buffer | undefined): SandboxRequest {
  return {
    method: incoming.method ?? "GET",
    url: incoming.url ?? "/",
    // Node joins repeated headers; the few that stay lists are of no interest here.
    headers: incoming.headers as Readonly<Record<string, string>>,
    body: body?.toString("utf8"),
    ...(body === undefined ? {} : { bytes: body }),
  };
}

function deliver(answer: Answer, response: ServerResponse): void {
  if (response.destroyed) return;
  switch (answer.delivery) {
    case "hang":
      return;
    case "reset":
      breakOff(response.socket);
      return;
    case "send": {
      const { body } = answer;
      if (body.kind === "later") {
        body.bytes.then(
          bytes => send(answer, bytes, response),
          (error: Error) => response.destroy(error),
        );
        return;
      }
      send(answer, body.kind === "bytes" ? body.bytes : bodyText(answer), response);
    }
  }
}

function send(answer: Answer, content: Buffer | string | undefined, response: ServerResponse): void {
  const length = content === undefined ? {} : { "Content-Length": Buffer.byteLength(content) };
  response.sendDate = false;
  response.writeHead(answer.status, { ...answer.headers, ...length });
  response.end(content);
}

/** An encrypted connection has no reset of its own; to end it without a word comes to the same. */
function breakOff(socket: Socket | null): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket?.resetAndDestroy();
}

/** The body as it goes out; undefined for none. */
export function bodyText({ body }: Pick<Answer, "body">): string | undefined {
  switch (body.kind) {
    case "none":
      return undefined;
    case "json":
      return JSON.stringify(body.value);
    case "text":
      return body.text;
    case "bytes":
      return body.bytes.toString("latin1");
    case "later":
      return undefined;
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The sandbox listens on no port.");
  return address.port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close(error => (error === undefined ? resolve() : reject(error)));
    // Hanging requests are meant to hang, so closing does not wait for them.
    server.closeAllConnections();
  });
}
