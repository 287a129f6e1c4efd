import type { Clock } from "./clock.ts";

/**
 * Turns of the event loop without a look at the clock that count as nothing left to do. What the engine does between two
 * waits takes one or two (the ledger commits once a turn, requests are packed at the end of one), and everything it does
 * ends in a look at the clock or in a wait.
 */
const idleTurns = 8;

export type SkippingClock = Clock & {
  /** Does work that another machine would do: no time passes in it. */
  free<Result>(work: () => Result): Result;
};

/**
 * The time of a rehearsal: work takes as long as it takes, but waiting takes no time. As soon as this process has nothing
 * left to do, time jumps to the moment the next sleeper wakes. It sees only who waits on this very clock, so nothing
 * that it times may wait for a timer, a connection or a file of its own.
 */
export function skippingClock(real: Pick<Clock, "now" | "wall">): SkippingClock {
  let skippedMs = 0;
  let looks = 0;
  let pumping = false;
  const sleepers = new Set<Sleeper>();

  const time = (): number => real.now() + skippedMs;
  const look = (): number => {
    looks++;
    return time();
  };
  const wakeUntil = (until: number): void => {
    const due = [...sleepers].filter(({ at }) => at <= until).sort((left, right) => left.at - right.at);
    for (const sleeper of due) {
      sleepers.delete(sleeper);
      sleeper.wake();
    }
  };
  /** `idleSince` is the time at which the first of the idle turns began: they are not work. */
  const pump = (idle: number, looksBefore: number, idleSince: number): void => {
    if (sleepers.size === 0) {
      pumping = false;
      return;
    }
    if (looks !== looksBefore) {
      setImmediate(pump, 0, looks, time());
      return;
    }
    if (idle < idleTurns) {
      setImmediate(pump, idle + 1, looks, idleSince);
      return;
    }
    let next = Number.POSITIVE_INFINITY;
    for (const { at } of sleepers) next = Math.min(next, at);
    skippedMs += Math.max(idleSince, next) - time();
    wakeUntil(Math.max(idleSince, next));
    setImmediate(pump, 0, looks, time());
  };

  return {
    now: look,
    wall: () => {
      looks++;
      // Whole milliseconds, as the ledger keeps them.
      return Math.round(real.wall() + skippedMs);
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const abort = (): void => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const sleeper: Sleeper = {
          at: look() + Math.max(0, ms),
          wake: () => {
            signal?.removeEventListener("abort", abort);
            resolve();
          },
        };
        signal?.addEventListener("abort", abort, { once: true });
        sleepers.add(sleeper);
        if (pumping) return;
        pumping = true;
        setImmediate(pump, 0, looks, time());
      }),
    free: work => {
      const startedAt = real.now();
      try {
        return work();
      } finally {
        skippedMs -= real.now() - startedAt;
      }
    },
  };
}

type Sleeper = { readonly at: number; readonly wake: () => void };
