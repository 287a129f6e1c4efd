import type { OpenPlan } from "../../engine/plan.ts";
import type { Roster } from "../../roster/open.ts";
import type { Call, CommandSpec } from "../command.ts";
import { directory, everywhere, guards, pace, policy, roster, scope, tenants } from "../groups.ts";
import type { OpenEdges } from "../openEdges.ts";
import type { Output } from "../output.ts";
import { typedPlan } from "../typed.ts";

export const plan: CommandSpec = {
  name: "plan",
  summary: "compare a roster with what Entra holds and show what would be done",
  arguments: [
    {
      name: "[roster]",
      summary:
        "a file (.xlsx, .csv, .tsv, .json, .ndjson), - for standard input, or a list in Microsoft 365 by its https address or drive:ID/item:ID",
    },
  ],
  options: [
    { flags: "--out <file>", summary: "save the plan, to be applied as it is (it holds full numbers)" },
    { flags: "--report <file>", summary: "write the plan as .xlsx, .csv, .html or .md" },
    ...policy,
    ...roster,
    ...directory,
    ...scope,
    ...guards,
    ...pace,
    ...tenants,
    ...everywhere,
  ],
  examples: [
    "prepop plan phones.xlsx --region NL",
    "prepop plan phones.xlsx --policy update --out tonight.plan",
    "prepop plan phones.xlsx --sandbox --report plan.html",
    "prepop plan --from profile --group Staff",
    'prepop plan "https://contoso.sharepoint.com/sites/hr/Shared Documents/phones.xlsx"',
  ],
  severalTenants: { writes: false },
  async run(call) {
    const { openOutput } = await import("../output.ts");
    const { keepHeapSmall } = await import("../smallHeap.ts");
    keepHeapSmall();
    const output = openOutput(call, () => performance.now());
    if (typeof call.options.report === "string") {
      const { planReportFormat } = await import("../files.ts");
      planReportFormat(call.options.report);
    }
    const { withPlanInput } = await import("../planInput.ts");
    return await withPlanInput(call, output, async (opened, open) => {
      const made = await makePlanOf(call, opened, open, output);
      try {
        return await showPlan(call, made, output);
      } finally {
        made.close();
      }
    });
  },
};

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
  const { out, report } = call.options as Readonly<Record<string, string | undefined>>;
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
      ...(findings.delivery === undefined ? {} : { delivery: findings.delivery }),
      notRead: findings.notRead ?? 0,
      methodsUnknown: findings.methodsUnknown,
      ...(findings.disabledUnknown === undefined ? {} : { disabledUnknown: findings.disabledUnknown }),
      leftWithoutMethod: findings.leftWithoutMethod,
      ...(header.fromProfile ? { fromProfile: header.fromProfile } : {}),
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
  };
  for (const line of planText(made, view)) await output.say(line);
  if (out !== undefined)
    await output.say(
      `Saved to ${out}. It holds full phone numbers: keep it private and delete it after use.`,
    );
  if (report !== undefined) await output.say(`Report: ${report}`);
  return exitCode;
}

/** What a person would type now: the same list with the same options, or the plan that was saved. */
function nextCommand(call: Call, exitCode: number, out: string | undefined): string | undefined {
  if (exitCode !== 2) return undefined;
  if (out === undefined) return `prepop apply ${typedPlan(call)}`;
  return `prepop apply ${typedPlan({ ...call, arguments: [out], options: tenantOptions(call) })}`;
}

/** A saved plan takes nothing that shapes a plan, but it has to find its tenant. */
function tenantOptions({ options: { sandbox, cloud, profile } }: Call): Call["options"] {
  return { sandbox, cloud, profile };
}
