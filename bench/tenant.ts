import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { WriteCase } from "./cases.ts";

/** What the sandbox's process is told of a case. */
export type ServedTenant = Pick<
  WriteCase,
  "users" | "change" | "latencyMs" | "batchLatency" | "quota" | "faults"
>;

/** The sandbox's own account of what it received. */
export type SandboxTally = {
  readonly requests: number;
  readonly writes: number;
  readonly throttled: number;
  /** Users that hold what the list says. */
  readonly done: number;
  readonly writingSeconds: number;
};

/** A sandbox in a process of its own. */
export type Tenant = {
  readonly url: string;
  readonly token: string;
  tally(): Promise<SandboxTally>;
  close(): Promise<void>;
};

/** The same for every contender. */
export const sandboxSeed = 20_261_124;

/** Starts a fresh sandbox, on the last core where it can be bound to one. */
export async function startTenant(served: ServedTenant): Promise<Tenant> {
  const script = fileURLToPath(new URL("./serve.ts", import.meta.url));
  const [command, ...before] = boundToLastCore();
  const child = spawn(command, [...before, script, JSON.stringify(served)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const { url, token } = await answerOf<{ url: string; token: string }>(child);
  return {
    url,
    token,
    tally: () => {
      const answer = answerOf<SandboxTally>(child);
      child.send("tally");
      return answer;
    },
    async close() {
      const gone = once(child, "exit");
      child.disconnect();
      await gone;
    },
  };
}

/** Whether the sandbox has a core of its own. */
export function hasOwnCore(): boolean {
  return boundToLastCore().length > 1;
}

function boundToLastCore(): readonly [command: string, ...argv: string[]] {
  const last = availableParallelism() - 1;
  const bound = last > 0 && spawnSync("taskset", ["-c", String(last), "true"]).status === 0;
  return bound ? ["taskset", "-c", String(last), process.execPath] : [process.execPath];
}

async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const gone = (): void => reject(new Error("The sandbox's process ended."));
    child.once("exit", gone);
    child.once("message", message => {
      child.off("exit", gone);
      resolve(message as Answer);
    });
  });
}
