// What the ledger costs: node bench/ledger.ts [ENTRIES]. Prints one line a figure; nothing is asserted.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLedger } from "../src/ledger/ledger.ts";
import type { Change } from "../src/model/change.ts";

const count = Number(process.argv[2] ?? 100_000);
const home = mkdtempSync(join(tmpdir(), "prepop-bench-"));
process.once("exit", () => rmSync(home, { recursive: true, force: true }));
const ledger = openLedger({ home, key: Buffer.alloc(32, 7).toString("base64") });

const aRun = {
  planId: "plan",
  digest: "digest",
  tenant: { id: "tenant", source: "signIn" },
  actor: { name: "bench", kind: "application" },
  command: "apply",
  source: "bench",
  policy: "add",
  smsSignIn: "leave",
  issues: 0,
} as const;

const runId = await measured("startRun", async () => ledger.startRun(aRun, changes(), []).id);
await measured("walk of the open entries", async () => {
  for (const user of ledger.users(runId)) user.at(0);
});
await measured("markSent and finish, 50 callers", async () => {
  const walk = ledger.users(runId)[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let user = walk.next(); !user.done; user = walk.next()) {
      for (const { seq } of user.value) {
        await ledger.markSent({ runId, seq, attempt: 1, sentAt: Date.now() });
        await ledger.finish(runId, seq, { outcome: "applied", attempts: 1, requestId: crypto.randomUUID() });
      }
    }
  };
  await Promise.all(Array.from({ length: 50 }, work));
});
await measured("counts", async () => ledger.counts(runId));
await measured("walk of the outcomes", async () => {
  for (const { entry } of ledger.outcomes(runId)) void entry;
});
ledger.close();

async function measured<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const [start, startCpu] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const ms = performance.now() - start;
  const cpu = process.cpuUsage(startCpu);
  const each = ((cpu.user + cpu.system) / count).toFixed(1);
  const rate = Math.round((count / ms) * 1_000).toLocaleString("en");
  const memory = Math.round(process.memoryUsage().rss / 2 ** 20);
  console.log(`${name}: ${Math.round(ms)} ms, ${rate}/s, ${each} us of CPU each, ${memory} MiB resident`);
  return result;
}

/** Two phones a user; object ids in no order, as in a directory. */
function* changes(): Iterable<Change> {
  for (let seq = 1; seq <= count; seq++) {
    const user = Math.ceil(seq / 2);
    const name = `user${user}@contoso.example`;
    const scattered = String((user * 2_654_435_761) % 1e12).padStart(12, "0");
    yield {
      kind: "create",
      user: name,
      userPrincipalName: name,
      userId: `00000000-0000-4000-8000-${scattered}`,
      phoneType: seq % 2 ? "mobile" : "alternateMobile",
      from: null,
      to: `+44 7700${String(seq).padStart(7, "0")}`,
      reason: "emptySlot",
      ref: { row: user + 1 },
      rows: [user + 1],
    };
  }
}
