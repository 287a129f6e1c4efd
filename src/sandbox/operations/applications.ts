import {
  findApplication,
  nextId,
  removeAll,
  replace,
  type SandboxApplication,
} from "../applications/directory.ts";
import { keysOf } from "../applications/keys.ts";
import { applicationView } from "../applications/view.ts";
import { switchedOff } from "../capability.ts";
import { directoryList } from "../directoryList.ts";
import { type Result, refuse } from "../exchange.ts";
import { objectId } from "../ids.ts";
import { picked, selectOf } from "../odata/query.ts";
import { type BodyRules, type Call, contextRoot, operation } from "../operation.ts";
import { findUser } from "../state.ts";
import { isObject } from "../validate.ts";

const common = {
  versions: ["v1.0", "beta"],
  capability: "applications",
  lane: "directory",
} as const;
const reading = { ...common, effect: "read", permission: "readApplications", method: "GET" } as const;
const writing = { ...common, effect: "write", permission: "writeApplications" } as const;

const body: BodyRules = {
  type: "microsoft.graph.application",
  required: [],
  properties: {
    displayName: "string",
    signInAudience: [
      "AzureADMyOrg",
      "AzureADMultipleOrgs",
      "AzureADandPersonalMicrosoftAccount",
      "PersonalMicrosoftAccount",
    ],
    notes: "stringOrNull",
    tags: "list",
    identifierUris: "list",
    isFallbackPublicClient: "booleanOrNull",
    web: "object",
    publicClient: "object",
    spa: "object",
    requiredResourceAccess: "list",
    keyCredentials: "list",
  },
};

/** List applications. @see https://learn.microsoft.com/graph/api/application-list */
export const listApplications = operation({
  ...reading,
  name: "listApplications",
  path: "/applications",
  subject: "none",
  run: call => {
    const seen = call.state.directory.applications.filter(({ visibleAt }) => visibleAt <= call.now);
    return directoryList(
      call,
      "applications",
      seen.map(each => applicationView(each, call.settings, false)),
    );
  },
});

/** Get an application by id or an alternate key. @see https://learn.microsoft.com/graph/api/application-get */
export const getApplication = operation({
  ...reading,
  name: "getApplication",
  path: "/applications/{application}",
  subject: "none",
  run: call => {
    const found = named(call);
    if (found === undefined) return absent(call);
    const select = selectOf(call.query);
    const value = applicationView(found, call.settings, select?.includes("keyCredentials") === true);
    return entity(call, 200, picked(value, select));
  },
});

/** Create an application. @see https://learn.microsoft.com/graph/api/application-post-applications */
export const createApplication = operation({
  ...writing,
  name: "createApplication",
  method: "POST",
  path: "/applications",
  subject: "none",
  body: { ...body, required: ["displayName"] },
  run: call => create(call, null),
});

/**
 * Update an application, or with an alternate key and `Prefer: create-if-missing` make it where there is none.
 * @see https://learn.microsoft.com/graph/api/application-update
 * @see https://learn.microsoft.com/graph/api/application-upsert
 */
export const updateApplication = operation({
  ...writing,
  name: "updateApplication",
  method: "PATCH",
  path: "/applications/{application}",
  subject: "none",
  body,
  run: call => {
    const uniqueName = /^uniqueName=(.+)$/i.exec(call.params.application ?? "")?.[1];
    const off = uniqueName === undefined ? undefined : switchedOff(call.settings, "upsert");
    if (off !== undefined) return off;
    // An alternate key is looked up where it is kept unique, so it is known at once.
    const { applications } = call.state.directory;
    const found =
      uniqueName === undefined ? named(call) : applications.find(each => each.uniqueName === uniqueName);
    if (found !== undefined) return update(call, found);
    if (uniqueName === undefined || !/\bcreate-if-missing\b/i.test(call.headers.prefer ?? ""))
      return absent(call);
    return call.body.displayName === undefined
      ? refuse("bodyRequired", { property: "displayName" })
      : create(call, uniqueName);
  },
});

/** Delete an application and its service principal. @see https://learn.microsoft.com/graph/api/application-delete */
export const deleteApplication = operation({
  ...writing,
  name: "deleteApplication",
  method: "DELETE",
  path: "/applications/{application}",
  subject: "none",
  run: call => {
    const found = named(call);
    if (found === undefined) return absent(call);
    const { applications, principals, grants, assignments } = call.state.directory;
    const gone = new Set(principals.filter(({ appId }) => appId === found.appId).map(({ id }) => id));
    removeAll(applications, ({ id }) => id === found.id);
    removeAll(principals, ({ id }) => gone.has(id));
    removeAll(grants, ({ clientId }) => gone.has(clientId));
    removeAll(assignments, ({ principalId }) => gone.has(principalId));
    return { kind: "empty", change: { setting: `application ${found.appId} deleted` } };
  },
});

function create(call: Call, uniqueName: string | null): Result {
  const { state, settings, now } = call;
  const { keyCredentials, ...values } = call.body;
  const visibleAt = now + settings.replicationMs;
  const keys = keysOf(keyCredentials ?? [], [], visibleAt);
  if ("kind" in keys) return keys;
  const made: SandboxApplication = {
    id: nextId(state.directory, state.seed, "application"),
    appId: nextId(state.directory, state.seed, "application id"),
    uniqueName,
    createdAt: now,
    visibleAt,
    settings: values,
    keys,
    secrets: [],
    federated: [],
    // Whoever registers an application by herself owns it.
    owners: call.caller.kind === "app" ? [] : [callerId(call)],
  };
  replace(state.directory.applications, made);
  const change = { setting: `application ${made.appId} created` };
  return { ...entity(call, 201, applicationView(made, settings, false)), change };
}

function update(call: Call, found: SandboxApplication): Result {
  const { keyCredentials, ...values } = call.body;
  const visibleAt = call.now + call.settings.replicationMs;
  const keys = keyCredentials === undefined ? found.keys : keysOf(keyCredentials, found.keys, visibleAt);
  if ("kind" in keys) return keys;
  const settings = { ...found.settings };
  // Of a complex property only the named members change.
  for (const [name, value] of Object.entries(values)) {
    const before = settings[name];
    settings[name] = isObject(before) && isObject(value) ? { ...before, ...value } : value;
  }
  replace(call.state.directory.applications, { ...found, settings, keys });
  return { kind: "empty", change: { setting: `application ${found.appId} updated` } };
}

function callerId({ state, caller }: Call): string {
  const upn = caller.upn ?? "";
  return findUser(state, upn)?.id ?? objectId(state.seed, "caller", upn);
}

function entity(call: Call, status: 200 | 201, value: object) {
  const context = `${contextRoot(call)}applications/$entity`;
  return { kind: "json", status, value: { "@odata.context": context, ...value } } as const;
}

function named(call: Call): SandboxApplication | undefined {
  return findApplication(call.state.directory, call.params.application ?? "", call.now);
}

function absent(call: Call): Result {
  return refuse("userNotFound", { id: call.params.application ?? "" });
}
