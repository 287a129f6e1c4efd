import { createHash } from "node:crypto";
import type { Core } from "../core.ts";
import type { PersonGrant } from "./authority.ts";
import { type Client, isPublic, proven } from "./clients.ts";
import { consent } from "./interactive.ts";
import { isRefusal, refuse, type SignInRefusal } from "./refusals.ts";
import { clientOf } from "./registered.ts";
import { readScopes } from "./scopes.ts";
import { appToken, clientInfo, idToken, opaque, personToken, scopesOf } from "./tokens.ts";

/** One call of the token endpoint. */
type TokenCall = {
  readonly core: Core;
  readonly client: Client;
  readonly form: URLSearchParams;
  readonly now: number;
};

const grants: Readonly<Record<string, (call: TokenCall) => object>> = {
  client_credentials: clientCredentials,
  authorization_code: authorizationCode,
  refresh_token: refreshToken,
  "urn:ietf:params:oauth:grant-type:device_code": deviceCode,
  // msal-node says it in short, and Entra takes it.
  device_code: deviceCode,
};

/**
 * The token endpoint: the body of a 200, or a refusal.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow (and its neighbours)
 */
export function grantToken(core: Core, form: URLSearchParams, now: number): object | SignInRefusal {
  const name = form.get("grant_type") ?? "";
  const grant = Object.hasOwn(grants, name) ? grants[name] : undefined;
  if (grant === undefined) return refuse("grantUnknown", { grant: name });
  const named = clientOf(core, form.get("client_id") ?? "", now);
  const client = isRefusal(named) ? named : proven(named, form, audiences(core), now);
  return isRefusal(client) ? client : grant({ core, client, form, now });
}

/** What the assertion of a client may be for. */
function audiences({ origin, settings: { tenantId, domain } }: Core): string[] {
  return [tenantId, domain, "common", "organizations"].flatMap(tenant => [
    `${origin}/${tenant}/oauth2/v2.0/token`,
    `${origin}/${tenant}/v2.0`,
  ]);
}

function clientCredentials({ core, client, form, now }: TokenCall): object {
  if (form.get("client_secret") === null && form.get("client_assertion") === null) {
    return refuse("credentialsMissing");
  }
  const scope = form.get("scope") ?? "";
  const asked = readScopes(scope, core.origin);
  if (isRefusal(asked)) return asked;
  // An application gets what was granted to it and cannot choose.
  if (asked.scopes !== "all") return refuse("scopeInvalid", { scope });
  const { token, lifetimeS } = appToken(core, client, asked.resource, now);
  return { token_type: "Bearer", expires_in: lifetimeS, ext_expires_in: lifetimeS, access_token: token };
}

function authorizationCode({ core, client, form, now }: TokenCall): object {
  const { codes } = core.authority;
  const text = form.get("code") ?? "";
  const code = codes.get(text);
  // A code is good for one try.
  codes.delete(text);
  if (code === undefined || code.clientId !== client.clientId || code.expiresAt <= now)
    return refuse("codeInvalid");
  if (code.redirectUri !== form.get("redirect_uri")) return refuse("redirectDiffers");
  if (code.challenge !== undefined && code.challenge !== challengeOf(form.get("code_verifier"))) {
    return refuse("verifierWrong");
  }
  return personAnswer({ core, client, form, now }, code, code.nonce);
}

function deviceCode({ core, client, form, now }: TokenCall): object {
  if (!isPublic(client)) return refuse("credentialsMissing");
  const { devices } = core.authority;
  const text = form.get("device_code") ?? "";
  const device = devices.get(text);
  if (device === undefined || device.clientId !== client.clientId) return refuse("codeInvalid");
  if (device.expiresAt <= now) return refuse("codeExpired");
  const { deviceCode: outcome } = core.settings.signIn;
  if (outcome === "decline") return refuse("declined");
  if (outcome === "wait" || device.pollsLeft > 0) {
    device.pollsLeft--;
    return refuse("pending");
  }
  devices.delete(text);
  consent(core, client, device);
  return personAnswer({ core, client, form, now }, device, undefined);
}

function refreshToken(call: TokenCall): object {
  const { core, client, form, now } = call;
  const grant = core.authority.refreshTokens.get(form.get("refresh_token") ?? "");
  if (grant === undefined || grant.clientId !== client.clientId) return refuse("codeInvalid");
  const asked = readScopes(form.get("scope") ?? "openid", core.origin);
  if (isRefusal(asked)) return asked;
  const { scopes, resource } = asked;
  const has = scopesOf(core, client, { ...grant, scopes: "all" }, now);
  if (scopes !== "all" && scopes.some(scope => !has.includes(scope))) {
    return refuse("consentRequired", { client: client.clientId });
  }
  return personAnswer(call, { ...grant, scopes, resource }, undefined);
}

function personAnswer(
  { core, client, now }: TokenCall,
  grant: PersonGrant,
  nonce: string | undefined,
): object {
  const { token, lifetimeS } = personToken(core, client, grant, now);
  const names = scopesOf(core, client, grant, now).map(scope => `${grant.resource}/${scope}`);
  if (grant.scopes === "all") names.push(`${grant.resource}/.default`);
  return {
    token_type: "Bearer",
    scope: [...(grant.openId ? ["openid", "profile", "email"] : []), ...names].join(" "),
    expires_in: lifetimeS,
    ext_expires_in: lifetimeS,
    access_token: token,
    ...(grant.offline ? { refresh_token: keepRefreshToken(core, grant) } : {}),
    ...(grant.openId ? { id_token: idToken(core, client, grant, nonce, now) } : {}),
    client_info: clientInfo(core, grant.upn),
  };
}

function keepRefreshToken(core: Core, grant: PersonGrant): string {
  const text = opaque("1.sandbox");
  const { clientId, upn, scopes, resource, openId, offline } = grant;
  core.authority.refreshTokens.set(text, { clientId, upn, scopes, resource, openId, offline });
  return text;
}

function challengeOf(verifier: string | null): string | undefined {
  return verifier === null ? undefined : createHash("sha256").update(verifier).digest("base64url");
}
