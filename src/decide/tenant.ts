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
  // The list of domains is for this comparison only; a plan and a ledger keep the default one.
  const { domains: _, ...answered } = organization ?? {};
  const chosen: Tenant =
    signIn !== undefined
      ? { ...answered, id: signIn, source: "signIn" }
      : organization !== undefined
        ? { ...answered, id: organization.id, source: organization.source }
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
