import type { Applications } from "../../graph/connect.ts";
import type { NewSecret } from "../../model/application.ts";
import { ensure, type SetupEdges } from "./ensure.ts";

/**
 * Makes a secret. Its text comes once: where the answer was lost, the secret that may have been made is of no use to
 * anybody, so it is taken away before another one is made.
 */
export async function makeSecret(
  edges: SetupEdges,
  applications: Applications,
  id: string,
  secret: { readonly displayName: string; readonly until: string },
  need: string,
): Promise<NewSecret> {
  let made: NewSecret | undefined;
  return ensure(edges, {
    what: "The secret",
    doing: "Making the secret",
    need,
    harmlessTwice: true,
    look: async () => made,
    make: async () => {
      const now = await applications.get(id);
      const lost = now?.secrets.filter(({ displayName }) => displayName === secret.displayName) ?? [];
      for (const { keyId } of lost) await applications.removeSecret(id, keyId);
      made = await applications.addSecret(id, secret);
    },
  });
}
