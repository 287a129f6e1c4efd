import { pem } from "../../model/certificate.ts";
import { grantedRoles, offered } from "../applications/consent.ts";
import type { SandboxApplication } from "../applications/directory.ts";
import type { Core } from "../core.ts";
import { isObject } from "../validate.ts";
import type { Client } from "./clients.ts";
import { refuse, type SignInRefusal } from "./refusals.ts";

/** Microsoft's own client for people at a command line: what it may do is what they consent to. */
const commandLineTools = "14d82eec-204b-4c2f-b7e8-296a70dab67e";

/** Finds an application: one that the config names, or one that is registered in the directory. */
export function clientOf(core: Core, id: string, now: number): Client | SignInRefusal {
  const { applications, principals } = core.state.directory;
  const key = id.toLowerCase();
  const isOf = ({ appId, visibleAt }: { readonly appId: string; readonly visibleAt: number }) =>
    appId.toLowerCase() === key && visibleAt <= now;
  const principal = principals.find(isOf);
  const seed = core.authority.clients.get(key);
  if (seed !== undefined) {
    return key === commandLineTools && principal !== undefined ? { ...seed, principal } : seed;
  }
  const application = applications.find(isOf);
  if (application === undefined) return refuse("appNotFound", { client: id });
  if (principal === undefined) return refuse("principalMissing", { client: id });
  return {
    clientId: application.appId,
    displayName: principal.displayName,
    ...credentialsOf(application, now),
    roles: grantedRoles(core.state.directory, principal, now),
    federated: application.federated,
    isPublic: application.settings.isFallbackPublicClient === true,
    principal,
    redirectUris: redirectUrisOf(application),
    asks: asksOf(core, application),
  };
}

function credentialsOf({ keys, secrets }: SandboxApplication, now: number) {
  const inForce = (each: { readonly visibleAt: number; readonly endDateTime: string }) =>
    each.visibleAt <= now && Date.parse(each.endDateTime) > now;
  return {
    secrets: secrets.filter(inForce).map(({ secretText }) => secretText),
    certificates: keys.filter(inForce).map(({ key }) => pem("CERTIFICATE", Buffer.from(key, "base64"))),
  };
}

function redirectUrisOf({ settings: { publicClient, web } }: SandboxApplication): string[] {
  return [publicClient, web].flatMap(platform =>
    isObject(platform) && Array.isArray(platform.redirectUris) ? platform.redirectUris.map(String) : [],
  );
}

/** The delegated permissions that a registration lists. */
function asksOf({ settings }: Core, { settings: { requiredResourceAccess } }: SandboxApplication): string[] {
  const listed = Array.isArray(requiredResourceAccess) ? requiredResourceAccess.filter(isObject) : [];
  const ids = listed
    .flatMap(({ resourceAccess }) => (Array.isArray(resourceAccess) ? resourceAccess.filter(isObject) : []))
    .filter(({ type }) => type === "Scope")
    .map(({ id }) => id);
  return offered(settings).flatMap(({ value, ids: { scope } }) => (ids.includes(scope) ? [value] : []));
}
