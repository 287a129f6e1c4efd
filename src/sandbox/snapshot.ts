import type { DefaultMethod } from "../model/change.ts";
import { PrepopError } from "../model/errors.ts";
import type { Directory } from "./applications/directory.ts";
import type { State } from "./state.ts";
import { emptyState, enterUser, registerPhones } from "./state.ts";
import {
  makeUser,
  noPhones,
  type OtherMethod,
  type PerUserMfaState,
  type Phones,
  type SandboxUser,
  type SeedUser,
} from "./user.ts";
import { isObject } from "./validate.ts";

const formatVersion = 1;

/** The tenant as JSON. Groups and policy come from the config and are not in it. */
export type SandboxSnapshot = {
  readonly formatVersion: number;
  readonly seed: number;
  readonly domain: string;
  readonly users: readonly SnapshotUser[];
  /** Absent where nobody has registered or granted anything. */
  readonly directory?: Directory;
};

/** One user; what has its default value is left out. */
type SnapshotUser = {
  readonly id: string;
  readonly seed: SeedUser;
  readonly createdAt: number;
  readonly phones?: Phones;
  readonly otherMethods?: readonly OtherMethod[];
  readonly defaultMethod?: DefaultMethod;
  readonly systemPreferred?: true;
  readonly perUserMfa?: PerUserMfaState;
  readonly deleted?: "soft" | "purged";
};

export function snapshotOf(state: State): SandboxSnapshot {
  const { seed, domain, directory } = state;
  return {
    formatVersion,
    seed,
    domain,
    users: state.users.map(toSnapshot),
    ...(directory.count === 0 ? {} : { directory: structuredClone(directory) }),
  };
}

/** The tenant of a snapshot; one of another format or without users is PREPOP_USAGE. */
export function stateOf(snapshot: unknown): State {
  if (!isSnapshot(snapshot)) {
    throw new PrepopError("PREPOP_USAGE", {
      why: "What was to be restored is no snapshot of this version of the sandbox",
      fix: "`prepop sandbox reset` begins with an empty tenant.",
    });
  }
  const state = emptyState(snapshot.seed, snapshot.domain, structuredClone(snapshot.directory));
  for (const kept of snapshot.users) {
    const user: SandboxUser = {
      ...makeUser(kept.seed, kept.id, kept.createdAt),
      phones: kept.phones ?? noPhones,
      defaultMethod: kept.defaultMethod,
      systemPreferred: kept.systemPreferred ?? false,
      perUserMfa: kept.perUserMfa ?? "disabled",
      deleted: kept.deleted,
    };
    if (kept.otherMethods !== undefined) user.otherMethods = kept.otherMethods;
    enterUser(state, user);
    if (kept.deleted !== "purged") registerPhones(state, user);
  }
  return state;
}

function toSnapshot(user: SandboxUser): SnapshotUser {
  const { id, seed, createdAt, phones, otherMethods, defaultMethod, systemPreferred, perUserMfa, deleted } =
    user;
  return {
    id,
    seed,
    createdAt,
    ...(Object.keys(phones).length === 0 ? {} : { phones }),
    ...(otherMethods === makeUser(seed, id, createdAt).otherMethods ? {} : { otherMethods }),
    ...(defaultMethod === undefined ? {} : { defaultMethod }),
    ...(systemPreferred ? { systemPreferred } : {}),
    ...(perUserMfa === "disabled" ? {} : { perUserMfa }),
    ...(deleted === undefined ? {} : { deleted }),
  };
}

function isSnapshot(value: unknown): value is SandboxSnapshot {
  return isObject(value) && value.formatVersion === formatVersion && Array.isArray(value.users);
}
