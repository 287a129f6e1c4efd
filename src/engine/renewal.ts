import type { Edges } from "./edges.ts";

/**
 * Has a new token asked for after a refusal of a request that was sent at `sentAt` (ms on the monotonic clock). True when
 * it is worth sending again: there is another token now than the one it was sent with.
 */
export type Renewal = (sentAt: number) => Promise<boolean>;

/**
 * All whose requests were refused with one token share one new one. Who comes after it has arrived need not ask: a
 * sign-in library would give the same token again, and that looks like a refusal for good.
 */
export function createRenewal({ graph, clock }: Pick<Edges, "graph" | "clock">): Renewal {
  let renewedAt = Number.NEGATIVE_INFINITY;
  let asked: Promise<boolean> | undefined;
  const ask = async (): Promise<boolean> => {
    try {
      const renewed = await graph.refreshToken();
      if (renewed) renewedAt = clock.now();
      return renewed;
    } finally {
      asked = undefined;
    }
  };
  return async sentAt => {
    if (sentAt <= renewedAt) return true;
    asked ??= ask();
    return await asked;
  };
}
