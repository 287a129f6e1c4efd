import type { History, Read, Timing } from "./history.ts";
import { type Judgement, judge } from "./judge.ts";

/** What a series of reads after a send amounts to. */
export type Conclusion =
  | Extract<Judgement, { kind: "wanted" | "other" | "barred" }>
  /** The user answered 404 to the newest read. */
  | { readonly kind: "gone"; readonly found: string }
  /** Nothing proves anything yet; `untouched` reads showed what was there before. */
  | { readonly kind: "open"; readonly untouched: number };

export const noUser = "no such user any more";

/**
 * The first read that proves something decides. A read within the horizon of another write of this ledger to the same
 * slot proves nothing, because it may show that one.
 */
export function conclude(history: History, reads: readonly Read[], timing: Timing): Conclusion {
  const { ownWriteAt } = history;
  const provesFrom = ownWriteAt === undefined ? -Infinity : ownWriteAt + timing.horizonMs;
  let untouched = 0;
  for (const read of reads) {
    if (!read.slot) continue;
    const seen = judge(history.change, read.slot);
    switch (seen.kind) {
      case "wanted":
      case "other":
        if (read.at >= provesFrom) return seen;
        break;
      case "barred":
        return seen;
      case "from":
        untouched++;
        break;
      case "hidden":
        break;
    }
  }
  // A new account answers 404 here and there for a while, so only the newest read says that nobody is there.
  return reads.at(-1)?.gone ? { kind: "gone", found: noUser } : { kind: "open", untouched };
}
