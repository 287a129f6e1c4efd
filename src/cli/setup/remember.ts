import { consentAfter, type HeldByClient } from "../../decide/setup/consent.ts";
import type { Application } from "../../model/application.ts";
import type { Cloud } from "../../model/clouds.ts";
import { PrepopError } from "../../model/errors.ts";
import type { Profile } from "../../model/profile.ts";
import type { ClientConsent, SetupRecord, SetupWish } from "../../model/setup.ts";
import type { Tenant } from "../../model/user.ts";
import {
  canBeName,
  findProfile,
  type Profiles,
  readProfiles,
  withProfile,
  writeProfiles,
} from "../profiles.ts";

/**
 * What a setup remembers of itself, in the profile that it makes. The moves: nothing, begun (written before anybody
 * consents, again when the registration is there), complete. A profile that is begun cannot be signed in with; running
 * again completes it, and --remove takes back what there is. One that was complete stays so while it is run again.
 */
export type Memory = {
  /** The name that the profile has or is going to have. */
  name(): string;
  /** As it stands in the file, or would. */
  profile(): Profile;
  begin(
    tenant: Tenant,
    held: HeldByClient | undefined,
    rights: readonly string[],
  ): Promise<ClientConsent | undefined>;
  application(made: Application): Promise<void>;
  /** Whether it is the one that is used where none is named. */
  complete(profile: Profile): Promise<boolean>;
};

export type MemorySettings = {
  readonly home: string;
  readonly wish: SetupWish;
  readonly cloud: Cloud;
  readonly region: string | undefined;
  /** --profile, and --tenant where that is an id. */
  readonly name: string | undefined;
  readonly tenantId: string | undefined;
};

export function memoryOf(settings: MemorySettings): Memory {
  const { home, wish, cloud, region } = settings;
  let current: Profile | undefined;
  const needed = (): Profile => {
    if (current === undefined) throw new RangeError("A setup is remembered from its sign-in on.");
    return current;
  };
  const write = async (profile: Profile, asDefault: boolean): Promise<boolean> => {
    current = profile;
    const before = await readProfiles(home);
    const after = withProfile(before, profile);
    const next: Profiles = asDefault ? after : { ...after, default: before.default };
    await writeProfiles(home, next);
    return next.default === profile.name;
  };

  return {
    name: () => needed().name,
    profile: needed,
    begin: async (tenant, held, rights) => {
      const profiles = await readProfiles(home);
      const tenantId = tenant.id === "unknown" ? settings.tenantId : tenant.id;
      if (tenantId === undefined) throw unknownTenant();
      const name = nameOf(profiles, settings, { ...tenant, id: tenantId });
      const before = findProfile(profiles, name);
      const earlier = before?.setup?.consent;
      const consent = held === undefined ? earlier : consentAfter(earlier, held, rights);
      const record: SetupRecord = {
        state: before?.setup?.state ?? "begun",
        displayName: wish.displayName,
        mode: before?.setup?.state === "complete" ? before.setup.mode : wish.mode,
        ...(before?.setup?.applicationId ? { applicationId: before.setup.applicationId } : {}),
        ...(consent === undefined ? {} : { consent }),
      };
      current = {
        auth: wish.mode === "delegated" ? "browser" : "certificate",
        ...before,
        name,
        tenantId,
        cloud,
        ...(tenant.domain === undefined ? {} : { domain: tenant.domain }),
        ...(region === undefined ? {} : { region }),
        setup: record,
      };
      // Where nobody consents to anything, there is nothing to remember before the registration is there.
      if (held !== undefined) await write(current, false);
      return consent;
    },
    application: async ({ id, appId }) => {
      const profile = needed();
      const record = profile.setup;
      if (record?.applicationId === id && profile.clientId === appId) return;
      const state = profile.clientId === appId ? (record?.state ?? "begun") : "begun";
      const setup = { ...recordOf(record, wish), state, applicationId: id };
      await write({ ...profile, clientId: appId, setup }, false);
    },
    complete: async profile => {
      const setup = { ...recordOf(needed().setup, wish), state: "complete" as const, mode: wish.mode };
      return await write({ ...profile, setup }, true);
    },
  };
}

function recordOf(record: SetupRecord | undefined, { displayName, mode }: SetupWish): SetupRecord {
  return record ?? { state: "begun", displayName, mode };
}

/** As said; else that of an earlier setup of this name in this tenant; else the tenant's domain, or beside it. */
function nameOf(profiles: Profiles, { name, wish }: MemorySettings, { id, domain }: Tenant): string {
  if (name !== undefined) {
    return findProfile(profiles, name)?.name ?? name;
  }
  const earlier = profiles.all.find(
    ({ tenantId, setup }) => tenantId === id && setup?.displayName === wish.displayName,
  );
  if (earlier !== undefined) return earlier.name;
  const plain = domain !== undefined && canBeName(domain) ? domain : id;
  let free = plain;
  for (let n = 1; findProfile(profiles, free) !== undefined; n++) free = `${plain}-app${n === 1 ? "" : n}`;
  return free;
}

function unknownTenant(): PrepopError {
  return new PrepopError("PREPOP_USAGE", {
    why: "Graph does not say which tenant this sign-in is for",
    fix: "Give the tenant's id with --tenant.",
  });
}
