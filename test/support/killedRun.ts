import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isWrite } from "../../src/model/change.ts";
import type { SandboxConfig, SandboxUserView } from "../../src/sandbox/sandbox.ts";
import { leftBehind, rosterFor, toldIn } from "./crashCase.ts";
import { type Killed, killUntilDone, sleep, wordKey } from "./killedProcesses.ts";
import { temporaryFolder, testKey } from "./ledgerData.ts";
import { seeded } from "./seeded.ts";
import { serveSandbox, type TenantRecord } from "./servedSandbox.ts";
import { bothVerdicts, judgeRun, slotName, type Told, type Verdict } from "./truth.ts";

/** A tenant with faults, a list that is applied to it, and the undo of that run; their processes are killed on the way. */
export type KilledRun = {
  readonly seed: number;
  readonly users: number;
  /** Kills while the list is applied, and while it is taken back; 0: it is not taken back. */
  readonly kills: number;
  readonly undoKills: number;
  readonly config: SandboxConfig;
  /** Options that a resume takes as well, and those that only an apply has. */
  readonly pace: readonly string[];
  readonly policy: readonly string[];
  /** The share of users whom a second writer changes. */
  readonly otherWriter: number;
  /** How often the token is replaced by another one; the old one is refused from then on. */
  readonly tokenDeaths: number;
  readonly onKill?: () => void;
};

export type KilledRunResult = {
  readonly verdict: Verdict;
  /** Kills of a process that had the run open, and entries without an outcome that they left sent. */
  readonly kills: number;
  readonly inFlight: number;
  readonly processes: number;
  /** Entries of the run and of its undo, by outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Writes that the sandbox received, and those that took effect. */
  readonly writes: number;
  readonly executed: number;
  readonly otherWrites: number;
  /** How processes ended that were not killed, by exit code. */
  readonly exits: Readonly<Record<string, number>>;
  /** Faults that struck, by kind. */
  readonly faults: Readonly<Record<string, number>>;
};

/** One run from its first process to its last, and the tenant after it. */
type Stage = { readonly killed: Killed; readonly told: readonly Told[]; readonly record: TenantRecord };

/** Long enough for all that a dead process left on its way. */
const arrivalMs = 500;

