import type { Fault } from "../model/fault.ts";

/**
 * What a fault means for the write that met it.
 * throttled: not executed, ask again later. unsent: nothing went out. doubt: it may have been executed.
 * unauthorized, forbidden: not executed, the caller is the problem. refused: the service said no for good.
 */
export type FaultMeaning = "throttled" | "unsent" | "doubt" | "unauthorized" | "forbidden" | "refused";

/** Classifies by status alone: codes are open and four business errors have no published one. */
export function meaningOf(fault: Fault): FaultMeaning {
  switch (fault.kind) {
    case "unreachable":
      return "unsent";
    case "timeout":
    case "network":
    case "unreadable":
      return "doubt";
    case "http":
      return meaningOfStatus(fault.status ?? 0);
  }
}

function meaningOfStatus(status: number): FaultMeaning {
  if (status === 429) return "throttled";
  if (status === 401) return "unauthorized";
  if (status === 403) return "forbidden";
  // 424: a batch was given up around this item, and it does not say whether before or after the item was executed.
  if (status === 408 || status === 409 || status === 424) return "doubt";
  if (status >= 400 && status < 500) return "refused";
  return "doubt";
}

const firstBackOffMs = 1_000;
const longestBackOffMs = 60_000;
const shortestDateWaitMs = 1_000;
/** Waits are spread upwards by up to this share, and never shortened. */
const spread = 0.1;

/**
 * How long to wait before the next try, in ms (rules.md, waiting). `attempt` counts from 1; `random` is from 0 to
 * below 1; `wallNow` is ms since 1970 and only used for a Retry-After date in an answer without a Date header.
 */
export function waitFor(fault: Fault, attempt: number, wallNow: number, random: number): number {
  const asked = retryAfterMs(fault, wallNow);
  if (asked !== undefined) return asked * (1 + spread * random);
  const backOff = Math.min(firstBackOffMs * 2 ** (attempt - 1), longestBackOffMs);
  return backOff * (1 + spread * random);
}

/** Retry-After in ms; undefined when it is absent, unreadable, zero or negative. */
export function retryAfterMs(fault: Pick<Fault, "retryAfter" | "date">, wallNow: number): number | undefined {
  const text = fault.retryAfter?.trim() ?? "";
  if (/^[+-]?\d+(\.\d+)?$/.test(text)) {
    const seconds = Number(text);
    return seconds > 0 ? seconds * 1_000 : undefined;
  }
  // Date.parse takes digits alone for a year or a month; of what it cannot read the wait is NaN, which is not above 0.
  if (!/[a-z]/i.test(text)) return undefined;
  const sent = Date.parse(fault.date ?? "");
  const wait = Date.parse(text) - (Number.isNaN(sent) ? wallNow : sent);
  return wait > 0 ? Math.max(wait, shortestDateWaitMs) : undefined;
}
