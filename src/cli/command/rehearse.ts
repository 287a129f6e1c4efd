import { InvalidArgumentError } from "commander";
import type { OpenPlan } from "../../engine/plan.ts";
import type { Conditions, Rehearsal } from "../../engine/rehearse.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Limits } from "../../model/options.ts";
import type { Call, CommandSpec } from "../command.ts";
import { directory, everywhere, guards, pace, policy, roster, scope, tenants } from "../groups.ts";
import { notNegative, type OptionSpec } from "../option.ts";
import type { Output } from "../output.ts";

const conditions: readonly OptionSpec[] = [
  {
    flags: "--quota <burst,persecond>",
    summary: "writes at once and writes a second after that, documented or none (default: documented)",
    parse: quota,
  },
  {
    flags: "--faults <kind[:probability],...>",
    summary: "what goes wrong, for example committedThen504:0.01 (default: nothing)",
    parse: faults,
  },
  {
    flags: "--latency <ms>",
    summary: "how long an answer takes (default: as the tenant answers now; 150 for a saved plan)",
    parse: notNegative,
  },
];

export const rehearse: CommandSpec = {
  name: "rehearse",
  summary: "apply a plan to an invented copy of the tenant and say what the run is to expect",
  arguments: [{ name: "[roster|plan]", summary: "a roster, or a file that `prepop plan --out` saved" }],
  options: [
    ...conditions,
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
    "prepop rehearse phones.xlsx --region NL",
    "prepop rehearse tonight.plan --quota 150,20 --latency 400",
    "prepop rehearse phones.xlsx --faults throttled:0.02,committedThen504:0.01",
  ],
  severalTenants: { writes: false },
  async run(call) {
    const { openOutput } = await import("../output.ts");
    const { isSavedPlan } = await import("../savedPlanFile.ts");
    const output = openOutput(call, () => performance.now());
    const rules = await faultRulesOf(call);
    if (await isSavedPlan(call.arguments[0] ?? "-")) {
      const { refuseOptions } = await import("./apply.ts");
      const { openPlanFile } = await import("../savedPlanFile.ts");
      const { maxAgeMs } = await import("../settings.ts");
      refuseOptions(call);
      const made = await openPlanFile(call.arguments[0] ?? "", maxAgeMs(call.options), Date.now());
      try {
        const before = { requests: 0, seconds: 0 };
        return await perform({ call, output, made, before, conditions: conditionsOf(call, rules) });
      } finally {
        made.close();
      }
    }
    return await rehearseRoster(call, output, rules);
  },
};

type FaultRules = Conditions["faults"];

/** Plans against the tenant as apply would, then lets go of it. */
async function rehearseRoster(call: Call, output: Output, rules: FaultRules): Promise<number> {
  const { makePlanOf } = await import("./plan.ts");
  const { withPlanInput } = await import("../planInput.ts");
  const { measureLatency } = await import("../../engine/rehearse.ts");
  return await withPlanInput(call, output, async (opened, open) => {
    const { clock, graph } = open.edges;
    const startedAt = clock.now();
    const made = await makePlanOf(call, opened, open, output);
    try {
      const before = { requests: graph.stats().requests, seconds: (clock.now() - startedAt) / 1_000 };
      const asks = call.options.latency === undefined;
      const measured = asks ? await measureLatency(made, open.edges) : undefined;
      return await perform({ call, output, made, before, conditions: conditionsOf(call, rules, measured) });
    } finally {
      made.close();
    }
  });
}

type Performance = {
  readonly call: Call;
  readonly output: Output;
  readonly made: OpenPlan;
  /** What making the plan took: a run of this roster makes it once more. */
  readonly before: { readonly requests: number; readonly seconds: number };
  readonly conditions: Conditions;
};

/** Rehearses a plan with a ledger that is thrown away, says what came of it and returns the exit code. */
async function perform({ call, output, made, before, conditions }: Performance): Promise<number> {
  const { stopError } = await import("../../engine/stopError.ts");
  const { runExitCode } = await import("../../decide/verdict.ts");
  const { rehearsalText } = await import("../../report/rehearsalText.ts");
  const rehearsed = await withThrownAwayLedger(ledger => follow({ call, output, made, ledger, conditions }));
  const { end, requests, writes, throttled } = rehearsed;
  // A rehearsal that was interrupted leaves nothing to go on with.
  const stopped = end.stop?.kind === "interrupted" ? undefined : stopError(end, Date.now());
  const exitCode = end.stop ? (stopped?.exitCode ?? 130) : runExitCode(end.counts);
  const { quota: limit, latencyMs } = conditions;
  const expected = {
    planSeconds: rounded(before.seconds),
    runSeconds: rounded(rehearsed.seconds),
    seconds: rounded(before.seconds + rehearsed.seconds),
    requests: before.requests + requests,
    writes,
    throttled,
    counts: end.counts,
  };
  const assumed = {
    quota: limit ?? null,
    latencyMs: rounded(latencyMs),
    faults: conditions.faults.map(({ kind, probability = 1 }) => ({ kind, probability })),
  };
  if (output.json) {
    if (stopped) {
      const { code, message, hint } = stopped;
      await output.line({ type: "error", code, message, hint });
    }
    await output.line({
      type: "summary",
      command: "rehearse",
      exitCode,
      plan: made.header.id,
      tenantId: made.header.tenantId,
      digest: made.digest,
      ...expected,
      ...assumed,
    });
    return exitCode;
  }
  const { width, color, showNumbers } = output;
  const view = { tenant: made.header.tenant, source: made.header.source, open: end.open, expected, assumed };
  for (const line of rehearsalText(view, { width, color, showNumbers })) await output.say(line);
  if (stopped) output.note(`${stopped.message}\n${stopped.hint}`);
  return exitCode;
}

