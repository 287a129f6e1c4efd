import { Client, HTTPMessageHandler, type Middleware, RetryHandler } from "@microsoft/microsoft-graph-client";
import type { ClientJob, Sender } from "./client.ts";

/**
 * Microsoft's client with its retry handler as it comes: three tries more after a 429, 503 or 504. Its own
 * authentication handler gives tokens to https addresses only, so the token is put on by a middleware of one line.
 */
export function microsoftSender({ url, token }: Pick<ClientJob, "url" | "token">): Sender {
  const http = new HTTPMessageHandler();
  const withToken: Middleware = {
    execute: context => {
      context.options = {
        ...context.options,
        headers: { ...(context.options?.headers as object), Authorization: `Bearer ${token}` },
      };
      return http.execute(context);
    },
  };
  const retry = new RetryHandler();
  retry.setNext(withToken);
  const client = Client.initWithMiddleware({ baseUrl: url, middleware: retry });
  return async ({ method, path, body }) => {
    const request = client.api(path);
    try {
      if (method === "POST") await request.post(body);
      else if (method === "PATCH") await request.patch(body);
      else await request.delete();
      return true;
    } catch (error) {
      // A write that stays refused is counted by the sandbox as not done; anything that is not an answer is a defect.
      if (error instanceof Error && "statusCode" in error) return false;
      throw error;
    }
  };
}
