import type { CommandSpec } from "../command.ts";
import { everywhere, pace } from "../groups.ts";

export const runsEnd: CommandSpec = {
  name: "runs end",
  summary: "stop an interrupted run for good, so that it can be undone but not resumed",
  arguments: [{ name: "<run>", summary: "its id, or the beginning of it" }],
  options: [...pace.filter(({ flags }) => flags.startsWith("--lock-timeout")), ...everywhere],
  examples: ["prepop runs end 3f2a"],
  async run(call) {
    const { openOutput } = await import("../output.ts");
    const { openLedger } = await import("../../ledger/ledger.ts");
    const { homeFolder } = await import("../../ledger/home.ts");
    const { isOver, stopRun } = await import("../../engine/stopRun.ts");
    const { systemClock } = await import("../../engine/clock.ts");
    const { ledgerSettings } = await import("./apply.ts");
    const { runNamed } = await import("./undo.ts");
    const output = openOutput(call, () => performance.now());
    const run = await runNamed(call);
    const { clock = systemClock, env, platform, signal } = call.surroundings;
    const ledger = openLedger({ home: homeFolder(env, platform), ...ledgerSettings(call) });
    try {
      const over = isOver(run);
      if (!over) await stopRun(run, ledger, { clock, signal });
      const state = ledger.run(run.id)?.state ?? run.state;
      const { open, ...counts } = ledger.counts(run.id);
      const text = over
        ? `Run ${run.id} is at its end already.`
        : `Run ${run.id} is stopped for good: ${counts.applied} changes applied and stand, ${counts.skipped} were not sent, ${counts.inDoubt} are in doubt. \`prepop undo ${run.id}\` takes it back.`;
      await output.say(text);
      const summary = { run: run.id, state, counts, open, message: text };
      await output.line({ type: "summary", command: "runs end", exitCode: 0, ...summary });
      return 0;
    } finally {
      ledger.close();
    }
  },
};
