/**
 * How hard the service finds it, seen from how long its answers take: 1 at its best, more when they take longer than
 * they need to. A number that was smoothed, so that one slow answer is no trend.
 *
 * A request that holds many operations may take longer than one that holds few, so each size is compared with the
 * fastest answer to a request of at least that size. Nobody has published which of the two Graph does.
 */
export type Strain = {
  /** The fastest answer so far to a request of at least so many operations and one, ms. */
  readonly fastestMs: readonly number[];
  readonly level: number;
  /** When the level was last moved. */
  readonly at: number;
};

/** An answer to a request that held so many operations, or none (`undefined`): a timeout, or a failing service. */
export type Answered = { readonly ms: number; readonly operations: number } | undefined;

/** Above this the service is pushed too hard; below `calm` it may be given more again. */
export const strained = 2;
export const calm = 1.5;

/** Shorter differences are the network's and this machine's own. */
const slackMs = 250;
/** The most that one answer counts. */
const most = 4;
/** An answer moves the level by its share of this time, and by no more than `largestStep`. */
const memoryMs = 1_500;
const largestStep = 0.3;

/** Nothing is known yet. */
export function noStrain(now: number): Strain {
  return { fastestMs: [], level: 1, at: now };
}

/** What the level is after an answer. */
export function observe(before: Strain, now: number, answer: Answered): Strain {
  const fastestMs = answer === undefined ? before.fastestMs : learnt(before.fastestMs, answer);
  const weight = Math.min(largestStep, Math.max(0, now - before.at) / memoryMs);
  const level = before.level + weight * (levelOf(answer, fastestMs) - before.level);
  return { fastestMs, level, at: Math.max(now, before.at) };
}

function levelOf(answer: Answered, fastestMs: readonly number[]): number {
  if (answer === undefined) return most;
  const best = fastestMs[answer.operations - 1] ?? answer.ms;
  return Math.min(most, Math.max(1, answer.ms / (best + slackMs)));
}

function learnt(fastestMs: readonly number[], { ms, operations }: NonNullable<Answered>): readonly number[] {
  const known = fastestMs[operations - 1];
  if (known !== undefined && known <= ms) return fastestMs;
  const size = Math.max(operations, fastestMs.length);
  return Array.from({ length: size }, (_, at) =>
    at < operations ? Math.min(ms, fastestMs[at] ?? ms) : (fastestMs[at] ?? ms),
  );
}
