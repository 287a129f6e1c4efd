import { createInterface } from "node:readline/promises";
import { guardApply } from "../engine/apply.ts";
import { writeKinds } from "../model/change.ts";
import { PrepopError } from "../model/errors.ts";
import type { Limits } from "../model/options.ts";
import type { Plan } from "../model/plan.ts";
import { confirmText } from "../report/confirmText.ts";
import { planText } from "../report/planText.ts";
import type { Call } from "./command.ts";
import type { Output } from "./output.ts";

export type PlanQuestion = {
  readonly call: Call;
  readonly output: Output;
  readonly plan: Plan;
  readonly limits: Limits;
  readonly digest?: string;
  /** Users whom the plan leaves without any method: named first. */
  readonly leftWithoutMethod?: readonly string[];
};

/**
 * Shows the plan on the terminal and asks. What the guards refuse is refused before anybody is asked.
 * @returns the limits with the tenant confirmed
 * @throws PrepopError PREPOP_GUARD_DECLINED
 */
export async function askForPlan(question: PlanQuestion): Promise<Limits> {
  const { call, output, plan, limits, digest, leftWithoutMethod = [] } = question;
  const { width, color, showNumbers } = output;
  const view = { width, color, showNumbers, leftWithoutMethod };
  for (const line of planText(plan, view)) await output.say(line);
  const { text, wanted } = confirmText(plan);
  const answered = { ...limits, confirmTenant: wanted === "yes" ? (limits.confirmTenant ?? "") : wanted };
  guardApply(plan, answered, digest);
  if (hasWrites(plan)) {
    const typed = (await ask(call, text)).trim().toLowerCase();
    const yes = wanted === "yes" ? typed === "yes" || typed === "y" : typed === wanted.toLowerCase();
    if (!yes) throw new PrepopError("PREPOP_GUARD_DECLINED", { wanted });
  }
  return answered;
}

/** Asks one question on the terminal. */
export async function ask(call: Call, question: string): Promise<string> {
  const { stdin, stderr, signal } = call.surroundings;
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    return await lines.question(question, { signal });
  } finally {
    lines.close();
  }
}

function hasWrites({ header: { counts } }: Plan): boolean {
  return writeKinds.some(kind => counts[kind] > 0);
}
