import { chooseTenant, mayDisagree, type TenantSources } from "../decide/tenant.ts";
import type { Tenant } from "../model/user.ts";
import type { Edges } from "./edges.ts";
import type { Patience } from "./patience.ts";

/** A wrong address or a dead network is told after this many tries. */
const firstContactTries = 3;

/** A tenant that has been asked who it is. */
export type AskedTenant = {
  readonly tenant: Promise<Tenant>;
  /** Whether its answer may stop everything: then no user is read before it. */
  readonly mayStop: boolean;
};

/**
 * Asks which tenant the token in use is for, and compares what is known without the answer (rules.md, which tenant).
 * @throws PrepopError PREPOP_TENANT_MISMATCH; `tenant` rejects with it, PREPOP_AUTH_REJECTED or PREPOP_GRAPH_UNREACHABLE
 */
export async function askTenant(
  edges: Edges,
  patience: Patience,
  expected?: TenantSources["expected"],
): Promise<AskedTenant> {
  const tokenTenant = await edges.graph.tokenTenant();
  const signIn = await edges.graph.signInTenant();
  const known: TenantSources = {
    ...(signIn === undefined ? {} : { signIn }),
    ...(edges.profile ? { profile: edges.profile } : {}),
    ...(edges.environmentTenant ? { environment: edges.environmentTenant } : {}),
    ...(tokenTenant === undefined ? {} : { tokenTenant }),
    ...(expected ? { expected } : {}),
  };
  chooseTenant(known);
  const ask = async (): Promise<Tenant> => {
    const organization = await patience.read(() => edges.graph.tenant(), firstContactTries);
    return chooseTenant(organization ? { ...known, organization } : known);
  };
  const tenant = ask();
  // Its failure is met by whoever waits for it; until then it must not count as unhandled.
  tenant.catch(() => undefined);
  return { tenant, mayStop: mayDisagree(known) };
}

/**
 * Finds out which tenant the token in use is for, before any user is read.
 * @throws PrepopError as askTenant and its tenant do
 */
export async function tenantOf(
  edges: Edges,
  patience: Patience,
  expected?: TenantSources["expected"],
): Promise<Tenant> {
  const { tenant } = await askTenant(edges, patience, expected);
  return await tenant;
}
