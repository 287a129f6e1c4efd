import { PrepopError } from "../../model/errors.ts";
import type { Run } from "../../model/run.ts";
import type { Call, CommandSpec } from "../command.ts";
import { everywhere, guards, pace, tenants, writing } from "../groups.ts";

export const resume: CommandSpec = {
  name: "resume",
  summary: "go on with an interrupted run, and settle what is in doubt",
  arguments: [
    { name: "[run]", summary: "its id, or the beginning of it (default: the newest interrupted run)" },
  ],
  options: [
    { flags: "--report <file>", summary: "write the result as .xlsx, .csv, .json or .html" },
    ...guards,
    ...pace,
    ...writing,
    ...tenants,
    ...everywhere,
  ],
  examples: ["prepop resume", "prepop resume 3f2a --report result.xlsx"],
  severalTenants: { writes: true },
  async run(call) {
    const { openOutput } = await import("../output.ts");
    const { openEdges } = await import("../openEdges.ts");
    const { openLedger } = await import("../../ledger/ledger.ts");
    const { isResumable, resumeRun } = await import("../../engine/resume.ts");
    const { followRun } = await import("../runOutput.ts");
    const { ledgerSettings } = await import("./apply.ts");
    const { canAsk, limitsOf, needYes, paceOf } = await import("../settings.ts");
    const { homeFolder } = await import("../../ledger/home.ts");
    const output = openOutput(call, () => performance.now());
    const startedAt = performance.now();
    const home = homeFolder(call.surroundings.env, call.surroundings.platform);
    const looking = openLedger({ home, readOnly: true });
    const [wanted] = call.arguments;
    const tenantId = await tenantNamed(call, home);
    const found = wanted === undefined ? firstOpen(looking.runs(), tenantId) : looking.run(wanted);
    const resumable = found !== undefined && isResumable(found, looking.counts(found.id));
    looking.close();
    if (wanted !== undefined && !found) throw new PrepopError("PREPOP_RUN_NOT_FOUND", { run: wanted });
    if (!resumable) {
      const text = found
        ? `Run ${found.id} is finished; there is nothing to resume.`
        : `There is nothing to resume${tenantId === undefined ? "" : ` in ${String(call.options.profile)}`}.`;
      await output.say(text);
      const counts = { applied: 0, alreadySo: 0, refused: 0, failed: 0, inDoubt: 0, skipped: 0, issues: 0 };
      await output.line({
        type: "summary",
        command: "resume",
        exitCode: 0,
        run: found?.id ?? null,
        counts,
        message: text,
      });
      return 0;
    }
    needYes(call);
    const open = await openEdges(call, output);
    try {
      const ledger = openLedger({ home, ...ledgerSettings(call) });
      try {
        const limits = limitsOf(call, canAsk(call));
        const running = resumeRun({ run: found, ledger, limits, pace: paceOf(call) }, open.edges);
        const { open: unsent, inDoubt } = ledger.counts(found.id);
        const total = unsent + inDoubt;
        return await followRun({ call, output, open, ledger, running, total, startedAt });
      } finally {
        ledger.close();
        await open.save();
      }
    } finally {
      await open.close();
    }
  },
};

/** The tenant of the profile that was named: then only its runs are meant. */
async function tenantNamed(call: Call, home: string): Promise<string | undefined> {
  if (call.options.profile === undefined) return undefined;
  const { profileInUse } = await import("../signIn.ts");
  return (await profileInUse(call, home))?.tenantId.toLowerCase();
}

function firstOpen(runs: Iterable<Run>, tenantId: string | undefined): Run | undefined {
  for (const run of runs) {
    if (tenantId !== undefined && run.tenant.id.toLowerCase() !== tenantId) continue;
    if (run.state === "open" || run.state === "interrupted" || run.state === "inDoubt") return run;
  }
  return undefined;
}
