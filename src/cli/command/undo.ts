import type { UndoPlan } from "../../engine/undo.ts";
import type { Run } from "../../model/run.ts";
import type { Call, CommandSpec } from "../command.ts";
import { everywhere, guards, keeping, pace, tenant, writing } from "../groups.ts";
import type { Output } from "../output.ts";

export const undo: CommandSpec = {
  name: "undo",
  summary: "take a run back: numbers, SMS sign-in and default methods as they were before it",
  arguments: [{ name: "<run>", summary: "its id, or the beginning of it" }],
  options: [
    { flags: "--digest <digest>", summary: "refuse any other plan than the one with this digest" },
    { flags: "--report <file>", summary: "write the result as .xlsx, .csv, .json or .html" },
    ...guards,
    ...pace,
    ...keeping,
    ...writing,
    ...tenant,
    ...everywhere,
  ],
  examples: ["prepop undo 3f2a", "prepop undo 3f2a --yes --max-change 100% --report undone.xlsx"],
  async run(call) {
    const { openOutput } = await import("../output.ts");
    const { openEdges } = await import("../openEdges.ts");
    const { openLedger } = await import("../../ledger/ledger.ts");
    const { applyUndo, planUndo } = await import("../../engine/undo.ts");
    const { followRun, outcomesToCome } = await import("../runOutput.ts");
    const { ledgerSettings } = await import("./apply.ts");
    const { canAsk, keepNumbersMs, limitsOf, needYes, paceOf } = await import("../settings.ts");
    const output = openOutput(call, () => performance.now());
    const startedAt = performance.now();
    if (typeof call.options.report === "string") {
      const { runReportFormat } = await import("../files.ts");
      runReportFormat(call.options.report);
    }
    needYes(call);
    const run = await runNamed(call);
    const limits = limitsOf(call, canAsk(call));
    const digest = call.options.digest as string | undefined;
    const bound = digest === undefined ? {} : { digest };
    const open = await openEdges(call, output);
    try {
      const ledger = openLedger({ home: open.home, ...ledgerSettings(call) });
      try {
        const request = { run, ledger, limits, pace: paceOf(call), note: output.note };
        const made = await planUndo({ ...request, watch: output.progress }, open.edges);
        output.settle();
        try {
          let confirmed = limits;
          if (canAsk(call)) {
            const { askForPlan } = await import("../askForPlan.ts");
            const { leftWithoutMethod } = made;
            confirmed = await askForPlan({ call, output, plan: made, limits, leftWithoutMethod, ...bound });
          } else {
            await say(made, output);
          }
          const running = applyUndo(
            {
              ...request,
              plan: made,
              limits: confirmed,
              keepNumbersMs: keepNumbersMs(call),
              ...bound,
            },
            open.edges,
          );
          const { counts, findings } = made.header;
          const total = outcomesToCome(counts);
          const { leftWithoutMethod, methodsUnknown, smsUnknown = 0, defaultsKept = 0 } = findings;
          const told = { undoes: run.id, leftWithoutMethod, methodsUnknown, smsUnknown, defaultsKept };
          const planShown = canAsk(call);
          return await followRun({
            call,
            output,
            open,
            ledger,
            running,
            total,
            startedAt,
            told,
            planShown,
          });
        } finally {
          made.close();
        }
      } finally {
        ledger.close();
        await open.save();
      }
    } finally {
      await open.close();
    }
  },
};

/** The run that a command names, looked up without changing anything. @throws PrepopError PREPOP_RUN_NOT_FOUND */
export async function runNamed(call: Call): Promise<Run> {
  const { homeFolder } = await import("../../ledger/home.ts");
  const { openLedger } = await import("../../ledger/ledger.ts");
  const { PrepopError } = await import("../../model/errors.ts");
  const home = homeFolder(call.surroundings.env, call.surroundings.platform);
  const looking = openLedger({ home, readOnly: true });
  try {
    const [wanted = ""] = call.arguments;
    const run = looking.run(wanted);
    if (!run) throw new PrepopError("PREPOP_RUN_NOT_FOUND", { run: wanted });
    return run;
  } finally {
    looking.close();
  }
}

/** Where nobody is asked, what a person would read before a yes goes to stderr. */
async function say(plan: UndoPlan, output: Output): Promise<void> {
  const { planWarnings, traitsOf, undoNotes } = await import("../../report/planNotes.ts");
  const traits = traitsOf(plan.changes());
  for (const text of planWarnings(plan.header, traits, plan.leftWithoutMethod)) output.note(text);
  for (const text of undoNotes(plan.header)) output.note(text);
}
