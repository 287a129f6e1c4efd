import { connectGraph } from "../graph/connect.ts";
import type { SignedIn } from "../graph/signIn/person.ts";
import { type Cloud, clouds } from "../model/clouds.ts";
import { PrepopError } from "../model/errors.ts";
import { type AuthKind, commandLineTools, isPersonKind, type Profile } from "../model/profile.ts";
import type { Tenant } from "../model/user.ts";
import type { Call } from "./command.ts";
import { canBeName } from "./profiles.ts";
import { credentialOf, environmentKind, personOf, type SignInAround, tokensOf } from "./signIn.ts";
import { platformSeal } from "./tokenSeal.ts";

/** A profile before its tenant is known. */
export type Draft = Omit<Profile, "name" | "tenantId"> & {
  readonly name?: string;
  readonly tenantId?: string;
};

export type SignInNow = SignInAround & {
  /** The profile that is signed in to again. */
  readonly before: Profile | undefined;
  readonly names: readonly Profile[];
  readonly show: (code: { url: string; code: string; message: string }) => Promise<void>;
  readonly open: (url: string) => Promise<void>;
};

/**
 * What the options and the environment ask for; what they do not say stays as the profile of that name had it.
 * @param screen whether a browser can be opened
 * @throws PrepopError PREPOP_USAGE
 */
export function draftOf(
  call: Call,
  before: Profile | undefined,
  asked: AuthKind | undefined,
  screen: boolean,
): Draft {
  const { env } = call.surroundings;
  const options = call.options as Readonly<Record<string, string | undefined>>;
  const { profile: name, certificate, federatedTokenFile } = options;
  if (name !== undefined && !canBeName(name)) {
    throw usage(`${name} cannot name a profile`, "Use letters, digits, dots, dashes and underscores.");
  }
  const said = asked ?? (certificate ? "certificate" : federatedTokenFile ? "workload" : undefined);
  const auth = said ?? before?.auth ?? environmentKind(env) ?? (screen ? "browser" : "deviceCode");
  const person = isPersonKind(auth);
  const cloud = (options.cloud as Cloud | undefined) ?? before?.cloud ?? "global";
  const tenantId = options.tenant ?? before?.tenantId ?? env.AZURE_TENANT_ID;
  const clientId = options.clientId ?? before?.clientId ?? (person ? commandLineTools : env.AZURE_CLIENT_ID);
  const region = options.region ?? before?.region;
  const kept = certificate ?? before?.certificate ?? env.AZURE_CLIENT_CERTIFICATE_PATH;
  const assertion = federatedTokenFile ?? before?.federatedTokenFile ?? env.AZURE_FEDERATED_TOKEN_FILE;
  needKnown(auth, tenantId, clientId);
  return {
    ...(name === undefined ? {} : { name: before?.name ?? name }),
    ...(tenantId ? { tenantId } : {}),
    ...(clientId && auth !== "azureCli" ? { clientId } : {}),
    cloud,
    auth,
    ...(region === undefined ? {} : { region }),
    ...(person ? { scopes: scopesFor(call, before, cloud) } : {}),
    ...(auth === "certificate" && kept ? { certificate: kept } : {}),
    ...(auth === "workload" && assertion ? { federatedTokenFile: assertion } : {}),
    // It still says what `setup --remove` takes back, as long as it is the same application.
    ...(before?.setup && clientId === before.clientId ? { setup: before.setup } : {}),
  };
}

/**
 * Signs in, finds out which tenant it is, and gives the finished profile.
 * @throws PrepopError PREPOP_AUTH_*, PREPOP_TENANT_MISMATCH where the profile was of another tenant
 */
export async function signInNow(draft: Draft, around: SignInNow): Promise<Profile> {
  const { name: wanted, tenantId: asked, ...rest } = draft;
  // A person who says no tenant signs in to her own; the tokens wait under a name that no profile can have.
  const first: Profile = { ...rest, name: wanted ?? "sign-in.", tenantId: asked ?? "organizations" };
  let kept: string | undefined;
  const store = {
    read: async () => kept,
    write: async (text: string) => {
      kept = text;
    },
  };
  const person = isPersonKind(first.auth) ? await askPerson(first, around, store) : undefined;
  const signedIn: Profile =
    person === undefined ? first : { ...first, tenantId: person.tenantId, account: person.account };
  const tenant = await tenantOf(signedIn, around, person === undefined ? undefined : store);
  const tenantId = person?.tenantId ?? tenant?.id ?? asked;
  if (tenantId === undefined || !isId(tenantId)) {
    throw usage(
      "Graph does not say which tenant this sign-in is for, and a domain alone is not enough to remember it",
      "Give the tenant's id with --tenant.",
    );
  }
  refuseOther(around.before, tenantId);
  const name = wanted ?? nameFor(tenant?.domain ?? tenantId, tenantId, around.names);
  if (kept !== undefined) {
    await tokensOf(name, around).write(kept);
    const { env, platform } = around.call.surroundings;
    if (platformSeal(env, platform) === undefined) {
      around.note(
        "The sign-in is kept in a file that only you can read; there is no platform store here to seal it.",
      );
    }
  }
  return {
    ...rest,
    name,
    tenantId,
    ...(tenant?.domain === undefined ? {} : { domain: tenant.domain }),
    ...(person === undefined ? {} : { account: person.account, user: person.user }),
  };
}

