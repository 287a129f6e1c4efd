import { PrepopError } from "../../model/errors.ts";
import type { CommandSpec } from "../command.ts";
import { everywhere } from "../groups.ts";

const chunkChars = 65_536;

export const runsExport: CommandSpec = {
  name: "runs export",
  summary: "write the masked record of a run, sealed so that any change of it shows",
  arguments: [{ name: "<run>", summary: "its id, or the beginning of it" }],
  options: [{ flags: "--out <file>", summary: "where to write it" }, ...everywhere],
  examples: ["prepop runs export 3f2a --out run-3f2a.jsonl"],
  async run(call) {
    const { createHash } = await import("node:crypto");
    const { openOutput } = await import("../output.ts");
    const { openLedger } = await import("../../ledger/ledger.ts");
    const { homeFolder } = await import("../../ledger/home.ts");
    const { recordKey } = await import("../../ledger/recordKey.ts");
    const { recordLines, sealLine } = await import("../../report/runRecord.ts");
    const { writeRecord } = await import("../files.ts");
    const { recorded } = await import("../../engine/recorded.ts");
    const { ledgerSettings } = await import("./apply.ts");
    const { runNamed } = await import("./undo.ts");
    const output = openOutput(call, () => performance.now());
    const out = call.options.out as string | undefined;
    if (out === undefined) {
      throw new PrepopError("PREPOP_USAGE", {
        why: "`runs export` wants a file to write to",
        fix: "Say --out FILE.",
      });
    }
    const run = await runNamed(call);
    const { env, platform } = call.surroundings;
    const home = homeFolder(env, platform);
    const settings = ledgerSettings(call);
    const ledger = openLedger({ home, ...settings });
    try {
      const key = recordKey({ home, ...settings });
      const hmac = key.signature();
      const hash = createHash("sha256");
      let lines = 0;
      const record = async function* (): AsyncGenerator<string> {
        let chunk = "";
        const body = recordLines({
          run,
          counts: ledger.counts(run.id),
          outcomes: () => recorded(ledger, run.id),
          issues: () => ledger.issues(run.id),
        });
        for (const line of body) {
          lines++;
          hmac.update(line);
          hash.update(line);
          chunk += line;
          if (chunk.length < chunkChars) continue;
          yield chunk;
          chunk = "";
        }
        const seal = sealLine({ key: key.name, hmac: hmac.digest("hex") });
        hash.update(seal);
        yield chunk + seal;
      };
      await writeRecord(out, record());
      ledger.noteExport(run.id, hash.digest());
      const text = `The record of run ${run.id} is in ${out} (${lines} lines, numbers masked). \`prepop runs verify ${out}\` tells whether it was changed.`;
      await output.say(text);
      const summary = { run: run.id, out, planDigest: run.digest, lines, message: text };
      await output.line({ type: "summary", command: "runs export", exitCode: 0, ...summary });
      return 0;
    } finally {
      ledger.close();
    }
  },
};
