import { X509Certificate } from "node:crypto";
import { graphAppId } from "../../model/graphPermissions.ts";
import type { Settings } from "../settings.ts";
import { offered } from "./consent.ts";
import type {
  SandboxApplication,
  SandboxAssignment,
  SandboxGrant,
  SandboxPrincipal,
  StoredKey,
  StoredSecret,
} from "./directory.ts";

type View = Record<string, unknown>;

/**
 * An application as https://learn.microsoft.com/graph/api/resources/application has it (read 2026-11-28).
 * @param withKeys certificates come only with `$select=keyCredentials` on a single object
 */
export function applicationView(
  application: SandboxApplication,
  { domain }: Settings,
  withKeys: boolean,
): View {
  const { settings } = application;
  return {
    id: application.id,
    deletedDateTime: null,
    isFallbackPublicClient: settings.isFallbackPublicClient ?? null,
    appId: application.appId,
    applicationTemplateId: null,
    identifierUris: settings.identifierUris ?? [],
    createdDateTime: new Date(application.createdAt).toISOString(),
    displayName: settings.displayName,
    groupMembershipClaims: null,
    notes: settings.notes ?? null,
    optionalClaims: null,
    publisherDomain: domain,
    signInAudience: settings.signInAudience ?? "AzureADMyOrg",
    tags: settings.tags ?? [],
    uniqueName: application.uniqueName,
    appRoles: [],
    publicClient: { redirectUris: [], ...asObject(settings.publicClient) },
    spa: { redirectUris: [], ...asObject(settings.spa) },
    web: {
      redirectUris: [],
      homePageUrl: null,
      logoutUrl: null,
      implicitGrantSettings: { enableIdTokenIssuance: false, enableAccessTokenIssuance: false },
      ...asObject(settings.web),
    },
    keyCredentials: application.keys.map(key => keyView(key, withKeys)),
    passwordCredentials: application.secrets.map(secret => secretView(secret)),
    requiredResourceAccess: settings.requiredResourceAccess ?? [],
  };
}

export function principalView(principal: SandboxPrincipal, settings: Settings): View {
  const { tenantId, domain } = settings;
  const isGraph = principal.appId === graphAppId;
  return {
    id: principal.id,
    deletedDateTime: null,
    accountEnabled: true,
    appDisplayName: principal.displayName,
    appId: principal.appId,
    appOwnerOrganizationId: tenantId,
    appRoleAssignmentRequired: false,
    displayName: principal.displayName,
    publisherName: domain,
    replyUrls: [],
    servicePrincipalNames: [principal.appId],
    servicePrincipalType: "Application",
    tags: principal.tags,
    appRoles: isGraph ? offered(settings).flatMap(({ value, ids }) => roleView(value, ids.role)) : [],
    keyCredentials: [],
    oauth2PermissionScopes: isGraph
      ? offered(settings).flatMap(({ value, ids }) => scopeView(value, ids.scope))
      : [],
    passwordCredentials: [],
  };
}

export function grantView({ visibleAt: _visibleAt, ...grant }: SandboxGrant): View {
  return grant;
}

export function assignmentView(
  assignment: SandboxAssignment,
  names: { readonly principal: string; readonly resource: string },
): View {
  return {
    id: assignment.id,
    deletedDateTime: null,
    appRoleId: assignment.appRoleId,
    createdDateTime: new Date(assignment.createdAt).toISOString(),
    principalDisplayName: names.principal,
    principalId: assignment.principalId,
    principalType: "ServicePrincipal",
    resourceDisplayName: names.resource,
    resourceId: assignment.resourceId,
  };
}

/** Without its text: that is answered once, by the call that made it. */
export function secretView(secret: StoredSecret): View {
  return {
    customKeyIdentifier: null,
    displayName: secret.displayName,
    endDateTime: secret.endDateTime,
    hint: secret.secretText.slice(0, 3),
    keyId: secret.keyId,
    secretText: null,
    startDateTime: secret.startDateTime,
  };
}

function keyView(stored: StoredKey, withKeys: boolean): View {
  const thumbprint = new X509Certificate(Buffer.from(stored.key, "base64")).fingerprint;
  return {
    customKeyIdentifier: Buffer.from(thumbprint.replaceAll(":", ""), "hex").toString("base64"),
    displayName: stored.displayName,
    endDateTime: stored.endDateTime,
    key: withKeys ? stored.key : null,
    keyId: stored.keyId,
    startDateTime: stored.startDateTime,
    type: "AsymmetricX509Cert",
    usage: "Verify",
  };
}

function roleView(value: string, id: string | undefined): View[] {
  if (id === undefined) return [];
  return [
    {
      allowedMemberTypes: ["Application"],
      description: `Allows the app to use ${value} without a signed-in user.`,
      displayName: value,
      id,
      isEnabled: true,
      origin: "Application",
      value,
    },
  ];
}

function scopeView(value: string, id: string | undefined): View[] {
  if (id === undefined) return [];
  const text = `Allows the app to use ${value} on behalf of the signed-in user.`;
  return [
    {
      adminConsentDescription: text,
      adminConsentDisplayName: value,
      id,
      isEnabled: true,
      type: value === "User.Read" ? "User" : "Admin",
      userConsentDescription: text,
      userConsentDisplayName: value,
      value,
    },
  ];
}

function asObject(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
