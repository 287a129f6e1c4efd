import { type DirectoryProfile, profileProperties } from "../model/directoryProfile.ts";
import { PrepopError } from "../model/errors.ts";
import { GraphFault } from "../model/fault.ts";
import { type Answer, unreadable } from "./answer.ts";
import { userOf } from "./convertUser.ts";
import { groupId } from "./groups.ts";
import { isRecord } from "./json.ts";
import { type Cursor, type Page, pageCursor } from "./pages.ts";
import { paths } from "./paths.ts";
import type { Call, Wire } from "./wire.ts";

/** Whose profiles are read. */
export type ProfileQuery =
  | { readonly of: "everybody" }
  /** OData, as Graph has it for users. */
  | { readonly of: "filter"; readonly filter: string }
  /** The users in a group (object id, or a display name that only it has) and in groups inside it. */
  | { readonly of: "group"; readonly group: string };

/**
 * The users of a tenant with the numbers of their profiles, page by page. Nothing is asked before the first `next`.
 * @throws GraphFault
 * @throws PrepopError PREPOP_GROUP_NOT_FOUND, PREPOP_DIRECTORY_FILTER
 */
export function profileCursor(
  call: Call,
  origin: string,
  query: ProfileQuery,
): Cursor<readonly DirectoryProfile[]> {
  let cursor: Cursor<Page> | undefined;
  const begin = async (): Promise<Page | undefined> => {
    const { page, after } = await firstPage(call, origin, await formsOf(call, origin, query), query);
    cursor = after;
    return page;
  };
  return {
    async next() {
      const page = cursor === undefined ? await begin() : await cursor.next();
      return page?.values.map(value => profileOf(value, page.answer));
    },
  };
}

const select = `$select=id,userPrincipalName,usageLocation,accountEnabled,${profileProperties.join(",")}`;

/**
 * The forms of a query, best first. `$select` is left out where it is refused, for the numbers come without it too. A
 * filter goes as a plain query first: an advanced one, which some filters need, reads from an index that lags.
 * Source: https://learn.microsoft.com/graph/aad-advanced-queries (read 2026-11-23).
 */
async function formsOf(call: Call, origin: string, query: ProfileQuery): Promise<readonly Wire[]> {
  switch (query.of) {
    case "everybody":
      return [select, ""].map(shown => wire(paths.users, [shown]));
    case "filter": {
      const filter = `$filter=${encodeURIComponent(query.filter)}`;
      return [select, ""].flatMap(shown => [
        wire(paths.users, [filter, shown]),
        advanced(paths.users, [filter, shown]),
      ]);
    }
    case "group": {
      // The cast of members to users is an advanced query by itself.
      const members = paths.groupUsers(await groupId(call, origin, query.group));
      return [select, ""].map(shown => advanced(members, [shown]));
    }
  }
}

function wire(path: string, parts: readonly string[]): Wire {
  return { method: "GET", path: `${path}?${[...parts, "$top=999"].filter(part => part !== "").join("&")}` };
}

function advanced(path: string, parts: readonly string[]): Wire {
  return { ...wire(path, [...parts, "$count=true"]), eventual: true };
}

/** The first page in the first form that the service takes. */
async function firstPage(call: Call, origin: string, forms: readonly Wire[], query: ProfileQuery) {
  let refused: GraphFault | undefined;
  for (const form of forms) {
    const after = pageCursor(call, origin, form);
    try {
      return { page: await after.next(), after };
    } catch (error) {
      if (!refusesForm(error)) throw error;
      refused ??= error;
    }
  }
  if (query.of === "filter" && refused?.fault.status === 400) {
    const { filter } = query;
    const why = refused.fault.message.replace(/\.$/, "");
    throw new PrepopError("PREPOP_DIRECTORY_FILTER", { filter, why }, refused);
  }
  throw refused ?? new RangeError("A query has at least one form.");
}

function refusesForm(error: unknown): error is GraphFault {
  if (!(error instanceof GraphFault) || error.fault.kind !== "http") return false;
  return error.fault.status === 400 || error.fault.status === 501;
}

/** @throws GraphFault unreadable where a user or a number has another form than documented */
function profileOf(value: unknown, answer: Answer): DirectoryProfile {
  const user = userOf(value, answer);
  const { mobilePhone, businessPhones } = isRecord(value) ? value : {};
  const mobile = mobilePhone === null ? "" : mobilePhone;
  const business = businessPhones === null ? [] : businessPhones;
  if (mobile !== undefined && typeof mobile !== "string")
    throw unreadable(answer, "The mobilePhone of a user is no text.");
  if (
    business !== undefined &&
    !(Array.isArray(business) && business.every(each => typeof each === "string"))
  )
    throw unreadable(answer, "The businessPhones of a user are no list of texts.");
  return {
    user,
    ...(mobile === undefined ? {} : { mobilePhone: mobile }),
    ...(business === undefined ? {} : { businessPhones: business }),
  };
}
