// The sandbox of a case as a process of its own: node bench/serve.ts CASE-AS-JSON, with an IPC channel.
import { startSandbox } from "../src/sandbox/sandbox.ts";
import type { ChangeWanted } from "./cases.ts";
import { formerNumber, userName, wantedNumber } from "./list.ts";
import { type SandboxTally, type ServedTenant, sandboxSeed } from "./tenant.ts";

const served = JSON.parse(process.argv[2] ?? "{}") as ServedTenant;
const { users, change, latencyMs, batchLatency, quota, faults = [] } = served;
const former = change === "create" ? undefined : formerNumber;
let firstWriteAt: number | undefined;
let lastWriteAt: number | undefined;

const sandbox = await startSandbox({
  users:
    former === undefined
      ? users
      : Array.from({ length: users }, (_, index) => ({
          userPrincipalName: userName(index),
          phones: { mobile: former(index) },
          // Without another method the last phone would stay.
          otherMethods: ["password", "microsoftAuthenticator"],
        })),
  ...(quota === undefined ? {} : { quota: { writeBurst: quota.burst, writePerSecond: quota.perSecond } }),
  faults: faults.map(([kind, probability]) => ({ kind, probability })),
  latencyMs,
  batchLatency,
  seed: sandboxSeed,
  logLimit: 100,
  onRequest: ({ effect, operation }) => {
    if (effect !== "write" || operation === undefined) return;
    lastWriteAt = performance.now();
    firstWriteAt ??= lastWriteAt;
  },
});

process.on("message", () => {
  const { requests, writes, throttled } = sandbox.stats();
  const tally: SandboxTally = {
    requests,
    writes,
    throttled,
    done: countDone(change, users),
    writingSeconds: ((lastWriteAt ?? 0) - (firstWriteAt ?? 0)) / 1_000,
  };
  process.send?.(tally);
});
process.once("disconnect", () => process.exit(0));
process.send?.({ url: sandbox.url, token: sandbox.token });

function countDone(wanted: ChangeWanted, count: number): number {
  let done = 0;
  for (let index = 0; index < count; index++) {
    const phone = sandbox.user(userName(index))?.phones.mobile?.phoneNumber;
    if (phone === (wanted === "delete" ? undefined : wantedNumber(index).stored)) done++;
  }
  return done;
}
