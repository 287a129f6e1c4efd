import type {
  Application,
  GraphOffer,
  KeyCredential,
  NewSecret,
  PermissionGrant,
  ServicePrincipal,
} from "../../model/application.ts";
import { GraphFault } from "../../model/fault.ts";
import { graphAppId } from "../../model/graphPermissions.ts";
import { operations } from "../../model/operations.ts";
import { type Answer, httpFault, isSuccess, objectOf, readOf } from "../answer.ts";
import { isRecord, textOf } from "../json.ts";
import { wholeList } from "../pages.ts";
import { quoted, segment } from "../paths.ts";
import { type Call, get, type Wire } from "../wire.ts";
import { applicationIn, grantIn, keyCredentialOf, offerIn, principalIn, secretIn } from "./convert.ts";

/** A certificate for a registration, DER in base64. */
export type AddedCertificate = { readonly certificate: string; readonly displayName: string };

/**
 * Application registrations, and what is granted to them (`setup`). Everything throws GraphFault where the service says
 * no; what is not there is undefined. A read can lag behind a write for minutes.
 */
export type Applications = {
  /** By object id. */
  get(id: string): Promise<Application | undefined>;
  byUniqueName(name: string): Promise<Application | undefined>;
  /** All that carry a tag, or have a display name. */
  tagged(tag: string): Promise<readonly Application[]>;
  named(displayName: string): Promise<readonly Application[]>;
  byAppId(appId: string): Promise<Application | undefined>;
  /** Makes it under this unique name, or updates the one that has it: never a second one. Whether it was made now. */
  upsert(uniqueName: string, fields: object): Promise<"made" | "updated">;
  /** Object ids of those who may change it whatever their role. */
  ownersOf(id: string): Promise<readonly string[]>;
  /** How many others' tokens it takes in the place of a credential. */
  federatedOf(id: string): Promise<number>;
  create(fields: object): Promise<Application>;
  update(id: string, fields: object): Promise<void>;
  /** Beside those that are there: `kept` is the list as it was read, because it is replaced whole. */
  addCertificate(id: string, kept: readonly KeyCredential[], added: AddedCertificate): Promise<void>;
  remove(id: string): Promise<void>;
  addSecret(id: string, secret: { readonly displayName: string; readonly until: string }): Promise<NewSecret>;
  removeSecret(id: string, keyId: string): Promise<void>;
  principalOf(appId: string): Promise<ServicePrincipal | undefined>;
  createPrincipal(appId: string): Promise<void>;
  removePrincipal(id: string): Promise<void>;
  /** Microsoft Graph in this tenant, and what it offers. */
  graphOffer(): Promise<GraphOffer | undefined>;
  /** Ids of the application permissions that a principal has of a resource. */
  rolesOf(principalId: string, resourceId: string): Promise<readonly string[]>;
  assignRole(principalId: string, resourceId: string, roleId: string): Promise<void>;
  grantsOf(clientId: string): Promise<readonly PermissionGrant[]>;
  /** For everybody. */
  grant(clientId: string, resourceId: string, scopes: readonly string[]): Promise<void>;
  changeGrant(id: string, scopes: readonly string[]): Promise<void>;
  removeGrant(id: string): Promise<void>;
};

const select =
  "$select=id,appId,displayName,tags,web,publicClient,isFallbackPublicClient,requiredResourceAccess,keyCredentials,passwordCredentials";

