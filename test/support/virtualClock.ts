import { subscribe } from "node:diagnostics_channel";
import type { Clock } from "../../src/engine/clock.ts";
import type { SandboxClock } from "../../src/sandbox/clock.ts";

/**
 * Time that passes only when nothing else can happen: whoever sleeps is woken, the earliest first, as soon as no HTTP
 * request of this process is under way and the event loop has nothing left to do. So an hour of waiting takes no time,
 * and what happens in it keeps its order.
 */
export type VirtualClock = Clock & {
  /** The same time for a sandbox. */
  readonly sandbox: SandboxClock;
  /** Every sleep so far, ms, in the order they began; those of zero are left out. */
  readonly slept: readonly number[];
  /** Lets time pass at once. */
  advance(ms: number): void;
};

/** Turns of the event loop without a request that count as nothing left to do: the ledger commits once a turn. */
const idleTurns = 5;

export function virtualClock(startWall = Date.now()): VirtualClock {
  const slept: number[] = [];
  const begin = performance.now();
  let now = begin;
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  let pumping = false;

  const pump = (idle: number): void => {
    if (sleepers.length === 0) {
      pumping = false;
    } else if (underWay.size > 0) {
      waiting.push(() => setImmediate(pump, 0));
    } else if (idle < idleTurns) {
      setImmediate(pump, idle + 1);
    } else {
      sleepers.sort((left, right) => left.at - right.at);
      const [next, ...rest] = sleepers;
      sleepers = rest;
      now = Math.max(now, next?.at ?? now);
      next?.wake();
      setImmediate(pump, 0);
    }
  };
  const wakeAt = (at: number, wake: () => void): (() => void) => {
    const sleeper = { at, wake };
    sleepers.push(sleeper);
    if (!pumping) {
      pumping = true;
      setImmediate(pump, 0);
    }
    return () => {
      sleepers = sleepers.filter(each => each !== sleeper);
    };
  };
  const wall = (): number => Math.floor(startWall + now - begin);

  return {
    slept,
    // No two moments are the same.
    now: () => {
      now += 0.001;
      return now;
    },
    wall,
    advance: ms => {
      now += ms;
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        if (ms <= 0) return resolve();
        slept.push(ms);
        const abort = (): void => {
          cancel();
          reject(signal?.reason);
        };
        const cancel = wakeAt(now + ms, () => {
          signal?.removeEventListener("abort", abort);
          resolve();
        });
        signal?.addEventListener("abort", abort, { once: true });
      }),
    sandbox: {
      now: wall,
      // The sandbox's latency is real time, because the client's own deadline is.
      after: (ms, run) => {
        setTimeout(run, ms);
      },
    },
  };
}

const underWay = new Set<unknown>();
let waiting: (() => void)[] = [];

subscribe("undici:request:create", message => underWay.add(requestIn(message)));
for (const end of ["undici:request:trailers", "undici:request:error"]) {
  subscribe(end, message => {
    underWay.delete(requestIn(message));
    if (underWay.size > 0) return;
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  });
}

function requestIn(message: unknown): unknown {
  return (message as { readonly request: unknown }).request;
}
