import { patienceFor } from "../engine/plan.ts";
import { recorded } from "../engine/recorded.ts";
import { writeBack } from "../engine/writeBack.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { defaultPace } from "../model/defaults.ts";
import { PrepopError } from "../model/errors.ts";
import type { WriteBackEnd } from "../model/rowStatus.ts";
import { runReport } from "../report/reports.ts";
import { rowStatuses } from "../report/rowStatus.ts";
import { moment } from "../report/words.ts";
import type { Roster } from "../roster/open.ts";
import { type AroundSettings, edgesOf } from "./settings.ts";

/** Which run, and of which list; both as they were when it was applied. */
export type WriteBackSettings = AroundSettings & {
  readonly roster: Roster;
  /** The run's id, or the beginning of it. */
  readonly run: string;
  readonly ledger: Ledger;
};

/** Brings the outcomes of a run that the ledger holds back to its list in Microsoft 365. */
export async function writeBackRun(settings: WriteBackSettings): Promise<WriteBackEnd> {
  const { roster, ledger, run: wanted } = settings;
  const run = ledger.run(wanted);
  if (!run) throw new PrepopError("PREPOP_RUN_NOT_FOUND", { run: wanted });
  if (roster.shared === undefined) {
    throw new PrepopError("PREPOP_USAGE", {
      why: "The roster is no list in Microsoft 365, so nothing can be written back to it",
      fix: "Open it by its address with readRoster.",
    });
  }
  const edges = edgesOf(settings);
  const { open, ...counts } = ledger.counts(run.id);
  const result = {
    run,
    counts,
    open,
    seconds: Math.max(0, (run.endedAt ?? run.startedAt) - run.startedAt) / 1_000,
    ...edges.graph.stats(),
    outcomes: () => recorded(ledger, run.id),
    issues: () => ledger.issues(run.id),
  };
  return await writeBack(
    {
      roster,
      shared: roster.shared,
      statuses: rowStatuses(result.outcomes(), result.issues()),
      when: moment(edges.clock.wall()),
      report: () => runReport(result, "xlsx", { showNumbers: false }),
    },
    edges,
    patienceFor(edges, defaultPace.maxWaitMs),
  );
}
