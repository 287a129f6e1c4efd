import { openSpool } from "../ledger/spool.ts";
import { PrepopError } from "../model/errors.ts";
import { GraphFault } from "../model/fault.ts";
import type { Plan } from "../model/plan.ts";
import { readPlanFile } from "../report/planFile.ts";
import type { Edges } from "./edges.ts";
import type { Patience } from "./patience.ts";
import { type OpenPlan, planOf } from "./plan.ts";
import { tenantOf } from "./tenantOf.ts";

/** A plan of an unknown tenant must prove itself by one of this many users. */
const usersToProve = 20;

export type SavedPlanRequest = {
  /** The file's name, for messages. */
  readonly file: string;
  readonly lines: AsyncIterable<string>;
  /** Older plans are refused, ms. */
  readonly maxAgeMs: number;
  /** ms since 1970. */
  readonly wallNow: number;
};

/**
 * Reads a plan file into a spool and makes sure that it is the plan that was shown and still fresh.
 * @throws PrepopError PREPOP_PLAN_FORMAT, PREPOP_PLAN_DIGEST, PREPOP_PLAN_EXPIRED
 */
export async function openSavedPlan(request: SavedPlanRequest): Promise<OpenPlan> {
  const spool = openSpool<never>();
  try {
    const file = readPlanFile(request.lines, request.file);
    const header = await file.header();
    for await (const line of file.entries()) {
      if (line.kind === "issue") spool.addIssue(line.issue.ref.row, line.issue);
      else spool.addChange(line.change);
    }
    if (spool.repeatsChange()) {
      throw new PrepopError("PREPOP_PLAN_FORMAT", { file: request.file, why: "it holds a change twice" });
    }
    const plan = planOf(header, spool);
    const told = file.digest();
    if (plan.digest !== told)
      throw new PrepopError("PREPOP_PLAN_DIGEST", { actual: plan.digest, expected: told });
    refuseExpired(plan, request);
    return plan;
  } catch (error) {
    spool.close();
    throw error;
  }
}

function refuseExpired({ header }: Plan, { maxAgeMs, wallNow }: SavedPlanRequest): void {
  const age = wallNow - Date.parse(header.createdAt);
  const expired = wallNow > Date.parse(header.expiresAt) || age > maxAgeMs;
  if (expired) throw new PrepopError("PREPOP_PLAN_EXPIRED", { age: hours(age), limit: hours(maxAgeMs) });
}

/** A duration for a person: minutes below two hours, hours above. */
export function hours(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

/**
 * Makes sure that a saved plan, or a run, is for the tenant that the token is for; where that is unknown, one of its
 * first users must be found under the name that the plan holds (rules.md, which tenant).
 * @throws PrepopError PREPOP_TENANT_MISMATCH
 */
export async function proveTenant(
  plan: Pick<Plan, "changes"> & { readonly header: Pick<Plan["header"], "tenantId"> },
  edges: Edges,
  patience: Patience,
): Promise<void> {
  const expected = { what: "The plan", tenantId: plan.header.tenantId };
  const tenant = await tenantOf(edges, patience, expected);
  // A tenant that only AZURE_TENANT_ID names may be named by a domain, which cannot be compared with an id.
  if (tenant.id !== "unknown" && tenant.id.toLowerCase() === plan.header.tenantId.toLowerCase()) return;
  const seen = new Set<string>();
  for (const { userId, userPrincipalName } of plan.changes()) {
    if (seen.has(userId)) continue;
    if (seen.size >= usersToProve) break;
    seen.add(userId);
    if (await isSameUser(userId, userPrincipalName, edges, patience)) return;
  }
  if (seen.size === 0) return;
  throw new PrepopError("PREPOP_TENANT_MISMATCH", {
    left: "The plan",
    leftTenant: plan.header.tenantId,
    right: "the token in use",
    rightTenant: `${tenant.id} (none of the plan's first ${seen.size} users is there under the same name)`,
  });
}

async function isSameUser(id: string, upn: string, edges: Edges, patience: Patience): Promise<boolean> {
  try {
    const lookup = await patience.read(() => edges.graph.findUser(id, "id"));
    return lookup.kind === "one" && lookup.user.userPrincipalName.toLowerCase() === upn.toLowerCase();
  } catch (error) {
    if (error instanceof GraphFault) return false;
    throw error;
  }
}
