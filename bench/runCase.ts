import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Case, quotaSeconds, type ReadCase, type WriteCase } from "./cases.ts";
import type { ClientJob } from "./contender/client.ts";
import { changeOptions, runPrepop } from "./contender/prepop.ts";
import type { CaseResult } from "./figures.ts";
import { writeChanges, writeFlawed } from "./list.ts";
import { type MeasuredProcess, runMeasured } from "./measuredProcess.ts";
import { type ContenderName, extrapolate, type Measurement, type Sample } from "./measurement.ts";
import { startTenant, type Tenant } from "./tenant.ts";

/** Runs one case: each contender against a fresh sandbox of the same seed. */
export async function runCase(
  each: Case,
  contenders: readonly ContenderName[],
  say: (line: string) => void,
): Promise<CaseResult> {
  if (each.kind === "read")
    return { case: each, measurements: [await inFolder(folder => readList(each, folder))] };
  const measurements: Measurement[] = [];
  for (const contender of each.contenders.filter(name => contenders.includes(name))) {
    say(`${each.name}: ${contender} …`);
    measurements.push(await inFolder(folder => write(each, contender, folder)));
  }
  return { case: each, measurements };
}

async function write(each: WriteCase, contender: ContenderName, folder: string): Promise<Measurement> {
  const users = contender === "oneByOne" ? Math.min(each.sample, each.users) : each.users;
  const tenant = await startTenant({ ...each, users });
  try {
    const predicted = contender === "prepop" ? await rehearse(each, folder, tenant) : undefined;
    const before = await tenant.tally();
    const ran =
      contender === "prepop"
        ? await apply(each, folder, tenant)
        : await client(each, contender, users, folder, tenant);
    const { exitCode, seconds, cpuSeconds, peakMb } = ran;
    const tally = await tenant.tally();
    const measured: Measurement = {
      contender,
      users,
      ...{ exitCode, seconds, cpuSeconds, peakMb },
      ...tally,
      requests: tally.requests - before.requests,
      ...(contender === "prepop" ? { told: { ...secondsIn(ran), ...predicted } } : {}),
    };
    if (users === each.users) return measured;
    const growing = JSON.parse(ran.lastLine) as Sample["growing"];
    return extrapolate({ measured, growing }, each.users, quotaSeconds(each.quota, each.users));
  } finally {
    await tenant.close();
  }
}

/** What the summary line says of the time. */
function secondsIn({ lastLine }: MeasuredProcess): { readonly seconds: number } {
  const { seconds } = JSON.parse(lastLine) as { readonly seconds: number };
  return { seconds };
}

async function rehearse(
  each: WriteCase,
  folder: string,
  tenant: Tenant,
): Promise<{ readonly predictedSeconds: number } | undefined> {
  if (each.rehearse === undefined) return undefined;
  const list = join(folder, "list.csv");
  await writeChanges(list, each.change, each.users);
  const faults = (each.faults ?? []).map(([kind, probability]) => `${kind}:${probability}`);
  const argv = [
    ...["rehearse", list, ...changeOptions(each), "--quota", each.rehearse],
    ...(faults.length === 0 ? [] : ["--faults", faults.join(",")]),
  ];
  const ran = unlessFailed(await runPrepop(argv, folder, tenant), [0]);
  return { predictedSeconds: secondsIn(ran).seconds };
}

async function apply(each: WriteCase, folder: string, tenant: Tenant): Promise<MeasuredProcess> {
  const list = join(folder, "list.csv");
  await writeChanges(list, each.change, each.users);
  return unlessFailed(
    await runPrepop(["apply", list, "--yes", ...changeOptions(each)], folder, tenant),
    [0, 3],
  );
}

async function client(
  each: WriteCase,
  contender: Exclude<ContenderName, "prepop">,
  users: number,
  folder: string,
  { url, token }: Tenant,
): Promise<MeasuredProcess> {
  const job: ClientJob = {
    url,
    token,
    sender: contender === "microsoft" ? "microsoft" : "single",
    parallel: contender === "oneByOne" ? 1 : 50,
    change: each.change,
    users,
  };
  const env = { PREPOP_BENCH_JOB: JSON.stringify(job) };
  return unlessFailed(await runMeasured("./contender/client.ts", [], { folder, env }), [0]);
}

async function readList(each: ReadCase, folder: string): Promise<Measurement> {
  const list = join(folder, `list.${each.format}`);
  await writeFlawed(list, each.rows, each.format);
  const run = async (tenant?: Tenant): Promise<Measurement> => {
    const ran = await runPrepop([each.command, list, ...(tenant ? ["--rate", "0"] : [])], folder, tenant);
    const { exitCode, seconds, cpuSeconds, peakMb } = unlessFailed(ran, [0, 2, 3]);
    const counts = {
      users: each.rows,
      done: each.rows,
      requests: 0,
      writes: 0,
      throttled: 0,
      writingSeconds: 0,
    };
    return { contender: "prepop", exitCode, seconds, cpuSeconds, peakMb, ...counts };
  };
  if (each.command === "check") return await run();
  const tenant = await startTenant({ users: each.rows, change: "create", latencyMs: 0, batchLatency: "max" });
  try {
    return await run(tenant);
  } finally {
    await tenant.close();
  }
}

function unlessFailed(ran: MeasuredProcess, expected: readonly number[]): MeasuredProcess {
  if (expected.includes(ran.exitCode)) return ran;
  throw new Error(`Exit code ${ran.exitCode}: ${ran.errors.slice(-2_000)}${ran.lastLine}`);
}

async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "prepop-bench-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
