import { meaningOf, waitFor } from "../decide/retry.ts";
import { catalogue } from "../model/errors.ts";
import type { Fault } from "../model/fault.ts";
import type { Entry, Outcome } from "../model/run.ts";
import type { ExecuteContext } from "./execute.ts";

/** A default method is switched with this many tries; nothing is deleted before it is. */
const tries = 5;

/**
 * Makes another method the default before the phone that is the default is deleted. Undefined when that is so; else
 * why nothing was deleted.
 */
export async function switchDefault(
  entry: Entry,
  wanted: NonNullable<Entry["switchDefault"]>,
  context: ExecuteContext,
): Promise<Omit<Outcome, "attempts"> | undefined> {
  const { edges, patience } = context;
  for (let attempt = 1; ; attempt++) {
    const now = await patience.read(() => edges.graph.signInPreferences(entry.userId));
    if (now && now.default !== wanted.from) return undefined;
    const answer = await edges.graph.write({ kind: "setDefault", userId: entry.userId, method: wanted.to });
    if (answer.kind === "accepted") return undefined;
    const { fault } = answer;
    const meaning = meaningOf(fault);
    const hopeless = meaning === "refused" || meaning === "forbidden" || meaning === "unauthorized";
    if (hopeless || attempt >= tries) return refusal(fault);
    await edges.clock.sleep(waitFor(fault, attempt, edges.clock.wall(), edges.random()), edges.signal);
  }
}

function refusal(fault: Fault): Omit<Outcome, "attempts"> {
  const why = `the default sign-in method could not be switched first, so nothing was deleted (${fault.message})`;
  return {
    outcome: "refused",
    code: "PREPOP_ROW_REFUSED",
    message: catalogue.PREPOP_ROW_REFUSED.message({ why }),
    ...(fault.requestId === undefined ? {} : { requestId: fault.requestId }),
  };
}