type Store = { read(): Promise<string | undefined>; write(text: string): Promise<void> };

async function askPerson(profile: Profile, around: SignInNow, store: Store): Promise<SignedIn> {
  const { signInPerson } = await import("../graph/signIn/person.ts");
  const settings = { ...(await personOf(profile, around)), store };
  const asking =
    profile.auth === "browser"
      ? ({ kind: "browser", open: around.open } as const)
      : ({
          kind: "deviceCode",
          show: (code: Parameters<SignInNow["show"]>[0]) => void around.show(code),
        } as const);
  return await signInPerson(settings, asking, clouds[profile.cloud].graph, around.call.surroundings.signal);
}

/** What Graph says of the tenant; undefined where it does not answer that. */
async function tenantOf(
  profile: Profile,
  around: SignInNow,
  store: Store | undefined,
): Promise<Tenant | undefined> {
  const { env, requestTimeoutMs } = around.call.surroundings;
  const { asPerson } = await import("../graph/signIn/person.ts");
  const credential =
    store === undefined
      ? await credentialOf(profile, around)
      : asPerson({ ...(await personOf(profile, around)), store }, profile.account ?? "");
  const graph = connectGraph({
    origin: env.PREPOP_GRAPH_URL || clouds[profile.cloud].graph,
    scope: `${clouds[profile.cloud].graph}/.default`,
    credential,
    ...(requestTimeoutMs === undefined ? {} : { timeoutMs: requestTimeoutMs }),
  });
  try {
    const named = await graph.signInTenant();
    const answered = await graph.tenant();
    return answered ?? (named === undefined ? undefined : { id: named, source: "signIn" });
  } finally {
    await graph.close();
  }
}

function scopesFor({ options }: Call, before: Profile | undefined, cloud: Cloud): readonly string[] {
  const asked = options.scope as readonly string[] | undefined;
  return asked ?? before?.scopes ?? [clouds[cloud].phonePermission, ...readScopes];
}

/**
 * What planning reads beside the phones: users, the tenant, the policy for text messages, groups and the registration
 * report. Each of the last three is done without where it is not granted.
 */
const readScopes = [
  "User.Read.All",
  "User.Read",
  "Policy.Read.AuthenticationMethod",
  "GroupMember.Read.All",
  "AuditLog.Read.All",
];

function needKnown(auth: AuthKind, tenantId: string | undefined, clientId: string | undefined): void {
  const ofApplication = auth === "certificate" || auth === "secret" || auth === "workload";
  if (!ofApplication) return;
  if (!tenantId) throw usage("An application has to say which tenant it signs in to", "Add --tenant.");
  if (!clientId) throw usage("It is not said which application signs in", "Add --client-id.");
}

function refuseOther(before: Profile | undefined, tenantId: string): void {
  if (before === undefined || before.tenantId.toLowerCase() === tenantId.toLowerCase()) return;
  throw new PrepopError("PREPOP_TENANT_MISMATCH", {
    left: `The profile ${before.name}`,
    leftTenant: before.tenantId,
    right: "the sign-in",
    rightTenant: tenantId,
  });
}

/** The tenant's domain, or the name that its profile has already. */
function nameFor(domain: string, tenantId: string, names: readonly Profile[]): string {
  const known = names.find(each => each.tenantId.toLowerCase() === tenantId.toLowerCase());
  if (known !== undefined) return known.name;
  const taken = names.some(each => each.name.toLowerCase() === domain.toLowerCase());
  return taken || !canBeName(domain) ? tenantId : domain;
}

function isId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

function usage(why: string, fix: string): PrepopError {
  return new PrepopError("PREPOP_USAGE", { why, fix });
}
