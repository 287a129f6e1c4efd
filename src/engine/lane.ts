import { type Pace, type PaceLimits, pause, startPace, startReadPace, take } from "../decide/pace.ts";
import { type Acceptance, accepted, throttled, unanswered } from "../decide/paceLearns.ts";
import type { Clock } from "./clock.ts";

export type LaneSettings = {
  readonly clock: Clock;
  /** A ceiling in operations a second (--rate); 0 switches pacing off; undefined leaves it to the tenant. */
  readonly rate?: number;
  readonly signal?: AbortSignal;
};

/** What all writes of a run go through, or all reads. decide/pace says how fast; this loop waits. */
export type Lane = {
  /** Waits for its turn; tells whether it had to wait. */
  admit(): Promise<{ readonly waited: boolean }>;
  /** Whether everybody waits now, also who has had his turn and has not sent yet. */
  isHeld(): boolean;
  /** The service took an operation. */
  accepted(acceptance?: Acceptance): void;
  /** No answer came in time, or the service failed. */
  unanswered(): void;
  /** Nobody goes for this long, ms; it says nothing about the pace. */
  pause(ms: number): void;
  /** The service asked everybody to wait this long, ms, in answer to what was sent at `sentAt`. */
  throttled(sentAt: number, waitMs: number): void;
};

/** The lane of the writes of a run. */
export function createLane(settings: LaneSettings): Lane {
  return laneFrom(startPace(settings.clock.now()), settings);
}

/** The lane of reads. It has nothing to do with that of the writes unless the service says so. */
export function createReadLane(settings: Omit<LaneSettings, "rate">): Lane {
  return laneFrom(startReadPace(settings.clock.now()), settings);
}

function laneFrom(start: Pace, { clock, rate, signal }: LaneSettings): Lane {
  const paced = rate !== 0;
  const limits: PaceLimits = rate ? { ceiling: rate } : {};
  let pace = start;
  const waiting: { readonly resolve: () => void; readonly reject: (reason: unknown) => void }[] = [];
  let pumping = false;

  /** How long the next one has to wait, ms; 0 when it may go and has been counted. */
  const turn = (): number => {
    const now = clock.now();
    if (!paced) return Math.max(0, pace.pausedUntil - now);
    const taken = take(pace, now, limits);
    pace = taken.pace;
    return taken.waitMs;
  };
  const pump = async (): Promise<void> => {
    pumping = true;
    try {
      while (waiting.length > 0) {
        const waitMs = turn();
        if (waitMs > 0) await clock.sleep(waitMs, signal);
        else waiting.shift()?.resolve();
      }
    } catch (reason) {
      for (const each of waiting.splice(0)) each.reject(reason);
    } finally {
      pumping = false;
    }
  };

  return {
    async admit() {
      signal?.throwIfAborted();
      if (waiting.length === 0 && turn() === 0) return { waited: false };
      const turnComes = new Promise<void>((resolve, reject) => waiting.push({ resolve, reject }));
      if (!pumping) void pump();
      await turnComes;
      return { waited: true };
    },
    isHeld: () => clock.now() < pace.pausedUntil,
    accepted(acceptance) {
      if (paced) pace = accepted(pace, clock.now(), acceptance);
    },
    unanswered() {
      if (paced) pace = unanswered(pace, clock.now());
    },
    pause(ms) {
      pace = pause(pace, clock.now() + ms);
    },
    throttled(sentAt, waitMs) {
      pace = throttled(pace, clock.now(), sentAt, waitMs);
    },
  };
}
