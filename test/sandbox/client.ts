import type { TestContext } from "node:test";
import type { SandboxClock } from "../../src/sandbox/clock.ts";
import { type Sandbox, type SandboxConfig, startSandbox } from "../../src/sandbox/sandbox.ts";

export const mobile = "3179e48a-750b-4051-897c-87b9720928f7";
export const alternateMobile = "b6332ec1-7057-4abe-9331-3d72feddfe41";
export const office = "e37fc753-ff3b-4958-9484-eaa9425c82bc";

export const kim = "kim@contoso.com";
export const phonesOf = (user: string) =>
  `/v1.0/users/${encodeURIComponent(user)}/authentication/phoneMethods`;

type Json = Readonly<Record<string, unknown>>;

/** An answer, with what tests ask of it most. */
export type Reply = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Json;
  /** The error code, or undefined. */
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly value: readonly Json[];
};

export type Ask = {
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** null: no Authorization header at all. */
  readonly token?: string | null;
};

export type Client = (method: string, path: string, ask?: Ask) => Promise<Reply>;

/** A sandbox for one test, closed with it, and a client that has its token. */
export async function aSandbox(
  t: TestContext,
  config: SandboxConfig = {},
): Promise<{ readonly sandbox: Sandbox; readonly call: Client }> {
  const sandbox = await startSandbox({ users: [kim, "ana@contoso.com", "bo@contoso.com"], ...config });
  t.after(() => sandbox.close());
  return { sandbox, call: clientOf(sandbox) };
}

export function clientOf(sandbox: Sandbox): Client {
  return async (method, path, ask = {}) => {
    const headers: Record<string, string> = { ...ask.headers };
    if (ask.token !== null) headers.Authorization = `Bearer ${ask.token ?? sandbox.token}`;
    const body = ask.raw ?? (ask.body === undefined ? undefined : JSON.stringify(ask.body));
    if (ask.body !== undefined) headers["Content-Type"] ??= "application/json";
    const url = path.startsWith("http") ? path : sandbox.url + path;
    const response = await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body: Buffer.from(body) }),
    });
    return toReply(response.status, response.headers, await response.text());
  };
}

function toReply(status: number, headers: Headers, text: string): Reply {
  const isJson = headers.get("content-type")?.startsWith("application/json") ?? false;
  let json: Json = {};
  if (isJson && text !== "") {
    try {
      json = JSON.parse(text) as Json;
    } catch {
      // Some faults spoil the body on purpose; the text is there to look at.
      json = {};
    }
  }
  const error = json.error as { readonly code: string; readonly message: string } | undefined;
  const value = Array.isArray(json.value) ? (json.value as Json[]) : [];
  return { status, headers, text, json, code: error?.code, message: error?.message, value };
}

/** Time that moves only when a test says so. */
export function manualClock(start = Date.UTC(2026, 10, 23, 9)): SandboxClock & { advance(ms: number): void } {
  let now = start;
  let waiting: { readonly at: number; readonly run: () => void }[] = [];
  return {
    now: () => now,
    after: (ms, run) => {
      waiting.push({ at: now + ms, run });
    },
    advance: ms => {
      now += ms;
      const due = waiting.filter(({ at }) => at <= now);
      waiting = waiting.filter(({ at }) => at > now);
      for (const { run } of due.sort((left, right) => left.at - right.at)) run();
    },
  };
}
