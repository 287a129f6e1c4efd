import { phoneOfDefault } from "../decide/leftMethods.ts";
import { meaningOf, waitFor } from "../decide/retry.ts";
import type { DefaultMethod } from "../model/change.ts";
import { catalogue } from "../model/errors.ts";
import { type Fault, GraphFault } from "../model/fault.ts";
import type { Entry, Outcome } from "../model/run.ts";
import type { ExecuteContext } from "./executeContext.ts";
import { Stopped } from "./stop.ts";

/** A default method is switched with this many tries. */
const tries = 5;

/**
 * Makes another method the default before the phone that is the default is deleted. Undefined when that is so; else
 * why nothing was deleted.
 */
export async function switchDefaultFirst(
  entry: Entry,
  context: ExecuteContext,
): Promise<Omit<Outcome, "attempts"> | undefined> {
  const { kind, switchDefault } = entry;
  if (kind !== "delete" || !switchDefault?.to) return undefined;
  const { from, to } = switchDefault;
  const fault = await setDefault(entry, to, now => now === from, context);
  if (!fault) return undefined;
  if (meaningOf(fault) === "throttled") {
    // Nothing was deleted and nobody was refused: the run ends for now.
    const waitMs = waitFor(fault, tries, context.edges.clock.wall(), 0);
    throw new Stopped({ kind: "busy", fault, waitMs });
  }
  const why = `the default sign-in method could not be switched first, so nothing was deleted (${fault.message})`;
  return {
    outcome: "refused",
    code: "PREPOP_ROW_REFUSED",
    message: catalogue.PREPOP_ROW_REFUSED.message({ why }),
    ...(fault.requestId === undefined ? {} : { requestId: fault.requestId }),
  };
}

/**
 * Switches the default method back after an undo has created its phone again. What the user chose since stays. The
 * outcome is the one of the phone, with a code where its default could not follow.
 */
export async function switchDefaultBack(
  entry: Entry,
  outcome: Outcome,
  context: ExecuteContext,
): Promise<Outcome> {
  const { kind, phoneType, switchDefault } = entry;
  const isThere = outcome.outcome === "applied" || outcome.outcome === "alreadySo";
  if (kind !== "create" || !switchDefault?.to || !isThere) return outcome;
  const { from, to } = switchDefault;
  const kept = (why: string): Outcome => ({
    ...outcome,
    code: "PREPOP_ROW_DEFAULT_KEPT",
    message: catalogue.PREPOP_ROW_DEFAULT_KEPT.message({ wanted: to, why }),
  });
  if (context.settleOnly) return kept("it was only read back what had been sent");
  let chosenSince: DefaultMethod | undefined;
  // The service may have made the new phone the default by itself, as the first one of the user.
  const replaces = (now: DefaultMethod | undefined): boolean => {
    const free = now === undefined || now === from || phoneOfDefault[now] === phoneType;
    if (!free && now !== to) chosenSince = now;
    return free && now !== to;
  };
  const fault = await setDefault(entry, to, replaces, context);
  if (fault) return kept(fault.message);
  return chosenSince === undefined ? outcome : kept(`it was changed to ${chosenSince} since`);
}

/**
 * Sets the default where what is there now may be replaced. Undefined when there is nothing left to do. It is a write
 * like any other, so it waits for its turn in the lane.
 */
async function setDefault(
  entry: Entry,
  method: DefaultMethod,
  replaces: (now: DefaultMethod | undefined) => boolean,
  { edges, lane, patience, maxWaitMs }: ExecuteContext,
): Promise<Fault | undefined> {
  const { clock, graph } = edges;
  const attemptDefault = async (): Promise<Fault | undefined> => {
    const now = await patience.read(() => graph.signInPreferences(entry.userId));
    if (now && !replaces(now.default)) return undefined;
    await lane.admit();
    sentAt = clock.now();
    const answer = await graph.write({ kind: "setDefault", userId: entry.userId, method });
    if (answer.kind === "accepted") lane.accepted();
    return answer.kind === "accepted" ? undefined : answer.fault;
  };
  let sentAt = clock.now();
  for (let attempt = 1; ; attempt++) {
    const fault = await faultOf(attemptDefault);
    if (!fault) return undefined;
    const meaning = meaningOf(fault);
    const hopeless = meaning === "refused" || meaning === "forbidden" || meaning === "unauthorized";
    const waitMs = waitFor(fault, attempt, clock.wall(), edges.random());
    if (hopeless || attempt >= tries || waitMs > maxWaitMs) return fault;
    if (meaning === "throttled") lane.throttled(sentAt, waitMs);
    else await clock.sleep(waitMs, edges.signal);
  }
}

/** The fault of a write, or of the read before it. */
async function faultOf(attempt: () => Promise<Fault | undefined>): Promise<Fault | undefined> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof GraphFault) return error.fault;
    throw error;
  }
}
