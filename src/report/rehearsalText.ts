import { outcomeKinds, type RunCounts } from "../model/run.ts";
import type { Tenant } from "../model/user.ts";
import { outcomeWords } from "./reason.ts";
import { type Page, pageOf, type TextOptions, tenantHead } from "./textOptions.ts";
import { duration, list, plural, thousands } from "./words.ts";

/** What a rehearsal found, and what it assumed. */
export type RehearsalView = {
  readonly tenant: Tenant;
  /** Where the plan came from. */
  readonly source: string;
  /** Entries without an outcome, where the rehearsal stopped before its end. */
  readonly open: number;
  readonly expected: {
    /** Making the plan, and the run itself. */
    readonly planSeconds: number;
    readonly runSeconds: number;
    readonly seconds: number;
    readonly requests: number;
    readonly writes: number;
    readonly throttled: number;
    readonly counts: RunCounts;
  };
  readonly assumed: {
    readonly quota: { readonly burst: number; readonly perSecond: number } | null;
    readonly latencyMs: number;
    readonly faults: readonly { readonly kind: string; readonly probability: number }[];
  };
};

/** What a run is to expect, for a person: time, requests, throttling and outcomes, and that nothing was sent. */
export function* rehearsalText(view: RehearsalView, options: TextOptions): Iterable<string> {
  const page = pageOf(options);
  const { expected } = view;
  yield* tenantHead("rehearse", view.tenant, page);
  yield* page.say(
    `${view.source} was applied to an invented tenant on this machine. Nothing was sent to yours.`,
  );
  yield* page.say(`Assumed: ${assumptions(view.assumed)}.`, "dim");
  yield "";
  yield* row("time", timeText(expected), page, "strong");
  yield* row("requests", requestsText(expected), page);
  yield* row("throttling", throttlingText(expected), page);
  yield* row("outcomes", outcomesText(view), page);
}

function assumptions({ quota, latencyMs, faults }: RehearsalView["assumed"]): string {
  const limit = quota
    ? `${plural(quota.burst, "write")} at once and ${quota.perSecond} a second`
    : "no limit to writes";
  const wrong = faults.map(({ kind, probability }) => `${kind} in ${Math.round(probability * 1_000) / 10} %`);
  return `${limit}, an answer after ${thousands(Math.round(latencyMs))} ms, ${wrong.length > 0 ? list(wrong) : "no faults"}`;
}

function timeText({ planSeconds, runSeconds, seconds }: RehearsalView["expected"]): string {
  if (planSeconds === 0) return duration(runSeconds);
  return `${duration(seconds)}: ${duration(planSeconds)} for the plan, ${duration(runSeconds)} for the run`;
}

function requestsText({ requests, writes }: RehearsalView["expected"]): string {
  return `${plural(requests, "HTTP request")} with ${plural(writes, "write")}`;
}

function throttlingText({ writes, throttled }: RehearsalView["expected"]): string {
  if (throttled === 0) return "none";
  const share = Math.round((throttled / Math.max(1, writes)) * 1_000) / 10;
  return `${plural(throttled, "operation")} slowed down (429), ${share} % of the writes`;
}

function outcomesText({ expected, open }: RehearsalView): string {
  const { counts } = expected;
  const parts = outcomeKinds
    .filter(kind => counts[kind] > 0)
    .map(kind => `${thousands(counts[kind])} ${outcomeWords[kind]}`);
  if (open > 0) parts.push(`${thousands(open)} not finished`);
  return parts.length > 0 ? list(parts) : "nothing to be done";
}

const nameWidth = 12;

function* row(name: string, text: string, page: Page, tone?: "strong"): Iterable<string> {
  yield* page.say(`${name.padEnd(nameWidth, "\u00a0")}${text}`, tone, " ".repeat(nameWidth));
}
