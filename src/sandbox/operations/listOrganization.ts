import { picked, selectOf } from "../odata/query.ts";
import { contextRoot, operation } from "../operation.ts";

/**
 * The tenant itself.
 * @see https://learn.microsoft.com/graph/api/organization-list
 */
export const listOrganization = operation({
  name: "getOrganization",
  method: "GET",
  path: "/organization",
  versions: ["v1.0", "beta"],
  capability: "organization",
  effect: "read",
  lane: "directory",
  permission: "readOrganization",
  subject: "none",
  run: call => {
    const { tenantId, domain } = call.settings;
    const select = selectOf(call.query);
    const tenant = {
      id: tenantId,
      displayName: "Contoso (sandbox)",
      tenantType: call.settings.traits.tenantType,
      countryLetterCode: "NL",
      verifiedDomains: [
        {
          capabilities: "Email, OfficeCommunicationsOnline",
          isDefault: true,
          isInitial: false,
          name: domain,
          type: "Managed",
        },
        {
          capabilities: "Email",
          isDefault: false,
          isInitial: true,
          name: initialDomain(domain),
          type: "Managed",
        },
      ],
    };
    const value = picked(tenant, select);
    const context = `${contextRoot(call)}organization${select === undefined ? "" : `(${select.join(",")})`}`;
    return { kind: "json", status: 200, value: { "@odata.context": context, value: [value] } };
  },
});

function initialDomain(domain: string): string {
  return `${domain.split(".")[0] ?? domain}.onmicrosoft.com`;
}
