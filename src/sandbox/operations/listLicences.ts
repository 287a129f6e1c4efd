import { objectId } from "../ids.ts";
import { contextRoot, operation } from "../operation.ts";

/**
 * What the tenant has bought, as one licence with all its service plans.
 * @see https://learn.microsoft.com/graph/api/subscribedsku-list
 */
export const listLicences = operation({
  name: "listSubscribedSkus",
  method: "GET",
  path: "/subscribedSkus",
  versions: ["v1.0", "beta"],
  capability: "licences",
  effect: "read",
  lane: "directory",
  permission: "readLicences",
  subject: "none",
  run: call => {
    const { seed, traits } = call.settings;
    const servicePlans = traits.licences.map(servicePlanName => ({
      servicePlanId: objectId(seed, "service plan", servicePlanName),
      servicePlanName,
      provisioningStatus: "Success",
      appliesTo: "User",
    }));
    const sku = {
      capabilityStatus: "Enabled",
      consumedUnits: 0,
      skuPartNumber: "SANDBOX",
      skuId: objectId(seed, "licence"),
      appliesTo: "User",
      servicePlans,
    };
    const value = servicePlans.length === 0 ? [] : [sku];
    return {
      kind: "json",
      status: 200,
      value: { "@odata.context": `${contextRoot(call)}subscribedSkus`, value },
    };
  },
});
