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
