import type { PhoneType } from "../../model/phone.ts";
import { refuse } from "../exchange.ts";
import { contextRoot, operation } from "../operation.ts";
import { representation } from "../phones.ts";
import { phoneBody, writePhone } from "./writePhone.ts";

/**
 * Create phoneMethod: 201 with the phone. A second phone of a type is refused, and an alternate mobile needs a mobile.
 * @see https://learn.microsoft.com/graph/api/authentication-post-phonemethods
 */
export const createPhone = operation({
  name: "createPhone",
  method: "POST",
  path: "/users/{user}/authentication/phoneMethods",
  versions: ["v1.0", "beta"],
  effect: "write",
  lane: "phones",
  permission: "writePhones",
  subject: "authentication",
  self: "refused",
  query: [],
  body: { ...phoneBody, required: ["phoneNumber", "phoneType"] },
  run: call => {
    const type = call.body.phoneType as PhoneType;
    const { phones } = call.user;
    if (phones[type] !== undefined) return refuse("phoneTypeTaken", { phoneType: type });
    if (type === "alternateMobile" && phones.mobile === undefined) return refuse("alternateNeedsMobile");
    const context = `${contextRoot(call)}users('${call.params.user}')/authentication/phoneMethods/$entity`;
    return writePhone(call, type, phone => ({
      kind: "json",
      status: 201,
      value: { "@odata.context": context, ...representation(call, type, phone) },
    }));
  },
});
