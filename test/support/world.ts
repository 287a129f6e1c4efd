import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../src/engine/clock.ts";
import type { Edges } from "../../src/engine/edges.ts";
import { packRequests } from "../../src/engine/packing.ts";
import type { RunEnd } from "../../src/engine/run.ts";
import { skippingClock } from "../../src/engine/skippingClock.ts";
import { connectGraph, fixedToken, type Graph, type TokenCredential } from "../../src/graph/connect.ts";
import { type Ledger, openLedger } from "../../src/ledger/ledger.ts";
import type { EntryOutcome } from "../../src/model/run.ts";
import { openSandbox, type SandboxConfig, type UnservedSandbox } from "../../src/sandbox/sandbox.ts";
import { temporaryFolder, testKey } from "./ledgerData.ts";

/** The points at which a process can end: before and after each thing that the engine does to the world outside. */
export const crashPoints = [
  "beforeStart",
  "afterStart",
  "beforeReopen",
  "afterReopen",
  "beforeMark",
  "afterMark",
  "onTheWay",
  "executed",
  "answered",
  "beforeUnsent",
  "afterUnsent",
  "beforeDoubt",
  "afterDoubt",
  "beforeRead",
  "afterRead",
  "waiting",
  "beforeFinish",
  "afterFinish",
  "told",
  "beforeEnd",
  "afterEnd",
] as const;

export type CrashPoint = (typeof crashPoints)[number];

/** Where a life ends: at the n-th time that it comes to a point. */
export type Crash = {
  readonly point: CrashPoint;
  readonly nth: number;
  /** Where it ends else, the first time that it comes there. */
  readonly orElse?: CrashPoint | undefined;
  /** kill: what was written stays. powerCut: only what was synced stays. */
  readonly how: "kill" | "powerCut";
};

/** How a life ended; `home` is what is left of its ledger. */
export type LifeEnd = {
  readonly home: string;
  readonly outcomes: readonly EntryOutcome[];
} & ({ readonly kind: "ended"; readonly end: RunEnd } | { readonly kind: "killed"; readonly at: CrashPoint });

/** One invented tenant on a clock that needs no waiting, and processes that live, die and go on in it. */
export type World = {
  readonly sandbox: UnservedSandbox;
  readonly clock: Clock;
  /** Lives on the ledger in `home` until the task is done or the crash comes. */
  live(
    home: string,
    task: (engine: Engine) => AsyncGenerator<EntryOutcome, RunEnd>,
    crash?: Crash,
  ): Promise<LifeEnd>;
};

export type Engine = { readonly edges: Edges; readonly ledger: Ledger };

export type WorldSettings = {
  readonly config: SandboxConfig;
  /** From 0 to below 1; the same numbers in the same order make the same world. */
  readonly random: () => number;
  readonly concurrency?: number;
  readonly batch?: boolean;
  readonly credential?: TokenCredential;
  readonly signal?: AbortSignal;
};

const epoch = Date.UTC(2026, 10, 24);

export function aWorld(settings: WorldSettings): World {
  const { config, random, concurrency = 4, batch = true } = settings;
  // Time passes only by waiting, so that the same seed makes the same world.
  let ticks = 0;
  const clock = skippingClock({ now: () => ++ticks / 1_000, wall: () => epoch + ticks / 1_000 });
  const sandbox = openSandbox({
    ...config,
    clock: {
      now: () => epoch + clock.now(),
      after: (ms, run) => void clock.sleep(ms).then(run),
    },
  });
  let ids = 0;
  return {
    sandbox,
    clock,
    async live(home, task, crash) {
      const life = beginLife(home, crash);
      const ledger = openLedger({ home, key: testKey, now: () => clock.wall(), newId: () => `run-${++ids}` });
      const graph = connectGraph({
        origin: sandbox.url,
        credential: settings.credential ?? fixedToken(sandbox.token),
        clock,
        newId: () => `request-${++ids}`,
        carrier: request => carry(request, sandbox, life, clock, random),
      });
      const packed = packRequests(graph, { concurrency, batch, onNotice: () => undefined, clock });
      const edges: Edges = {
        graph: mortalGraph(packed, life),
        clock: mortalClock(clock, life),
        random,
        newId: () => `id-${++ids}`,
        ...(settings.signal ? { signal: settings.signal } : {}),
      };
      const outcomes: EntryOutcome[] = [];
      const living = async (): Promise<LifeEnd> => {
        const running = task({ edges, ledger: mortalLedger(ledger, life) });
        for (let next = await running.next(); ; next = await running.next()) {
          if (next.done) return { kind: "ended", home, outcomes, end: next.value };
          outcomes.push(next.value);
          await life.pass("told");
        }
      };
      const alive = living();
      const died = life.died.then((left): LifeEnd => ({ kind: "killed", outcomes, ...left }));
      try {
        return await Promise.race([died, alive]);
      } catch (error) {
        if (error instanceof Killed) return await died;
        throw error;
      } finally {
        life.over = true;
        alive.catch(() => undefined);
        ledger.close();
        await graph.close();
      }
    },
  };
}

/** Ends what is synchronous in a process that is dead. */
class Killed extends Error {}

