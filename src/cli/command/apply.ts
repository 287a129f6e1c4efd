import type { OpenPlan } from "../../engine/plan.ts";
import { PrepopError } from "../../model/errors.ts";
import type { Roster } from "../../roster/open.ts";
import type { Call, CommandSpec } from "../command.ts";
import type { ApplyCall } from "../continueRun.ts";
import {
  directory,
  everywhere,
  guards,
  keeping,
  pace,
  policy,
  roster,
  scope,
  tenants,
  writing,
} from "../groups.ts";
import type { OpenEdges } from "../openEdges.ts";
import { camelCase, typedPlan } from "../typed.ts";
import type { WriteBack } from "../writeBack.ts";

export const apply: CommandSpec = {
  name: "apply",
  summary: "do what a plan says: from a roster, or from a saved plan",
  arguments: [
    {
      name: "[roster|plan]",
      summary: "a roster (a file or an address), or a file that `prepop plan --out` saved",
    },
  ],
  options: [
    { flags: "--digest <digest>", summary: "refuse any other plan than the one with this digest" },
    { flags: "--report <file>", summary: "write the result as .xlsx, .csv, .json or .html" },
    {
      flags: "--write-back",
      summary: "write each row's outcome into the list in Microsoft 365, or save a report beside it",
    },
    ...policy,
    ...roster,
    ...directory,
    ...scope,
    ...guards,
    ...pace,
    ...keeping,
    ...writing,
    ...tenants,
    ...everywhere,
  ],
  examples: [
    "prepop apply phones.xlsx --region NL",
    "prepop apply tonight.plan --yes --report result.xlsx",
    "prepop apply phones.xlsx --limit 25 --exclude-admins",
    "prepop apply --from profile --group Staff",
    'prepop apply "https://contoso.sharepoint.com/:x:/s/hr/EaBcD" --write-back',
  ],
  severalTenants: { writes: true },
  async run(call) {
    const { needYes, canAsk, limitsOf, planOptions } = await import("../settings.ts");
    const { profileOptions } = await import("../profileOptions.ts");
    const { openOutput } = await import("../output.ts");
    const { isSavedPlan } = await import("../savedPlanFile.ts");
    const output = openOutput(call, () => performance.now());
    const [named] = call.arguments;
    const saved = named !== undefined && (await isSavedPlan(named));
    const { refuseWriteBack } = await import("../writeBack.ts");
    refuseWriteBack(call, saved);
    if (saved) refuseOptions(call);
    else profileOptions(call);
    planOptions(call);
    if (typeof call.options.report === "string") {
      const { runReportFormat } = await import("../files.ts");
      runReportFormat(call.options.report);
    }
    if (named === "-" && call.options.yes !== true) {
      throw new PrepopError("PREPOP_USAGE_NEEDS_YES", { command: "prepop apply -" });
    }
    needYes(call);
    const limits = limitsOf(call, canAsk(call));
    const startedAt = performance.now();
    const { withEdges, withPlanInput } = await import("../planInput.ts");
    const ledgerOf = (open: OpenEdges, use: (request: ApplyCall) => Promise<number>) =>
      withLedger({ call, output, open, limits, startedAt, ...(saved ? {} : { list: typedPlan(call) }) }, use);
    if (!saved) {
      return await withPlanInput(call, output, (opened, open) =>
        ledgerOf(open, request => applyRoster(opened, request)),
      );
    }
    // What is to be applied comes first: what cannot be used is told without a sign-in.
    const { openPlanFile } = await import("../savedPlanFile.ts");
    const { systemClock } = await import("../../engine/clock.ts");
    const { clock = systemClock } = call.surroundings;
    const made = await openPlanFile(named, limits.maxAgeMs, clock.wall());
    try {
      return await withEdges(call, output, open => ledgerOf(open, request => applySaved(made, request)));
    } finally {
      made.close();
    }
  },
};

/** Opens the ledger for one apply, and closes it whatever happens. */
async function withLedger(
  given: Omit<ApplyCall, "ledger" | "pace">,
  use: (request: ApplyCall) => Promise<number>,
): Promise<number> {
  const { openLedger } = await import("../../ledger/ledger.ts");
  const { paceOf } = await import("../settings.ts");
  const { call, open } = given;
  const ledger = openLedger({ home: open.home, ...ledgerSettings(call) });
  try {
    return await use({ ...given, ledger, pace: paceOf(call) });
  } finally {
    ledger.close();
    await open.save();
  }
}

