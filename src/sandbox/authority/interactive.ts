import { grantedScopes, recordConsent } from "../applications/consent.ts";
import type { Core } from "../core.ts";
import { findUser } from "../state.ts";
import type { PersonGrant } from "./authority.ts";
import { type Client, isPublic } from "./clients.ts";
import { isRefusal, refuse, type SignInRefusal } from "./refusals.ts";
import { clientOf } from "./registered.ts";
import { readScopes } from "./scopes.ts";
import { clientInfo, opaque, personId } from "./tokens.ts";

const codeMs = 10 * 60_000;
const deviceMs = 15 * 60_000;

/** Where the browser goes next, with what. */
export type Handover = {
  readonly kind: "handover";
  readonly to: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly mode: "query" | "fragment" | "form_post";
};

/**
 * The page that people sign in on. Nobody is asked anything: the sandbox's person signs in and says yes.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
export function authorize(core: Core, query: URLSearchParams, now: number): Handover | SignInRefusal {
  const client = clientOf(core, query.get("client_id") ?? "", now);
  if (isRefusal(client)) return client;
  const to = query.get("redirect_uri") ?? "";
  if (!isLoopback(to) || !isRegistered(client, to)) return refuse("redirectDiffers");
  const state = query.get("state");
  const mode = modeOf(query.get("response_mode"));
  const back = (fields: Readonly<Record<string, string>>): Handover => ({
    kind: "handover",
    to,
    mode,
    fields: { ...fields, ...(state === null ? {} : { state }) },
  });
  const grant = grantOf(core, client, query.get("scope") ?? "", query.get("login_hint") ?? undefined);
  const refused = isRefusal(grant)
    ? grant
    : core.settings.signIn.browser === "decline"
      ? refuse("declined")
      : undefined;
  if (isRefusal(grant) || refused !== undefined) {
    const { error, code, message } = refused ?? refuse("declined");
    const name = error === "authorization_declined" ? "access_denied" : error;
    return back({ error: name, error_description: `AADSTS${code}: ${message}` });
  }
  consent(core, client, grant);
  const code = opaque("1.code");
  core.authority.codes.set(code, {
    ...grant,
    redirectUri: to,
    challenge: query.get("code_challenge") ?? undefined,
    nonce: query.get("nonce") ?? undefined,
    expiresAt: now + codeMs,
  });
  return back({ code, client_info: clientInfo(core, grant.upn), session_state: "sandbox" });
}

/**
 * Begins a sign-in on another device.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
 */
export function startDeviceCode(core: Core, form: URLSearchParams, now: number): object | SignInRefusal {
  const client = clientOf(core, form.get("client_id") ?? "", now);
  if (isRefusal(client)) return client;
  if (!isPublic(client)) return refuse("credentialsMissing");
  const grant = grantOf(core, client, form.get("scope") ?? "", undefined);
  if (isRefusal(grant)) return grant;
  const code = opaque("1.device");
  const userCode = code
    .slice(-9)
    .replace(/[^A-Za-z0-9]/g, "7")
    .toUpperCase();
  core.authority.devices.set(code, { ...grant, pollsLeft: 1, expiresAt: now + deviceMs });
  const verification = `${core.origin}/devicelogin`;
  return {
    user_code: userCode,
    device_code: code,
    verification_uri: verification,
    expires_in: deviceMs / 1_000,
    interval: 1,
    message: `To sign in, use a web browser to open the page ${verification} and enter the code ${userCode} to authenticate.`,
  };
}

function grantOf(
  core: Core,
  client: Client,
  scope: string,
  hint: string | undefined,
): PersonGrant | SignInRefusal {
  const asked = readScopes(scope, core.origin);
  if (isRefusal(asked)) return asked;
  const { scopes } = asked;
  if (
    scopes !== "all" &&
    client.scopes !== undefined &&
    scopes.some(each => !client.scopes?.includes(each))
  ) {
    return refuse("consentRequired", { client: client.clientId });
  }
  const hinted = hint === undefined ? undefined : findUser(core.state, hint)?.seed.userPrincipalName;
  return { ...asked, clientId: client.clientId, upn: hinted ?? core.settings.signIn.as };
}

/** The person says yes to what is asked: for herself, or as the config has it for everybody. */
export function consent(core: Core, client: Client, { scopes, upn }: PersonGrant): void {
  const { principal, asks = ["User.Read"] } = client;
  if (principal === undefined) return;
  const { signIn, seed } = core.settings;
  const { directory } = core.state;
  const id = personId(core, upn);
  const asked = scopes === "all" ? asks : scopes;
  const held = grantedScopes(directory, principal, id, Number.POSITIVE_INFINITY);
  const fresh = asked.filter(scope => !held.includes(scope));
  // Whoever has consented to anything is not asked again about what a registration lists.
  if (fresh.length === 0 || (scopes === "all" && held.length > 0)) return;
  recordConsent(directory, {
    principal,
    personId: signIn.consent === "organization" ? null : id,
    scopes: fresh,
    seed,
  });
}

/** The port of a loopback address is chosen when the application listens, so it does not count. */
function isRegistered({ redirectUris }: Client, to: string): boolean {
  const plain = (uri: string) => uri.replace(/^(http:\/\/[^/:]+)(:\d+)?\/?/, "$1/");
  return redirectUris === undefined || redirectUris.some(uri => plain(uri) === plain(to));
}

/** Native applications are answered on this machine and nowhere else. */
function isLoopback(redirectUri: string): boolean {
  const url = URL.parse(redirectUri);
  return url?.protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
}

function modeOf(text: string | null): Handover["mode"] {
  return text === "form_post" || text === "fragment" ? text : "query";
}
