import type { Entry } from "../model/run.ts";

/** Between the mark that says sent and the send itself no more than this passes, ms. */
export const longestQueueMs = 30_000;

/**
 * Since when an entry that an earlier process left may have an attempt without a trustworthy answer: when the newest one
 * went out, at the latest. ms since 1970; undefined when nothing of it is in doubt.
 *
 * Where the doubt of the newest attempt is on record, that is known. Where the process ended before the answer, only the
 * mark is: the attempt may have waited for its turn after it, but not beyond the end of that process.
 */
export function doubtOf(
  entry: Pick<Entry, "state" | "sentAt" | "doubtSince">,
  wallNow: number,
): number | undefined {
  const { state, sentAt, doubtSince } = entry;
  if (state !== "sent" || sentAt === undefined) return doubtSince;
  if (doubtSince !== undefined && doubtSince >= sentAt) return doubtSince;
  return Math.max(doubtSince ?? 0, Math.min(sentAt + longestQueueMs, wallNow));
}
