import { createServer } from "node:http";
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

/** A server between prepop and a sandbox that may change every answer. */
export async function gateway(
  sandbox: string,
  tamper: (asked: Asked, answer: Passing, own: string) => Passing,
): Promise<Gateway> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const { method = "", url: path = "", headers } = request;
      const { host = "", connection: _hop, "content-length": _length, ...kept } = headers;
      const body = Buffer.concat(chunks);
      const asked = await fetch(sandbox + path, {
        method,
        headers: kept as Record<string, string>,
        redirect: "manual",
        ...(body.length === 0 ? {} : { body }),
      });
      const own = `http://${host}`;
      const text = (await asked.text()).replaceAll(sandbox, own);
      const { "content-length": _old, ...said } = Object.fromEntries(asked.headers);
      const answer = tamper(
        { method, path, headers, body: body.toString() },
        { status: asked.status, headers: said, body: text },
        own,
      );
      response.writeHead(answer.status, answer.headers);
      response.end(answer.body);
    });
  });
  return { url: await listen(server), [Symbol.asyncDispose]: () => stop(server) };
}
