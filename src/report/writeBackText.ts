import type { WriteBackEnd } from "../model/rowStatus.ts";
import { plural } from "./words.ts";

/** What came of `--write-back`, in a sentence or two. */
export function writeBackText(end: WriteBackEnd, list: string): string {
  switch (end.kind) {
    case "table": {
      const missed =
        end.missed === 0
          ? ""
          : ` ${plural(end.missed, "row is", "rows are")} not there any more as ${end.missed === 1 ? "it was" : "they were"}, and got no status.`;
      return `Written back: ${plural(end.written, "row")} of the table ${end.table} in ${list} (columns prepop outcome, prepop message and prepop when).${missed}`;
    }
    case "report":
      return `Report saved beside the list: ${end.name}, because ${end.why}.`;
    case "none":
      return `Nothing was written back: ${end.why}. The run itself is as said.`;
  }
}
