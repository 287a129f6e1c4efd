import { findApplication, nextId, replace } from "../applications/directory.ts";
import { collectionAnswer } from "../collection.ts";
import { refuse } from "../exchange.ts";
import { type Call, contextRoot, operation } from "../operation.ts";

const common = { versions: ["v1.0", "beta"], capability: "applications", lane: "directory" } as const;
const federated = "/applications/{application}/federatedIdentityCredentials";

/** Who owns an application. @see https://learn.microsoft.com/graph/api/application-list-owners */
export const listOwners = operation({
  ...common,
  name: "listOwners",
  method: "GET",
  path: "/applications/{application}/owners",
  subject: "none",
  effect: "read",
  permission: "readApplications",
  run: call => {
    const found = named(call);
    if (found === undefined) return refuse("userNotFound", { id: call.params.application ?? "" });
    const items = found.owners.map(id => ({ "@odata.type": "#microsoft.graph.user", id }));
    return collectionAnswer(call, "directoryObjects", { items, next: undefined });
  },
});

/** Whose tokens it takes. @see https://learn.microsoft.com/graph/api/application-list-federatedidentitycredentials */
export const listFederated = operation({
  ...common,
  name: "listFederated",
  method: "GET",
  path: federated,
  subject: "none",
  effect: "read",
  permission: "readApplications",
  run: call => {
    const found = named(call);
    if (found === undefined) return refuse("userNotFound", { id: call.params.application ?? "" });
    const context = `applications('${found.id}')/federatedIdentityCredentials`;
    return collectionAnswer(call, context, { items: found.federated, next: undefined });
  },
});

/** Trusts somebody else's tokens. @see https://learn.microsoft.com/graph/api/application-post-federatedidentitycredentials */
export const addFederated = operation({
  ...common,
  name: "addFederated",
  method: "POST",
  path: federated,
  subject: "none",
  effect: "write",
  permission: "writeApplications",
  body: {
    type: "microsoft.graph.federatedIdentityCredential",
    required: ["name", "issuer", "subject", "audiences"],
    properties: {
      name: "string",
      issuer: "string",
      subject: "string",
      audiences: "list",
      description: "stringOrNull",
    },
  },
  run: call => {
    const found = named(call);
    if (found === undefined) return refuse("userNotFound", { id: call.params.application ?? "" });
    const { directory, seed } = call.state;
    const { name, issuer, subject } = call.body as Readonly<Record<"name" | "issuer" | "subject", string>>;
    const audiences = Array.isArray(call.body.audiences) ? call.body.audiences.map(String) : [];
    const made = { id: nextId(directory, seed, "federated"), name, issuer, subject, audiences };
    replace(directory.applications, { ...found, federated: [...found.federated, made] });
    const context = `${contextRoot(call)}applications('${found.id}')/federatedIdentityCredentials/$entity`;
    return {
      kind: "json",
      status: 201,
      value: { "@odata.context": context, ...made },
      change: { setting: `${found.appId} trusts ${subject}` },
    };
  },
});

function named(call: Call) {
  return findApplication(call.state.directory, call.params.application ?? "", call.now);
}
