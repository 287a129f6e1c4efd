import type { FaultKind } from "../../src/sandbox/faults/kinds.ts";
import type { FaultRule } from "../../src/sandbox/sandbox.ts";
import type { KilledRun } from "./killedRun.ts";
import { seeded } from "./seeded.ts";

/** What a seed makes of a run that is killed: every second one packs its requests, every third one has no stale reads. */
export type ChaosSize = Pick<KilledRun, "users" | "kills" | "undoKills"> & {
  /** Without the faults that hold a process up: of reads, and of writes that nobody answers for half a minute. */
  readonly quick?: boolean;
};

const smsSignIns = ["leave", "disable", "enable"] as const;

export function chaosCase(seed: number, { quick = false, ...size }: ChaosSize): KilledRun {
  const random = seeded(seed);
  const faults = chaosFaults(seed, random);
  const stale = seed % 3 !== 0;
  const packed = seed % 2 === 1;
  return {
    seed,
    ...size,
    config: {
      latencyMs: 10 + Math.floor(random() * 20),
      jitterMs: 10,
      faults: (quick ? faults.flatMap(ofWrites) : faults).filter(
        ({ kind }) => stale || kind !== "staleReads",
      ),
      smsPolicy: { usableForSignIn: seed % 4 !== 0 },
      batchOrder: seed % 5 === 0 ? "asSent" : "shuffled",
      // Nobody has published what Graph answers to a second phone of a type: a conflict, or a refusal for good.
      ...(seed % 4 < 2 ? { errorCodes: { phoneTypeTaken: { status: 400, code: "badRequest" } } } : {}),
      ...(seed % 7 === 0 ? { quota: { writeBurst: 40, writePerSecond: 30 } } : {}),
    },
    pace: packed ? [] : ["--no-batch", "--concurrency", "20"],
    policy: ["--sms-sign-in", smsSignIns[seed % smsSignIns.length] ?? "leave"],
    otherWriter: 0.05,
    tokenDeaths: 1,
  };
}

/** Every kind of fault that the sandbox has, each for a few in a thousand; what holds a run up for long comes rarely. */
function chaosFaults(seed: number, random: () => number): readonly FaultRule[] {
  const share = (): number => 0.004 + random() * 0.012;
  const write = { effect: "write" } as const;
  const read = { effect: "read" } as const;
  const waits = [1, "date", "missing", "zero", "negative", "garbage"] as const;
  const forbidden = ["accessDenied", "Authorization_RequestDenied", "insufficient_claims"] as const;
  const bodies = ["html", "truncated", "empty"] as const;
  const outageAt = 1_000 + random() * 6_000;
  const rules: { readonly [Kind in FaultKind]: readonly Omit<FaultRule, "kind">[] } = {
    committedThen504: [{ probability: share(), match: write }],
    committedThen503: [{ probability: share(), match: write }],
    committedThen500: [{ probability: share(), match: write }],
    committedThen409: [{ probability: share(), match: write }],
    committedThen408: [{ probability: share(), match: write }],
    // Nobody answers for half a minute, or a whole one where requests are packed.
    committedThenTimeout: seed % 3 === 1 ? [{ probability: 0.05, times: 1, match: write }] : [],
    timeoutBefore: seed % 3 === 2 ? [{ probability: 0.05, times: 1, match: write }] : [],
    committedThenReset: [{ probability: share(), match: write }],
    resetBefore: [{ probability: share() }],
    unavailable: [{ probability: share() }],
    serverError: [{ probability: share() }],
    gatewayTimeout: [{ probability: share() }],
    unknownError: [{ probability: share() }],
    unreadableBody: bodies.map(body => ({ probability: share() / 2, body })),
    throttled: [
      ...waits.map(retryAfter => ({ probability: share() / 4, retryAfter })),
      { probability: 0.01, times: seed % 4 === 0 ? 1 : 0, match: write, retryAfter: "long" as const },
    ],
    userNotFoundYet: [{ probability: share(), match: { operation: "listPhones" }, ms: 10_000 }],
    emptyErrorCode: [{ probability: share() / 4, match: write }],
    forbidden: forbidden.map(code => ({ probability: share() / 8, match: write, code })),
    tokenExpired: [{ probability: 0.01, times: 1, match: random() < 0.5 ? write : read }],
    outage: [
      {
        afterMs: outageAt,
        untilMs: outageAt + 1_500,
        ...(random() < 0.5 ? { body: "reset" as const } : {}),
      },
    ],
    slow: [{ probability: share(), ms: 400 }],
    // Lists of more than a page (999 users of a group, a report) have links; a plan for these users reads none.
    foreignNextLink: [],
    batchOuter424: [{ probability: share() }],
    batchShuffled: [{ probability: 0.2 }],
    batchMissingItems: [{ probability: share(), items: 3 }],
    batchDuplicatedAnswers: [{ probability: share() }],
    batchFailsMidway: [{ probability: share() }],
    staleReads: [{ probability: 0.3, ms: 500, match: { operation: "listPhones" } }],
  };
  return Object.entries(rules).flatMap(([kind, each]) =>
    each.filter(({ times }) => times !== 0).map(rule => ({ kind: kind as FaultKind, ...rule })),
  );
}

const long: ReadonlySet<FaultKind> = new Set(["committedThenTimeout", "timeoutBefore", "outage"]);

function ofWrites(rule: FaultRule): readonly FaultRule[] {
  if (rule.kind === "staleReads") return [rule];
  if (rule.match?.effect === "read" || long.has(rule.kind)) return [];
  return [{ ...rule, match: { ...rule.match, effect: "write" } }];
}
