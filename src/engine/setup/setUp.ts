import { holds, type SetupFound } from "../../decide/setup/plan.ts";
import { isComplete, registrationFields, uniqueNameOf } from "../../decide/setup/registration.ts";
import type { Applications } from "../../graph/connect.ts";
import type { Application, GraphOffer, NewSecret, ServicePrincipal } from "../../model/application.ts";
import { GraphFault } from "../../model/fault.ts";
import type { ChosenPermission, SetupStep, SetupWish } from "../../model/setup.ts";
import { ensure, type SetupEdges } from "./ensure.ts";
import { findApplication, grantFor } from "./look.ts";
import { makeSecret } from "./secret.ts";
import { type Trust, vet } from "./vet.ts";

/** What one setup is about. */
export type SetupWork = {
  readonly wish: SetupWish;
  readonly permissions: readonly ChosenPermission[];
  readonly offer: GraphOffer;
  readonly found: SetupFound;
  readonly steps: readonly SetupStep[];
  /** Which registrations are one's own. */
  readonly trust: Trust;
  /** Makes a certificate, keeps its key, and gives the certificate, DER in base64. */
  readonly newCertificate: () => Promise<string>;
  readonly secret: { readonly displayName: string; readonly until: string };
  /** Told as soon as the registration is there, so that a crash after it can be cleaned up. */
  readonly onApplication: (application: Application) => Promise<void>;
  readonly onStep: (step: SetupStep, state: "begun" | "done") => Promise<void>;
};

export type SetUp = {
  readonly application: Application;
  readonly principal: ServicePrincipal;
  readonly secret: NewSecret | undefined;
};

const roleToRegister =
  "the permission Application.ReadWrite.All and, where users may not register applications, the role Application Developer or Cloud Application Administrator";
const roleToAssign =
  "the permission AppRoleAssignment.ReadWrite.All and the role Privileged Role Administrator or Global Administrator";
const roleToGrant =
  "the permission DelegatedPermissionGrant.ReadWrite.All and the role Cloud Application Administrator, Application Administrator or Privileged Role Administrator";

/** So often a name may conflict before it is given up; a race with another setup is over by then. */
const mostConflicts = 4;

/**
 * Does what is missing of a setup, step by step. What is there is left as it is, so it can be run again at any time.
 * @throws PrepopError PREPOP_SETUP_FORBIDDEN, PREPOP_SETUP_REFUSED, PREPOP_SETUP_NOT_READY
 */
export async function setUp(edges: SetupEdges, applications: Applications, work: SetupWork): Promise<SetUp> {
  let application = work.found.application;
  let principal = work.found.principal;
  let secret: NewSecret | undefined;
  if (application !== undefined) {
    await vet(edges, applications, application, work.trust);
    await work.onApplication(application);
  }
  for (const step of work.steps) {
    if (step.done) continue;
    await work.onStep(step, "begun");
    if (step.kind === "application") {
      application = await ensureApplication(edges, applications, work);
      await work.onApplication(application);
    } else if (application === undefined) {
      throw new RangeError("The registration is the first step.");
    } else if (step.kind === "principal") {
      principal = await ensurePrincipal(edges, applications, application);
    } else if (principal === undefined) {
      throw new RangeError("The service principal is the second step.");
    } else if (step.kind === "roles") {
      await ensureRoles(edges, applications, { principal, work });
    } else if (step.kind === "grant") {
      await ensureGrant(edges, applications, { principal, work });
    } else if (step.kind === "certificate") {
      await ensureCertificate(edges, applications, { id: application.id, work });
    } else {
      secret = await makeSecret(edges, applications, application.id, work.secret, roleToRegister);
    }
    await work.onStep(step, "done");
  }
  if (application === undefined || principal === undefined) throw new RangeError("A setup has these steps.");
  return { application, principal, secret };
}

