import type { OpenPlan } from "../../engine/plan.ts";
import { PrepopError } from "../../model/errors.ts";
import type { Roster } from "../../roster/open.ts";
import type { Call, CommandSpec } from "../command.ts";
import { everywhere, guards, pace, policy, roster, scope, tenant } from "../groups.ts";
import type { OpenEdges } from "../openEdges.ts";
import type { Output } from "../output.ts";

export const plan: CommandSpec = {
  name: "plan",
  summary: "compare a roster with what Entra holds and show what would be done",
  arguments: [
    { name: "<roster>", summary: "an .xlsx, .csv, .tsv, .json or .ndjson file; - for standard input" },
  ],
  options: [
    { flags: "--out <file>", summary: "save the plan, to be applied as it is (it holds full numbers)" },
    { flags: "--report <file>", summary: "write the plan as .xlsx, .csv, .html or .md" },
    ...policy,
    ...roster,
    ...scope,
    ...guards,
    ...pace,
    ...tenant,
    ...everywhere,
  ],
  examples: [
    "prepop plan phones.xlsx --region NL",
    "prepop plan phones.xlsx --policy update --out tonight.plan",
    "prepop plan phones.xlsx --sandbox --report plan.html",
  ],
  async run(call) {
    const { openOutput } = await import("../output.ts");
    const { openEdges } = await import("../openEdges.ts");
    const { scopeOf, planOptions } = await import("../settings.ts");
    const output = openOutput(call, () => performance.now());
    planOptions(call);
    scopeOf(call);
    if (typeof call.options.report === "string") {
      const { planReportFormat } = await import("../files.ts");
      planReportFormat(call.options.report);
    }
    // The roster comes first: a file that cannot be used is told without a sign-in.
    return await withPlanRoster(call, async opened => {
      const open = await openEdges(call, output);
      try {
        const made = await makePlanOf(call, opened, open, output);
        try {
          return await showPlan(call, made, output);
        } finally {
          made.close();
        }
      } finally {
        await open.close();
      }
    });
  },
};

/** Opens the roster of a call that plans, with what its policy needs of it. */
export async function withPlanRoster<Result>(
  call: Call,
  use: (roster: Roster) => Promise<Result>,
): Promise<Result> {
  const { withRoster } = await import("../openInput.ts");
  const { planOptions, rosterOptions } = await import("../settings.ts");
  const options = planOptions(call);
  const reading = { ...rosterOptions(call), requirePhones: options.policy !== "remove" };
  return await withRoster(call, reading, async opened => {
    requireTypes(options, opened.columns);
    return await use(opened);
  });
}

/** Makes the plan that the call's options ask for of its roster. */
export async function makePlanOf(
  call: Call,
  opened: Roster,
  open: OpenEdges,
  output: Output,
): Promise<OpenPlan> {
  const { makePlan } = await import("../../engine/plan.ts");
  const { maxAgeMs, paceOf, planOptions, rosterOptions, scopeOf } = await import("../settings.ts");
  const { optionsHash } = await import("../optionsHash.ts");
  const { usersUnderWay } = await import("../../engine/run.ts");
  const pacing = paceOf(call);
  const made = await makePlan(
    {
      roster: opened,
      rosterOptions: rosterOptions(call),
      scope: scopeOf(call),
      options: planOptions(call),
      concurrency: usersUnderWay(pacing),
      maxWaitMs: pacing.maxWaitMs,
      maxAgeMs: maxAgeMs(call.options),
      optionsHash: optionsHash(call),
      watch: progress => output.progress(progress),
      ...(open.seed ? { seed: open.seed } : {}),
    },
    open.edges,
  );
  output.settle();
  return made;
}

/** Shows, saves and reports a plan; returns the exit code. */
async function showPlan(call: Call, made: OpenPlan, output: Output): Promise<number> {
  const { planExitCode } = await import("../../decide/verdict.ts");
  const { changeLine, issueLine } = await import("../../report/jsonLines.ts");
  const { planText } = await import("../../report/planText.ts");
  const { savePlan, writeReport } = await import("../files.ts");
  const { header, digest } = made;
  const exitCode = planExitCode(header.counts);
  const { out, report, cloud } = call.options as Readonly<Record<string, string | undefined>>;
  if (out !== undefined) await savePlan(made, out);
  if (report !== undefined) await writeReport({ kind: "plan", plan: made }, report, output.showNumbers);

  if (output.json) {
    for (const issue of made.issues()) await output.line(issueLine(issue, output.showNumbers));
    for (const change of made.changes()) await output.line(changeLine(change, output.showNumbers));
    const { id, tenantId, counts, findings, policy, smsSignIn, expiresAt } = header;
    await output.line({
      type: "summary",
      command: "plan",
      exitCode,
      plan: id,
      tenantId,
      tenant: header.tenant,
      policy,
      smsSignIn,
      digest,
      expiresAt,
      masked: findings.masked,
      maskedFits: findings.maskedFits,
      ...(findings.smsSideEffect === undefined ? {} : { smsSideEffect: findings.smsSideEffect }),
      notRead: findings.notRead ?? 0,
      methodsUnknown: findings.methodsUnknown,
      leftWithoutMethod: findings.leftWithoutMethod,
      counts,
      ...(out === undefined ? {} : { out }),
      ...(report === undefined ? {} : { report }),
    });
    return exitCode;
  }
  const { width, color, showNumbers } = output;
  const next = nextCommand(call, exitCode, out);
  const view = {
    width,
    color,
    showNumbers,
    ...(next ? { next } : {}),
    ...(cloud ? { cloud: cloud as "global" } : {}),
  };
  for (const line of planText(made, view)) await output.say(line);
  if (out !== undefined)
    await output.say(
      `Saved to ${out}. It holds full phone numbers: keep it private and delete it after use.`,
    );
  if (report !== undefined) await output.say(`Report: ${report}`);
  return exitCode;
}

function nextCommand(call: Call, exitCode: number, out: string | undefined): string | undefined {
  if (exitCode !== 2) return undefined;
  const sandbox = call.options.sandbox === true ? " --sandbox" : "";
  if (out !== undefined) return `prepop apply ${out}${sandbox}`;
  const policy = call.options.policy === undefined ? "" : ` --policy ${String(call.options.policy)}`;
  const region = call.options.region === undefined ? "" : ` --region ${String(call.options.region)}`;
  return `prepop apply ${call.arguments[0] ?? "-"}${region}${policy}${sandbox}`;
}

function requireTypes(
  options: { readonly policy: string; readonly types?: readonly string[] },
  columns: Readonly<Record<string, unknown>>,
): void {
  const { mobile, alternateMobile, office } = columns;
  const phones = mobile !== undefined || alternateMobile !== undefined || office !== undefined;
  if (options.policy === "remove" && !phones && !options.types)
    throw new PrepopError("PREPOP_ROSTER_TYPES_NEEDED");
}
