import { numberKey, type PhoneType, phoneTypes } from "../model/phone.ts";
import { type Directory, emptyDirectory } from "./applications/directory.ts";
import { isObjectId, objectId } from "./ids.ts";
import { mailOf, makeUser, type Phones, type SandboxUser, type SeedUser } from "./user.ts";

/** A group, with users and groups in it. */
export type SandboxGroup = {
  readonly id: string;
  readonly displayName: string;
  /** User ids; "all" for everybody. */
  readonly members: ReadonlySet<string> | "all";
  /** Ids of groups inside it. */
  readonly groups: readonly string[];
  /** Membership protects a user like an administrator role. */
  readonly isAssignableToRole: boolean;
};

/** Everything the tenant holds. Plain maps, so that a million users are no trouble. */
export type State = {
  readonly seed: number;
  readonly domain: string;
  /** In order of creation; deleted users stay in their place, so page positions stay true. */
  readonly users: SandboxUser[];
  readonly byId: Map<string, SandboxUser>;
  /** By lower-case UPN; deleted users are not in it. */
  readonly byUpn: Map<string, SandboxUser>;
  /** By lower-case mail, only where it is not the UPN. */
  readonly byMail: Map<string, SandboxUser[]>;
  readonly byEmployeeId: Map<string, SandboxUser[]>;
  readonly groups: Map<string, SandboxGroup>;
  /** Who holds a number for SMS sign-in, tenant-wide. Soft-deleted users keep theirs. */
  readonly smsHolders: Map<string, string>;
  readonly directory: Directory;
  /** How long replaced phones are remembered for reads that lag; 0: not at all. */
  keepPastMs: number;
};

export function emptyState(seed: number, domain: string, directory = emptyDirectory(seed)): State {
  return {
    seed,
    domain,
    users: [],
    byId: new Map(),
    byUpn: new Map(),
    byMail: new Map(),
    byEmployeeId: new Map(),
    groups: new Map(),
    smsHolders: new Map(),
    directory,
    keepPastMs: 0,
  };
}

/** Adds a user; one that exists already under this UPN is returned as it is. */
export function addUser(state: State, seed: SeedUser, createdAt: number): SandboxUser {
  const upn = seed.userPrincipalName.toLowerCase();
  const existing = state.byUpn.get(upn);
  if (existing !== undefined) return existing;
  const user = makeUser(seed, freeId(state, seed, upn), createdAt);
  enterUser(state, user);
  return user;
}

/** Enters a finished record, as a snapshot has it. */
export function enterUser(state: State, user: SandboxUser): void {
  state.users.push(user);
  state.byId.set(user.id, user);
  if (user.deleted === undefined) index(state, user);
}

/** Finds a living user by object id or UPN, without regard to case. */
export function findUser(state: State, key: string): SandboxUser | undefined {
  const user = findAnyUser(state, key);
  return user?.deleted === undefined ? user : undefined;
}

/** Like findUser, and deleted users too when asked for by id. */
export function findAnyUser(state: State, key: string): SandboxUser | undefined {
  const lower = key.toLowerCase();
  return isObjectId(lower) ? state.byId.get(lower) : state.byUpn.get(lower);
}

/** Soft-deletes or purges a user. A purge gives its SMS sign-in number free. */
export function removeUser(state: State, user: SandboxUser, how: "soft" | "purged"): void {
  if (user.deleted === undefined) unindex(state, user);
  user.deleted = how;
  if (how === "soft") return;
  for (const [number, holder] of state.smsHolders) {
    if (holder === user.id) state.smsHolders.delete(number);
  }
}

/** Brings a soft-deleted user back. */
export function restoreUser(state: State, user: SandboxUser): void {
  user.deleted = undefined;
  index(state, user);
}

/** Replaces a user's phones. The older ones are kept for reads that lag, where any do. */
export function storePhones(state: State, user: SandboxUser, phones: Phones, now: number): void {
  if (state.keepPastMs > 0) {
    const past = (user.past ?? []).filter(entry => entry.until > now - state.keepPastMs);
    past.push({ until: now, phones: user.phones });
    user.past = past;
  }
  user.phones = phones;
}

/** Enters the numbers that a user holds for SMS sign-in, as a restored snapshot needs. */
export function registerPhones(state: State, user: SandboxUser): void {
  for (const type of phoneTypes) {
    const phone = user.phones[type];
    if (phone?.smsSignInState === "ready") state.smsHolders.set(numberKey(phone.phoneNumber), user.id);
  }
}

/** Takes one phone away from a set. */
export function withoutPhone(phones: Phones, type: PhoneType): Phones {
  const { [type]: _removed, ...rest } = phones;
  return rest;
}

/** The id that follows from seed and UPN; a second user of a deleted one's name gets another. */
function freeId(state: State, seed: SeedUser, upn: string): string {
  if (seed.id !== undefined) return seed.id.toLowerCase();
  let id = objectId(state.seed, upn);
  for (let copy = 1; state.byId.has(id); copy++) id = objectId(state.seed, upn, copy);
  return id;
}

function index(state: State, user: SandboxUser): void {
  const { userPrincipalName, employeeId } = user.seed;
  const upn = userPrincipalName.toLowerCase();
  state.byUpn.set(upn, user);
  const mail = mailOf(user.seed)?.toLowerCase();
  if (mail !== undefined && mail !== upn) add(state.byMail, mail, user);
  if (employeeId !== undefined) add(state.byEmployeeId, employeeId.toLowerCase(), user);
}

function unindex(state: State, user: SandboxUser): void {
  const { userPrincipalName, employeeId } = user.seed;
  state.byUpn.delete(userPrincipalName.toLowerCase());
  const mail = mailOf(user.seed)?.toLowerCase();
  if (mail !== undefined) drop(state.byMail, mail, user);
  if (employeeId !== undefined) drop(state.byEmployeeId, employeeId.toLowerCase(), user);
}

function add(map: Map<string, SandboxUser[]>, key: string, user: SandboxUser): void {
  const users = map.get(key);
  if (users === undefined) map.set(key, [user]);
  else users.push(user);
}

function drop(map: Map<string, SandboxUser[]>, key: string, user: SandboxUser): void {
  const rest = (map.get(key) ?? []).filter(other => other !== user);
  if (rest.length === 0) map.delete(key);
  else map.set(key, rest);
}
