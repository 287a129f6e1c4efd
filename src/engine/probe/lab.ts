import { safeHeadersOf, shapeOf } from "../../decide/probe/shape.ts";
import type { Answer } from "../../graph/connect.ts";
import { GraphFault } from "../../model/fault.ts";
import { type PhoneType, phoneMethodIds } from "../../model/phone.ts";
import type { ProbeExchange } from "../../model/probe.ts";
import type { User } from "../../model/user.ts";
import type { Edges } from "../edges.ts";

/** What a request of the probe says; `{user}` and `{method}` in its path are filled in. */
export type Ask = {
  readonly what: string;
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly user?: User;
  /** Whom a batch writes to. */
  readonly users?: readonly User[];
  readonly type?: PhoneType;
  /** What stands in the place of `{user}` or `{method}` where it is none of ours. */
  readonly fill?: Readonly<Record<string, string>>;
  readonly body?: object;
};

/** An exchange with its body as it came, which is looked at and not kept. */
export type Seen = {
  readonly exchange: ProbeExchange;
  readonly status: number;
  readonly value: unknown;
  readonly ms: number;
};

/** Test users who hold nothing, and a way to ask about them. */
export type Lab = {
  readonly users: readonly User[];
  readonly clock: Edges["clock"];
  ask(ask: Ask): Promise<Seen>;
  /** Gives a user a phone and waits until it is read; the number is invented. */
  give(user: User, type: PhoneType, number?: string, what?: string): Promise<Seen>;
  /** Takes every phone of a user away, and waits until none is read. False where one is left. */
  empty(user: User): Promise<boolean>;
  /** Empties whoever was written to since he was empty. */
  emptyAll(): Promise<void>;
  /** What a user's phones read like. */
  phones(user: User): Promise<readonly Readonly<Record<string, unknown>>[]>;
  sleep(ms: number): Promise<void>;
};

export const phonesPath = "/v1.0/users/{user}/authentication/phoneMethods";
export const phonePath = `${phonesPath}/{method}`;

/** Invented numbers (+1 NXX 555 01xx is nobody's). */
export function number(place: number): string {
  return `+1 20655501${String(place % 100).padStart(2, "0")}`;
}

/** How long a phone may take until it is read, ms, and how often it is looked for. */
const patienceMs = 60_000;
const lookEveryMs = 250;

/** Removed last to first: a mobile stays while there is an alternate mobile. */
const removalOrder: readonly PhoneType[] = ["alternateMobile", "office", "mobile"];

export function openLab({ graph, clock }: Edges, users: readonly User[], signal?: AbortSignal): Lab {
  const sleep = (ms: number): Promise<void> => clock.sleep(ms, signal);

  const written = new Set<User>();
  const ask = async ({
    what,
    method,
    path,
    user,
    users: all = [],
    type,
    fill = {},
    body,
  }: Ask): Promise<Seen> => {
    signal?.throwIfAborted();
    if (method !== "GET") for (const each of user === undefined ? all : [user]) written.add(each);
    const given = {
      ...(user === undefined ? {} : { user: user.id }),
      ...(type === undefined ? {} : { method: phoneMethodIds[type] }),
      ...fill,
    } as Readonly<Record<string, string>>;
    const full = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(given[name] ?? ""));
    const wire = { method, path: full, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    for (let attempt = 1; ; attempt++) {
      const from = clock.now();
      const answer = await graph.ask(wire);
      const ms = clock.now() - from;
      // Only the question about it wants to see a 429.
      if (answer.status !== 429 || what.startsWith("write fast") || attempt > 5) {
        const value = valueIn(answer);
        const exchange: ProbeExchange = {
          what,
          method,
          path: path.replace("{method}", type ?? "{method}"),
          ...(body === undefined ? {} : { sent: shapeOf(body) }),
          status: answer.status,
          headers: safeHeadersOf(answer.headers ?? {}),
          body: value === undefined ? null : shapeOf(value),
        };
        return { exchange, status: answer.status, value, ms };
      }
      await sleep(Math.max(1, Number(answer.retryAfter) || 5) * 1_000);
    }
  };

  const phones = async (user: User): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    const { status, value } = await ask({ what: "list", method: "GET", path: phonesPath, user });
    const list = status === 200 ? memberOf(value, "value") : undefined;
    return Array.isArray(list) ? list : [];
  };

  /** Looks until it is so, or for the whole patience. */
  const until = async (isSo: () => Promise<boolean>): Promise<boolean> => {
    for (const end = clock.now() + patienceMs; ; await sleep(lookEveryMs)) {
      if (await isSo()) return true;
      if (clock.now() >= end) return false;
    }
  };

  const empty = async (user: User): Promise<boolean> => {
    // A read may be late and show none; whoever is not there answers 404, which is as good.
    for (const type of removalOrder) {
      await ask({ what: "take away", method: "DELETE", path: phonePath, user, type });
    }
    const isEmpty = await until(async () => (await phones(user)).length === 0);
    if (isEmpty) written.delete(user);
    return isEmpty;
  };

  return {
    users,
    clock,
    ask,
    phones,
    sleep,
    give: async (user, type, given = number(1), what = `give ${type}`) => {
      const body = { phoneNumber: given, phoneType: type };
      const made = await ask({ what, method: "POST", path: phonesPath, user, body });
      if (made.status < 400 || made.status === 409) {
        await until(async () => (await phones(user)).some(phone => phone.phoneType === type));
      }
      return made;
    },
    empty,
    emptyAll: async () => {
      for (const user of [...written]) await empty(user);
    },
  };
}

export function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function valueIn({ body }: Answer): unknown {
  switch (body.kind) {
    case "value":
      return body.value;
    case "text":
      try {
        return body.text === "" ? undefined : JSON.parse(body.text);
      } catch (error) {
        if (error instanceof SyntaxError) return "(not JSON)";
        throw error;
      }
    case "bytes":
      return "(bytes)";
    case "lost":
      throw new GraphFault({ kind: body.fault, message: "The body of an answer was lost." }, body.cause);
  }
}
