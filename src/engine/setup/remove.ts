import type { Applications } from "../../graph/connect.ts";
import type { Application, ServicePrincipal } from "../../model/application.ts";
import type { Revocation } from "../../model/setup.ts";
import { ensure, type SetupEdges } from "./ensure.ts";

/** What is to be taken back in the tenant. */
export type Removal = {
  readonly application: Application | undefined;
  readonly principal: ServicePrincipal | undefined;
  readonly revocations: readonly Revocation[];
};

const needToDelete =
  "the permission Application.ReadWrite.All and, for an application of others, the role Cloud Application Administrator";
const needToRevoke =
  "the permission DelegatedPermissionGrant.ReadWrite.All and the role Cloud Application Administrator, Application Administrator or Privileged Role Administrator";

/**
 * Takes a setup back: the application, with which its service principal and all its grants go, then what the sign-in
 * left on Microsoft's client. That comes last, because it may be what allows all this.
 */
export async function removeSetup(
  edges: SetupEdges,
  applications: Applications,
  { application, principal, revocations }: Removal,
): Promise<void> {
  if (application !== undefined) {
    await once(edges, "Deleting the application", needToDelete, () => applications.remove(application.id));
  }
  if (principal !== undefined) {
    await once(edges, "Deleting the service principal", needToDelete, () =>
      applications.removePrincipal(principal.id),
    );
  }
  for (const each of revocations) {
    await once(edges, "Taking back a grant", needToRevoke, () =>
      each.kind === "remove"
        ? applications.removeGrant(each.grantId)
        : applications.changeGrant(each.grantId, each.left),
    );
  }
}

/** Until it is accepted once; what is gone already counts as accepted, so a repeat does no harm. */
async function once(
  edges: SetupEdges,
  doing: string,
  need: string,
  request: () => Promise<unknown>,
): Promise<void> {
  let accepted: true | undefined;
  await ensure(edges, {
    what: "What is to be taken back",
    doing,
    need,
    harmlessTwice: true,
    look: async () => accepted,
    make: async () => {
      await request();
      accepted = true;
    },
  });
}
