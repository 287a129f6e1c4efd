import type { Tenant } from "../model/user.ts";
import { type Answer, readOf, unreadable } from "./answer.ts";
import { printable } from "./clean.ts";
import { isRecord, textOf } from "./json.ts";
import { canBeId, paths } from "./paths.ts";
import { get } from "./wire.ts";

export const tenantWire = get(`${paths.organization}?$select=id,displayName,verifiedDomains`);

/**
 * The tenant of the token in use. The list holds that one organization and no other.
 * @throws GraphFault unreadable
 */
export function tenantOf(answer: Answer): Tenant {
  const { value } = readOf(answer);
  const organization: unknown = Array.isArray(value) && value.length === 1 ? value[0] : undefined;
  if (!isRecord(organization) || !canBeId(organization.id)) {
    throw unreadable(answer, "The body does not name one organization.");
  }
  const { verifiedDomains } = organization;
  const domain = domainOf(verifiedDomains);
  const displayName = textOf(organization.displayName);
  return {
    id: organization.id,
    ...(domain === undefined ? {} : { domain, domains: namesOf(verifiedDomains) }),
    ...(displayName === undefined ? {} : { displayName: printable(displayName) }),
    source: "organization",
  };
}

function namesOf(value: unknown): readonly string[] {
  const domains = (Array.isArray(value) ? value : []).filter(isRecord);
  return domains.flatMap(({ name }) => textOf(name) ?? []).map(printable);
}

/** The default domain, else the initial one (….onmicrosoft.com), else the first. */
function domainOf(value: unknown): string | undefined {
  const domains = (Array.isArray(value) ? value : []).filter(isRecord).filter(domain => textOf(domain.name));
  const chosen =
    domains.find(domain => domain.isDefault === true) ??
    domains.find(domain => domain.isInitial === true) ??
    domains[0];
  const name = textOf(chosen?.name);
  return name === undefined ? undefined : printable(name);
}
