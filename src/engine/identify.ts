import type { Graph } from "../graph/connect.ts";
import type { Spool } from "../ledger/spool.ts";
import { GraphFault } from "../model/fault.ts";
import type { RosterRow } from "../model/row.ts";
import type { Match, UserLookup } from "../model/user.ts";
import { ordered } from "./ordered.ts";
import type { Patience } from "./patience.ts";

export type IdentifyRequest = {
  readonly spool: Spool<RosterRow>;
  readonly graph: Graph;
  readonly patience: Patience;
  readonly match: Match;
  readonly concurrency: number;
  readonly keyOf: (fold: string, first: RosterRow) => string;
  readonly watch?: (users: number) => void;
};

/** Many keys travel in one filter, so this many times the users under way keep the road full. */
const keysAhead = 4;

/** Resolves every distinct key of the spooled rows to an object id, each once, in roster order. */
export async function identifyUsers(request: IdentifyRequest): Promise<void> {
  const { spool, graph, patience, match, keyOf } = request;
  const lookups = ordered(spool.keys(), request.concurrency * keysAhead, async ({ fold, first }) => {
    const key = keyOf(fold, first.row);
    return { fold, ordinal: first.ordinal, lookup: await lookUp(key) };
  });
  async function lookUp(key: string): Promise<UserLookup> {
    try {
      return await patience.read(() => graph.findUser(key, match));
    } catch (error) {
      // Graph cannot make sense of this one key, so no user has it.
      if (error instanceof GraphFault && error.fault.status === 400) return { kind: "none" };
      throw error;
    }
  }
  let users = 0;
  for await (const { fold, ordinal, lookup } of lookups) {
    spool.setLookup(fold, ordinal, lookup);
    request.watch?.(++users);
  }
}
