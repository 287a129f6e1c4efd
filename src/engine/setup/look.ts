import { revocations } from "../../decide/setup/consent.ts";
import type { SetupFound } from "../../decide/setup/plan.ts";
import { tagOf, uniqueNameOf } from "../../decide/setup/registration.ts";
import type { Applications } from "../../graph/connect.ts";
import type { Application, GraphOffer, ServicePrincipal } from "../../model/application.ts";
import { PrepopError } from "../../model/errors.ts";
import { GraphFault } from "../../model/fault.ts";
import type { ClientConsent, SetupMode } from "../../model/setup.ts";
import { patienceOf, refused, type SetupEdges } from "./ensure.ts";

/** What to look for. */
export type Sought = {
  readonly displayName: string;
  readonly mode: SetupMode;
  /** Object id, where a profile remembers it. */
  readonly applicationId: string | undefined;
};

const needToRead = "the permission Application.ReadWrite.All";

/**
 * Reads what the tenant holds of a setup, and what Graph offers there.
 * @throws PrepopError PREPOP_SETUP_FORBIDDEN
 */
export async function lookAround(
  edges: SetupEdges,
  applications: Applications,
  sought: Sought,
): Promise<{ readonly offer: GraphOffer; readonly found: Omit<SetupFound, "certificate"> }> {
  const read = reading(edges);
  const offer = await read(() => applications.graphOffer());
  if (offer === undefined) {
    throw new PrepopError("PREPOP_CLOUD_LACKS", {
      cloud: "The tenant",
      what: "service principal of Microsoft Graph",
      fix: "Check the tenant and its cloud (--cloud).",
    });
  }
  const application = await read(() => findApplication(applications, sought));
  const principal =
    application === undefined ? undefined : await read(() => applications.principalOf(application.appId));
  const of = principal === undefined ? nothing : await grantedTo(applications, principal, offer, sought.mode);
  return { offer, found: { application, principal, ...of } };

  async function grantedTo(
    from: Applications,
    { id }: ServicePrincipal,
    { principalId }: GraphOffer,
    mode: SetupMode,
  ): Promise<Pick<SetupFound, "roles" | "grant">> {
    if (mode === "application") return { ...nothing, roles: await read(() => from.rolesOf(id, principalId)) };
    return { ...nothing, grant: await grantFor(from, id, principalId) };
  }
}

const nothing = { roles: [], grant: undefined } as const;

/** The grant for everybody that a client has of Graph. */
export async function grantFor(applications: Applications, clientId: string, graphId: string) {
  const grants = await applications.grantsOf(clientId);
  return grants.find(({ resourceId, personId }) => resourceId === graphId && personId === undefined);
}

/**
 * The registration: the one that a profile remembers, else the one of the unique name, else the one with our tag.
 * @throws PrepopError PREPOP_USAGE where more than one carries it
 */
export async function findApplication(
  applications: Applications,
  { displayName, applicationId }: Pick<Sought, "displayName" | "applicationId">,
): Promise<Application | undefined> {
  const known = applicationId === undefined ? undefined : await applications.get(applicationId);
  const found =
    known ?? (await withoutWhatIsMissing(() => applications.byUniqueName(uniqueNameOf(displayName))));
  if (found !== undefined) return found;
  const tag = tagOf(displayName);
  const all =
    (await withoutWhatIsMissing(() => applications.tagged(tag))) ??
    (await applications.named(displayName)).filter(({ tags }) => tags.includes(tag));
  const [only, ...more] = all;
  // A list shows no certificates; a replica that does not know the id yet will the next time.
  if (more.length === 0) return only && ((await applications.get(only.id)) ?? only);
  throw new PrepopError("PREPOP_USAGE", {
    why: `${all.length} applications carry the tag ${tag}, and it is not known which is meant`,
    fix: `Delete all but one of them (${all.map(({ appId }) => appId).join(", ")}), or use another --name.`,
  });
}

/** What is left of a sign-in on Microsoft's client, as it can be taken back. */
export async function leftOnClient(edges: SetupEdges, applications: Applications, consent: ClientConsent) {
  if (consent.added.length === 0) return [];
  const read = reading(edges);
  const offer = await read(() => applications.graphOffer());
  const client = await read(() => applications.principalOf(consent.clientId));
  if (offer === undefined || client === undefined) return [];
  const grants = await read(() => applications.grantsOf(client.id));
  return revocations(consent, grants, offer.principalId);
}

/** A read that says what it takes where it is refused. */
function reading(edges: SetupEdges) {
  const patience = patienceOf(edges);
  return async <Result>(request: () => Promise<Result>): Promise<Result> => {
    try {
      return await patience.read(request, 3);
    } catch (error) {
      if (!(error instanceof GraphFault)) throw error;
      throw refused(edges, { doing: "Reading application registrations", need: needToRead }, error);
    }
  };
}

/** Unique names and filters on tags are not in every cloud. */
async function withoutWhatIsMissing<Result>(request: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await request();
  } catch (error) {
    const { kind, status = 0 } = error instanceof GraphFault ? error.fault : {};
    if (kind === "http" && [400, 404, 405, 501].includes(status)) return undefined;
    throw error;
  }
}
