import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { isCloud } from "../model/clouds.ts";
import { PrepopError } from "../model/errors.ts";
import { authKinds, type Profile } from "../model/profile.ts";

/** The tenants that one signs in to, and which of them is meant where nothing is said. */
export type Profiles = {
  readonly default: string | undefined;
  readonly all: readonly Profile[];
};

const formatVersion = 1;
const fileName = "profiles.json";

/**
 * Reads the profiles; none where there is no file yet.
 * @throws PrepopError PREPOP_PROFILE_FILE
 */
export async function readProfiles(home: string): Promise<Profiles> {
  let text: string;
  try {
    text = await readFile(join(home, fileName), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return { default: undefined, all: [] };
    }
    throw refuse(home, "it cannot be read", error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse(home, "it is not JSON", error);
  }
  if (!isRecord(value) || value.formatVersion !== formatVersion || !Array.isArray(value.profiles)) {
    throw refuse(home, "it is not of this version");
  }
  const all = value.profiles.map((each: unknown, index) => {
    if (isProfile(each)) return each;
    throw refuse(home, `entry ${index + 1} has no name, tenant, cloud or kind of sign-in that can be used`);
  });
  return { default: typeof value.default === "string" ? value.default : undefined, all };
}

/** Writes the profiles whole, readable by their owner only. They hold no secret. */
export async function writeProfiles(home: string, { default: chosen, all }: Profiles): Promise<void> {
  const value = { formatVersion, ...(chosen === undefined ? {} : { default: chosen }), profiles: all };
  await writeOwn(home, fileName, `${JSON.stringify(value, undefined, 2)}\n`);
}

/** The profile of a name, in any case; undefined where there is none. */
export function findProfile({ all }: Profiles, name: string): Profile | undefined {
  return all.find(each => each.name.toLowerCase() === name.toLowerCase());
}

/** @throws PrepopError PREPOP_PROFILE_NOT_FOUND */
export function needProfile(profiles: Profiles, name: string): Profile {
  const found = findProfile(profiles, name);
  if (found === undefined) throw new PrepopError("PREPOP_PROFILE_NOT_FOUND", { profile: name });
  return found;
}

/** With this profile in the place of the one of its name; the first one becomes the default. */
export function withProfile(profiles: Profiles, profile: Profile): Profiles {
  const others = profiles.all.filter(each => each.name.toLowerCase() !== profile.name.toLowerCase());
  return {
    default: profiles.default ?? profile.name,
    all: [...others, profile].toSorted((a, b) => a.name.localeCompare(b.name, "en")),
  };
}

/** Without a profile. A default that is gone is replaced by nothing: the next choice has to be said. */
export function withoutProfile(profiles: Profiles, name: string): Profiles {
  const all = profiles.all.filter(each => each.name !== name);
  return { default: profiles.default === name ? undefined : profiles.default, all };
}

/** Whether a text can name a profile: it becomes the name of a file. */
export function canBeName(text: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,63}$/i.test(text) && !text.endsWith(".");
}

/** Writes a file beside its place and moves it there, 0600. */
export async function writeOwn(folder: string, name: string, text: string): Promise<void> {
  const path = join(folder, name);
  const beside = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const handle = await open(beside, "w", 0o600);
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
    await rename(beside, path);
  } catch (cause) {
    // Where the folder itself is none, there is nothing to take away.
    await rm(beside, { force: true }).catch(() => undefined);
    const why = cause instanceof Error && "code" in cause ? String(cause.code) : "it failed";
    throw new PrepopError("PREPOP_FILE_WRITE", { file: path, why }, cause);
  }
}

function isProfile(value: unknown): value is Profile {
  if (!isRecord(value)) return false;
  const { name, tenantId, cloud, auth, scopes, setup } = value;
  const texts = ["clientId", "domain", "region", "account", "user", "certificate", "federatedTokenFile"];
  return (
    typeof name === "string" &&
    canBeName(name) &&
    typeof tenantId === "string" &&
    isCloud(cloud) &&
    authKinds.some(kind => kind === auth) &&
    (setup === undefined || (isRecord(setup) && typeof setup.displayName === "string")) &&
    (scopes === undefined || (Array.isArray(scopes) && scopes.every(each => typeof each === "string"))) &&
    texts.every(key => value[key] === undefined || typeof value[key] === "string")
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refuse(home: string, why: string, cause?: unknown): PrepopError {
  return new PrepopError("PREPOP_PROFILE_FILE", { file: join(home, fileName), why }, cause);
}
