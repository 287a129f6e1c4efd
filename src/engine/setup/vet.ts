import { foreignIn } from "../../decide/setup/trust.ts";
import type { Applications } from "../../graph/connect.ts";
import type { Application } from "../../model/application.ts";
import { PrepopError } from "../../model/errors.ts";
import { GraphFault } from "../../model/fault.ts";
import { patienceOf, type SetupEdges } from "./ensure.ts";

/** Which registrations are known to be one's own. */
export type Trust = {
  /** Object id that the profile remembers. */
  readonly applicationId: string | undefined;
  /** The application id that was said to be one's own. */
  readonly adopt: string | undefined;
  /** Object id of whoever sets up. */
  readonly me: string | undefined;
  /** The certificate of this machine, DER in base64. */
  readonly certificate: string | undefined;
};

/**
 * Makes sure that nobody else has a hold on a registration before anything is granted to it.
 * @throws PrepopError PREPOP_SETUP_NOT_OURS
 */
export async function vet(
  edges: SetupEdges,
  applications: Applications,
  application: Application,
  { applicationId, adopt, me, certificate }: Trust,
): Promise<void> {
  const { id, appId, displayName: name } = application;
  if (id === applicationId || appId.toLowerCase() === adopt?.toLowerCase()) return;
  const patience = patienceOf(edges);
  const owners = await unlessUnreadable(() => patience.read(() => applications.ownersOf(id)));
  const federated = await unlessUnreadable(() => patience.read(() => applications.federatedOf(id)));
  const foreign = foreignIn(application, { owners, federated, me, certificate });
  if (foreign.length === 0) return;
  throw new PrepopError("PREPOP_SETUP_NOT_OURS", { name, appId, foreign: foreign.join(", ") });
}

async function unlessUnreadable<Result>(read: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof GraphFault) return undefined;
    throw error;
  }
}
