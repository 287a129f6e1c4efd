import type { Machine } from "../../decide/health/machineChecks.ts";
import { PrepopError } from "../../model/errors.ts";
import type { Call, CommandSpec } from "../command.ts";
import { everywhere, tenants } from "../groups.ts";
import type { Output } from "../output.ts";

export const doctor: CommandSpec = {
  name: "doctor",
  summary: "look whether sign-in, rights, policies and this machine are fit to write phones",
  arguments: [],
  options: [...tenants, ...everywhere],
  examples: ["prepop doctor", "prepop doctor --profile contoso.com --json"],
  severalTenants: { writes: false },
  async run(call) {
    const { openOutput } = await import("../output.ts");
    const { diagnose } = await import("../../decide/health/diagnose.ts");
    const { doctorText } = await import("../../report/doctorText.ts");
    const output = openOutput(call, () => performance.now());
    const { examined, cloud } = await examineTenant(call, output);
    const ahead = examined.kind === "signedIn" ? examined.health.clockAheadMs : undefined;
    const wall = call.surroundings.clock?.wall() ?? Date.now();
    const today = new Date(wall).toISOString().slice(0, 10);
    const checks = diagnose(examined, await machineOf(call, ahead), cloud, today);
    for (const check of checks) await output.line({ type: "check", ...check });
    const { width, color, showNumbers } = output;
    for (const line of doctorText(checks, { width, color, showNumbers })) await output.say(line);
    const exitCode = checks.some(({ status }) => status === "block") ? 4 : 0;
    const count = (status: string) => checks.filter(each => each.status === status).length;
    const counts = { ok: count("ok"), warn: count("warn"), block: count("block") };
    await output.line({ type: "summary", command: "doctor", exitCode, cloud, counts });
    return exitCode;
  },
};

/** What there is to know of tenant and caller; a sign-in that fails is a finding too. */
async function examineTenant(call: Call, output: Output) {
  const { openEdges } = await import("../openEdges.ts");
  const { examine } = await import("../../engine/examine.ts");
  const { patienceFor } = await import("../../engine/plan.ts");
  const { tenantOf } = await import("../../engine/tenantOf.ts");
  const { cloudInUse } = await import("../signIn.ts");
  const cloud = await cloudInUse(call);
  try {
    const open = await openEdges(call, output);
    try {
      const patience = patienceFor(open.edges, 30_000);
      const tenant = await tenantOf(open.edges, patience);
      const actor = await open.edges.graph.actor();
      return {
        cloud,
        examined: { kind: "signedIn", tenant, actor, health: await examine(open.edges, patience) },
      } as const;
    } finally {
      await open.close();
    }
  } catch (error) {
    if (!(error instanceof PrepopError) || error.exitCode === 1) throw error;
    return { cloud, examined: { kind: "signedOut", message: error.message, hint: error.hint } } as const;
  }
}

async function machineOf(call: Call, clockAheadMs: number | undefined): Promise<Machine> {
  const { env } = call.surroundings;
  return {
    clockAheadMs,
    proxy: proxyIn(env),
    extraAuthorities: env.NODE_EXTRA_CA_CERTS || undefined,
    certificate: await certificateOf(call),
    ledger: await ledgerOf(call),
  };
}

async function certificateOf(call: Call): Promise<Machine["certificate"]> {
  const { homeFolder } = await import("../../ledger/home.ts");
  const { profileInUse } = await import("../signIn.ts");
  const { certificateEnd } = await import("../setup/certificateFile.ts");
  const { env, platform, clock } = call.surroundings;
  if (env.PREPOP_ACCESS_TOKEN) return undefined;
  const profile = await profileInUse(call, homeFolder(env, platform));
  const path = profile === undefined ? env.AZURE_CLIENT_CERTIFICATE_PATH : profile.certificate;
  const end = path ? await certificateEnd(path) : undefined;
  if (end === undefined) return undefined;
  const daysLeft = Math.floor((end - (clock?.wall() ?? Date.now())) / 86_400_000);
  const setup = profile?.setup === undefined ? undefined : profile.name;
  return { until: new Date(end).toISOString().slice(0, 10), daysLeft, setup };
}

async function ledgerOf(call: Call): Promise<Machine["ledger"]> {
  const { openLedger } = await import("../../ledger/ledger.ts");
  const { homeFolder } = await import("../../ledger/home.ts");
  const { ledgerSettings } = await import("./apply.ts");
  const home = homeFolder(call.surroundings.env, call.surroundings.platform);
  try {
    const ledger = openLedger({ home, readOnly: true, ...ledgerSettings(call) });
    try {
      const runs = [...ledger.runs()];
      if (runs.length === 0) return { kind: "none" };
      const unfinished = runs.filter(({ state }) => state === "interrupted" || state === "open").length;
      return { kind: "healthy", runs: runs.length, unfinished };
    } finally {
      ledger.close();
    }
  } catch (error) {
    if (!(error instanceof PrepopError)) throw error;
    return { kind: "broken", message: error.message, hint: error.hint };
  }
}

/** The proxy's address without user and password; Graph on this machine is never reached through it. */
function proxyIn(env: NodeJS.ProcessEnv): string | undefined {
  if (URL.parse(env.PREPOP_GRAPH_URL ?? "")?.hostname.match(/^(127\.|localhost$|\[::1\]$)/)) return undefined;
  const value = [env.https_proxy, env.HTTPS_PROXY, env.http_proxy, env.HTTP_PROXY].find(Boolean);
  return value === undefined
    ? undefined
    : (URL.parse(value)?.origin ?? "a proxy whose address cannot be read");
}
