import { PrepopError } from "../model/errors.ts";
import type { Limit, Limits } from "../model/options.ts";
import type { PlanHeader } from "../model/plan.ts";

/** --max-change is not looked at below this many phones held. */
const minimumHeld = 10;
/** Deletes beyond this many need the tenant's domain typed. */
const deletesToConfirm = 10;
/** The landline guard wants at least this many numbers. */
const minimumNumbers = 10;
/** A share of failures is looked at from this many finished changes on. */
const minimumFinished = 50;

/**
 * Refuses a plan that changes too much, before anything is sent (rules.md, guards). Creates never count.
 * Returns the first refusal, or undefined. The typed confirmation is asked for apart (needsConfirmation).
 */
export function guardPlan(header: PlanHeader, limits: Limits): PrepopError | undefined {
  const { counts, findings, policy } = header;
  const changed = counts.update + counts.delete;
  if (!limits.force && policy !== "remove" && findings.phonesHeld >= minimumHeld) {
    if (exceeds(changed, findings.phonesHeld, limits.maxChange)) {
      return new PrepopError("PREPOP_GUARD_MAX_CHANGE", {
        count: changed,
        held: findings.phonesHeld,
        share: Math.round((changed / findings.phonesHeld) * 100),
        limit: limitText(limits.maxChange),
      });
    }
  }
  if (!limits.force && manyLandlines(header)) {
    return new PrepopError("PREPOP_GUARD_LANDLINES", {
      landlines: findings.mobileLandlines,
      numbers: findings.mobileNumbers,
    });
  }
  if (limits.maxDelete !== undefined && counts.delete > limits.maxDelete) {
    return new PrepopError("PREPOP_GUARD_MAX_DELETE", { count: counts.delete, limit: limits.maxDelete });
  }
  return undefined;
}

/** More than half of at least ten numbers of a mobile column are fixed lines. */
export function manyLandlines({ findings }: Pick<PlanHeader, "findings">): boolean {
  return findings.mobileNumbers >= minimumNumbers && findings.mobileLandlines * 2 > findings.mobileNumbers;
}

/** What must be typed before this plan is applied: the tenant's domain, or its id where no domain is known. */
export function needsConfirmation(header: PlanHeader): string | undefined {
  if (header.counts.delete <= deletesToConfirm) return undefined;
  return header.tenant.domain ?? header.tenantId;
}

/** Whether the typed text names the tenant, by any of its domains or by its id; without case. */
export function confirms({ tenant, tenantId }: PlanHeader, typed: string | undefined): boolean {
  const given = typed?.trim().toLowerCase();
  if (!given) return false;
  const names = [tenantId, tenant.domain, ...(tenant.domains ?? [])];
  return names.some(name => name?.toLowerCase() === given);
}

/** Whether a run must stop because too much of it went wrong. */
export function tooManyFailures(bad: number, finished: number, limit: Limit): boolean {
  if (limit.kind === "count") return bad > limit.value;
  return finished >= minimumFinished && exceeds(bad, finished, limit);
}

export function limitText(limit: Limit): string {
  return limit.kind === "percent" ? `${limit.value} %` : String(limit.value);
}

function exceeds(part: number, whole: number, limit: Limit): boolean {
  return limit.kind === "count" ? part > limit.value : part * 100 > whole * limit.value;
}
