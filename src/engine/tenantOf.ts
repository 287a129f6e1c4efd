import { chooseTenant } from "../decide/tenant.ts";
import type { Tenant } from "../model/user.ts";
import type { Edges } from "./edges.ts";
import type { Patience } from "./patience.ts";

/** A wrong address or a dead network is told after this many tries. */
const firstContactTries = 3;

/**
 * Finds out which tenant the token in use is for, before any user is read (rules.md, which tenant).
 * @throws PrepopError PREPOP_TENANT_MISMATCH, PREPOP_AUTH_REJECTED, PREPOP_GRAPH_UNREACHABLE
 */
export async function tenantOf(
  edges: Edges,
  patience: Patience,
  expected?: { readonly what: string; readonly tenantId: string },
): Promise<Tenant> {
  const tokenTenant = await edges.graph.tokenTenant();
  const signIn = await edges.graph.signInTenant();
  const organization = await patience.read(() => edges.graph.tenant(), firstContactTries);
  return chooseTenant({
    ...(signIn === undefined ? {} : { signIn }),
    ...(organization ? { organization } : {}),
    ...(edges.profile ? { profile: edges.profile } : {}),
    ...(edges.environmentTenant ? { environment: edges.environmentTenant } : {}),
    ...(tokenTenant === undefined ? {} : { tokenTenant }),
    ...(expected ? { expected } : {}),
  });
}
