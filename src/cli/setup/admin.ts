import { randomUUID } from "node:crypto";
import { type HeldByClient, tellsAll } from "../../decide/setup/consent.ts";
import { systemClock } from "../../engine/clock.ts";
import type { Edges } from "../../engine/edges.ts";
import { patienceFor } from "../../engine/plan.ts";
import type { SetupEdges } from "../../engine/setup/ensure.ts";
import { tenantOf } from "../../engine/tenantOf.ts";
import { connectGraph, fixedToken, type Graph, type TokenCredential } from "../../graph/connect.ts";
import { type Cloud, clouds } from "../../model/clouds.ts";
import { PrepopError } from "../../model/errors.ts";
import { commandLineTools, type Profile } from "../../model/profile.ts";
import type { ClientConsent } from "../../model/setup.ts";
import type { Tenant } from "../../model/user.ts";
import type { Call } from "../command.ts";
import { canShowPages, howToAsk } from "../howToAsk.ts";
import { memoryStore } from "../memoryStore.ts";
import type { Output } from "../output.ts";
import { credentialOf, environmentProfile, placeOf } from "../signIn.ts";

/** Who changes applications, for as long as one command. */
export type Admin = {
  readonly graph: Graph;
  readonly tenant: Tenant;
  /** Whose sign-in it is, by object id; undefined where its token does not say. */
  readonly objectId: string | undefined;
  readonly edges: SetupEdges;
  /** What the sign-in left on Microsoft's client; undefined where the sign-in was brought along. */
  readonly consent: ClientConsent | undefined;
  close(): Promise<void>;
};

export type AdminWish = {
  readonly call: Call;
  readonly home: string;
  readonly output: Output;
  readonly cloud: Cloud;
  /** The permissions that it takes, and no more. */
  readonly rights: readonly string[];
  /** The profile that it is about, whose tenant has to be this one. */
  readonly profile: Profile | undefined;
  /**
   * Told which tenant it is, and what Microsoft's client holds there, before anybody consents to anything, and once more
   * when that is known for sure: it remembers and answers what is left there.
   */
  readonly begin: (tenant: Tenant, held: HeldByClient | undefined) => Promise<ClientConsent | undefined>;
  readonly state: () => string;
};

/**
 * Signs in somebody who may change applications: with what is given (PREPOP_ACCESS_TOKEN, the AZURE_ variables,
 * `--auth azure-cli`), else a person through Microsoft Graph Command Line Tools. She signs in twice where she has to
 * consent: the first time shows what the client was granted before, so that it can be left as it was. Nothing of it is
 * kept on disk.
 */
export async function signInAdmin(wish: AdminWish): Promise<Admin> {
  const given = await givenCredential(wish);
  if (given !== undefined) {
    const open = await opened(wish, given);
    return { ...open, consent: await wish.begin(open.tenant, undefined) };
  }
  return await signInPersonally(wish);
}

async function givenCredential(wish: AdminWish): Promise<TokenCredential | undefined> {
  const { call, home, output, cloud } = wish;
  const { env, platform } = call.surroundings;
  const { auth, tenant } = call.options;
  if (env.PREPOP_ACCESS_TOKEN) return fixedToken(env.PREPOP_ACCESS_TOKEN);
  if (auth === "azure-cli") {
    const { azureCli } = await import("../../graph/signIn/azureCli.ts");
    const tenantId = wish.profile?.tenantId ?? (tenant as string | undefined) ?? env.AZURE_TENANT_ID;
    return azureCli({ tenantId: tenantId || undefined, env, platform });
  }
  const environment = auth === undefined ? environmentProfile(env, cloud) : undefined;
  return environment && credentialOf(environment, { call, home, note: output.note });
}