/** How the ledger of this call is opened. */
export function ledgerSettings(call: Call): {
  readonly key?: string;
  readonly lockTimeoutMs?: number;
  readonly now?: () => number;
} {
  const { clock } = call.surroundings;
  const key = call.surroundings.env.PREPOP_LEDGER_KEY;
  const lockTimeoutMs = call.options.lockTimeout as number | undefined;
  return {
    ...(key ? { key } : {}),
    ...(lockTimeoutMs === undefined ? {} : { lockTimeoutMs }),
    ...(clock ? { now: () => clock.wall() } : {}),
  };
}

async function applyRoster(opened: Roster, request: ApplyCall): Promise<number> {
  const { call, output, open } = request;
  const { continueRun, writeBackFor } = await import("../continueRun.ts");
  const continued = await continueRun(opened, request);
  if (continued !== undefined) return continued;
  const { makePlanOf } = await import("./plan.ts");
  const made = await makePlanOf(call, opened, open, output);
  try {
    return await applyMade(made, request, await writeBackFor(opened, request));
  } finally {
    made.close();
  }
}

async function applySaved(made: OpenPlan, request: ApplyCall): Promise<number> {
  const { open, pace: pacing } = request;
  const { needSmsActions } = await import("../openEdges.ts");
  if (made.header.smsSignIn !== "leave") {
    needSmsActions(open.edges.cloud ?? "global", "Make the plan again without --sms-sign-in.");
  }
  const { proveTenant } = await import("../../engine/savedPlan.ts");
  const { patienceFor } = await import("../../engine/plan.ts");
  await proveTenant(made, open.edges, patienceFor(open.edges, pacing.maxWaitMs));
  return await applyMade(made, request);
}

async function applyMade(made: OpenPlan, request: ApplyCall, writeBack?: WriteBack): Promise<number> {
  const { call, output, open, ledger, limits, pace: pacing, startedAt, list } = request;
  const { applyPlan } = await import("../../engine/apply.ts");
  const { issueLine } = await import("../../report/jsonLines.ts");
  const { followRun, outcomesToCome } = await import("../runOutput.ts");
  const { canAsk, keepNumbersMs } = await import("../settings.ts");
  const digest = call.options.digest as string | undefined;
  for (const issue of made.issues()) await output.line(issueLine(issue, output.showNumbers));

  let confirmed = limits;
  if (canAsk(call)) {
    const { askForPlan } = await import("../askForPlan.ts");
    confirmed = await askForPlan({ call, output, plan: made, limits, ...(digest ? { digest } : {}) });
  } else {
    // Where nobody is asked, what a person would read before a yes goes to stderr.
    const { planWarnings, traitsOf } = await import("../../report/planNotes.ts");
    for (const text of planWarnings(made.header, traitsOf(made.changes()))) output.note(text);
  }
  const running = applyPlan(
    {
      plan: made,
      ledger,
      limits: confirmed,
      pace: pacing,
      command: "apply",
      keepNumbersMs: keepNumbersMs(call),
      ...(digest ? { digest } : {}),
    },
    open.edges,
  );
  const total = outcomesToCome(made.header.counts);
  const planShown = canAsk(call);
  return await followRun({
    call,
    output,
    open,
    ledger,
    running,
    total,
    startedAt,
    planShown,
    writeBack,
    ...(list === undefined ? {} : { list }),
  });
}

/** A saved plan is applied as it is: what would shape a plan does not go with it. */
export function refuseOptions(call: Call): void {
  const shaping = [...policy, ...roster, ...directory, ...scope].map(
    ({ flags }) => flags.split(" ")[0] ?? "",
  );
  const given = shaping.filter(flag => call.options[camelCase(flag)] !== undefined);
  if (given.length === 0) return;
  throw new PrepopError("PREPOP_USAGE", {
    why: `${given.join(", ")} cannot go with a saved plan, which is applied as it is`,
    fix: "Leave it out, or make another plan with `prepop plan`.",
  });
}
