import { PrepopError } from "../../model/errors.ts";
import { ask } from "../askForPlan.ts";
import type { Call } from "../command.ts";
import { canAsk } from "../settings.ts";

/**
 * Asks for a yes where one can be asked; where it was given beforehand (--yes), nothing is asked.
 * @throws PrepopError PREPOP_GUARD_DECLINED
 */
export async function agree(call: Call, question: string): Promise<void> {
  if (!canAsk(call)) return;
  const typed = (await ask(call, question)).trim().toLowerCase();
  if (typed === "yes" || typed === "y") return;
  throw new PrepopError("PREPOP_GUARD_DECLINED", { wanted: "yes" });
}
