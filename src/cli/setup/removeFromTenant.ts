import { consentAfter, rightsToRemove } from "../../decide/setup/consent.ts";
import { leftOnClient, lookAround } from "../../engine/setup/look.ts";
import { removeSetup } from "../../engine/setup/remove.ts";
import { type Trust, vet } from "../../engine/setup/vet.ts";
import type { Application } from "../../model/application.ts";
import { PrepopError } from "../../model/errors.ts";
import type { Profile } from "../../model/profile.ts";
import { removalDone, removalText } from "../../report/setupText.ts";
import { readProfiles, withoutProfile, withProfile, writeProfiles } from "../profiles.ts";
import { forgetTokens } from "../tokenFile.ts";
import { platformSeal } from "../tokenSeal.ts";
import { type Admin, signInAdmin } from "./admin.ts";
import { agree } from "./agree.ts";
import { certificateFile } from "./certificateFile.ts";
import type { SetupCall } from "./setUpTenant.ts";
import { adoptedBy } from "./wish.ts";

/**
 * Takes a setup back: what is in the tenant, what the sign-ins left on Microsoft's client, and what is here. Where the
 * profile is lost, the application is found by its name.
 */
export async function removeFromTenant(setup: SetupCall): Promise<number> {
  const { call, home, output, cloud, wish, before } = setup;
  const record = before?.setup?.consent;
  // Nobody is asked for the right to take grants back where none are known to have been left.
  const revokes = call.options.keepGrants !== true && record !== undefined && record.added.length > 0;
  const rights = rightsToRemove(revokes);
  const admin = await signInAdmin({
    call,
    home,
    output,
    cloud,
    rights,
    profile: before,
    begin: async (_tenant, held) => {
      if (held === undefined) return record;
      const consent = consentAfter(record, held, rights);
      if (before?.setup === undefined) return consent;
      const profiles = await readProfiles(home);
      const profile = { ...before, setup: { ...before.setup, consent } };
      await writeProfiles(home, { ...withProfile(profiles, profile), default: profiles.default });
      return consent;
    },
    state: () => "Running it again goes on with what is left.",
  });
  try {
    const { applications } = admin.graph;
    // Without delegated rights the grants of the application cannot be read, and they go with it anyhow.
    const sought = { ...wish, mode: "application" as const, applicationId: before?.setup?.applicationId };
    const { found } = await lookAround(admin.edges, applications, sought);
    const { consent } = admin;
    const revocations =
      revokes && consent !== undefined ? await leftOnClient(admin.edges, applications, consent) : [];
    const own = await certificateFile(home, before?.name ?? "").registered();
    const trust = {
      applicationId: sought.applicationId,
      adopt: adoptedBy(call),
      me: admin.objectId,
      certificate: own,
    };
    const application = await ourOwn(admin, found.application, trust, before);
    const stays = application === undefined ? found.application : undefined;
    const orphan =
      found.application === undefined && before?.clientId !== undefined
        ? await applications.principalOf(before.clientId)
        : undefined;
    const principal = stays === undefined ? (found.principal ?? orphan) : undefined;
    const credentials = [...(application?.keys ?? []), ...(application?.secrets ?? [])];
    const others = credentials.filter(each => !("certificate" in each) || each.certificate !== own).length;
    const view = {
      tenant: admin.tenant,
      application,
      stays,
      otherCredentials: before?.auth === "secret" ? Math.max(0, others - 1) : others,
      revocations,
      profile: before?.name,
      alsoUsedBy: await alsoUsedBy(home, before),
    };
    for (const line of removalText(view, output)) await output.say(line);
    const something = application ?? principal ?? revocations[0] ?? before;
    if (something !== undefined) await agree(call, "Take this back? (yes/no) ");
    await removeSetup(admin.edges, applications, { application, principal, revocations });
    if (before !== undefined) await forgetHere(setup, before);
    await output.line({
      type: "removed",
      clientId: application?.appId ?? before?.clientId ?? null,
      revoked: revocations.flatMap(({ scopes }) => scopes),
      profile: before?.name ?? null,
    });
    await output.say("");
    const left = revokes && consent !== undefined ? { ...consent, added: [] } : consent;
    for (const line of removalDone(something !== undefined, left, output)) await output.say(line);
    await output.line({
      type: "summary",
      command: call.command,
      exitCode: 0,
      removed: something !== undefined,
    });
    return 0;
  } finally {
    await admin.close();
  }
}

/**
 * The application, where it is one's own. One that somebody else has a hold on stays, so that a profile whose setup met
 * it can be taken back all the same; without a profile there is nothing else to take back.
 */
async function ourOwn(
  { edges, graph }: Admin,
  application: Application | undefined,
  trust: Trust,
  before: Profile | undefined,
): Promise<Application | undefined> {
  if (application === undefined) return undefined;
  try {
    await vet(edges, graph.applications, application, trust);
    return application;
  } catch (error) {
    const theirs = error instanceof PrepopError && error.code === "PREPOP_SETUP_NOT_OURS";
    if (theirs && before !== undefined) return undefined;
    throw error;
  }
}

async function forgetHere({ call, home }: SetupCall, { name }: Profile): Promise<void> {
  const { env, platform } = call.surroundings;
  await certificateFile(home, name).remove();
  await forgetTokens(home, name, platformSeal(env, platform));
  await writeProfiles(home, withoutProfile(await readProfiles(home), name));
}

async function alsoUsedBy(home: string, before: Profile | undefined): Promise<readonly string[]> {
  if (before?.clientId === undefined) return [];
  const profiles = await readProfiles(home);
  return profiles.all
    .filter(({ name, clientId }) => name !== before.name && clientId === before.clientId)
    .map(({ name }) => name);
}
