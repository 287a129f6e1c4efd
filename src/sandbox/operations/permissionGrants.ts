import { findPrincipal, nextId, removeAll, replace, type SandboxGrant } from "../applications/directory.ts";
import { grantView } from "../applications/view.ts";
import { collectionAnswer } from "../collection.ts";
import { mayGrant } from "../directoryRoles.ts";
import { type Refusal, refuse } from "../exchange.ts";
import { matches } from "../odata/matches.ts";
import { pageRequest, takePage } from "../odata/page.ts";
import { readFilter } from "../odata/readFilter.ts";
import { type Call, contextRoot, operation } from "../operation.ts";
import { findUser } from "../state.ts";

const common = {
  versions: ["v1.0", "beta"],
  capability: "applications",
  lane: "directory",
} as const;
const reading = { ...common, effect: "read", permission: "readGrants", method: "GET" } as const;
const writing = { ...common, effect: "write", permission: "writeGrants" } as const;
const type = "microsoft.graph.oAuth2PermissionGrant";

/** List delegated grants, as a rule those of one client. @see https://learn.microsoft.com/graph/api/oauth2permissiongrant-list */
export const listGrants = operation({
  ...reading,
  name: "listGrants",
  path: "/oauth2PermissionGrants",
  subject: "none",
  run: call => list(call, () => true),
});

/** The grants of a client. @see https://learn.microsoft.com/graph/api/serviceprincipal-list-oauth2permissiongrants */
export const listPrincipalGrants = operation({
  ...reading,
  name: "listPrincipalGrants",
  path: "/servicePrincipals/{principal}/oauth2PermissionGrants",
  subject: "none",
  run: call => {
    const id = call.params.principal ?? "";
    const client = findPrincipal(call.state.directory, id, call.now);
    if (client === undefined) return refuse("userNotFound", { id });
    return list(call, ({ clientId }) => clientId === client.id);
  },
});

/** Grants delegated permissions. @see https://learn.microsoft.com/graph/api/oauth2permissiongrant-post */
export const createGrant = operation({
  ...writing,
  name: "createGrant",
  method: "POST",
  path: "/oauth2PermissionGrants",
  subject: "none",
  body: {
    type,
    required: ["clientId", "consentType", "resourceId", "scope"],
    properties: {
      clientId: "string",
      consentType: ["AllPrincipals", "Principal"],
      principalId: "stringOrNull",
      resourceId: "string",
      scope: "string",
      startTime: "string",
      expiryTime: "string",
    },
  },
  run: call => {
    if (!mayGrant(call.caller.roles, "delegated")) return refuse("requestDenied");
    const { directory, seed } = call.state;
    const asked = call.body as { clientId: string; resourceId: string; scope: string };
    const principalId = typeof call.body.principalId === "string" ? call.body.principalId : null;
    const unknown = unknownReference(call, [asked.clientId, asked.resourceId], principalId);
    if (unknown !== undefined) return unknown;
    if ((call.body.consentType === "Principal") !== (principalId !== null)) {
      return refuse("bodyValue", { property: "principalId" });
    }
    const { clientId, resourceId, scope } = asked;
    const same = (grant: SandboxGrant) =>
      grant.clientId === clientId && grant.resourceId === resourceId && grant.principalId === principalId;
    if (directory.grants.some(same)) return refuse("grantExists");
    const made: SandboxGrant = {
      id: nextId(directory, seed, "grant"),
      clientId,
      resourceId,
      consentType: principalId === null ? "AllPrincipals" : "Principal",
      principalId,
      scope,
      visibleAt: call.now + call.settings.replicationMs,
    };
    directory.grants.push(made);
    const value = {
      "@odata.context": `${contextRoot(call)}oauth2PermissionGrants/$entity`,
      ...grantView(made),
    };
    return { kind: "json", status: 201, value, change: { setting: `granted ${scope}` } };
  },
});

/** Grants more or less: `scope` is replaced whole. @see https://learn.microsoft.com/graph/api/oauth2permissiongrant-update */
export const updateGrant = operation({
  ...writing,
  name: "updateGrant",
  method: "PATCH",
  path: "/oauth2PermissionGrants/{grant}",
  subject: "none",
  body: { type, required: ["scope"], properties: { scope: "string" } },
  run: call => {
    if (!mayGrant(call.caller.roles, "delegated")) return refuse("requestDenied");
    const found = named(call);
    if (found === undefined) return refuse("userNotFound", { id: call.params.grant ?? "" });
    replace(call.state.directory.grants, { ...found, scope: String(call.body.scope) });
    return { kind: "empty", change: { setting: `granted ${call.body.scope}` } };
  },
});

/** Takes a grant back. @see https://learn.microsoft.com/graph/api/oauth2permissiongrant-delete */
export const deleteGrant = operation({
  ...writing,
  name: "deleteGrant",
  method: "DELETE",
  path: "/oauth2PermissionGrants/{grant}",
  subject: "none",
  run: call => {
    if (!mayGrant(call.caller.roles, "delegated")) return refuse("requestDenied");
    const found = named(call);
    if (found === undefined) return refuse("userNotFound", { id: call.params.grant ?? "" });
    removeAll(call.state.directory.grants, ({ id }) => id === found.id);
    return { kind: "empty", change: { setting: `took back ${found.scope}` } };
  },
});

function list(call: Call, wanted: (grant: SandboxGrant) => boolean) {
  const filter = readFilter(call.query);
  if (filter?.kind === "refusal") return filter;
  const request = pageRequest(call.query, { standard: 100, most: 999 });
  if ("kind" in request) return request;
  const seen = call.state.directory.grants
    .filter(grant => grant.visibleAt <= call.now && wanted(grant))
    .map(grantView);
  const page = takePage(seen, request, each => filter === undefined || matches(filter, name => each[name]));
  return collectionAnswer(call, "oauth2PermissionGrants", page);
}

function named(call: Call): SandboxGrant | undefined {
  const { grants } = call.state.directory;
  return grants.find(({ id, visibleAt }) => id === call.params.grant && visibleAt <= call.now);
}

function unknownReference(
  call: Call,
  principals: readonly string[],
  personId: string | null,
): Refusal | undefined {
  const missing = principals.find(id => findPrincipal(call.state.directory, id, call.now) === undefined);
  if (missing !== undefined) return refuse("grantReference", { id: missing });
  return personId !== null && findUser(call.state, personId) === undefined
    ? refuse("grantReference", { id: personId })
    : undefined;
}