/** Under a unique name, which no second one can have; where the cloud knows none, the older way. */
async function ensureApplication(
  edges: SetupEdges,
  applications: Applications,
  work: SetupWork,
): Promise<Application> {
  const { wish, permissions, found } = work;
  const before = found.application;
  // Replicas know an id before they can be searched.
  let applicationId = before?.id;
  const wanted = {
    what: "The application",
    doing: "Registering the application",
    need: roleToRegister,
    look: async () => {
      const now = await findApplication(applications, { displayName: wish.displayName, applicationId });
      return now !== undefined && isComplete(now, wish, permissions) ? now : undefined;
    },
  };
  const fields = registrationFields(wish, permissions, before);
  if (before !== undefined) {
    const make = () => applications.update(before.id, fields);
    return ensure(edges, { ...wanted, make, harmlessTwice: true });
  }
  let conflicts = 0;
  let made = false;
  try {
    const make = async () => {
      try {
        made = (await applications.upsert(uniqueNameOf(wish.displayName), fields)) === "made";
      } catch (error) {
        const { kind, status = 0 } = error instanceof GraphFault ? error.fault : {};
        // A name that conflicts with nothing that can be found is that of a deleted application.
        const taken = status === 409 && ++conflicts >= mostConflicts;
        if (kind !== "http" || !(taken || [400, 404, 405, 501].includes(status))) throw error;
        throw new NoUniqueNames("The tenant does not take the unique name.", { cause: error });
      }
    };
    const application = await ensure(edges, { ...wanted, make, harmlessTwice: true });
    // It may be that of somebody who was quicker with this name, or ours whose answer was lost.
    if (!made) await vet(edges, applications, application, work.trust);
    return application;
  } catch (error) {
    if (!(error instanceof NoUniqueNames)) throw error;
  }
  const application = await ensure(edges, {
    ...wanted,
    make: async () => {
      applicationId = (await applications.create(fields)).id;
    },
  });
  if (application.id !== applicationId) await vet(edges, applications, application, work.trust);
  return application;
}

function ensurePrincipal(
  edges: SetupEdges,
  applications: Applications,
  { appId }: Application,
): Promise<ServicePrincipal> {
  return ensure(edges, {
    what: "The service principal",
    doing: "Creating the service principal",
    harmlessTwice: true,
    need: roleToRegister,
    refersToNew: true,
    look: () => applications.principalOf(appId),
    make: () => applications.createPrincipal(appId),
  });
}

function ensureRoles(
  edges: SetupEdges,
  applications: Applications,
  { principal, work }: { readonly principal: ServicePrincipal; readonly work: SetupWork },
): Promise<true> {
  const graph = work.offer.principalId;
  // What was accepted is not sent again while the list does not show it yet: it would be refused as a second one.
  const accepted = new Set(work.found.roles);
  return ensure(edges, {
    what: "What was granted",
    doing: "Granting the permissions",
    harmlessTwice: true,
    need: roleToAssign,
    refersToNew: true,
    look: async () => {
      const held = await applications.rolesOf(principal.id, graph);
      for (const id of held) accepted.add(id);
      return work.permissions.every(({ id }) => held.includes(id)) ? true : undefined;
    },
    make: async () => {
      for (const { id } of work.permissions.filter(each => !accepted.has(each.id))) {
        await applications.assignRole(principal.id, graph, id);
        accepted.add(id);
      }
    },
  });
}

function ensureGrant(
  edges: SetupEdges,
  applications: Applications,
  { principal, work }: { readonly principal: ServicePrincipal; readonly work: SetupWork },
): Promise<true> {
  const graph = work.offer.principalId;
  const names = work.permissions.map(({ name }) => name);
  return ensure(edges, {
    what: "What was granted",
    doing: "Granting the permissions",
    harmlessTwice: true,
    need: roleToGrant,
    refersToNew: true,
    look: async () => {
      const grant = await grantFor(applications, principal.id, graph);
      return grant !== undefined && names.every(name => grant.scopes.includes(name)) ? true : undefined;
    },
    make: async () => {
      const before = await grantFor(applications, principal.id, graph);
      if (before === undefined) return applications.grant(principal.id, graph, names);
      return applications.changeGrant(before.id, [...new Set([...before.scopes, ...names])]);
    },
  });
}

async function ensureCertificate(
  edges: SetupEdges,
  applications: Applications,
  { id, work }: { readonly id: string; readonly work: SetupWork },
): Promise<Application> {
  // One that waits here already, from a setup that was broken off, is the one to be registered.
  const certificate = work.found.certificate ?? (await work.newCertificate());
  return ensure(edges, {
    what: "The certificate",
    doing: "Adding the certificate",
    harmlessTwice: true,
    need: roleToRegister,
    look: async () => {
      const now = await applications.get(id);
      return holds(now, certificate) ? now : undefined;
    },
    make: async () => {
      const { keys = [] } = (await applications.get(id)) ?? {};
      const { displayName } = work.secret;
      await applications.addCertificate(id, keys, { certificate, displayName });
    },
  });
}

class NoUniqueNames extends Error {}
