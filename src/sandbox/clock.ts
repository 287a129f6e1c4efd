/** The sandbox's only source of time. Tests bring their own, so that quotas, delays and lag need no waiting. */
export type SandboxClock = {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `run` once, `ms` milliseconds from now. */
  after(ms: number, run: () => void): void;
};

/** The machine's clock. It never runs backwards, which a token bucket would not forgive. */
export const systemClock: SandboxClock = {
  now: () => performance.timeOrigin + performance.now(),
  after: (ms, run) => {
    setTimeout(run, ms);
  },
};
