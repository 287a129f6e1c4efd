import { PrepopError } from "../../model/errors.ts";
import type { Call, CommandSpec } from "../command.ts";
import { everywhere } from "../groups.ts";

export const runs: CommandSpec = {
  name: "runs",
  summary: "list the runs that the ledger remembers",
  arguments: [],
  options: everywhere,
  examples: ["prepop runs", "prepop runs show 3f2a"],
  async run(call) {
    const { output, ledger } = await openToRead(call);
    const { runsText } = await import("../../report/runsText.ts");
    const all = [...ledger.runs()];
    for (const run of all) {
      await output.line({
        type: "run",
        id: run.id,
        when: new Date(run.startedAt).toISOString(),
        command: run.command,
        source: run.source,
        actor: run.actor,
        tenant: run.tenant,
        policy: run.policy,
        counts: run.counts,
        state: run.state,
        undoes: run.undoes ?? null,
        forgottenAt: run.forgottenAt === undefined ? null : new Date(run.forgottenAt).toISOString(),
      });
    }
    for (const line of runsText(all, output)) await output.say(line);
    await output.line({ type: "summary", command: "runs", exitCode: 0, runs: all.length });
    ledger.close();
    return 0;
  },
};

export const runsShow: CommandSpec = {
  name: "runs show",
  summary: "show what came of every change of a run",
  arguments: [{ name: "<run>", summary: "its id, or the beginning of it" }],
  options: [{ flags: "--report <file>", summary: "write it as .xlsx, .csv, .json or .html" }, ...everywhere],
  examples: ["prepop runs show 3f2a", "prepop runs show 3f2a --report result.html"],
  async run(call) {
    const { output, ledger } = await openToRead(call);
    try {
      const { outcomeLine } = await import("../../report/jsonLines.ts");
      const { runText } = await import("../../report/runText.ts");
      const { recorded } = await import("../../engine/recorded.ts");
      const wanted = call.arguments[0] ?? "";
      const run = ledger.run(wanted);
      if (!run) throw new PrepopError("PREPOP_RUN_NOT_FOUND", { run: wanted });
      const { open, ...counts } = ledger.counts(run.id);
      const report = call.options.report as string | undefined;
      const result = {
        run,
        counts,
        open,
        seconds: Math.max(0, (run.endedAt ?? run.startedAt) - run.startedAt) / 1_000,
        requests: 0,
        writes: 0,
        throttled: 0,
        ...(report === undefined ? {} : { report }),
        outcomes: () => recorded(ledger, run.id),
        issues: () => ledger.issues(run.id),
      };
      if (report !== undefined) {
        const { writeReport } = await import("../files.ts");
        await writeReport({ kind: "run", result }, report, output.showNumbers);
      }
      if (output.json) {
        for (const { entry, ...outcome } of recorded(ledger, run.id)) {
          await output.line(outcomeLine(entry, outcome, output.showNumbers));
        }
        const { id, state } = run;
        await output.line({
          type: "summary",
          command: "runs show",
          exitCode: 0,
          run: id,
          state,
          counts,
          open,
        });
      } else {
        const { width, color, showNumbers } = output;
        for (const line of runText(result, { width, color, showNumbers })) await output.say(line);
      }
      return 0;
    } finally {
      ledger.close();
    }
  },
};

async function openToRead(call: Call) {
  const { openOutput } = await import("../output.ts");
  const { openLedger } = await import("../../ledger/ledger.ts");
  const { homeFolder } = await import("../../ledger/home.ts");
  const { ledgerSettings } = await import("./apply.ts");
  const home = homeFolder(call.surroundings.env, call.surroundings.platform);
  const output = openOutput(call, () => performance.now());
  return { output, ledger: openLedger({ home, readOnly: true, ...ledgerSettings(call) }) };
}
