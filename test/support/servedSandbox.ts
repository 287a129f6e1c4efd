import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { SandboxConfig, SandboxLogEntry, SandboxUserView } from "../../src/sandbox/sandbox.ts";

/** What the process of a sandbox is told at its start. */
export type Served = {
  readonly users: number;
  readonly config: SandboxConfig;
  /** The share of users whose mobile a second writer changes, once each. */
  readonly otherWriter: number;
};

/** A moment, by what the sandbox sees: after so many requests of a kind from now on. */
export type Moment = { readonly effect: "read" | "write" | "any"; readonly count: number };

/** What it is asked later. */
export type Asked =
  | { readonly kind: "newToken"; readonly token: string; readonly revoked: string }
  /** Answered when the moment comes; a second one takes the place of the first. */
  | ({ readonly kind: "await" } & Moment)
  | { readonly kind: "record" };

export type OtherWrite = { readonly userId: string; readonly at: number; readonly number: string };

/** All that a sandbox knows of what happened. */
export type TenantRecord = {
  readonly before: readonly SandboxUserView[];
  readonly after: readonly SandboxUserView[];
  readonly log: readonly SandboxLogEntry[];
  readonly others: readonly OtherWrite[];
};

/** A sandbox in a process of its own: it goes on when the process under test is killed. */
export type ServedSandbox = {
  readonly url: string;
  readonly token: string;
  /** Takes a token out of use, and another one into it. */
  renewToken(token: string, revoked: string): Promise<void>;
  moment(moment: Moment): Promise<void>;
  record(): Promise<TenantRecord>;
  close(): Promise<void>;
};

export async function serveSandbox(served: Served): Promise<ServedSandbox> {
  const script = join(import.meta.dirname, "sandboxProcess.ts");
  const child = fork(script, [JSON.stringify(served)]);
  const [ready] = await Promise.race([once(child, "message"), endOf(child)]);
  const { url, token } = ready as { readonly url: string; readonly token: string };
  const waiting = new Map<number, (answer: unknown) => void>();
  child.on("message", message => {
    const { id, answer } = message as { readonly id: number; readonly answer: unknown };
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  let ids = 0;
  const ask = (asked: Asked): Promise<unknown> => {
    const id = ++ids;
    const answered = new Promise(resolve => waiting.set(id, resolve));
    child.send({ id, asked });
    return answered;
  };
  return {
    url,
    token,
    async renewToken(token, revoked) {
      await ask({ kind: "newToken", token, revoked });
    },
    async moment(moment) {
      await ask({ kind: "await", ...moment });
    },
    async record() {
      return (await ask({ kind: "record" })) as TenantRecord;
    },
    async close() {
      const gone = once(child, "exit");
      child.disconnect();
      await gone;
    },
  };
}

async function endOf(child: ChildProcess): Promise<never> {
  await once(child, "exit");
  throw new Error("The sandbox ended before it was ready.");
}
