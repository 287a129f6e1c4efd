import { draw } from "../chance.ts";
import { faultKinds } from "./kinds.ts";
import type { ActiveRule, FaultRule, FaultTable } from "./rules.ts";

/** What a request is about, as far as rules look at it. */
export type FaultSubject = {
  /** Name of the operation, `batch`, or undefined for a path that is none. */
  readonly operation: string | undefined;
  readonly effect: "read" | "write";
  readonly userId: string | undefined;
  readonly upn: string | undefined;
  readonly phoneType: string | undefined;
  /** Whether it stands in a batch. */
  readonly packed: boolean;
};

/**
 * The fault that hits a request: the first rule that strikes. Every rule counts the requests it matches, also when
 * another one struck first, so `nth` means the same whatever else is configured.
 */
export function chooseFault(table: FaultTable, subject: FaultSubject, now: number): FaultRule | undefined {
  let chosen: FaultRule | undefined;
  for (const active of table.rules) {
    if (!isAbout(active.rule, subject)) continue;
    active.matched++;
    if (chosen === undefined && strikes(active, table, subject, now)) {
      active.struck++;
      chosen = active.rule;
    }
  }
  return chosen;
}

function isAbout(rule: FaultRule, subject: FaultSubject): boolean {
  const { when } = faultKinds[rule.kind];
  const isBatch = subject.operation === "batch";
  const match = rule.match ?? {};
  // The outer request of a batch is hit by the batch kinds, and by others only when a rule names it.
  if (when === "batch" ? !isBatch : isBatch && !includes(match.operation, "batch")) return false;
  if (when === "read" && subject.effect !== "read") return false;
  if (rule.kind.startsWith("committed") && subject.effect !== "write" && !isBatch) return false;
  return (
    fits(match.operation, [subject.operation]) &&
    fits(match.effect, [subject.effect]) &&
    fits(match.user, [subject.userId, subject.upn]) &&
    fits(match.phoneType, [subject.phoneType]) &&
    (match.packed === undefined || match.packed === subject.packed)
  );
}

function strikes(active: ActiveRule, table: FaultTable, subject: FaultSubject, now: number): boolean {
  const { rule, matched, struck } = active;
  const nth = rule.match?.nth;
  if (nth !== undefined && !(typeof nth === "number" ? nth === matched : nth.includes(matched))) return false;
  if (matched < (rule.from ?? 1) || matched > (rule.to ?? Number.POSITIVE_INFINITY)) return false;
  const age = now - table.startedAt;
  if (age < (rule.afterMs ?? 0) || age >= (rule.untilMs ?? Number.POSITIVE_INFINITY)) return false;
  if (struck >= (rule.times ?? rule.count ?? Number.POSITIVE_INFINITY)) return false;
  if (rule.probability === undefined || rule.probability >= 1) return true;
  const key = `${subject.operation} ${subject.userId} ${subject.phoneType}`;
  const seen = (active.seen.get(key) ?? 0) + 1;
  active.seen.set(key, seen);
  return draw(table.seed, "fault", active.index, key, seen) < rule.probability;
}

function fits(
  wanted: string | readonly string[] | undefined,
  actual: readonly (string | undefined)[],
): boolean {
  if (wanted === undefined) return true;
  return actual.some(value => value !== undefined && includes(wanted, value));
}

function includes(wanted: string | readonly string[] | undefined, value: string): boolean {
  if (wanted === undefined) return false;
  const all = typeof wanted === "string" ? [wanted] : wanted;
  return all.some(one => one.toLowerCase() === value.toLowerCase());
}
