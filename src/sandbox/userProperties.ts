import { isGuest, mailOf, type SandboxUser } from "./user.ts";

/** One property of a user: where its value comes from and who may have it. */
export type UserProperty = {
  readonly get: (user: SandboxUser) => unknown;
  /** Returned without `$select`. */
  readonly standard?: true;
  /** Shown with User.ReadBasic.All. */
  readonly basic?: true;
  /** Only with a single user: `$select` of it on the collection is 501. */
  readonly single?: true;
};

const nothing = () => null;

/**
 * The properties of a user, in the order of the answer without `$select`. Source:
 * https://learn.microsoft.com/graph/api/user-list and /user-get (read 2026-11-23).
 */
export const userProperties: Readonly<Record<string, UserProperty>> = {
  businessPhones: { get: user => user.seed.businessPhones ?? [], standard: true },
  displayName: { get: displayName, standard: true, basic: true },
  givenName: { get: nothing, standard: true, basic: true },
  jobTitle: { get: nothing, standard: true },
  mail: { get: user => mailOf(user.seed), standard: true, basic: true },
  mobilePhone: { get: user => user.seed.mobilePhone ?? null, standard: true },
  officeLocation: { get: nothing, standard: true },
  preferredLanguage: { get: nothing, standard: true },
  surname: { get: nothing, standard: true, basic: true },
  userPrincipalName: { get: userPrincipalName, standard: true, basic: true },
  id: { get: user => user.id, standard: true, basic: true },
  accountEnabled: { get: user => user.seed.accountEnabled ?? true },
  city: { get: nothing },
  companyName: { get: nothing },
  country: { get: nothing },
  createdDateTime: { get: user => isoSecond(user.createdAt) },
  deletedDateTime: { get: nothing },
  department: { get: nothing },
  employeeId: { get: user => user.seed.employeeId ?? null },
  faxNumber: { get: nothing },
  mailNickname: { get: user => user.seed.userPrincipalName.split("@")[0] ?? "" },
  onPremisesSyncEnabled: { get: user => user.seed.onPremisesSyncEnabled ?? null },
  otherMails: { get: user => user.seed.otherMails ?? [] },
  proxyAddresses: { get: user => user.seed.proxyAddresses ?? [] },
  usageLocation: { get: user => user.seed.usageLocation ?? null },
  userType: { get: user => (isGuest(user.seed) ? "Guest" : "Member") },
  aboutMe: { get: nothing, single: true },
  birthday: { get: nothing, single: true },
  hireDate: { get: nothing, single: true },
  interests: { get: () => [], single: true },
  mySite: { get: nothing, single: true },
  pastProjects: { get: () => [], single: true },
  preferredName: { get: nothing, single: true },
  responsibilities: { get: () => [], single: true },
  schools: { get: () => [], single: true },
  skills: { get: () => [], single: true },
};

/** Names are found without regard to case, and answered as the service spells them. */
export const userPropertyNames: ReadonlyMap<string, string> = new Map(
  Object.keys(userProperties).map(name => [name.toLowerCase(), name]),
);

export const standardProperties: readonly string[] = Object.keys(userProperties).filter(
  name => userProperties[name]?.standard,
);

/** The value of a property by its name in any case; undefined for a name that no user has. */
export function userProperty(user: SandboxUser, name: string): unknown {
  return userProperties[userPropertyNames.get(name.toLowerCase()) ?? ""]?.get(user);
}

/** A time as the directory prints it, to the second. */
export function isoSecond(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function displayName(user: SandboxUser): string {
  if (user.seed.displayName !== undefined) return user.seed.displayName;
  const [local = ""] = user.seed.userPrincipalName.split(/[@#]/);
  return local
    .split(/[._]/)
    .map(part => part.charAt(0).toUpperCase() + part.slice(1))
    .join(" ");
}

/** The directory puts the id before the name of a deleted user, so that the name can be used again. */
function userPrincipalName(user: SandboxUser): string {
  const upn = user.seed.userPrincipalName;
  return user.deleted === undefined ? upn : `${user.id.replaceAll("-", "")}${upn}`;
}
