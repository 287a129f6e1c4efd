import type { AuthKind, Profile } from "../model/profile.ts";

const kindWords: Readonly<Record<AuthKind, string>> = {
  browser: "a person, with the browser",
  deviceCode: "a person, with a device code",
  certificate: "an application with a certificate",
  secret: "an application with a secret (AZURE_CLIENT_SECRET)",
  managedIdentity: "the managed identity of this machine",
  azureCli: "whoever is signed in to the Azure CLI",
  workload: "an application, trusted through somebody else's token",
};

/** One profile as a line of JSON. */
export function profileLine(profile: Profile, isDefault: boolean): object {
  const { name, tenantId, domain, cloud, auth, clientId, user, region, scopes, certificate } = profile;
  return {
    type: "profile",
    name,
    tenantId,
    domain: domain ?? null,
    cloud,
    auth,
    clientId: clientId ?? null,
    user: user ?? null,
    region: region ?? null,
    ...(scopes === undefined ? {} : { scopes }),
    ...(certificate === undefined ? {} : { certificate }),
    default: isDefault,
  };
}

/** What is said after a sign-in. */
export function* profileText(profile: Profile, isDefault: boolean): Iterable<string> {
  const { name, tenantId, domain, auth, user } = profile;
  yield `Signed in to ${domain === undefined ? tenantId : `${domain} (${tenantId})`} as ${user ?? kindWords[auth]}.`;
  yield isDefault
    ? `The profile is called ${name} and is used where none is named.`
    : `The profile is called ${name}: add --profile ${name}, or make it the default with \`prepop profiles use ${name}\`.`;
  yield `Next: prepop doctor${isDefault ? "" : ` --profile ${name}`}`;
}

export type ListedProfile = {
  readonly profile: Profile;
  readonly isDefault: boolean;
  /** Undefined for those that need no tokens kept. */
  readonly signedIn: boolean | undefined;
};

/** The list for a person: two lines each. */
export function* profilesText(listed: readonly ListedProfile[]): Iterable<string> {
  if (listed.length === 0) yield "No profiles yet. `prepop login` makes the first one.";
  for (const { profile, isDefault, signedIn } of listed) {
    const { name, tenantId, domain, cloud, auth, clientId, user, region } = profile;
    const facts = [
      domain === undefined || domain === name ? tenantId : `${domain}, ${tenantId}`,
      cloud,
      ...(region === undefined ? [] : [`numbers of ${region}`]),
    ];
    yield `${isDefault ? "*" : " "} ${name}  ${facts.join(" · ")}`;
    const who = user === undefined ? kindWords[auth] : `${user} (${kindWords[auth]})`;
    const through = clientId === undefined ? "" : `, application ${clientId}`;
    yield `    ${who}${through}${signedIn === false ? " · signed out" : ""}`;
  }
}
