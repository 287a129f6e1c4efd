import { graphAppId } from "../../model/graphPermissions.ts";
import { microsoftApplications } from "../applications/directory.ts";
import { objectId } from "../ids.ts";
import type { Settings } from "../settings.ts";
import type { ClientSeed } from "./clients.ts";
import { type SigningKey, signingKey } from "./jwt.ts";

/** Applications of Microsoft that every tenant knows; Graph itself is signed in to by nobody. */
const ofMicrosoft = Object.entries(microsoftApplications)
  .filter(([clientId]) => clientId !== graphAppId)
  .map(([clientId, displayName]) => ({ clientId, displayName }));

/** What a person said yes to, until it is fetched. */
export type PersonGrant = {
  readonly clientId: string;
  readonly upn: string;
  /** Delegated permissions, or all that the application has. */
  readonly scopes: readonly string[] | "all";
  readonly resource: string;
  readonly openId: boolean;
  readonly offline: boolean;
};

export type CodeGrant = PersonGrant & {
  readonly redirectUri: string;
  readonly challenge: string | undefined;
  readonly nonce: string | undefined;
  readonly expiresAt: number;
};

export type DeviceGrant = PersonGrant & { pollsLeft: number; readonly expiresAt: number };

/** One request that the authority answered. Never a secret, a code or a token. */
export type SignInLogEntry = {
  readonly at: number;
  readonly endpoint: string;
  readonly grant?: string;
  readonly clientId?: string;
  readonly status: number;
  readonly error?: string;
};

/** The part of Entra that signs in: who may, and what is under way. */
export type Authority = {
  /** By lower-case client id. */
  readonly clients: Map<string, ClientSeed>;
  readonly codes: Map<string, CodeGrant>;
  readonly devices: Map<string, DeviceGrant>;
  readonly refreshTokens: Map<string, PersonGrant>;
  readonly log: SignInLogEntry[];
  /** The application that the sandbox names when it starts. */
  readonly own: { readonly clientId: string; readonly secret: string };
  /** The header that a managed identity has to send (IDENTITY_HEADER). */
  readonly identityHeader: string;
  readonly key: () => SigningKey;
  count: number;
};

export function makeAuthority(settings: Settings): Authority {
  const { seed, signIn } = settings;
  const own = {
    clientId: objectId(seed, "client", settings.domain),
    secret: `sandbox~${objectId(seed, "client secret", settings.domain).replaceAll("-", "")}`,
  };
  const clients = new Map<string, ClientSeed>();
  for (const client of [
    ...ofMicrosoft,
    { clientId: own.clientId, displayName: "prepop sandbox", secrets: [own.secret], isPublic: true },
    ...signIn.clients,
  ]) {
    clients.set(client.clientId.toLowerCase(), client);
  }
  let key: SigningKey | undefined;
  return {
    clients,
    codes: new Map(),
    devices: new Map(),
    refreshTokens: new Map(),
    log: [],
    own,
    identityHeader: objectId(seed, "identity header"),
    key: () => {
      key ??= signingKey();
      return key;
    },
    count: 0,
  };
}
