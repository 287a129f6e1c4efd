import { meaningOf, waitFor } from "../../decide/retry.ts";
import { looksAfterDoubt, replicationHorizonMs, replicationWaitMs } from "../../decide/setup/waits.ts";
import { PrepopError } from "../../model/errors.ts";
import { GraphFault } from "../../model/fault.ts";
import type { Clock } from "../clock.ts";
import { createPatience, type Patience } from "../patience.ts";
import { rejected } from "../worldErrors.ts";

/** What a setup works with. */
export type SetupEdges = {
  /** Origin of Graph, for messages. */
  readonly origin: string;
  readonly refreshToken: () => Promise<boolean>;
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly signal?: AbortSignal;
  /** Told what is waited for, and for how long so far, ms. */
  readonly onWait: (what: string, soFarMs: number) => void;
  /** What is left if this ends here, for messages: "Nothing was made." */
  readonly state: () => string;
};

/** Something that is to be there. */
export type Wanted<Thing> = {
  /** In words, with a capital: "The service principal", and "Creating the service principal". */
  readonly what: string;
  readonly doing: string;
  /** Which permission or role it needs, in words. */
  readonly need: string;
  readonly look: () => Promise<Thing | undefined>;
  readonly make: () => Promise<unknown>;
  /** It speaks of something that may be too new to be known, so a 400 is no final no. */
  readonly refersToNew?: boolean;
  /** Sent twice it does no more than sent once, so nothing has to be looked for after an unclear answer. */
  readonly harmlessTwice?: boolean;
};

/** A 403 may be a consent that is some seconds old; so often it is tried with a new token. */
const triesAfterForbidden = 3;

/**
 * Makes sure of one thing: looks whether it is there, makes it where it is not, and looks again until it is seen, because
 * what comes next speaks of it. What was accepted is never sent twice, and what may have been accepted is looked for
 * first; so running again, also after a crash, makes no second one.
 * @throws PrepopError PREPOP_SETUP_FORBIDDEN, PREPOP_SETUP_REFUSED, PREPOP_SETUP_NOT_READY
 */
export async function ensure<Thing>(edges: SetupEdges, wanted: Wanted<Thing>): Promise<Thing> {
  const patience = patienceOf(edges);
  const since = edges.clock.now();
  let looksLeft = 0;
  let forbidden = 0;
  for (let attempt = 1; ; attempt++) {
    const found = await look(patience, edges, wanted);
    if (found !== undefined) return found;
    let wait = replicationWaitMs(attempt);
    if (looksLeft > 0) looksLeft--;
    else {
      const sent = await send(edges, wanted);
      if (sent.kind === "accepted") {
        looksLeft = Number.POSITIVE_INFINITY;
        continue;
      }
      if (sent.kind === "doubt" && wanted.harmlessTwice !== true) looksLeft = looksAfterDoubt;
      if (sent.kind === "forbidden") {
        if (++forbidden >= triesAfterForbidden) throw refused(edges, wanted, sent.fault);
        await edges.refreshToken();
      }
      if (sent.kind === "later")
        wait = Math.max(wait, waitFor(sent.fault.fault, attempt, edges.clock.wall(), edges.random()));
    }
    await pause(edges, wanted.what, since, wait);
  }
}

/** Waits, and says so; ends where it has been too long. */
export async function pause(edges: SetupEdges, what: string, since: number, ms: number): Promise<void> {
  const { clock, signal, onWait, state } = edges;
  const soFar = clock.now() - since;
  if (soFar + ms > replicationHorizonMs) {
    const wait = `${Math.round(soFar / 1_000)} s`;
    throw new PrepopError("PREPOP_SETUP_NOT_READY", { what, wait, state: state() });
  }
  onWait(what, soFar);
  await clock.sleep(ms, signal);
}

/** Reads that wait where the service asks for it. */
export function patienceOf(edges: SetupEdges): Patience {
  const { origin, clock, random, signal, refreshToken } = edges;
  const renew = () => refreshToken();
  return createPatience({
    origin,
    clock,
    random,
    renew,
    maxWaitMs: replicationHorizonMs,
    ...(signal ? { signal } : {}),
  });
}

/** The service says no. Where the caller may not do it, the message says what it takes. */
export function refused(
  edges: SetupEdges,
  { doing, need }: Pick<Wanted<unknown>, "doing" | "need">,
  cause: GraphFault,
): PrepopError {
  const { message, requestId } = cause.fault;
  const request = requestId === undefined ? "" : ` (request-id ${requestId})`;
  const facts = { doing, need, why: message.replace(/\.$/, ""), request };
  const code = cause.fault.status === 403 ? "PREPOP_SETUP_FORBIDDEN" : "PREPOP_SETUP_REFUSED";
  return new PrepopError(code, { ...facts, state: edges.state() }, cause);
}

async function look<Thing>(
  patience: Patience,
  edges: SetupEdges,
  wanted: Wanted<Thing>,
): Promise<Thing | undefined> {
  try {
    return await patience.read(wanted.look);
  } catch (error) {
    if (!(error instanceof GraphFault)) throw error;
    // What it hangs on may be too new to be known.
    if (error.fault.status === 404) return undefined;
    throw refused(edges, wanted, error);
  }
}

type Sent =
  | { readonly kind: "accepted" | "doubt" | "unknown" }
  | { readonly kind: "forbidden" | "later"; readonly fault: GraphFault };

async function send(edges: SetupEdges, wanted: Wanted<unknown>): Promise<Sent> {
  const { make, refersToNew } = wanted;
  edges.signal?.throwIfAborted();
  try {
    await make();
    return { kind: "accepted" };
  } catch (error) {
    if (!(error instanceof GraphFault)) throw error;
    switch (meaningOf(error.fault)) {
      case "doubt":
        return { kind: "doubt" };
      case "throttled":
      case "unsent":
        return { kind: "later", fault: error };
      case "forbidden":
        return { kind: "forbidden", fault: error };
      case "unauthorized":
        throw rejected(error.fault, error);
      case "refused": {
        const { status } = error.fault;
        if (status === 404 || (status === 400 && refersToNew === true)) return { kind: "unknown" };
        throw refused(edges, wanted, error);
      }
    }
  }
}
