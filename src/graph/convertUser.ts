import { foldKey } from "../decide/userKey.ts";
import type { Match, User, UserLookup } from "../model/user.ts";
import { type Answer, unreadable } from "./answer.ts";
import { isRecord, textOf } from "./json.ts";
import { canBeId } from "./paths.ts";

/**
 * A user of Graph.
 * @throws GraphFault unreadable where the id or the userPrincipalName is missing or implausible.
 */
export function userOf(value: unknown, answer: Answer): User {
  const { id, userPrincipalName, mail, employeeId, usageLocation, accountEnabled } = isRecord(value)
    ? value
    : {};
  const name = textOf(userPrincipalName);
  if (!canBeId(id) || name === undefined) {
    throw unreadable(answer, "A user has no id or userPrincipalName that can be read.");
  }
  return {
    id,
    userPrincipalName: name,
    ...(textOf(mail) === undefined ? {} : { mail: String(mail) }),
    ...(textOf(employeeId) === undefined ? {} : { employeeId: String(employeeId) }),
    ...(isCountry(usageLocation) ? { usageLocation: usageLocation.toUpperCase() } : {}),
    ...(typeof accountEnabled === "boolean" ? { accountEnabled } : {}),
  };
}

/**
 * Whether a user who was found is the one whom the key names. A service that resolves another name of his (an alias,
 * an old name) has found a user whom the roster does not name (rules.md, identity): he counts as not found.
 */
export function isNamed(user: User, key: string, match: Match): boolean {
  switch (match) {
    case "id":
      return sameKey(user.id, key);
    case "upn":
      return sameKey(user.userPrincipalName, key) || sameKey(user.id, key);
    case "mail":
      return sameKey(user.mail ?? "", key);
    case "employeeId":
      return sameKey(user.employeeId ?? "", key);
  }
}

/**
 * The users of a filtered list. One whom the filter does not fit means that the service did not filter, so nothing
 * can be concluded from the list.
 * @throws GraphFault unreadable
 */
export function usersNamed(
  values: readonly unknown[],
  key: string,
  match: Match,
  answer: Answer,
): readonly User[] {
  const users = values.map(value => userOf(value, answer));
  if (!users.every(user => isNamed(user, key, match))) {
    throw unreadable(answer, `The list holds a user whose ${match} is not the one that was asked for.`);
  }
  return users;
}

export function lookupOf(users: readonly User[]): UserLookup {
  const [user] = users;
  if (user === undefined) return { kind: "none" };
  return users.length === 1 ? { kind: "one", user } : { kind: "many", count: users.length };
}

/** Equal without case, in the way in which rosters are compared. */
export function sameKey(left: string, right: string): boolean {
  return foldKey(left) === foldKey(right);
}

function isCountry(value: unknown): value is string {
  return typeof value === "string" && /^[A-Za-z]{2}$/.test(value);
}
