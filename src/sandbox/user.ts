import type { DefaultMethod } from "../model/change.ts";
import type { PhoneType, SmsSignInState } from "../model/phone.ts";

/** A phone as the tenant stores it. */
export type StoredPhone = {
  /** Normalised: `+CC rest`. */
  readonly phoneNumber: string;
  readonly smsSignInState: SmsSignInState;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
};

export type Phones = { readonly [Type in PhoneType]?: StoredPhone };

/** Methods beside phones that a user can have; they matter for the default and the last method. */
export type OtherMethod =
  | "password"
  | "email"
  | "fido2"
  | "microsoftAuthenticator"
  | "softwareOath"
  | "windowsHelloForBusiness";

/** What a seed may say of a user; all but the UPN is optional. */
export type SeedUser = {
  readonly userPrincipalName: string;
  readonly id?: string;
  /** Default: the UPN, except for guests. null for none. */
  readonly mail?: string | null;
  readonly employeeId?: string;
  readonly displayName?: string;
  readonly mobilePhone?: string;
  readonly businessPhones?: readonly string[];
  /** ISO 3166-1 alpha-2. */
  readonly usageLocation?: string;
  /** Default true. */
  readonly accountEnabled?: boolean;
  /** Default: Guest for UPNs with #EXT#, else Member. */
  readonly userType?: "Member" | "Guest";
  readonly otherMails?: readonly string[];
  readonly proxyAddresses?: readonly string[];
  /** Synchronised from an on-premises directory. */
  readonly onPremisesSyncEnabled?: boolean;
  /** Directory roles, by name or template id: they make the user an administrator. */
  readonly roles?: readonly string[];
  readonly otherMethods?: readonly OtherMethod[];
  readonly defaultMethod?: DefaultMethod;
  readonly phones?: { readonly [Type in PhoneType]?: string };
};

export type PerUserMfaState = "enforced" | "enabled" | "disabled";

/** A user of the tenant. The only mutable record of the room; its phones are replaced, never edited. */
export type SandboxUser = {
  readonly id: string;
  readonly seed: SeedUser;
  readonly createdAt: number;
  phones: Phones;
  /** Older phones, oldest first, each with the moment it was replaced. Kept only while reads may lag. */
  past: { readonly until: number; readonly phones: Phones }[] | undefined;
  otherMethods: readonly OtherMethod[];
  defaultMethod: DefaultMethod | undefined;
  systemPreferred: boolean;
  perUserMfa: PerUserMfaState;
  /** A purged user keeps its id, which answers differently from one that never was. */
  deleted: "soft" | "purged" | undefined;
};

export const noPhones: Phones = Object.freeze({});
const onlyPassword: readonly OtherMethod[] = Object.freeze(["password"] as const);

/** A user record from a seed. Phones are set afterwards, through the same path as everybody's. */
export function makeUser(seed: SeedUser, id: string, createdAt: number): SandboxUser {
  return {
    id,
    seed,
    createdAt,
    phones: noPhones,
    past: undefined,
    otherMethods: seed.otherMethods === undefined ? onlyPassword : seed.otherMethods,
    defaultMethod: seed.defaultMethod,
    systemPreferred: false,
    perUserMfa: "disabled",
    deleted: undefined,
  };
}

/** The phones a reader sees whose view is of an earlier moment. */
export function phonesAt(user: SandboxUser, time: number): Phones {
  return user.past?.find(past => past.until > time)?.phones ?? user.phones;
}

/** Whether a UPN is that of a guest. */
export function isGuest(seed: SeedUser): boolean {
  return seed.userType === undefined ? seed.userPrincipalName.includes("#EXT#") : seed.userType === "Guest";
}

/** The mail address; a guest's is not derived from its UPN. */
export function mailOf(seed: SeedUser): string | null {
  if (seed.mail !== undefined) return seed.mail;
  return seed.userPrincipalName.includes("#EXT#") ? null : seed.userPrincipalName;
}
