import { isTooNew, replicationWaitMs } from "../../decide/setup/waits.ts";
import { pause, type SetupEdges } from "../../engine/setup/ensure.ts";
import { clouds } from "../../model/clouds.ts";
import { PrepopError } from "../../model/errors.ts";
import type { Profile } from "../../model/profile.ts";
import type { Call } from "../command.ts";
import { canShowPages, howToAsk } from "../howToAsk.ts";
import { memoryStore } from "../memoryStore.ts";
import type { Output } from "../output.ts";
import { placeOf } from "../signIn.ts";
import { signInNow } from "../signInNow.ts";

/**
 * Has the person sign in to the new application, and keeps her tokens in its profile. The sign-in page of an application
 * that is not known yet is a dead end, so it is opened only when the service knows it.
 */
export async function signInAsNew(
  around: {
    readonly call: Call;
    readonly home: string;
    readonly output: Output;
    readonly edges: SetupEdges;
  },
  profile: Profile,
  scopes: readonly string[],
): Promise<Profile> {
  const { call, home, output, edges } = around;
  const device = call.options.auth === "device-code" || !canShowPages(call);
  const auth = device ? "deviceCode" : "browser";
  await untilKnown(around.call, edges, { ...profile, scopes });
  output.note("Sign in once more, now to the new application.");
  const signedIn = await signInNow(
    { ...withoutCertificate(profile), auth, scopes },
    { call, home, note: output.note, before: profile, names: [profile], ...howToAsk(call, output) },
  );
  return { ...signedIn, name: profile.name };
}

/** Asks for a device code that nobody is going to enter: whether one comes says that the application is known. */
async function untilKnown(call: Call, edges: SetupEdges, profile: Profile): Promise<void> {
  const { signInPerson } = await import("../../graph/signIn/person.ts");
  const since = edges.clock.now();
  const resource = clouds[profile.cloud].graph;
  const settings = {
    ...(await placeOf(profile, call)),
    store: memoryStore(),
    scopes: profile.scopes ?? [],
    profile: profile.name,
  };
  for (let attempt = 1; ; attempt++) {
    const known = new AbortController();
    const signal = AbortSignal.any([call.surroundings.signal, known.signal]);
    try {
      await signInPerson(settings, { kind: "deviceCode", show: () => known.abort() }, resource, signal);
      return;
    } catch (error) {
      call.surroundings.signal.throwIfAborted();
      if (known.signal.aborted) return;
      if (!(error instanceof PrepopError) || !isTooNew(error.message)) throw error;
      await pause(edges, "The application's sign-in", since, replicationWaitMs(attempt));
    }
  }
}

function withoutCertificate({ certificate: _certificate, ...profile }: Profile): Profile {
  return profile;
}
