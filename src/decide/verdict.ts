import type { PlanCounts } from "../model/plan.ts";
import type { RunCounts } from "../model/run.ts";

/** The exit code of a plan that could be made (interface.md, exit codes). */
export function planExitCode(counts: PlanCounts): 0 | 2 | 3 {
  const writes = counts.create + counts.update + counts.delete + counts.enableSms + counts.disableSms;
  if (writes > 0) return 2;
  return counts.issues > 0 || counts.refused > 0 ? 3 : 0;
}

/** The exit code of a run that went to its end. */
export function runExitCode(counts: RunCounts): 0 | 3 {
  return counts.issues + counts.refused + counts.failed + counts.inDoubt > 0 ? 3 : 0;
}

/** Worst first, as each command decides about one tenant (interface.md, exit codes). */
const worstOfPlans: readonly number[] = [130, 7, 4, 6, 5, 1, 2, 3, 0];
const worstOfRuns: readonly number[] = [130, 7, 8, 6, 4, 5, 1, 3, 0];

/**
 * The exit code of several tenants together: the worst of them, in the order in which the command chooses among the
 * codes of one. Whoever interrupts it is told so before all else, because the tenants after that were not begun.
 */
export function worstExitCode(exitCodes: readonly number[], writes: boolean): number {
  const order = writes ? worstOfRuns : worstOfPlans;
  return order.find(code => exitCodes.includes(code)) ?? Math.max(0, ...exitCodes);
}
