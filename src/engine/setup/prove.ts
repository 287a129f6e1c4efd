import { isTooNew, replicationWaitMs } from "../../decide/setup/waits.ts";
import type { Graph } from "../../graph/connect.ts";
import { PrepopError } from "../../model/errors.ts";
import { GraphFault } from "../../model/fault.ts";
import { patienceOf, pause, type SetupEdges } from "./ensure.ts";

/** What the new application was seen to be able to do. */
export type Proof = {
  /** Permissions in its token; empty where it cannot be read. */
  readonly permissions: readonly string[];
  /** Whether users could be read with it. */
  readonly users: boolean;
};

/**
 * Signs in as the new application until its token holds what was granted and Graph lets it read users. A token that was
 * made before a grant never learns of it, so each try asks for a new one.
 * @param graph opened with the new application's own credential
 * @throws PrepopError PREPOP_SETUP_NOT_READY, PREPOP_AUTH_*
 */
export async function proveSetup(
  edges: SetupEdges,
  graph: Pick<Graph, "refreshToken" | "inspect">,
  wanted: readonly string[],
): Promise<Proof> {
  const since = edges.clock.now();
  const patience = patienceOf({ ...edges, refreshToken: () => graph.refreshToken() });
  for (let attempt = 1; ; attempt++) {
    const what = await missing();
    if (typeof what !== "string") return what;
    await pause(edges, what, since, replicationWaitMs(attempt));
  }

  /** The proof, or what is not known yet. */
  async function missing(): Promise<Proof | string> {
    try {
      await graph.refreshToken();
      const facts = await graph.inspect.token();
      // Without any application permission a token does not even say what kind it is.
      if (facts?.kind === "unknown") return "What was granted";
      const permissions = facts?.permissions ?? [];
      const absent = facts === undefined ? [] : wanted.filter(name => !permissions.includes(name));
      if (absent.length > 0) return `The permission ${absent.join(", ")}`;
      const users = await patience.read(() => graph.inspect.firstUsers(1), 3);
      if (users.kind === "refused" && users.status === 403) return "What was granted";
      return { permissions, users: users.kind === "read" };
    } catch (error) {
      if (error instanceof PrepopError && isTooNew(error.message)) return "The application's sign-in";
      if (error instanceof GraphFault && error.fault.status === 401) return "The application's token";
      throw error;
    }
  }
}
