import { PrepopError } from "../../model/errors.ts";
import type { Profile } from "../../model/profile.ts";
import { type SetupFeature, type SetupWish, setupFeatures, usualFeatures } from "../../model/setup.ts";
import type { Call } from "../command.ts";
import { canBeName, findProfile, needProfile, type Profiles } from "../profiles.ts";

const defaultName = "prepop phone methods";

/**
 * What the options ask for; what they do not say stays as an earlier setup had it.
 * @throws PrepopError PREPOP_USAGE for options that contradict each other
 */
export function wishOf(
  { options }: Call,
  before: Pick<SetupWish, "displayName" | "mode"> | undefined,
): SetupWish {
  if (options.delegated === true && options.application === true) {
    throw usage("--delegated and --application contradict each other", "Give one of them.");
  }
  const mode =
    options.delegated === true
      ? "delegated"
      : options.application === true
        ? "application"
        : (before?.mode ?? "application");
  if (mode === "delegated" && options.secret === true) {
    throw usage(
      "People who sign in to the application prove themselves, so it needs no secret",
      "Leave --secret or --delegated out.",
    );
  }
  const displayName = (options.name as string | undefined)?.trim() ?? before?.displayName ?? defaultName;
  if (!/[a-z0-9]/i.test(displayName) || displayName.length > 100) {
    throw usage("--name needs letters or digits, and at most 100 characters", "Give another name.");
  }
  return {
    displayName,
    mode,
    features: (options.features as readonly SetupFeature[] | undefined) ?? usualFeatures,
    credential: mode === "delegated" ? "none" : options.secret === true ? "secret" : "certificate",
  };
}

/** The default profile, where a setup has made it. */
export function defaultSetup(profiles: Profiles): Profile | undefined {
  const found = profiles.default === undefined ? undefined : findProfile(profiles, profiles.default);
  return found?.setup === undefined ? undefined : found;
}

/**
 * The profile of an earlier setup that a call is about: the one that is named, or for a removal the default one.
 * @throws PrepopError PREPOP_USAGE for one that no setup has made, PREPOP_PROFILE_NOT_FOUND
 */
export function earlierSetup({ options }: Call, profiles: Profiles): Profile | undefined {
  const named = options.profile as string | undefined;
  const removes = options.remove === true;
  if (named === undefined) return removes ? defaultSetup(profiles) : undefined;
  if (!canBeName(named)) {
    throw usage(`${named} cannot name a profile`, "Use letters, digits, dots, dashes and underscores.");
  }
  const known = removes ? needProfile(profiles, named) : findProfile(profiles, named);
  if (known === undefined) return undefined;
  if (known.setup !== undefined) {
    const { displayName } = known.setup;
    if (options.name === undefined || options.name === displayName) return known;
    throw usage(
      `The profile ${named} is of the application “${displayName}”`,
      "Leave --name or --profile out.",
    );
  }
  throw usage(
    `The profile ${named} was not made by a setup`,
    removes
      ? `\`prepop profiles remove ${named}\` forgets it.`
      : `Give another --profile, or forget that one first with \`prepop profiles remove ${named}\`.`,
  );
}

/** The application that the person says is hers (--adopt). */
export function adoptedBy({ options }: Call): string | undefined {
  return typeof options.adopt === "string" ? options.adopt : undefined;
}

/** `policy,groups`, or `none` for the main job alone. */
export function features(text: string): readonly SetupFeature[] {
  const names = text.split(",").map(name => name.trim().toLowerCase());
  if (names.length === 1 && names[0] === "none") return [];
  return names.map(name => {
    const feature = setupFeatures.find(known => known === name);
    if (feature !== undefined) return feature;
    throw usage(`--features does not know ${name}`, `Give any of ${setupFeatures.join(",")}, or none.`);
  });
}

function usage(why: string, fix: string): PrepopError {
  return new PrepopError("PREPOP_USAGE", { why, fix });
}
