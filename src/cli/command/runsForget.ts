import type { Ledger } from "../../ledger/ledger.ts";
import { PrepopError } from "../../model/errors.ts";
import type { Run } from "../../model/run.ts";
import type { Call, CommandSpec } from "../command.ts";
import { everywhere, pace, writing } from "../groups.ts";
import { duration } from "../option.ts";

export const runsForget: CommandSpec = {
  name: "runs forget",
  summary: "remove the numbers of finished runs from the ledger; what came of them stays",
  arguments: [{ name: "[run]", summary: "its id, or the beginning of it" }],
  options: [
    {
      flags: "--older-than <duration>",
      summary: "every finished run that started longer ago, for example 30d",
      parse: duration,
    },
    ...pace.filter(({ flags }) => flags.startsWith("--lock-timeout")),
    ...writing,
    ...everywhere,
  ],
  examples: ["prepop runs forget 3f2a", "prepop runs forget --older-than 30d --yes"],
  async run(call) {
    const { openOutput } = await import("../output.ts");
    const { openLedger } = await import("../../ledger/ledger.ts");
    const { homeFolder } = await import("../../ledger/home.ts");
    const { ledgerSettings } = await import("./apply.ts");
    const { canAsk, needYes } = await import("../settings.ts");
    const { systemClock } = await import("../../engine/clock.ts");
    const { lockTenant } = await import("../../engine/inLine.ts");
    const output = openOutput(call, () => performance.now());
    const { clock = systemClock, env, platform, signal } = call.surroundings;
    const home = homeFolder(env, platform);
    refuseUsage(call);
    needYes(call);
    const looking = openLedger({ home, readOnly: true });
    let found: readonly Run[];
    try {
      found = await chosen(call, looking);
    } finally {
      looking.close();
    }
    if (found.length > 0 && canAsk(call)) {
      const { ask } = await import("../askForPlan.ts");
      const question = `Remove the numbers of ${named(found)} for good? It cannot be undone afterwards. [y/N] `;
      const typed = (await ask(call, question)).trim().toLowerCase();
      if (typed !== "y" && typed !== "yes") throw new PrepopError("PREPOP_GUARD_DECLINED", { wanted: "yes" });
    }
    const ledger = found.length > 0 ? openLedger({ home, ...ledgerSettings(call) }) : undefined;
    try {
      for (const run of found) {
        const lock = ledger && (await lockTenant(ledger, run.tenant.id, { clock, signal }));
        try {
          ledger?.forget(run.id);
        } finally {
          lock?.release();
        }
        await output.line({ type: "run", id: run.id, state: run.state, forgotten: true });
      }
    } finally {
      ledger?.close();
    }
    const text =
      found.length === 0
        ? "There are no numbers to remove."
        : `The numbers of ${named(found)} are removed. Outcomes, times and request-ids stay.`;
    await output.say(text);
    const summary = { runs: found.length, message: text };
    await output.line({ type: "summary", command: "runs forget", exitCode: 0, ...summary });
    return 0;
  },
};

function refuseUsage(call: Call): void {
  if ((call.arguments[0] === undefined) !== (call.options.olderThan === undefined)) return;
  throw new PrepopError("PREPOP_USAGE", {
    why: "`runs forget` wants to know which runs, in one way",
    fix: "Name a run, or say --older-than 30d.",
  });
}

async function chosen(call: Call, ledger: Ledger): Promise<readonly Run[]> {
  const { systemClock } = await import("../../engine/clock.ts");
  const { clock = systemClock } = call.surroundings;
  const [wanted] = call.arguments;
  if (wanted === undefined) return ledger.runsToForget(clock.wall() - Number(call.options.olderThan));
  const run = ledger.run(wanted);
  if (!run) throw new PrepopError("PREPOP_RUN_NOT_FOUND", { run: wanted });
  if (run.state === "open" || run.state === "interrupted" || run.state === "inDoubt") {
    const { open, inDoubt } = ledger.counts(run.id);
    throw new PrepopError("PREPOP_RUN_NOT_ENDED", { run: run.id, open: open + inDoubt, what: "forgotten" });
  }
  return run.forgottenAt === undefined ? [run] : [];
}

function named(runs: readonly Run[]): string {
  const [only] = runs;
  return runs.length === 1 && only ? `run ${only.id}` : `${runs.length} runs`;
}