export async function killAgainAndAgain(run: KilledRun): Promise<KilledRunResult> {
  const { seed, users } = run;
  const home = temporaryFolder();
  const roster = join(temporaryFolder(), "phones.csv");
  writeFileSync(roster, rosterFor(users));
  const sandbox = await serveSandbox({
    users,
    config: { ...run.config, seed },
    otherWriter: run.otherWriter,
  });
  const guards = [
    "--max-change",
    "100%",
    "--max-delete",
    String(users * 2),
    "--confirm-tenant",
    "contoso.com",
  ];
  const common = ["--yes", "--json", "--settle-horizon", "1s", "--stop-at-failures", "100%", ...run.pace];
  const apply = ["apply", roster, "--policy", "mirror", ...run.policy, ...guards, ...common];
  const resume = ["resume", ...common];
  const tokens = [
    sandbox.token,
    ...Array.from({ length: run.tokenDeaths }, (_, at) => `token-${seed}-${at + 1}`),
  ];
  const place = {
    sandbox,
    home,
    env: { PREPOP_HOME: home, PREPOP_LEDGER_KEY: testKey, PREPOP_GRAPH_URL: sandbox.url },
    random: seeded(seed * 7_919),
    size: users,
    ...(run.onKill ? { onKill: run.onKill } : {}),
  };
  const newest = (): string => leftBehind(home)?.run.id ?? "";
  const stageOf = async (killed: Killed): Promise<Stage> => {
    await sleep(arrivalMs);
    return { killed, told: toldIn(home, newest()), record: await sandbox.record() };
  };
  try {
    const applied = await stageOf(
      await killUntilDone({
        ...place,
        begin: apply,
        goOn: [apply, resume],
        isBegun: () => true,
        kills: run.kills,
        tokens,
      }),
    );
    const verdict = verdictOf(applied, applied.record.before, 0);
    if (run.undoKills === 0) return resultOf([applied], verdict);

    const runId = newest();
    const undone = await stageOf(
      await killUntilDone({
        ...place,
        begin: ["undo", runId, ...guards, ...common],
        goOn: [resume],
        isBegun: left => left.run.undoes === runId,
        kills: run.kills + run.undoKills - applied.killed.kills,
        tokens: applied.killed.tokens,
      }),
    );
    const back = verdictOf(undone, applied.record.after, applied.record.log.length);
    const both = bothVerdicts(verdict, back);
    return resultOf([applied, undone], { ...both, wrong: [...both.wrong, ...notBack(applied, undone)] });
  } finally {
    await sandbox.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** Holds one run against what happened since the entry `since` of the log; `before` are the users at that time. */
function verdictOf({ killed, told, record }: Stage, before: TenantRecord["before"], since: number): Verdict {
  const now = byId(record.after);
  const begunAt = record.log[since]?.at ?? 0;
  const others = record.others.filter(({ at }) => at >= begunAt);
  const verdict = judgeRun(told, {
    log: record.log.slice(since),
    before: byId(before),
    after: id => now.get(id),
    stalenessMs: 0,
    others: new Map(others.map(({ userId, ...write }) => [slotName(userId, "mobile"), write])),
  });
  const otherThanSaid = told.flatMap(({ change, outcome }) => {
    const said = killed.said.get(wordKey(change));
    return said === undefined || said === outcome ? [] : [`${wordKey(change)}: said ${said}, is ${outcome}`];
  });
  return { ...verdict, untrue: [...verdict.untrue, ...killed.takenBack, ...otherThanSaid] };
}

/** Users who are not as they were at the start although neither the undo nor a second writer accounts for it. */
function notBack(applied: Stage, undone: Stage): readonly string[] {
  const { before, after, others } = undone.record;
  const accounted = new Set<string>(others.map(({ userId }) => userId));
  for (const { change, outcome } of undone.told) {
    const back = outcome === "applied" || outcome === "alreadySo";
    if (!back) accounted.add(change.userId);
  }
  const ran = new Set(
    applied.told.filter(({ change }) => isWrite(change)).map(({ change }) => change.userId),
  );
  const now = byId(after);
  return before.flatMap(user => {
    const is = now.get(user.id);
    if (accounted.has(user.id) || standing(user) === standing(is)) return [];
    return [
      `${user.userPrincipalName} ${ran.has(user.id) ? "" : "(not in the run) "}was ${standing(user)}, is ${standing(is)}`,
    ];
  });
}

function standing(user: SandboxUserView | undefined): string {
  const phones = Object.entries(user?.phones ?? {}).map(
    ([type, phone]) => `${type} ${phone?.phoneNumber} ${phone?.smsSignInState}`,
  );
  return [...phones.toSorted(), `default ${user?.defaultMethod ?? "none"}`].join(", ");
}

function resultOf(stages: readonly Stage[], verdict: Verdict): KilledRunResult {
  const { log, others } = stages.at(-1)?.record ?? { log: [], others: [] };
  const writes = log.filter(({ operation, method }) => method !== "GET" && operation !== "batch");
  const total = (count: (killed: Killed) => number): number =>
    stages.reduce((sum, { killed }) => sum + count(killed), 0);
  return {
    verdict,
    kills: total(({ kills }) => kills),
    inFlight: total(({ inFlight }) => inFlight),
    processes: total(({ processes }) => processes),
    outcomes: tally(stages.flatMap(({ told }) => told.map(({ outcome = "lost" }) => outcome))),
    writes: writes.length,
    executed: writes.filter(({ executed }) => executed).length,
    otherWrites: others.length,
    exits: tally(stages.flatMap(({ killed }) => killed.exits)),
    faults: tally(log.flatMap(({ fault }) => fault ?? [])),
  };
}

function byId(users: readonly SandboxUserView[]): ReadonlyMap<string, SandboxUserView> {
  return new Map(users.map(user => [user.id, user]));
}

export function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
