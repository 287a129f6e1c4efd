import type { Graph, SmsPolicy } from "../graph/connect.ts";
import type { Change } from "../model/change.ts";
import { GraphFault } from "../model/fault.ts";
import type { Patience } from "./patience.ts";

/** For whom the service registers a mobile number for SMS sign-in by itself. */
export type SmsCoverage = {
  readonly covers: (userId: string) => boolean;
};

/**
 * Reads the SMS policy: whose mobile numbers become sign-in names without being asked. Undefined where it cannot be
 * read. Source: https://learn.microsoft.com/graph/api/resources/smsauthenticationmethodtarget (read 2026-11-23).
 */
export async function smsCoverage(graph: Graph, patience: Patience): Promise<SmsCoverage | undefined> {
  const policy = await patience.read(() => graph.smsPolicy());
  if (!policy) return undefined;
  try {
    return await coverageOf(policy, graph, patience);
  } catch (error) {
    // The groups that the policy names may be closed to this caller: then it is not known whom it covers.
    if (error instanceof GraphFault) return undefined;
    throw error;
  }
}

async function coverageOf(policy: SmsPolicy, graph: Graph, patience: Patience): Promise<SmsCoverage> {
  if (!policy.enabled) return { covers: () => false };
  const usable = policy.includeTargets.filter(target => target.usableForSignIn);
  const excluded = await memberIds(
    graph,
    patience,
    policy.excludeTargets.map(target => target.id),
  );
  if (usable.some(target => target.id === "all_users")) return { covers: userId => !excluded.has(userId) };
  const included = await memberIds(
    graph,
    patience,
    usable.map(target => target.id),
  );
  return { covers: userId => included.has(userId) && !excluded.has(userId) };
}

/** 1 for a change that writes a mobile number of a covered user, else 0. */
export function countSideEffect(change: Change, coverage: SmsCoverage): 0 | 1 {
  const writes = change.kind === "create" || change.kind === "update";
  return writes && change.phoneType === "mobile" && coverage.covers(change.userId) ? 1 : 0;
}

async function memberIds(
  graph: Graph,
  patience: Patience,
  groups: readonly string[],
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (const group of groups) {
    for (const id of await patience.read(() => Array.fromAsync(graph.groupUserIds(group)))) ids.add(id);
  }
  return ids;
}
