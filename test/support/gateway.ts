import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { listen, stop } from "./scriptedGraph.ts";

/** An answer on its way through the gateway. */
export type Passing = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
};

export type Gateway = AsyncDisposable & { readonly url: string };

/** How a gateway is reached, where that is not plain http on its own port. */
export type Front = { readonly origin: string; readonly key: string; readonly cert: string };

/** A server between prepop and a sandbox that may change every answer. */
export async function gateway(
  sandbox: string,
  tamper: (asked: Asked, answer: Passing, own: string) => Passing,
  front?: Front,
): Promise<Gateway> {
  const answering = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      passOn(request, Buffer.concat(chunks)).then(
        ({ status, headers, body }) => response.writeHead(status, headers).end(body),
        () => request.socket.destroy(),
      );
    });
  };
  const server = front === undefined ? createServer(answering) : createSecureServer(front, answering);
  const passOn = async (request: IncomingMessage, body: Buffer): Promise<Passing> => {
    const { method = "", url: path = "", headers } = request;
    const { host = "", connection: _hop, "content-length": _length, ...kept } = headers;
    const asked = await fetch(sandbox + path, {
      method,
      headers: kept as Record<string, string>,
      redirect: "manual",
      ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
    });
    const own = front?.origin ?? `http://${host}`;
    const text = (await asked.text()).replaceAll(sandbox, own);
    const { "content-length": _old, ...said } = Object.fromEntries(asked.headers);
    const answer = { status: asked.status, headers: said, body: text };
    return tamper({ method, path, headers, body: body.toString() }, answer, own);
  };
  return { url: await listen(server), [Symbol.asyncDispose]: () => stop(server) };
}
