import { meaningOf, waitFor } from "../decide/retry.ts";
import type { PrepopError } from "../model/errors.ts";
import { type Fault, GraphFault } from "../model/fault.ts";
import type { Clock } from "./clock.ts";
import { createReadLane, type Lane } from "./lane.ts";
import type { Renewal } from "./renewal.ts";
import { busy, isRedirect, redirected, rejected, unreachable } from "./worldErrors.ts";

export type PatienceSettings = {
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly origin: string;
  readonly maxWaitMs: number;
  readonly renew: Renewal;
  readonly signal?: AbortSignal;
  /** The lane of the writes beside these reads: it is only held where the service says that a limit is for both. */
  readonly writes?: Lane;
};

/** Reads in a lane of their own: they wait and try again where that can help, and after a Retry-After all of them wait. */
export type Patience = {
  /**
   * @param tries how often at most; the first contact uses few, so that a wrong address is told at once
   * @throws PrepopError when the caller is not accepted or the service asks for too much patience; GraphFault for the rest
   */
  read<Result>(request: () => Promise<Result>, tries?: number): Promise<Result>;
  /** No read goes for this long, ms. */
  pause(ms: number): void;
};

const defaultTries = 10;
/** A gateway that wants a sign-in of its own redirects for good; one that starts anew only for a moment. */
const redirectTries = 3;

export function createPatience(settings: PatienceSettings): Patience {
  const { clock, signal } = settings;
  const lane = createReadLane({ clock, ...(signal ? { signal } : {}) });
  return {
    pause: ms => lane.pause(ms),
    async read(request, tries = defaultTries) {
      let refreshed = false;
      for (let attempt = 1; ; attempt++) {
        await lane.admit();
        const askedAt = clock.now();
        try {
          const result = await request();
          lane.accepted();
          return result;
        } catch (error) {
          if (!(error instanceof GraphFault)) throw error;
          const { fault } = error;
          switch (meaningOf(fault)) {
            case "unauthorized":
              if (!refreshed && (await settings.renew(askedAt))) {
                refreshed = true;
                continue;
              }
              throw rejected(fault, error);
            case "forbidden":
            case "refused":
              throw error;
            default: {
              const wait = waitFor(fault, attempt, clock.wall(), settings.random());
              const most = isRedirect(fault) ? Math.min(tries, redirectTries) : tries;
              if (attempt >= most || wait > settings.maxWaitMs) throw givenUp(settings, fault, wait, error);
              if (fault.status === 429) {
                lane.throttled(askedAt, wait);
                if (fault.limit === "readWrite") settings.writes?.pause(wait);
              } else if (fault.retryAfter !== undefined) {
                lane.pause(wait);
              } else {
                await clock.sleep(wait, signal);
              }
            }
          }
        }
      }
    },
  };
}

function givenUp(settings: PatienceSettings, fault: Fault, waitMs: number, cause: unknown): PrepopError {
  if (isRedirect(fault)) return redirected(fault, cause);
  return fault.status === undefined
    ? unreachable(settings.origin, fault, cause)
    : busy(fault, waitMs, settings.clock.wall(), "Nothing was sent.", cause);
}
