import type { Timing } from "../decide/history.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Entry } from "../model/run.ts";
import type { Edges } from "./edges.ts";
import type { Lane } from "./lane.ts";
import type { Patience } from "./patience.ts";
import type { Renewal } from "./renewal.ts";

/** What every entry of a run is executed with. */
export type ExecuteContext = {
  readonly edges: Edges;
  readonly ledger: Ledger;
  readonly lane: Lane;
  readonly patience: Patience;
  readonly renew: Renewal;
  readonly timing: Timing;
  readonly tenantId: string;
  readonly maxWaitMs: number;
  /** Aborts when nothing more may be sent. What is in doubt may still be read back then. */
  readonly sending: AbortSignal;
  /** Nothing may be sent: what reading back does not settle stays in doubt. */
  readonly settleOnly: boolean;
  /** When this ledger last wrote the slot of an entry, on the monotonic clock; undefined outside the horizon. */
  readonly ownWriteAt: (entry: Entry) => number | undefined;
};
