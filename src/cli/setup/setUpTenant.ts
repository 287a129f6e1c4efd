import { rightsToSetUp } from "../../decide/setup/consent.ts";
import { choosePermissions } from "../../decide/setup/permissions.ts";
import { planSetup } from "../../decide/setup/plan.ts";
import { systemClock } from "../../engine/clock.ts";
import { lookAround } from "../../engine/setup/look.ts";
import { proveSetup } from "../../engine/setup/prove.ts";
import { type SetUp, setUp } from "../../engine/setup/setUp.ts";
import { vet } from "../../engine/setup/vet.ts";
import { Interrupted } from "../../engine/stop.ts";
import { connectGraph, type TokenCredential } from "../../graph/connect.ts";
import { type Cloud, clouds } from "../../model/clouds.ts";
import { PrepopError } from "../../model/errors.ts";
import type { Profile } from "../../model/profile.ts";
import type { ChosenPermission, SetupWish } from "../../model/setup.ts";
import {
  consentText,
  type SetupView,
  secretText,
  setupDone,
  setupText,
  stepText,
} from "../../report/setupText.ts";
import type { Call } from "../command.ts";
import type { Output } from "../output.ts";
import { credentialOf, placeOf } from "../signIn.ts";
import { type Admin, signInAdmin } from "./admin.ts";
import { agree } from "./agree.ts";
import { type CertificateFile, certificateFile } from "./certificateFile.ts";
import { type Memory, memoryOf } from "./remember.ts";
import { signInAsNew } from "./signInAsNew.ts";
import { adoptedBy } from "./wish.ts";

export type SetupCall = {
  readonly call: Call;
  readonly home: string;
  readonly output: Output;
  readonly cloud: Cloud;
  readonly wish: SetupWish;
  /** The profile of an earlier setup that was named: the sign-in has to be to its tenant. */
  readonly before: Profile | undefined;
};

const secretDays = 180;
const dayMs = 86_400_000;

/** Sets an application up in the tenant of whoever signs in, and writes its profile. */
export async function setUpTenant(setup: SetupCall): Promise<number> {
  const { call, home, output, cloud, wish, before } = setup;
  const { clock = systemClock } = call.surroundings;
  const { profile, tenant, region } = call.options as Readonly<Record<string, string | undefined>>;
  const tenantId = tenant !== undefined && /^[0-9a-f-]{36}$/i.test(tenant) ? tenant : undefined;
  const memory = memoryOf({ home, wish, cloud, region, name: profile, tenantId });
  const rights = rightsToSetUp(wish.mode);
  let made = "Nothing was made.";
  const admin = await signInAdmin({
    call,
    home,
    output,
    cloud,
    rights,
    profile: before,
    begin: (found, held) => memory.begin(found, held, rights),
    state: () => made,
  });
  try {
    const file = certificateFile(home, memory.name());
    const sought = { ...wish, applicationId: memory.profile().setup?.applicationId };
    const { offer, found } = await lookAround(admin.edges, admin.graph.applications, sought);
    const { permissions, without } = choosePermissions(wish.mode, wish.features, offer);
    const held = { ...found, certificate: await file.usable(clock.wall()) };
    const steps = planSetup(wish, permissions, held);
    const trust = {
      applicationId: memory.profile().setup?.applicationId,
      adopt: adoptedBy(call),
      me: admin.objectId,
      certificate: held.certificate,
    };
    if (found.application !== undefined) {
      await vet(admin.edges, admin.graph.applications, found.application, trust);
    }
    const view: SetupView = {
      tenant: admin.tenant,
      wish,
      permissions,
      without,
      steps,
      certificatePath: file.path,
    };
    for (const line of setupText(view, output)) await output.say(line);
    for (const step of steps.filter(({ done }) => done)) {
      await output.line({ type: "step", step: step.kind, state: "there" });
    }
    if (steps.some(({ done }) => !done)) {
      await agree(call, "Set this up? (yes/no) ");
      await output.say("");
    }
    const done = await setUp(admin.edges, admin.graph.applications, {
      wish,
      permissions,
      offer,
      found: held,
      steps,
      trust,
      newCertificate: () => file.renew(clock.wall()),
      secret: {
        displayName: `${memory.name()} ${new Date(clock.wall()).toISOString().slice(0, 16)}`,
        until: new Date(clock.wall() + secretDays * dayMs).toISOString(),
      },
      onApplication: async application => {
        made = `The application ${application.appId} is registered; running again completes it, --remove deletes it.`;
        await memory.application(application);
      },
      onStep: async (step, state) => {
        if (state === "begun") return;
        const missing = "missing" in step ? { permissions: step.missing.map(({ name }) => name) } : {};
        await output.line({ type: "step", step: step.kind, state: "done", ...missing });
        for (const line of stepText(step, output)) await output.say(line);
      },
    });
    await file.settle();
    return await finish(setup, { admin, memory, file, permissions, done });
  } catch (error) {
    for (const line of consentText(admin.consent, memory.name(), output)) output.note(line);
    throw error instanceof Interrupted
      ? new PrepopError("PREPOP_INTERRUPTED", { state: made }, error)
      : error;
  } finally {
    await admin.close();
  }
}