async function follow({
  call,
  output,
  made,
  ledger,
  conditions,
}: Omit<Performance, "before"> & { readonly ledger: Ledger }): Promise<Rehearsal> {
  const { randomUUID } = await import("node:crypto");
  const { systemClock } = await import("../../engine/clock.ts");
  const { rehearse: start } = await import("../../engine/rehearse.ts");
  const { paceOf } = await import("../settings.ts");
  const { signal, clock = systemClock } = call.surroundings;
  const running = start(
    { plan: made, ledger, limits: await limitsFor(call, made), pace: paceOf(call), conditions },
    { clock, random: Math.random, newId: randomUUID, signal },
  );
  let done = 0;
  let next = await running.next();
  for (; !next.done; next = await running.next()) output.progress({ phase: "writing", done: ++done });
  output.settle();
  return next.value;
}

/** Where apply would ask a person for the domain, the rehearsal takes it as given. */
async function limitsFor(call: Call, made: OpenPlan): Promise<Limits> {
  const { needsConfirmation } = await import("../../decide/guard.ts");
  const { canAsk, limitsOf } = await import("../settings.ts");
  const asks = canAsk(call);
  const limits = limitsOf(call, asks);
  const wanted = needsConfirmation(made.header);
  return asks && wanted !== undefined ? { ...limits, confirmTenant: wanted } : limits;
}

/** Lends a ledger in a folder of its own, which only this user can read; folder and key are gone afterwards. */
async function withThrownAwayLedger<Result>(use: (ledger: Ledger) => Promise<Result>): Promise<Result> {
  const { randomBytes } = await import("node:crypto");
  const { mkdtemp, rm } = await import("node:fs/promises");
  const { tmpdir } = await import("node:os");
  const { join } = await import("node:path");
  const { openLedger } = await import("../../ledger/ledger.ts");
  const home = await mkdtemp(join(tmpdir(), "prepop-rehearsal-"));
  try {
    const ledger = openLedger({ home, key: randomBytes(32).toString("base64") });
    try {
      return await use(ledger);
    } finally {
      ledger.close();
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** A saved plan is rehearsed without its tenant, so nobody can say how it answers. */
const assumedLatencyMs = 150;

function conditionsOf(call: Call, faults: FaultRules, measuredMs?: number): Conditions {
  const given = call.options.quota as Quota | undefined;
  const limit = given ?? documentedQuota;
  const latencyMs = (call.options.latency as number | undefined) ?? measuredMs ?? assumedLatencyMs;
  return { faults, latencyMs, ...(limit === "none" ? {} : { quota: limit }) };
}

/** Names are checked where they are known, so that `--help` does not load the sandbox. */
async function faultRulesOf(call: Call): Promise<FaultRules> {
  const { faultRules } = await import("../../sandbox/config.ts");
  return faultRules((call.options.faults as FaultRules | undefined) ?? []);
}

/** For one app in one tenant: https://learn.microsoft.com/graph/throttling-limits (read 2026-11-23). */
const documentedQuota = { burst: 3_000, perSecond: 20 };

type Quota = "none" | NonNullable<Conditions["quota"]>;

function quota(text: string): Quota {
  if (text === "none") return "none";
  if (text === "documented") return documentedQuota;
  const [burst, perSecond, ...more] = text
    .split(",")
    .map(part => (part.trim() === "" ? Number.NaN : Number(part)));
  if (
    more.length > 0 ||
    !(burst !== undefined && burst >= 1) ||
    !(perSecond !== undefined && perSecond >= 0.001)
  ) {
    throw new InvalidArgumentError("Give BURST,PERSECOND (for example 150,20), documented or none.");
  }
  return { burst, perSecond };
}

function faults(text: string): readonly { readonly kind: string; readonly probability?: number }[] {
  return text.split(",").map(part => {
    const match = /^\s*([a-z]\w*)\s*(?::\s*(\d*\.?\d+))?\s*$/i.exec(part);
    const [, kind = "", share] = match ?? [];
    if (!match || Number(share ?? 1) > 1) {
      throw new InvalidArgumentError(
        "Give KIND or KIND:PROBABILITY, separated by commas; 0.01 is one in a hundred.",
      );
    }
    return share === undefined ? { kind } : { kind, probability: Number(share) };
  });
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