export function applicationsAt(call: Call, origin: string): Applications {
  const list = async <Item>(path: string, convert: (value: unknown, answer: Answer) => Item) => {
    const { values, answer } = await wholeList(call, origin, path);
    return values.map(value => convert(value, answer));
  };
  const read = async <Item>(path: string, convert: (value: unknown, answer: Answer) => Item) => {
    const answer = await call(get(path));
    return answer.status === 404 ? undefined : convert(readOf(answer), answer);
  };
  const send = async (wire: Wire): Promise<Answer> => {
    const answer = await call({ ...wire, writes: 1 });
    if (!isSuccess(answer.status)) throw httpFault(answer);
    return answer;
  };
  const filtered = (path: string, filter: string, more = "") =>
    `${path}?$filter=${encodeURIComponent(filter)}${more}`;
  const application = (path: string, id: string) => path.replace("{application}", () => segment(id));
  const principal = (path: string, id: string) => path.replace("{principal}", () => segment(id));
  const grant = (path: string, id: string) => path.replace("{grant}", () => segment(id));
  const applicationsBy = (filter: string) =>
    list(filtered(operations.listApplications.path, filter), applicationIn);
  const whole = (id: string) =>
    read(`${application(operations.getApplication.path, id)}?${select}`, applicationIn);
  const principalBy = async (appId: string, more = "") => {
    const path = filtered(operations.listPrincipals.path, `appId eq ${quoted(appId)}`, more);
    const { values, answer } = await wholeList(call, origin, path);
    return { value: values[0], answer };
  };

  return {
    get: whole,
    byUniqueName: name => read(`${uniquePath(name)}?${select}`, applicationIn),
    tagged: tag => applicationsBy(`tags/any(t:t eq ${quoted(tag)})`),
    named: displayName => applicationsBy(`displayName eq ${quoted(displayName)}`),
    byAppId: async appId => {
      const [found] = await applicationsBy(`appId eq ${quoted(appId)}`);
      return found && whole(found.id);
    },
    upsert: async (uniqueName, fields) => {
      const body = JSON.stringify(fields);
      const wire = {
        method: "PATCH",
        path: uniquePath(uniqueName),
        body,
        prefer: "create-if-missing",
      } as const;
      return (await send(wire)).status === 201 ? "made" : "updated";
    },
    ownersOf: async id => {
      const all = await list(application(operations.listOwners.path, id), value =>
        isRecord(value) ? value : {},
      );
      return all.flatMap(owner => textOf(owner.id) ?? "unknown");
    },
    federatedOf: async id => (await list(application(operations.listFederated.path, id), () => true)).length,
    create: async fields => {
      const { method, path } = operations.createApplication;
      const answer = await send({ method, path, body: JSON.stringify(fields) });
      return applicationIn(objectOf(answer), answer);
    },
    update: async (id, fields) => {
      const { method, path } = operations.updateApplication;
      await send({ method, path: application(path, id), body: JSON.stringify(fields) });
    },
    addCertificate: async (id, kept, added) => {
      const { method, path } = operations.updateApplication;
      const keyCredentials = [...kept.map(({ asGiven }) => asGiven), keyCredentialOf(added)];
      await send({ method, path: application(path, id), body: JSON.stringify({ keyCredentials }) });
    },
    remove: async id => {
      const { method, path } = operations.deleteApplication;
      await gone(send({ method, path: application(path, id) }));
    },
    addSecret: async (id, { displayName, until }) => {
      const { method, path } = operations.addSecret;
      const body = JSON.stringify({ passwordCredential: { displayName, endDateTime: until } });
      return secretIn(await send({ method, path: application(path, id), body }));
    },
    removeSecret: async (id, keyId) => {
      const { method, path } = operations.removeSecret;
      await send({ method, path: application(path, id), body: JSON.stringify({ keyId }) });
    },
    principalOf: async appId => {
      const { value, answer } = await principalBy(appId, "&$select=id,appId");
      return value === undefined ? undefined : principalIn(value, answer);
    },
    createPrincipal: async appId => {
      const { method, path } = operations.createPrincipal;
      await send({ method, path, body: JSON.stringify({ appId }) });
    },
    removePrincipal: async id => {
      const { method, path } = operations.deletePrincipal;
      await gone(send({ method, path: principal(path, id) }));
    },
    graphOffer: async () => {
      const { value, answer } = await principalBy(
        graphAppId,
        "&$select=id,appId,appRoles,oauth2PermissionScopes",
      );
      return value === undefined ? undefined : offerIn(value, answer);
    },
    rolesOf: async (principalId, resourceId) => {
      const { path } = operations.assignRole;
      const all = await list(principal(path, principalId), value => (isRecord(value) ? value : {}));
      return all.flatMap(each => (each.resourceId === resourceId ? (textOf(each.appRoleId) ?? []) : []));
    },
    assignRole: async (principalId, resourceId, appRoleId) => {
      const { method, path } = operations.assignRole;
      const body = JSON.stringify({ principalId, resourceId, appRoleId });
      await send({ method, path: principal(path, principalId), body });
    },
    grantsOf: clientId =>
      list(filtered(operations.createGrant.path, `clientId eq ${quoted(clientId)}`), grantIn),
    grant: async (clientId, resourceId, scopes) => {
      const { method, path } = operations.createGrant;
      const scope = scopes.join(" ");
      const body = JSON.stringify({
        clientId,
        consentType: "AllPrincipals",
        principalId: null,
        resourceId,
        scope,
      });
      await send({ method, path, body });
    },
    changeGrant: async (id, scopes) => {
      const { method, path } = operations.updateGrant;
      await send({ method, path: grant(path, id), body: JSON.stringify({ scope: scopes.join(" ") }) });
    },
    removeGrant: async id => {
      const { method, path } = operations.deleteGrant;
      await gone(send({ method, path: grant(path, id) }));
    },
  };
}

function uniquePath(name: string): string {
  return operations.upsertApplication.path.replace("'{uniqueName}'", () => encodeURIComponent(quoted(name)));
}

/** What was to go and is not there is gone. */
async function gone(sent: Promise<Answer>): Promise<void> {
  try {
    await sent;
  } catch (error) {
    if (!(error instanceof GraphFault) || error.fault.status !== 404) throw error;
  }
}
