import { patienceFor } from "../engine/plan.ts";
import { writeBack } from "../engine/writeBack.ts";
import { PrepopError } from "../model/errors.ts";
import type { WriteBackEnd } from "../model/rowStatus.ts";
import { runReport } from "../report/reports.ts";
import { rowStatuses } from "../report/rowStatus.ts";
import type { RunResult } from "../report/runResult.ts";
import { pageOf } from "../report/textOptions.ts";
import { moment } from "../report/words.ts";
import { writeBackText } from "../report/writeBackText.ts";
import type { Roster } from "../roster/open.ts";
import type { Call } from "./command.ts";
import { listPlace } from "./listPlace.ts";
import type { OpenEdges } from "./openEdges.ts";
import type { Output } from "./output.ts";
import { paceOf } from "./settings.ts";

/** Brings the outcomes of a run back to its list, and says what came of it where a person watches. */
export type WriteBack = (result: RunResult) => Promise<WriteBackEnd>;

/** @throws PrepopError PREPOP_USAGE where --write-back has no list in Microsoft 365 to write to */
export function refuseWriteBack(call: Call, saved: boolean): void {
  if (
    call.options.writeBack !== true ||
    (!saved && call.options.from === undefined && listPlace(call) !== undefined)
  ) {
    return;
  }
  throw new PrepopError("PREPOP_USAGE", {
    why: "--write-back writes into a list in Microsoft 365, and this is none",
    fix: "Name the list by its address; for a file on this machine use --report.",
  });
}

/** What `--write-back` asks for; undefined where it was not said. */
export function writeBackOf(
  call: Call,
  roster: Roster,
  open: OpenEdges,
  output: Output,
): WriteBack | undefined {
  const { shared } = roster;
  if (call.options.writeBack !== true || shared === undefined) return undefined;
  const { edges } = open;
  return async result => {
    if (result.run.state === "interrupted" || edges.signal?.aborted === true) {
      return { kind: "none", why: "the run was interrupted, and its outcomes are not complete" };
    }
    const end = await writeBack(
      {
        roster,
        shared,
        statuses: rowStatuses(result.outcomes(), result.issues()),
        when: moment(edges.clock.wall()),
        report: () => runReport(result, "xlsx", { showNumbers: false }),
        watch: output.progress,
      },
      edges,
      patienceFor(edges, paceOf(call).maxWaitMs),
    );
    output.settle();
    return end;
  };
}

/** Says it to a person: what was done on stdout, what could not be done on stderr. */
export async function sayWriteBack(end: WriteBackEnd, list: string, output: Output): Promise<void> {
  const text = writeBackText(end, list);
  if (end.kind === "none") {
    output.note(text);
    return;
  }
  const { width, color, showNumbers } = output;
  for (const line of pageOf({ width, color, showNumbers }).say(text)) await output.say(line);
}
