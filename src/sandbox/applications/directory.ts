import { graphAppId } from "../../model/graphPermissions.ts";
import { objectId } from "../ids.ts";

/** A certificate that an application proves itself with. */
export type StoredKey = {
  readonly keyId: string;
  readonly displayName: string | null;
  /** The certificate, DER in base64. */
  readonly key: string;
  readonly startDateTime: string;
  readonly endDateTime: string;
  /** When the authority knows it, ms since 1970. */
  readonly visibleAt: number;
};

/** A secret of an application. Nothing else in the tenant tells its text again. */
export type StoredSecret = Omit<StoredKey, "key"> & { readonly secretText: string };

/** An application registration. Records are replaced, never edited; `visibleAt` is when replicas have them. */
export type SandboxApplication = {
  readonly id: string;
  readonly appId: string;
  readonly uniqueName: string | null;
  readonly createdAt: number;
  readonly visibleAt: number;
  /** What was set, by the names of the resource. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly keys: readonly StoredKey[];
  readonly secrets: readonly StoredSecret[];
  /** Whose tokens it takes in the place of a secret. */
  readonly federated: readonly FederatedIdentity[];
  /** Ids of those who may change it whatever their role. */
  readonly owners: readonly string[];
};

/** Somebody else's word that counts as the application's own. */
export type FederatedIdentity = {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
};

/** What an application is in this tenant. */
export type SandboxPrincipal = {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly tags: readonly string[];
  readonly visibleAt: number;
};

/** A delegated grant: what a client may do in the name of everybody, or of one person. */
export type SandboxGrant = {
  readonly id: string;
  readonly clientId: string;
  readonly resourceId: string;
  readonly consentType: "AllPrincipals" | "Principal";
  readonly principalId: string | null;
  readonly scope: string;
  readonly visibleAt: number;
};

/** An application permission that was given to a principal. */
export type SandboxAssignment = {
  readonly id: string;
  readonly principalId: string;
  readonly resourceId: string;
  readonly appRoleId: string;
  readonly createdAt: number;
  readonly visibleAt: number;
};

/** The applications of the tenant, and what was granted to them; plain data, so that a snapshot can hold it. */
export type Directory = {
  readonly applications: SandboxApplication[];
  readonly principals: SandboxPrincipal[];
  readonly grants: SandboxGrant[];
  readonly assignments: SandboxAssignment[];
  /** Things made so far, which new ids are drawn from. */
  count: number;
};

/**
 * Applications of Microsoft that are in every tenant, by their application id.
 * Source: https://github.com/merill/microsoft-info (read 2026-11-23).
 */
export const microsoftApplications: Readonly<Record<string, string>> = {
  [graphAppId]: "Microsoft Graph",
  "14d82eec-204b-4c2f-b7e8-296a70dab67e": "Microsoft Graph Command Line Tools",
  "04b07795-8ddb-461a-bbee-02f9e1bf7b46": "Microsoft Azure CLI",
};

/** A tenant in which nobody has registered anything yet. */
export function emptyDirectory(seed: number): Directory {
  const principals = Object.entries(microsoftApplications).map(([appId, displayName]) => ({
    id: objectId(seed, "service principal", appId),
    appId,
    displayName,
    tags: [],
    visibleAt: 0,
  }));
  return { applications: [], principals, grants: [], assignments: [], count: 0 };
}

/** A new object id: the same for the same seed and order. */
export function nextId(directory: Directory, seed: number, kind: string): string {
  return objectId(seed, kind, ++directory.count);
}

/** Puts a record in the place of the one of its id. */
export function replace<Item extends { readonly id: string }>(list: Item[], item: Item): void {
  const at = list.findIndex(({ id }) => id === item.id);
  if (at === -1) list.push(item);
  else list[at] = item;
}

/** Takes out what fits. */
export function removeAll<Item>(list: Item[], fits: (item: Item) => boolean): void {
  for (let at = list.length - 1; at >= 0; at--) if (fits(list[at] as Item)) list.splice(at, 1);
}

/** Finds a visible principal by object id or `appId=…`, as a path names it. */
export function findPrincipal(
  { principals }: Directory,
  key: string,
  now: number,
): SandboxPrincipal | undefined {
  return findByKey(principals, key, now);
}

/** Finds a visible registration by object id, `appId=…` or `uniqueName=…`. */
export function findApplication(
  { applications }: Directory,
  key: string,
  now: number,
): SandboxApplication | undefined {
  const name = /^uniqueName=(.*)$/i.exec(key)?.[1];
  if (name === undefined) return findByKey(applications, key, now);
  return applications.find(each => each.uniqueName === name && each.visibleAt <= now);
}

function findByKey<Item extends { id: string; appId: string; visibleAt: number }>(
  list: readonly Item[],
  key: string,
  now: number,
): Item | undefined {
  const appId = /^appId=(.*)$/i.exec(key)?.[1]?.toLowerCase();
  const fits = ({ id, appId: own }: Item) =>
    appId === undefined ? id === key.toLowerCase() : own.toLowerCase() === appId;
  return list.find(each => fits(each) && each.visibleAt <= now);
}
