/** How long a setup waits for a new thing to be known everywhere, ms. Minutes are documented nowhere and seen often. */
export const replicationHorizonMs = 5 * 60_000;

/** How long to wait before looking again; `attempt` counts from 1. */
export function replicationWaitMs(attempt: number): number {
  return Math.min(1_000 * 2 ** (attempt - 1), 10_000);
}

/**
 * After an answer that may have been a yes, so many looks (a minute and a half) come before that is sent again which
 * would make a second one.
 */
export const looksAfterDoubt = 12;

/**
 * Whether a failed sign-in only means that the application is too new: not known (700016, 7000229), its certificate or
 * secret not known (700027, 7000215), its consent not known (65001).
 * Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes (read 2026-11-23).
 */
export function isTooNew(why: string): boolean {
  return /AADSTS(700016|7000229|700027|7000215|65001)\b/.test(why);
}
