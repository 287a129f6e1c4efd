import { type Operation, operations } from "../model/operations.ts";
import { type PhoneType, phoneMethodIds } from "../model/phone.ts";
import type { Match } from "../model/user.ts";

/** The paths of model/operations, cut once, so that a request costs two joins. */

type OfUser = (userId: string) => string;

export const paths = {
  phones: ofUser(operations.listPhones),
  phone: ofMethod(operations.getPhone),
  enableSms: ofMethod(operations.enableSms),
  disableSms: ofMethod(operations.disableSms),
  methods: ofUser(operations.listMethods),
  preferences: ofUser(operations.getSignInPreferences),
  user: ofUser(operations.getUser),
  users: operations.listUsers.path,
  smsPolicy: operations.getSmsPolicy.path,
  voicePolicy: operations.getVoicePolicy.path,
  licences: operations.listLicences.path,
  organization: operations.getOrganization.path,
  groups: operations.listGroups.path,
  registrations: operations.listRegistrations.path,
  roleAssignments: operations.listRoleAssignments.path,
  deletedUsers: operations.listDeletedUsers.path,
  groupUsers: (group: string): string =>
    operations.listGroupUsers.path.replace("{group}", () => segment(group)),
};

/** The properties prepop looks at. */
const userSelect = "$select=id,userPrincipalName,mail,employeeId,usageLocation,accountEnabled";

/** The path that finds a user by a key. */
export function userPath(key: string, match: Match, select: boolean): string {
  switch (match) {
    case "id":
      return `${paths.user(key)}${select ? `?${userSelect}` : ""}`;
    case "upn":
      return `${byPrincipalName(key)}${select ? `?${userSelect}` : ""}`;
    case "mail":
    case "employeeId": {
      const filter = `$filter=${encodeURIComponent(`${match} eq ${quoted(key)}`)}`;
      return `${paths.users}?${filter}${select ? `&${userSelect}&$top=2` : ""}`;
    }
  }
}

/** The path that finds several users by their keys at once. */
export function usersPath(keys: readonly string[], match: "upn" | "id", select: boolean): string {
  const name = match === "upn" ? "userPrincipalName" : "id";
  const filter = encodeURIComponent(`${name} in (${keys.map(quoted).join(",")})`);
  return `${paths.users}?$filter=${filter}${select ? `&${userSelect}` : ""}`;
}

/**
 * Whether a text can be the key of any user. The rest (nothing, dots that a server reads as a folder, halves of a
 * character, control characters) is not asked for: it could turn one user's path into another path.
 */
export function canBeKey(key: string): boolean {
  return (
    key !== "" &&
    key.length <= 1000 &&
    key !== "." &&
    key !== ".." &&
    key.isWellFormed() &&
    !/\p{Cc}/u.test(key)
  );
}

/**
 * Whether a text can be an object id: Entra's are GUIDs; a sandbox or gateway may shorten them, but an id is one
 * plain word everywhere.
 */
export function canBeId(value: unknown): value is string {
  return typeof value === "string" && /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(value);
}

/** A text in an OData filter: quotes are doubled. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * A UPN that begins with `$` is only found in the form with brackets.
 * Source: https://learn.microsoft.com/graph/api/user-get (read 2026-11-23).
 */
function byPrincipalName(name: string): string {
  return name.startsWith("$") ? `${paths.users}(${encodeURIComponent(quoted(name))})` : paths.user(name);
}

function ofUser(operation: Operation): OfUser {
  const [before = "", after = ""] = operation.path.split("{user}");
  return userId => before + segment(userId) + after;
}

function ofMethod(operation: Operation): Readonly<Record<PhoneType, OfUser>> {
  const of = (phoneType: PhoneType): OfUser =>
    ofUser({ ...operation, path: operation.path.replace("{method}", phoneMethodIds[phoneType]) });
  return { mobile: of("mobile"), alternateMobile: of("alternateMobile"), office: of("office") };
}

/** One segment of a path. Guests' names hold `#EXT#`, and an unencoded `#` would cut the path there. */
export function segment(value: string): string {
  if (value === "" || value === "." || value === "..") throw new RangeError("Not the segment of a path.");
  return encodeURIComponent(value);
}
