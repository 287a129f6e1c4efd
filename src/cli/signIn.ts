import { readFile } from "node:fs/promises";
import type { TokenCredential } from "../graph/connect.ts";
import type { PersonSettings } from "../graph/signIn/person.ts";
import type { SignInPlace } from "../graph/signIn/signIn.ts";
import type { TokenStore } from "../graph/signIn/tokenStore.ts";
import { type Cloud, clouds } from "../model/clouds.ts";
import { PrepopError } from "../model/errors.ts";
import { type AuthKind, commandLineTools, type Profile } from "../model/profile.ts";
import type { Call } from "./command.ts";
import { needProfile, readProfiles } from "./profiles.ts";
import { tokenFile } from "./tokenFile.ts";
import { platformSeal } from "./tokenSeal.ts";

/** As whom a call goes to which Graph. */
export type ChosenSignIn = {
  readonly credential: TokenCredential;
  /** Origin of Graph. */
  readonly origin: string;
  readonly scope: string;
  readonly cloud: Cloud;
  readonly profile?: Profile;
};

/** What a sign-in needs beside its profile. */
export type SignInAround = {
  readonly call: Call;
  readonly home: string;
  readonly note: (line: string) => void;
};

/**
 * Chooses, in this order: PREPOP_ACCESS_TOKEN, --profile, the AZURE_ variables, the default profile. A profile that was
 * named also says cloud and tenant where the token is given.
 * @throws PrepopError PREPOP_AUTH_NO_TOKEN and others
 */
export async function chooseSignIn(around: SignInAround): Promise<ChosenSignIn> {
  const { call, home } = around;
  const { env } = call.surroundings;
  const profile = await profileInUse(call, home);
  const cloud = cloudOf(call, profile);
  const place = {
    origin: env.PREPOP_GRAPH_URL || clouds[cloud].graph,
    scope: `${clouds[cloud].graph}/.default`,
    cloud,
    ...(profile === undefined ? {} : { profile }),
  };
  if (env.PREPOP_ACCESS_TOKEN) {
    const { fixedToken } = await import("../graph/connect.ts");
    return { ...place, credential: fixedToken(env.PREPOP_ACCESS_TOKEN) };
  }
  const chosen = profile ?? environmentProfile(env, cloud);
  if (chosen === undefined) throw new PrepopError("PREPOP_AUTH_NO_TOKEN");
  return { ...place, credential: await credentialOf(chosen, around) };
}

/** The cloud of a call: --cloud, else that of its profile. */
export async function cloudInUse(call: Call): Promise<Cloud> {
  const { homeFolder } = await import("../ledger/home.ts");
  const { env, platform } = call.surroundings;
  return cloudOf(call, await profileInUse(call, homeFolder(env, platform)));
}

/** The profile that a call is made with; undefined for a token as it is, the AZURE_ variables and the sandbox. */
export async function profileInUse(
  { options, surroundings }: Call,
  home: string,
): Promise<Profile | undefined> {
  if (options.sandbox === true) return undefined;
  const { env } = surroundings;
  if (typeof options.profile === "string") return needProfile(await readProfiles(home), options.profile);
  if (env.PREPOP_ACCESS_TOKEN || environmentProfile(env, "global")) return undefined;
  const profiles = await readProfiles(home);
  return profiles.default === undefined ? undefined : needProfile(profiles, profiles.default);
}

/** What the AZURE_ variables say, when they say enough. */
export function environmentProfile(env: NodeJS.ProcessEnv, cloud: Cloud): Profile | undefined {
  const { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId } = env;
  const auth = environmentKind(env);
  if (!tenantId || !clientId || auth === undefined) return undefined;
  return { name: "AZURE_CLIENT_ID", tenantId, clientId, cloud, auth };
}

/** Which proof the environment holds; in the order of the Azure SDKs. */
export function environmentKind(env: NodeJS.ProcessEnv): AuthKind | undefined {
  if (env.AZURE_CLIENT_SECRET) return "secret";
  if (env.AZURE_CLIENT_CERTIFICATE_PATH) return "certificate";
  return env.AZURE_FEDERATED_TOKEN_FILE ? "workload" : undefined;
}

