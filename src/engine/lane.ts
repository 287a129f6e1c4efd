import { accepted, type Pace, startPace, take, throttled } from "../decide/pace.ts";
import type { Clock } from "./clock.ts";

export type LaneSettings = {
  readonly clock: Clock;
  /** --rate: a ceiling in writes a second; 0 switches pacing off; undefined leaves it to the tenant. */
  readonly rate?: number;
  readonly signal?: AbortSignal;
};

/** The lane that all writes of a run go through. decide/pace says how fast; this loop waits. */
export type Lane = {
  /** Waits for its turn; tells whether it had to wait. */
  admit(): Promise<{ readonly waited: boolean }>;
  /** A write was taken. `share` is the part of the limit that is used, where the service said so. */
  accepted(share?: number): void;
  /** Nobody goes for this long, ms; it says nothing about the pace. */
  pause(ms: number): void;
  /** The service asked everybody to wait this long, ms, in answer to a write sent at `sentAt`. */
  throttled(sentAt: number, waitMs: number): void;
};

export function createLane(settings: LaneSettings): Lane {
  const { clock, signal } = settings;
  const paced = settings.rate !== 0;
  const limits = settings.rate ? { ceiling: settings.rate } : {};
  let pace: Pace = startPace(clock.now());
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
    accepted(share) {
      if (paced) pace = accepted(pace, clock.now(), share);
    },
    pause(ms) {
      pace = { ...pace, pausedUntil: Math.max(pace.pausedUntil, clock.now() + ms) };
    },
    throttled(sentAt, waitMs) {
      pace = throttled(pace, clock.now(), sentAt, waitMs);
    },
  };
}
