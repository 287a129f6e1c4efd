import { GraphFault } from "../model/fault.ts";
import type { Match, User, UserLookup } from "../model/user.ts";
import { type Answer, readOf, unreadable } from "./answer.ts";
import { isNamed, lookupOf, userOf, usersNamed } from "./convertUser.ts";
import type { Optional } from "./optional.ts";
import { type Page, pageOf, pages } from "./pages.ts";
import { canBeKey, userPath, usersPath } from "./paths.ts";
import { type Call, get, type Wire } from "./wire.ts";

export type FindUser = {
  /** The first request of a lookup; undefined for a key that no user can have. */
  wire(key: string, match: Match): Wire | undefined;
  /** What the first answer says by itself; undefined when more has to be asked. */
  read(key: string, match: Match, answer: Answer): UserLookup | undefined;
  /** The whole lookup. */
  find(key: string, match: Match): Promise<UserLookup>;
  /** The request that looks several keys up at once. */
  wireOfMany(keys: readonly string[], match: "upn" | "id"): Wire;
  /** Who is there of them, in their order. Who is not has to be looked up by himself: the directory's index may lag. */
  readMany(keys: readonly string[], match: "upn" | "id", answer: Answer): readonly (User | undefined)[];
};

/**
 * Finds users by the keys of a roster. `$select` is left out for the rest of the run where the service refuses it and
 * answers without it; such users have no employeeId, usageLocation and accountEnabled.
 */
export function findUsers(call: Call, origin: string, optional: Optional): FindUser {
  const wire = (key: string, match: Match, select: boolean) => get(userPath(key, match, select));
  const selects = () => !optional.isOff("$select on users");

  const attempt = async (key: string, match: Match, select: boolean): Promise<UserLookup> => {
    if (!isFiltered(match)) return oneOf(key, match, await call(wire(key, match, select)));
    const found: User[] = [];
    // Pages may be empty and still lead on; two users are enough to know that the key is not unique.
    for await (const page of pages(call, origin, wire(key, match, select))) {
      found.push(...usersNamed(page.values, key, match, page.answer));
      if (found.length > 1) break;
    }
    return lookupOf(found);
  };

  return {
    wire: (key, match) => (canBeKey(key) ? wire(key, match, selects()) : undefined),
    read: (key, match, answer) => {
      if (selects() && refusesSelect(answer.status)) return undefined;
      if (!isFiltered(match)) return oneOf(key, match, answer);
      const page: Page = pageOf(answer, origin);
      const found = usersNamed(page.values, key, match, answer);
      return page.next !== undefined && found.length < 2 ? undefined : lookupOf(found);
    },
    wireOfMany: (keys, match) => get(usersPath(keys, match, selects())),
    readMany: (keys, match, answer) => {
      const users = pageOf(answer, origin).values.map(value => userOf(value, answer));
      const found = keys.map(key => users.find(user => isNamed(user, key, match)));
      if (users.some(user => !found.includes(user))) {
        throw unreadable(answer, "The list holds a user who was not asked for.");
      }
      return found;
    },
    find: async (key, match) => {
      if (!canBeKey(key)) return { kind: "none" };
      if (!selects()) return attempt(key, match, false);
      try {
        return await attempt(key, match, true);
      } catch (error) {
        if (!(error instanceof GraphFault) || !refusesSelect(error.fault.status)) throw error;
        const lookup = await attempt(key, match, false);
        if (lookup.kind !== "none") optional.turnOff("$select on users", error);
        return lookup;
      }
    },
  };
}

function isFiltered(match: Match): boolean {
  return match === "mail" || match === "employeeId";
}

/** The answer to a question for one user by name or id. */
function oneOf(key: string, match: Match, answer: Answer): UserLookup {
  if (answer.status === 404) return { kind: "none" };
  const user = userOf(readOf(answer), answer);
  return isNamed(user, key, match) ? { kind: "one", user } : { kind: "none" };
}

/** 501 is the documented answer to a property that the permission or the endpoint does not have; 400 and 403 occur. */
function refusesSelect(status: number | undefined): boolean {
  return status === 400 || status === 403 || status === 501;
}
