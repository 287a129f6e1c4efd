// Usage: node ledgerWriter.ts HOME COUNT [keyFile]. Starts a run of COUNT entries, marks and finishes them 20 at a time,
// and says on stdout what the ledger has acknowledged: "run ID", "sent SEQ", "finished SEQ", and at the end "done" or
// "error CODE".
import { writeSync } from "node:fs";
import { openLedger } from "../../src/ledger/ledger.ts";
import { PrepopError } from "../../src/model/errors.ts";
import { aRun, changes, testKey } from "./ledgerData.ts";

const [home = "", count = "0", keyFile] = process.argv.slice(2);
const say = (line: string): void => void writeSync(1, `${line}\n`);

try {
  const ledger = openLedger({ home, key: keyFile ? undefined : testKey });
  const run = ledger.startRun(aRun(), changes(Number(count)), []);
  say(`run ${run.id}`);
  const walk = ledger.users(run.id)[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let user = walk.next(); !user.done; user = walk.next()) {
      for (const { runId, seq } of user.value) {
        await ledger.markSent({ runId, seq, attempt: 1, sentAt: 1_000 + seq });
        say(`sent ${seq}`);
        await ledger.finish(runId, seq, { outcome: "applied", attempts: 1, requestId: `request-${seq}` });
        say(`finished ${seq}`);
      }
    }
  };
  await Promise.all(Array.from({ length: 20 }, work));
  ledger.close();
  say("done");
} catch (error) {
  say(`error ${error instanceof PrepopError ? error.code : String(error)}`);
}
