/**
 * Token buckets. The service documents 3,000 writes in 150 s for an app in a tenant (a burst of 3,000, then 20 a
 * second) and 5 report requests in 10 s (https://learn.microsoft.com/graph/throttling-limits, read 2026-11-23).
 */
export type Bucket = {
  readonly burst: number;
  readonly perSecond: number;
  /** Refused requests are charged as well, so early retries prolong the wait. */
  readonly accrues: boolean;
  left: number;
  /** When `left` was true. */
  at: number;
};

export type Charge =
  | { readonly kind: "granted"; readonly usage: number }
  | { readonly kind: "refused"; readonly usage: number; readonly retryAfterSeconds: number };

export function bucket(burst: number, perSecond: number, accrues: boolean): Bucket {
  return { burst, perSecond, accrues, left: burst, at: 0 };
}

/** Takes one request's worth from a bucket, or says how long to wait. `usage` is the used share, up to 1.8. */
export function charge(bucket: Bucket, now: number): Charge {
  const gained = bucket.at === 0 ? 0 : ((now - bucket.at) / 1000) * bucket.perSecond;
  bucket.left = Math.min(bucket.burst, bucket.left + Math.max(0, gained));
  bucket.at = now;
  // The hair less than 1 forgives the rounding of a wait that was kept to the millisecond.
  const granted = bucket.left >= 1 - 1e-9;
  // The service reports usage up to 1.8 of the limit, which bounds how far refused requests can run it down.
  const floor = -0.8 * bucket.burst;
  if (granted || bucket.accrues) bucket.left = Math.max(floor, bucket.left - 1);
  const usage = Math.round((1 - bucket.left / bucket.burst) * 100) / 100;
  if (granted) return { kind: "granted", usage };
  const seconds = Math.ceil((1 - bucket.left) / bucket.perSecond);
  return { kind: "refused", usage, retryAfterSeconds: Math.max(1, seconds) };
}

export function refill(bucket: Bucket): void {
  bucket.left = bucket.burst;
  bucket.at = 0;
}
