/**
 * The whole way of a list with the library: a tenant to rehearse in, a plan, a look at it, the run, and the proof.
 * From a checkout: `node_modules/.bin/node examples/library.ts`. In a project of your own, import from "prepop".
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  apply,
  connectGraph,
  openLedger,
  PrepopError,
  plan,
  readRoster,
  startSandbox,
} from "../src/index.ts";

const home = await mkdtemp(join(tmpdir(), "prepop-library-"));
const sandbox = await startSandbox({
  users: ["adele.aldridge@contoso.com", "debra.aldridge@contoso.com", "johanna.aldridge@contoso.com"],
  quota: { writeBurst: 1, writePerSecond: 50 },
});
// Debra registered a phone herself: policy add keeps it.
sandbox.setPhone("debra.aldridge@contoso.com", "mobile", "+1 3125550199");

const graph = connectGraph({ origin: sandbox.url, token: sandbox.token });
const ledger = openLedger({ home });
const roster = await readRoster("examples/employees.xlsx");
try {
  const made = await plan(roster, { graph, tenantId: sandbox.tenantId, scope: { limit: 10 } });
  for (const change of made.changes()) console.log(change.kind, change.userPrincipalName, change.reason);

  // The digest binds what was looked at to what is applied.
  for await (const line of apply(made, { graph, ledger, digest: made.digest })) {
    switch (line.type) {
      case "issue":
        if (line.level === "warning") console.log(`row ${line.row}: ${line.code}`);
        break;
      case "outcome":
        console.log(`row ${line.row}: ${line.outcome}${line.code ? ` (${line.code})` : ""}`);
        break;
      case "error":
        console.error(line.code, line.hint);
        break;
      case "summary":
        console.log(
          `applied ${line.counts.applied}, skipped ${line.counts.skipped}, exit code ${line.exitCode}`,
        );
        break;
    }
  }
  made.close();

  const again = await plan(roster, { graph });
  console.log(`a second plan creates ${again.header.counts.create}`);
  again.close();
} catch (error) {
  if (!(error instanceof PrepopError)) throw error;
  console.error(error.code, error.message, error.hint);
  process.exitCode = error.exitCode;
} finally {
  await roster.close();
  ledger.close();
  await graph.close();
  await sandbox.close();
  await rm(home, { recursive: true, force: true });
}
