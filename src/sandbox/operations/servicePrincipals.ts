import { findPrincipal, nextId, removeAll, replace } from "../applications/directory.ts";
import { principalView } from "../applications/view.ts";
import { directoryList } from "../directoryList.ts";
import { refuse } from "../exchange.ts";
import { picked, selectOf } from "../odata/query.ts";
import { type Call, contextRoot, operation } from "../operation.ts";

const common = {
  versions: ["v1.0", "beta"],
  capability: "applications",
  lane: "directory",
} as const;
const reading = { ...common, effect: "read", permission: "readApplications", method: "GET" } as const;
const writing = { ...common, effect: "write", permission: "writeApplications" } as const;

/** List service principals. @see https://learn.microsoft.com/graph/api/serviceprincipal-list */
export const listPrincipals = operation({
  ...reading,
  name: "listPrincipals",
  path: "/servicePrincipals",
  subject: "none",
  run: call => {
    const seen = call.state.directory.principals.filter(({ visibleAt }) => visibleAt <= call.now);
    const select = selectOf(call.query);
    const context = `servicePrincipals${select === undefined ? "" : `(${select.join(",")})`}`;
    return directoryList(
      call,
      context,
      seen.map(each => principalView(each, call.settings)),
    );
  },
});

/** Get one by id or appId. @see https://learn.microsoft.com/graph/api/serviceprincipal-get */
export const getPrincipal = operation({
  ...reading,
  name: "getPrincipal",
  path: "/servicePrincipals/{principal}",
  subject: "none",
  run: call => {
    const found = named(call);
    if (found === undefined) return absent(call);
    const value = picked(principalView(found, call.settings), selectOf(call.query));
    return {
      kind: "json",
      status: 200,
      value: { "@odata.context": `${contextRoot(call)}servicePrincipals/$entity`, ...value },
    };
  },
});

/**
 * Makes an application usable in the tenant. One that replicas do not know yet is no application.
 * @see https://learn.microsoft.com/graph/api/serviceprincipal-post-serviceprincipals
 */
export const createPrincipal = operation({
  ...writing,
  name: "createPrincipal",
  method: "POST",
  path: "/servicePrincipals",
  subject: "none",
  body: {
    type: "microsoft.graph.servicePrincipal",
    required: ["appId"],
    properties: { appId: "string", displayName: "string", tags: "list", accountEnabled: "boolean" },
  },
  run: call => {
    const { directory, seed } = call.state;
    const id = String(call.body.appId);
    const sameApp = (each: { appId: string }) => each.appId.toLowerCase() === id.toLowerCase();
    if (directory.principals.some(sameApp)) return refuse("principalExists", { id });
    const application = directory.applications.find(each => sameApp(each) && each.visibleAt <= call.now);
    if (application === undefined) return refuse("applicationUnknown", { id });
    const { tags } = call.body;
    const made = {
      id: nextId(directory, seed, "principal"),
      appId: application.appId,
      displayName: String(application.settings.displayName),
      tags: Array.isArray(tags) ? tags.map(String) : [],
      visibleAt: call.now + call.settings.replicationMs,
    };
    replace(directory.principals, made);
    const value = {
      "@odata.context": `${contextRoot(call)}servicePrincipals/$entity`,
      ...principalView(made, call.settings),
    };
    return { kind: "json", status: 201, value, change: { setting: `service principal of ${id} created` } };
  },
});

/** Takes an application out of the tenant. @see https://learn.microsoft.com/graph/api/serviceprincipal-delete */
export const deletePrincipal = operation({
  ...writing,
  name: "deletePrincipal",
  method: "DELETE",
  path: "/servicePrincipals/{principal}",
  subject: "none",
  run: call => {
    const found = named(call);
    if (found === undefined) return absent(call);
    const { principals, grants, assignments } = call.state.directory;
    removeAll(principals, ({ id }) => id === found.id);
    removeAll(grants, ({ clientId }) => clientId === found.id);
    removeAll(assignments, ({ principalId }) => principalId === found.id);
    return { kind: "empty", change: { setting: `service principal of ${found.appId} deleted` } };
  },
});

function named(call: Call) {
  return findPrincipal(call.state.directory, call.params.principal ?? "", call.now);
}

function absent(call: Call) {
  return refuse("userNotFound", { id: call.params.principal ?? "" });
}