type Life = {
  over: boolean;
  readonly died: Promise<{ readonly home: string; readonly at: CrashPoint }>;
  /** Comes to a point; never returns when the life ends there. */
  pass(point: CrashPoint): Promise<void>;
  /** The same for what is synchronous: it throws. */
  passNow(point: CrashPoint): void;
  /** The same for what goes on outside this process. */
  touch(point: CrashPoint): void;
  /** What is on the disk now is there to stay. */
  synced(): void;
};

function beginLife(home: string, crash: Crash | undefined): Life {
  let times = 0;
  const { promise: died, resolve: tell } = Promise.withResolvers<Awaited<Life["died"]>>();
  let kept = crash?.how === "powerCut" ? filesNow(home) : undefined;
  // Marks are synced together, once a turn of the loop.
  let copied = false;
  const touch = (point: CrashPoint): void => {
    if (life.over || !crash) return;
    const here = crash.point === point ? ++times === crash.nth : crash.orElse === point;
    if (!here) return;
    life.over = true;
    tell({ home: leave(kept ?? filesNow(home)), at: point });
  };
  const life: Life = {
    over: false,
    died,
    touch,
    async pass(point) {
      touch(point);
      if (life.over) await never;
    },
    passNow(point) {
      touch(point);
      if (life.over) throw new Killed();
    },
    synced() {
      if (life.over || !kept || copied) return;
      kept = filesNow(home);
      copied = true;
      setImmediate(() => {
        copied = false;
      });
    },
  };
  return life;
}

const never = new Promise<never>(() => undefined);

const ledgerFiles = ["ledger.db", "ledger.db-wal"] as const;

/** The ledger as it lies on the disk. Its -shm file is of no meaning to another process after a crash. */
function filesNow(home: string): ReadonlyMap<string, Buffer> {
  const there = ledgerFiles.filter(name => existsSync(join(home, name)));
  return new Map(there.map(name => [name, readFileSync(join(home, name))]));
}

function leave(files: ReadonlyMap<string, Buffer>): string {
  const home = temporaryFolder();
  for (const [name, bytes] of files) writeFileSync(join(home, name), bytes, { mode: 0o600 });
  return home;
}

async function carry(
  request: Parameters<UnservedSandbox["ask"]>[0],
  sandbox: UnservedSandbox,
  life: Life,
  clock: Clock,
  random: () => number,
) {
  if (life.over) return undefined;
  const writes = holdsWrite(request);
  await clock.sleep(random() * 30);
  if (writes) life.touch("onTheWay");
  if (life.over) {
    // What the dead process had handed to the network may still arrive.
    if (random() < 0.3) return undefined;
    await clock.sleep(random() * 300);
  }
  const { delivery, delayMs, ...answer } = sandbox.ask(request);
  if (writes) life.touch("executed");
  if (life.over) return undefined;
  const lost = delivery === "hang" || delayMs > patienceMs;
  await clock.sleep(lost ? patienceMs : delayMs + random() * 60);
  return lost || delivery === "reset" || life.over ? undefined : answer;
}

/** What graph/ would wait for an answer over a connection, scaled to the horizon of these tests. */
const patienceMs = 300;

function holdsWrite({ method, url, body }: Parameters<UnservedSandbox["ask"]>[0]): boolean {
  if (!url.endsWith("/$batch")) return method !== "GET";
  return /"method":"(POST|PATCH|DELETE)"/.test(body ?? "");
}

function mortalGraph(graph: Graph, life: Life): Graph {
  return {
    ...graph,
    async listPhones(userId) {
      await life.pass("beforeRead");
      try {
        return await graph.listPhones(userId);
      } finally {
        await life.pass("afterRead");
      }
    },
    async write(write, sendBy) {
      if (life.over) await never;
      const answer = await graph.write(write, sendBy);
      await life.pass("answered");
      return answer;
    },
  };
}

function mortalClock(clock: Clock, life: Life): Clock {
  return {
    now: clock.now,
    wall: clock.wall,
    async sleep(ms, signal) {
      if (ms > 0) await life.pass("waiting");
      await clock.sleep(ms, signal);
      if (life.over) await never;
    },
  };
}

function mortalLedger(ledger: Ledger, life: Life): Ledger {
  const around = async (before: CrashPoint, work: () => Promise<void>, after: CrashPoint): Promise<void> => {
    await life.pass(before);
    await work();
    await life.pass(after);
  };
  const aroundNow = <Result>(before: CrashPoint, work: () => Result, after: CrashPoint): Result => {
    life.passNow(before);
    const result = work();
    life.synced();
    life.passNow(after);
    return result;
  };
  return {
    ...ledger,
    startRun: (...given) => aroundNow("beforeStart", () => ledger.startRun(...given), "afterStart"),
    reopenRun: id => aroundNow("beforeReopen", () => ledger.reopenRun(id), "afterReopen"),
    endRun: (...given) => aroundNow("beforeEnd", () => ledger.endRun(...given), "afterEnd"),
    markSent: mark =>
      around("beforeMark", () => ledger.markSent(mark).then(() => life.synced()), "afterMark"),
    markUnsent: (...given) => around("beforeUnsent", () => ledger.markUnsent(...given), "afterUnsent"),
    markDoubt: (...given) => around("beforeDoubt", () => ledger.markDoubt(...given), "afterDoubt"),
    finish: (...given) => around("beforeFinish", () => ledger.finish(...given), "afterFinish"),
  };
}
