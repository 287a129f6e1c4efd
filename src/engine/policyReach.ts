import type { PolicyReach, Reaches } from "../decide/delivery.ts";
import type { Graph } from "../graph/connect.ts";
import type { Change } from "../model/change.ts";
import { PrepopError } from "../model/errors.ts";
import { GraphFault } from "../model/fault.ts";
import type { MethodPolicy } from "../model/health.ts";
import type { Patience } from "./patience.ts";

/** For whom the service registers a mobile number for SMS sign-in by itself. */
export type SmsCoverage = {
  readonly covers: (userId: string) => boolean;
};

/** What the policies for text messages and calls mean for the users of a plan. */
export type PolicyReading = {
  readonly reaches: Reaches;
  /** Undefined where it was not asked for or cannot be told. */
  readonly signIn: SmsCoverage | undefined;
};

/**
 * Reads the two policies, and of the groups that they name as much as is wanted: for SMS sign-in whole groups, for what is
 * only good to know no group of more than one page, and few groups. Where nothing of it can be read, nothing is known and nothing fails.
 * Source: https://learn.microsoft.com/graph/api/resources/smsauthenticationmethodtarget (read 2026-11-23).
 */
export async function readPolicies(
  graph: Graph,
  patience: Patience,
  wanted: {
    readonly signIn: boolean;
    readonly delivery: boolean;
    /** Nobody in a group is looked at before this. */
    readonly usersAfter?: Promise<unknown> | undefined;
  },
): Promise<PolicyReading> {
  const read = (method: "sms" | "voice") => patience.read(() => graph.methodPolicy(method));
  const sms = wanted.signIn || wanted.delivery ? await read("sms") : undefined;
  // Both hang on one permission: without the first, the second is not asked for in vain.
  const voice = wanted.delivery && sms ? await read("voice") : undefined;
  await wanted.usersAfter;
  const groups = createGroups(graph, patience);
  // The whole groups come first; what was read for SMS sign-in is known afterwards.
  const signIn = sms && wanted.signIn ? await signInCoverage(sms, groups) : undefined;
  if (!wanted.delivery) return { reaches: { sms: undefined, voice: undefined }, signIn };
  return {
    reaches: { sms: sms && (await reachOf(sms, groups)), voice: voice && (await reachOf(voice, groups)) },
    signIn,
  };
}

/** 1 for a change that writes a mobile number of a covered user, else 0. */
export function countSideEffect(change: Change, coverage: SmsCoverage): 0 | 1 {
  const writes = change.kind === "create" || change.kind === "update";
  return writes && change.phoneType === "mobile" && coverage.covers(change.userId) ? 1 : 0;
}

const everybody = "all_users";

async function signInCoverage(policy: MethodPolicy, groups: Groups): Promise<SmsCoverage | undefined> {
  if (!policy.enabled) return { covers: () => false };
  const usable = policy.targets.filter(target => target.usableForSignIn).map(({ id }) => id);
  const included = usable.includes(everybody) ? [] : await Promise.all(usable.map(groups.whole));
  const excluded = await Promise.all(policy.excluded.map(groups.whole));
  if ([...included, ...excluded].includes(undefined)) return undefined;
  const isIn = (sets: readonly (ReadonlySet<string> | undefined)[], id: string) =>
    sets.some(set => set?.has(id));
  return {
    covers: id => (usable.includes(everybody) || isIn(included, id)) && !isIn(excluded, id),
  };
}

async function reachOf(policy: MethodPolicy, groups: Groups): Promise<PolicyReach> {
  const targets = policy.targets.map(({ id }) => id);
  const included = targets.includes(everybody) ? [] : await Promise.all(targets.map(groups.small));
  const excluded = await Promise.all(policy.excluded.map(groups.small));
  const holds = (sets: readonly (ReadonlySet<string> | undefined)[], id: string): boolean | undefined =>
    sets.some(set => set?.has(id)) ? true : sets.includes(undefined) ? undefined : false;
  return {
    policy,
    covers: id => {
      const inside = targets.includes(everybody) ? true : holds(included, id);
      const outside = holds(excluded, id);
      if (inside === false || outside === true) return false;
      return inside === undefined || outside === undefined ? undefined : true;
    },
  };
}

type Groups = {
  /** All users of a group; undefined where it may not be read. */
  whole(group: string): Promise<ReadonlySet<string> | undefined>;
  /** The same for a group that fits into one page, or that was read before. */
  small(group: string): Promise<ReadonlySet<string> | undefined>;
};

/** As many members as one page holds, and so many groups are looked into for what is only good to know. */
const onePage = 999;
const mostGroups = 4;

function createGroups(graph: Graph, patience: Patience): Groups {
  const known = new Map<string, ReadonlySet<string>>();
  const looked = new Set<string>();
  const read = async (group: string, most: number): Promise<ReadonlySet<string> | undefined> => {
    const before = known.get(group);
    if (before) return before;
    try {
      const ids = await patience.read(async () => {
        const found = new Set<string>();
        for await (const id of graph.groupUserIds(group)) {
          found.add(id);
          if (found.size > most) return undefined;
        }
        return found;
      });
      if (ids) known.set(group, ids);
      return ids;
    } catch (error) {
      // The groups that a policy names may be closed to this caller: then it is not known whom it covers.
      if (error instanceof GraphFault || isGone(error)) return undefined;
      throw error;
    }
  };
  return {
    whole: group => read(group, Number.POSITIVE_INFINITY),
    small: async group => {
      if (!known.has(group) && looked.size >= mostGroups) return undefined;
      looked.add(group);
      return await read(group, onePage - 1);
    },
  };
}

/** A policy may still name a group that was deleted. */
function isGone(error: unknown): boolean {
  return error instanceof PrepopError && error.code === "PREPOP_GROUP_NOT_FOUND";
}