async function signInPersonally(wish: AdminWish): Promise<Admin> {
  const { signInPerson, asPerson } = await import("../../graph/signIn/person.ts");
  const { call, output, cloud, rights, profile } = wish;
  const { env, signal } = call.surroundings;
  const { tenant, auth } = call.options as Readonly<Record<string, string | undefined>>;
  const { show, open } = howToAsk(call, output);
  const device = auth === "device-code" || (auth === undefined && !canShowPages(call));
  const asking = device
    ? ({ kind: "deviceCode", show: (code: Parameters<typeof show>[0]) => void show(code) } as const)
    : ({ kind: "browser", open } as const);
  const tenantId = profile?.tenantId ?? tenant ?? (env.AZURE_TENANT_ID || "organizations");
  const settings = {
    ...(await placeOf({ name: "", tenantId, cloud, auth: "browser", clientId: commandLineTools }, call)),
    store: memoryStore(),
    profile: "setup",
  };
  const resource = clouds[cloud].graph;
  output.note("Sign in as an administrator (through Microsoft Graph Command Line Tools).");
  const first = await signInPerson({ ...settings, scopes: ["User.Read"] }, asking, resource, signal);
  const place = { ...settings, tenantId: first.tenantId, hint: first.user };
  const before = await opened(wish, asPerson({ ...place, scopes: ["User.Read"] }, first.account));
  try {
    const { permissions, objectId } = (await before.graph.inspect.token()) ?? {};
    const held = permissions ?? [];
    const now = {
      clientId: commandLineTools,
      held,
      ...(objectId === undefined ? {} : { personId: objectId }),
    };
    const consent = await wish.begin(before.tenant, now);
    const missing = rights.filter(right => !held.includes(right));
    if (missing.length === 0) return await admin(consent);
    output.note(
      `Now consent to ${missing.join(" and ")}, which this takes. It can be taken back afterwards.`,
    );
    const second = await signInPerson({ ...place, scopes: rights }, asking, resource, signal);
    if (second.account !== first.account) throw somebodyElse(first.user, second.user);
    // A token for User.Read alone that holds the new consents too shows that the first one held all there were.
    await before.graph.refreshToken();
    const after = (await before.graph.inspect.token())?.permissions ?? [];
    if (!tellsAll(after)) return await admin(consent);
    return await admin(await wish.begin(before.tenant, { ...now, whole: true }));
  } finally {
    await before.close();
  }

  async function admin(consent: ClientConsent | undefined): Promise<Admin> {
    const credential = asPerson({ ...place, scopes: rights }, first.account);
    return { ...(await opened(wish, credential)), consent };
  }
}

function somebodyElse(first: string, second: string): PrepopError {
  return new PrepopError("PREPOP_AUTH_SIGN_IN_FAILED", {
    why: `it was ${first} who signed in first, and then ${second}`,
    fix: "Run the command again, and sign in as the same person both times.",
  });
}

/** Graph with a credential, and the tenant that it turns out to be. */
async function opened(wish: AdminWish, credential: TokenCredential): Promise<Omit<Admin, "consent">> {
  const { call, output, cloud, profile, state } = wish;
  const { env, signal, requestTimeoutMs, version, clock = systemClock } = call.surroundings;
  const graph = connectGraph({
    origin: env.PREPOP_GRAPH_URL || clouds[cloud].graph,
    scope: `${clouds[cloud].graph}/.default`,
    credential,
    userAgent: `prepop/${version}`,
    clock,
    ...(requestTimeoutMs === undefined ? {} : { timeoutMs: requestTimeoutMs }),
  });
  const common: Edges = {
    graph,
    clock,
    random: Math.random,
    newId: randomUUID,
    signal,
    ...(env.AZURE_TENANT_ID ? { environmentTenant: env.AZURE_TENANT_ID } : {}),
    ...(profile === undefined ? {} : { profile: { name: profile.name, tenantId: profile.tenantId } }),
  };
  try {
    const tenant = await tenantOf(common, patienceFor(common, 60_000));
    const edges: SetupEdges = {
      origin: graph.origin,
      refreshToken: () => graph.refreshToken(),
      clock,
      random: Math.random,
      signal,
      onWait: waitTold(output),
      state,
    };
    const objectId = (await graph.inspect.token())?.objectId;
    return { graph, tenant, objectId, edges, close: () => graph.close() };
  } catch (error) {
    await graph.close();
    throw error;
  }
}

const toldEveryMs = 5_000;

/** Says what is waited for, at first after some seconds and then every now and then. */
function waitTold(output: Output): SetupEdges["onWait"] {
  let told = 0;
  return (what, soFarMs) => {
    if (soFarMs < told) told = 0;
    if (soFarMs - told < toldEveryMs) return;
    told = soFarMs;
    output.note(
      `${what} is not known everywhere in the tenant yet; waiting (${Math.round(soFarMs / 1_000)} s).`,
    );
  };
}
