import type { Clock } from "./clock.ts";

export type LaneSettings = {
  readonly clock: Clock;
  /** Writes a second; undefined or 0 for no ceiling. */
  readonly rate?: number;
  readonly signal?: AbortSignal;
};

/** The lane that all writes of a run go through: a ceiling on the rate, and one pause for all after a Retry-After. */
export type Lane = {
  /** Waits for its turn; tells whether it had to wait. */
  admit(): Promise<{ readonly waited: boolean }>;
  /** Holds the whole lane for this long, ms. */
  pause(ms: number): void;
};

export function createLane(settings: LaneSettings): Lane {
  const { clock, signal } = settings;
  const spacing = settings.rate ? 1_000 / settings.rate : 0;
  let pausedUntil = 0;
  let nextTurn = 0;
  return {
    async admit() {
      let waited = false;
      for (;;) {
        signal?.throwIfAborted();
        const now = clock.now();
        const turn = Math.max(now, nextTurn, pausedUntil);
        if (turn <= now) {
          nextTurn = now + spacing;
          return { waited };
        }
        if (spacing > 0 && turn === nextTurn) nextTurn += spacing;
        waited = true;
        await clock.sleep(turn - now, signal);
        if (spacing > 0 && clock.now() >= pausedUntil) return { waited };
      }
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, clock.now() + ms);
    },
  };
}
