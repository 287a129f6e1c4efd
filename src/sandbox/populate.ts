import { PrepopError } from "../model/errors.ts";
import { phoneTypes } from "../model/phone.ts";
import { addGroups } from "./groups.ts";
import { normalise } from "./numbering.ts";
import { putPhone } from "./phones.ts";
import type { Settings } from "./settings.ts";
import { smsGroup } from "./smsGroup.ts";
import { addUser, emptyState, type State } from "./state.ts";
import type { SandboxUser, SeedUser } from "./user.ts";

/** Users of the config have been there for long; nothing about them is new to any replica. */
const longAgo = Date.UTC(2020, 0, 1);

/** The tenant as the config wants it at the start. */
export function populate(settings: Settings): State {
  const state = emptyState(settings.seed, settings.domain);
  const { users } = settings;
  if (typeof users === "number") {
    for (let count = 0; count < users; count++) {
      addUser(state, { userPrincipalName: generatedUpn(count, settings.domain) }, longAgo);
    }
  } else {
    for (const seed of users) seedUser({ state, settings, now: longAgo }, seed);
  }
  addGroups(state, [...settings.groups, ...smsGroup(settings)]);
  return state;
}

/** Adds one user with the phones its seed has. */
export function seedUser(
  world: { readonly state: State; readonly settings: Settings; readonly now: number },
  seed: SeedUser,
): SandboxUser {
  const user = addUser(world.state, seed, world.now);
  for (const type of phoneTypes) {
    const number = seed.phones?.[type];
    if (number !== undefined) putPhone(world, user, type, storable(number));
  }
  return user;
}

/** The stored form of a number given to the sandbox directly; a wrong one is a mistake of the caller. */
export function storable(number: string): string {
  const stored = normalise(number);
  if (stored !== undefined) return stored;
  throw new PrepopError("PREPOP_USAGE", {
    why: "A number given to the sandbox has not the form +CC NUMBER",
    fix: "Give it with + and country code.",
  });
}

function generatedUpn(count: number, domain: string): string {
  return `user${String(count).padStart(6, "0")}@${domain}`;
}