type Finishing = {
  readonly admin: Admin;
  readonly memory: Memory;
  readonly file: CertificateFile;
  readonly permissions: readonly ChosenPermission[];
  readonly done: SetUp;
};

/** Signs in as the new application, writes the profile, and says what there is now and what was left. */
async function finish(setup: SetupCall, finishing: Finishing): Promise<number> {
  const { call, output } = setup;
  const { admin, memory, permissions, done } = finishing;
  const { secret, application } = done;
  // Told before anything else can fail: nobody can read it again.
  if (secret !== undefined) {
    await output.line({ type: "secret", secret: secret.secret, validUntil: secret.validUntil });
    for (const line of secretText(secret, output)) await output.say(line);
  }
  const { profile, credential } = await asNew(setup, finishing);
  const names = permissions.map(({ name }) => name);
  const { version, requestTimeoutMs } = call.surroundings;
  const graph = connectGraph({
    origin: admin.graph.origin,
    scope: `${clouds[profile.cloud].graph}/.default`,
    credential,
    userAgent: `prepop/${version}`,
    clock: admin.edges.clock,
    ...(requestTimeoutMs === undefined ? {} : { timeoutMs: requestTimeoutMs }),
  });
  try {
    const proof = await proveSetup(admin.edges, graph, names);
    await output.line({ type: "proof", permissions: proof.permissions, users: proof.users });
  } finally {
    await graph.close();
  }
  const isDefault = await memory.complete(profile);
  const { consent } = admin;
  if (consent !== undefined) await output.line({ type: "consent", ...consent });
  const told = { profile: profile.name, isDefault, appId: application.appId, consent };
  for (const line of setupDone(told, output)) await output.say(line);
  await output.line({
    type: "summary",
    command: call.command,
    exitCode: 0,
    profile: profile.name,
    tenantId: profile.tenantId,
    clientId: application.appId,
    permissions: names,
  });
  return 0;
}

/** The finished profile, and the credential that it signs in with; a secret is only here, in memory. */
async function asNew(
  { call, home, output, wish }: SetupCall,
  { admin, memory, file, permissions, done }: Finishing,
): Promise<{ readonly profile: Profile; readonly credential: TokenCredential }> {
  const { scopes: _scopes, certificate: _certificate, setup, ...rest } = memory.profile();
  const profile: Profile = { ...rest, clientId: done.application.appId };
  const around = { call, home, note: output.note };
  switch (wish.credential) {
    case "certificate": {
      const made: Profile = { ...profile, auth: "certificate", certificate: file.path };
      return { profile: made, credential: await credentialOf(made, around) };
    }
    case "secret": {
      const { asApplication } = await import("../../graph/signIn/signIn.ts");
      const made: Profile = { ...profile, auth: "secret" };
      const secret = done.secret?.secret ?? "";
      return {
        profile: made,
        credential: asApplication(await placeOf(made, call), { kind: "secret", secret }),
      };
    }
    case "none": {
      const scopes = permissions.map(({ name }) => name);
      const { edges } = admin;
      const made = await signInAsNew({ call, home, output, edges }, profile, scopes);
      return { profile: made, credential: await credentialOf(made, around) };
    }
  }
}
