import { GraphFault } from "../model/fault.ts";
import type { Match, User, UserLookup } from "../model/user.ts";

/** The two ways in which users are looked up. */
export type Lookups = {
  one(key: string, match: Match): Promise<UserLookup>;
  /** Undefined for who was not found among the others. */
  many(keys: readonly string[], match: FilteredMatch): Promise<readonly (User | undefined)[]>;
};

type FilteredMatch = "upn" | "id";

/**
 * So many keys one filter may name, and so long may the address get.
 * Source: https://learn.microsoft.com/graph/filter-query-parameter (read 2026-11-28).
 */
const mostKeys = 15;
const longestKeys = 1_200;
/** For fewer a filter gains nothing. */
const fewestKeys = 8;

/**
 * Looks users up who are asked for at the same time: fifteen in one filter. That somebody is there is believed; who is not
 * among the answers is looked up by himself, so a filter that lags or does not work costs time and never a user.
 */
export function createFinder(lookups: Lookups): (key: string, match: Match) => Promise<UserLookup> {
  const waiting: Record<FilteredMatch, Waiting[]> = { upn: [], id: [] };
  let filters = true;

  const alone = ({ key, resolve, reject }: Waiting, match: Match): void => {
    lookups.one(key, match).then(resolve, reject);
  };
  const together = async (group: readonly Waiting[], match: FilteredMatch): Promise<void> => {
    let found: readonly (User | undefined)[];
    try {
      found = await lookups.many(
        group.map(({ key }) => key),
        match,
      );
    } catch (error) {
      if (!isOfTheFilter(error)) {
        for (const { reject } of group) reject(error);
        return;
      }
      filters = isForNow(error);
      for (const one of group) alone(one, match);
      return;
    }
    // Where it knows nobody it may know nobody at all: the rest is not asked twice.
    if (found.every(user => user === undefined)) filters = false;
    for (const [at, one] of group.entries()) {
      const user = found[at];
      if (user) one.resolve({ kind: "one", user });
      else alone(one, match);
    }
  };
  const go = (match: FilteredMatch): void => {
    const all = waiting[match].splice(0);
    while (filters && all.length >= fewestKeys) void together(all.splice(0, groupSize(all)), match);
    for (const one of all) alone(one, match);
  };

  return (key, match) => {
    if (!filters || (match !== "upn" && match !== "id") || !canBeFiltered(key))
      return lookups.one(key, match);
    const group = waiting[match];
    if (group.length === 0) setImmediate(go, match);
    return new Promise((resolve, reject) => group.push({ key, resolve, reject }));
  };
}

type Waiting = {
  readonly key: string;
  readonly resolve: (lookup: UserLookup) => void;
  readonly reject: (reason: unknown) => void;
};

function groupSize(waiting: readonly Waiting[]): number {
  let length = 0;
  const end = waiting.findIndex(({ key }) => {
    length += encodeURIComponent(key).length + 9;
    return length > longestKeys;
  });
  return Math.min(mostKeys, end === -1 ? waiting.length : Math.max(1, end));
}

/** A guest's name holds an address and a `#`, which not every filter gets right; nobody needs the rest of these. */
function canBeFiltered(key: string): boolean {
  return /^[\w.@-]{1,120}$/.test(key);
}

/** A failure that a look-up of one user need not share. */
function isOfTheFilter(error: unknown): error is GraphFault {
  if (!(error instanceof GraphFault)) return false;
  const { kind, status } = error.fault;
  return kind === "unreadable" || (kind === "http" && status !== 429 && status !== 401);
}

function isForNow({ fault }: GraphFault): boolean {
  return fault.kind === "http" && fault.status !== undefined && fault.status >= 500 && fault.status !== 501;
}