/** Where a profile signs in. @throws PrepopError PREPOP_USAGE_AUTHORITY */
export async function placeOf(profile: Profile, { surroundings }: Call): Promise<SignInPlace> {
  const { authorityOf } = await import("../graph/signIn/authority.ts");
  const { env, requestTimeoutMs } = surroundings;
  return {
    authority: authorityOf(env.AZURE_AUTHORITY_HOST, profile.cloud),
    tenantId: profile.tenantId,
    clientId: profile.clientId ?? commandLineTools,
    ...(requestTimeoutMs === undefined ? {} : { timeoutMs: requestTimeoutMs }),
  };
}

/** The settings of a person's profile. */
export async function personOf(profile: Profile, around: SignInAround): Promise<PersonSettings> {
  return {
    ...(await placeOf(profile, around.call)),
    store: tokensOf(profile.name, around),
    scopes: profile.scopes ?? [],
    profile: profile.name,
  };
}

/** Where a person's tokens are kept. */
export function tokensOf(profile: string, { call, home, note }: SignInAround): TokenStore {
  const { env, platform } = call.surroundings;
  return tokenFile({ home, profile, seal: platformSeal(env, platform), note });
}

/** The credential of a profile. Nobody is asked anything; who has to be asked is sent to `prepop login`. */
export async function credentialOf(profile: Profile, around: SignInAround): Promise<TokenCredential> {
  const { env, platform, clock } = around.call.surroundings;
  if (profile.setup?.state === "begun") {
    throw new PrepopError("PREPOP_SETUP_UNFINISHED", { profile: profile.name });
  }
  const { asApplication, asManagedIdentity } = await import("../graph/signIn/signIn.ts");
  switch (profile.auth) {
    case "browser":
    case "deviceCode": {
      const { asPerson } = await import("../graph/signIn/person.ts");
      return asPerson(await personOf(profile, around), profile.account ?? "");
    }
    case "secret": {
      const secret = env.AZURE_CLIENT_SECRET;
      if (!secret) throw missing("AZURE_CLIENT_SECRET", profile);
      return asApplication(await placeOf(profile, around.call), { kind: "secret", secret });
    }
    case "certificate": {
      const { readCertificate } = await import("../graph/signIn/certificate.ts");
      const path = profile.certificate ?? env.AZURE_CLIENT_CERTIFICATE_PATH;
      if (!path) throw missing("AZURE_CLIENT_CERTIFICATE_PATH", profile);
      const text = await readSecretFile(path, "The certificate");
      const now = clock?.wall() ?? Date.now();
      const certificate = readCertificate(text, env.AZURE_CLIENT_CERTIFICATE_PASSWORD, now);
      return asApplication(await placeOf(profile, around.call), { kind: "certificate", certificate });
    }
    case "workload": {
      const path = profile.federatedTokenFile ?? env.AZURE_FEDERATED_TOKEN_FILE;
      if (!path) throw missing("AZURE_FEDERATED_TOKEN_FILE", profile);
      // The platform renews the file, so it is read each time.
      const assertion = async () => (await readSecretFile(path, "The federated token")).trim();
      return asApplication(await placeOf(profile, around.call), { kind: "workload", assertion });
    }
    case "managedIdentity":
      return asManagedIdentity(profile.clientId);
    case "azureCli": {
      const { azureCli } = await import("../graph/signIn/azureCli.ts");
      const { tenantId } = profile;
      return azureCli({ tenantId: tenantId === "organizations" ? undefined : tenantId, env, platform });
    }
  }
}

function cloudOf({ options }: Call, profile: Profile | undefined): Cloud {
  const asked = options.cloud as Cloud | undefined;
  if (asked !== undefined && profile !== undefined && asked !== profile.cloud) {
    throw new PrepopError("PREPOP_USAGE", {
      why: `The profile ${profile.name} is of the cloud ${profile.cloud}, not ${asked}`,
      fix: "Leave --cloud out, or name another profile.",
    });
  }
  return asked ?? profile?.cloud ?? "global";
}

async function readSecretFile(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "it failed";
    const why = code === "ENOENT" ? `there is no file ${path}` : `${path} cannot be read (${code})`;
    throw new PrepopError(
      "PREPOP_AUTH_SETTINGS",
      { what, why, fix: "Check the path and your rights to it." },
      cause,
    );
  }
}

function missing(variable: string, { name }: Profile): PrepopError {
  return new PrepopError("PREPOP_AUTH_SETTINGS", {
    what: `The profile ${name}`,
    why: `it needs ${variable}, which is not set; prepop keeps no secrets`,
    fix: `Set ${variable} from your secret store, or sign in another way with \`prepop login\`.`,
  });
}
