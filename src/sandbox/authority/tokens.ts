import { randomBytes } from "node:crypto";
import { grantedScopes } from "../applications/consent.ts";
import { addToken } from "../callers.ts";
import type { Core } from "../core.ts";
import { roleTemplateId } from "../directoryRoles.ts";
import { objectId } from "../ids.ts";
import { permissions } from "../permissions.ts";
import { findUser } from "../state.ts";
import type { PersonGrant } from "./authority.ts";
import type { Client } from "./clients.ts";
import { powerApps } from "./scopes.ts";

/** Every permission that the sandbox knows: what an application has when nothing was said. */
const everyPermission: readonly string[] = [...new Set(Object.values(permissions).flat())].toSorted();

export type Issued = { readonly token: string; readonly lifetimeS: number };

/** A token for an application itself. Graph's side of the sandbox accepts it from now on. */
export function appToken(core: Core, client: Client, resource: string, now: number): Issued {
  const roles = client.roles ?? everyPermission;
  return issue(core, resource, now, {
    kind: "app",
    roles: client.roles,
    claims: {
      appid: client.clientId,
      app_displayname: client.displayName ?? client.clientId,
      idtyp: "app",
      oid: client.principal?.id ?? objectId(core.settings.seed, "service principal", client.clientId),
      roles,
    },
  });
}

/** A token for an application in the name of a person. */
export function personToken(core: Core, client: Client, grant: PersonGrant, now: number): Issued {
  const scopes = scopesOf(core, client, grant, now);
  const roles = findUser(core.state, grant.upn)?.seed.roles;
  return issue(core, grant.resource, now, {
    kind: "delegated",
    roles,
    scopes,
    user: grant.upn,
    claims: {
      appid: client.clientId,
      app_displayname: client.displayName ?? client.clientId,
      idtyp: "user",
      oid: personId(core, grant.upn),
      upn: grant.upn,
      scp: scopes.join(" "),
      wids: (roles ?? ["Global Administrator"]).flatMap(role => roleTemplateId(role) ?? []),
    },
  });
}

/**
 * The permissions of a token in a person's name. Where consents are kept in the directory, a token holds all of them,
 * whatever was asked for.
 */
export function scopesOf(
  core: Core,
  client: Client,
  { scopes, upn }: PersonGrant,
  now: number,
): readonly string[] {
  const { principal } = client;
  if (principal !== undefined) {
    const held = grantedScopes(core.state.directory, principal, personId(core, upn), now);
    const { scopesInTokens } = core.settings.signIn;
    return scopes === "all" || scopesInTokens === "consented"
      ? held
      : held.filter(each => scopes.includes(each));
  }
  return scopes === "all" ? (client.scopes ?? everyPermission) : scopes;
}

/** The token that tells the application who has signed in. */
export function idToken(
  core: Core,
  client: Client,
  grant: PersonGrant,
  nonce: string | undefined,
  now: number,
) {
  const { tenantId } = core.settings;
  const seconds = Math.floor(now / 1_000);
  return core.authority.key().sign({
    aud: client.clientId,
    iss: `${core.origin}/${tenantId}/v2.0`,
    iat: seconds,
    nbf: seconds,
    exp: seconds + 3_600,
    name: grant.upn.split("@")[0] ?? grant.upn,
    ...(nonce === undefined ? {} : { nonce }),
    oid: personId(core, grant.upn),
    preferred_username: grant.upn,
    sub: objectId(core.settings.seed, "subject", grant.upn, client.clientId),
    tid: tenantId,
    ver: "2.0",
  });
}

/** What libraries make an account's id of. */
export function clientInfo(core: Core, upn: string): string {
  const info = { uid: personId(core, upn), utid: core.settings.tenantId };
  return Buffer.from(JSON.stringify(info)).toString("base64url");
}

/** A code or refresh token that means nothing to whoever holds it. */
export function opaque(prefix: string): string {
  return `${prefix}.${randomBytes(32).toString("base64url")}`;
}

export function personId(core: Core, upn: string): string {
  return findUser(core.state, upn)?.id ?? objectId(core.settings.seed, "caller", upn);
}

type Holder = {
  readonly kind: "app" | "delegated";
  readonly roles?: readonly string[] | undefined;
  readonly scopes?: readonly string[];
  readonly user?: string;
  readonly claims: object;
};

function issue(core: Core, resource: string, now: number, holder: Holder): Issued {
  const { tenantId, signIn } = core.settings;
  const seconds = Math.floor(now / 1_000);
  const { lifetimeS } = signIn;
  const token = core.authority.key().sign({
    aud: resource,
    iss: `https://sts.windows.net/${tenantId}/`,
    iat: seconds,
    nbf: seconds,
    exp: seconds + lifetimeS,
    ...holder.claims,
    tid: tenantId,
    // No two tokens are the same, also within a second.
    uti: `sandbox-${++core.authority.count}`,
    ver: "1.0",
  });
  const { kind, roles, scopes, user } = holder;
  addToken(core.tokens, {
    token,
    kind,
    expiresAt: now + lifetimeS * 1_000,
    service: resource === powerApps ? "powerPlatform" : "graph",
    ...(roles === undefined ? {} : { roles }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(user === undefined ? {} : { user }),
  });
  return { token, lifetimeS };
}
