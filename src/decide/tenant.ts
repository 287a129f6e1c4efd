import { PrepopError } from "../model/errors.ts";
import type { Tenant } from "../model/user.ts";

export type TenantSources = {
  /** What the sign-in library reported. */
  readonly signIn?: string;
  /** What GET /organization answered. */
  readonly organization?: Tenant;
  /** AZURE_TENANT_ID. */
  readonly environment?: string;
  /** The token's `tid`: it may veto, never confirm. */
  readonly tokenTenant?: string;
  /** The profile that was asked for. */
  readonly profile?: { readonly name: string; readonly tenantId: string };
  /** The tenant that a plan or run was made for. */
  readonly expected?: { readonly what: string; readonly tenantId: string };
};

/**
 * Which tenant a run is for, in the order of rules.md, or a refusal when any two sources disagree.
 * @throws PrepopError PREPOP_TENANT_MISMATCH
 */
export function chooseTenant(sources: TenantSources): Tenant {
  const { signIn, organization, environment, tokenTenant, profile, expected } = sources;
  const chosen: Tenant =
    signIn !== undefined
      ? { ...organization, id: signIn, source: "signIn" }
      : organization !== undefined
        ? organization
        : environment !== undefined
          ? { id: environment, source: "environment" }
          : { id: "unknown", source: "unknown" };
  const named: readonly (readonly [string, string | undefined])[] = [
    ["The sign-in", signIn],
    ["The tenant that answered", organization?.id],
    ["AZURE_TENANT_ID", environmentId(environment, organization)],
    ["The token", tokenTenant],
    [`The profile ${profile?.name}`, profile?.tenantId],
    [expected?.what ?? "", expected && expected.tenantId !== "unknown" ? expected.tenantId : undefined],
  ];
  const [first, ...others] = named.filter((pair): pair is readonly [string, string] => pair[1] !== undefined);
  for (const [what, id] of others) {
    if (first && id.toLowerCase() !== first[1].toLowerCase()) {
      throw new PrepopError("PREPOP_TENANT_MISMATCH", {
        left: what,
        leftTenant: id,
        right: lowerFirst(first[0]),
        rightTenant: first[1],
      });
    }
  }
  return chosen;
}

/**
 * Whether what GET /organization answers may still show that the run is for another tenant than something else names: then
 * no user is read before it. Where a sign-in library names the tenant, everything is compared with that; where nothing
 * names one, nothing can disagree.
 */
export function mayDisagree(sources: Omit<TenantSources, "organization">): boolean {
  const { signIn, environment, tokenTenant, profile, expected } = sources;
  // A domain can only be compared with the domains of the tenant.
  if (environment?.includes(".")) return true;
  const wanted = expected === undefined || expected.tenantId === "unknown" ? undefined : expected.tenantId;
  const names = [environment, tokenTenant, profile?.tenantId, wanted];
  return signIn === undefined && names.some(name => name !== undefined);
}

/**
 * The tenant with the domains of the users who were found in it, where it does not say its domains itself: the commonest
 * one stands for it. What follows the @ of a userPrincipalName is one of the verified domains of the tenant
 * (https://learn.microsoft.com/graph/api/resources/user, read 2026-11-28), so it proves as much as the list of them.
 */
export function withDomainsOfUsers(tenant: Tenant, users: ReadonlyMap<string, number>): Tenant {
  const [domain, ...others] = [...users].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  if (tenant.domain !== undefined || domain === undefined) return tenant;
  return { ...tenant, domain, domains: [domain, ...others] };
}

/** What follows the last @ of a userPrincipalName, lower case. */
export function domainOf(userPrincipalName: string): string | undefined {
  const at = userPrincipalName.lastIndexOf("@");
  return at < 0 || at === userPrincipalName.length - 1
    ? undefined
    : userPrincipalName.slice(at + 1).toLowerCase();
}

/** AZURE_TENANT_ID may also be a domain: one of the tenant's own stands for its id, another one vetoes as it is. */
function environmentId(
  environment: string | undefined,
  organization: Tenant | undefined,
): string | undefined {
  if (!environment?.includes(".")) return environment;
  const domains = organization?.domains ?? [];
  if (domains.length === 0) return undefined;
  return domains.some(domain => domain.toLowerCase() === environment.toLowerCase())
    ? organization?.id
    : environment;
}

function lowerFirst(text: string): string {
  return text.startsWith("AZURE") ? text : text.charAt(0).toLowerCase() + text.slice(1);
}
