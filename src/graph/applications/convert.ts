import { X509Certificate } from "node:crypto";
import type {
  Application,
  GraphOffer,
  KeyCredential,
  NewSecret,
  PermissionGrant,
  RequiredAccess,
  ServicePrincipal,
} from "../../model/application.ts";
import { type Answer, objectOf, unreadable } from "../answer.ts";
import { isRecord, textOf } from "../json.ts";
import { canBeId } from "../paths.ts";
import type { AddedCertificate } from "./applications.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A registration; what it does not show counts as empty. @throws GraphFault without its ids */
export function applicationIn(value: unknown, answer: Answer): Application {
  const fields = isRecord(value) ? value : {};
  const { id, appId } = fields;
  if (!canBeId(id) || !canBeId(appId)) throw unreadable(answer, "An application came without its ids.");
  return {
    id,
    appId,
    displayName: textOf(fields.displayName) ?? "",
    tags: textsOf(fields.tags),
    webRedirectUris: redirectUrisIn(fields.web),
    publicRedirectUris: redirectUrisIn(fields.publicClient),
    isPublic: fields.isFallbackPublicClient === true,
    requiredAccess: recordsOf(fields.requiredResourceAccess).flatMap(requiredIn),
    keys: recordsOf(fields.keyCredentials).flatMap(keyIn),
    secrets: recordsOf(fields.passwordCredentials).flatMap(({ keyId, displayName }) =>
      canBeId(keyId) ? [{ keyId, displayName: textOf(displayName) }] : [],
    ),
  };
}

export function principalIn(value: unknown, answer: Answer): ServicePrincipal {
  const { id, appId } = isRecord(value) ? value : {};
  if (!canBeId(id) || !canBeId(appId)) throw unreadable(answer, "A service principal came without its ids.");
  return { id, appId };
}

/** What Graph's own service principal lists. */
export function offerIn(value: unknown, answer: Answer): GraphOffer {
  const { id } = principalIn(value, answer);
  const { appRoles, oauth2PermissionScopes } = isRecord(value) ? value : {};
  return { principalId: id, roles: byName(appRoles), scopes: byName(oauth2PermissionScopes) };
}

export function grantIn(value: unknown, answer: Answer): PermissionGrant {
  const { id, resourceId, scope, principalId } = isRecord(value) ? value : {};
  if (!canBeId(id) || !canBeId(resourceId)) throw unreadable(answer, "A grant came without its ids.");
  return {
    id,
    resourceId,
    scopes: (textOf(scope) ?? "").split(/\s+/).filter(each => each !== ""),
    personId: textOf(principalId),
  };
}

export function secretIn(answer: Answer): NewSecret {
  const { keyId, secretText, endDateTime } = objectOf(answer);
  const secret = textOf(secretText);
  if (!canBeId(keyId) || secret === undefined) throw unreadable(answer, "The secret came without its text.");
  return { keyId, secret, validUntil: textOf(endDateTime) ?? "" };
}

/** Source: https://learn.microsoft.com/graph/applications-how-to-add-certificate (read 2026-11-28). */
export function keyCredentialOf({ certificate, displayName }: AddedCertificate): object {
  const { validFromDate, validToDate } = new X509Certificate(Buffer.from(certificate, "base64"));
  return {
    type: "AsymmetricX509Cert",
    usage: "Verify",
    key: certificate,
    displayName,
    startDateTime: validFromDate.toISOString(),
    endDateTime: validToDate.toISOString(),
  };
}

function byName(value: unknown): ReadonlyMap<string, string> {
  const enabled = recordsOf(value).filter(({ isEnabled }) => isEnabled !== false);
  return new Map(
    enabled.flatMap(({ value: name, id }) => {
      const text = textOf(name);
      return text !== undefined && canBeId(id) ? [[text, id] as const] : [];
    }),
  );
}

function keyIn(fields: Fields): KeyCredential[] {
  const { keyId, key } = fields;
  return canBeId(keyId) ? [{ keyId, certificate: textOf(key), asGiven: fields }] : [];
}

function requiredIn({ resourceAppId, resourceAccess }: Fields): RequiredAccess[] {
  if (!canBeId(resourceAppId)) return [];
  const listed = recordsOf(resourceAccess).flatMap(({ id, type }) =>
    canBeId(id) && (type === "Scope" || type === "Role") ? [{ id, type } as const] : [],
  );
  return [{ resourceAppId, resourceAccess: listed }];
}

function redirectUrisIn(platform: unknown): readonly string[] {
  return isRecord(platform) ? textsOf(platform.redirectUris) : [];
}

function textsOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : []).filter((each: unknown) => typeof each === "string");
}

function recordsOf(value: unknown): readonly Fields[] {
  return (Array.isArray(value) ? value : []).filter(isRecord);
}
