import type { Cloud } from "./clouds.ts";
import type { SetupRecord } from "./setup.ts";

/** How one signs in. */
export const authKinds = [
  "browser",
  "deviceCode",
  "certificate",
  "secret",
  "managedIdentity",
  "azureCli",
  "workload",
] as const;
export type AuthKind = (typeof authKinds)[number];

/** Kinds that are a person's, so that tokens are kept for them and a sign-in can run out. */
export const personKinds = ["browser", "deviceCode"] as const satisfies readonly AuthKind[];

export function isPersonKind(kind: AuthKind): kind is (typeof personKinds)[number] {
  return personKinds.some(each => each === kind);
}

/** A tenant that one signs in to again and again. It holds no secret: those come from the environment each time. */
export type Profile = {
  readonly name: string;
  readonly tenantId: string;
  /** The tenant's default domain when it was made, for people to read. */
  readonly domain?: string;
  readonly cloud: Cloud;
  readonly auth: AuthKind;
  /** The application; absent for the Azure CLI and for the identity of the machine itself. */
  readonly clientId?: string;
  /** ISO 3166-1 alpha-2: the region of numbers that carry none, where --region does not say. */
  readonly region?: string;
  /** Of a person: the delegated permissions to ask for. */
  readonly scopes?: readonly string[];
  /** Of a person: which of the kept accounts, and its name. */
  readonly account?: string;
  readonly user?: string;
  /** Path of a PEM file with certificate and key. */
  readonly certificate?: string;
  /** Path of the file with the assertion of whoever is trusted (workload federation). */
  readonly federatedTokenFile?: string;
  /** Of a profile that `prepop setup` made: what there is to be taken back. */
  readonly setup?: SetupRecord;
};

/** Microsoft Graph Command Line Tools, for people without an application of their own. */
export const commandLineTools = "14d82eec-204b-4c2f-b7e8-296a70dab67e";
