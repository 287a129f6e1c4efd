import { refuse } from "../exchange.ts";
import { contextRoot, operation } from "../operation.ts";
import { phoneTypeOf, representation } from "../phones.ts";
import { phoneBody, writePhone } from "./writePhone.ts";

/**
 * The update of the years 2020 to 2024: PUT on beta, 200 with the phone, for signed-in persons only. Older clients
 * still send it.
 */
export const replacePhone = operation({
  name: "replacePhone",
  method: "PUT",
  path: "/users/{user}/authentication/phoneMethods/{method}",
  versions: ["beta"],
  capability: "beta",
  effect: "write",
  lane: "phones",
  permission: "writePhones",
  delegatedOnly: true,
  subject: "authentication",
  self: "refused",
  query: [],
  body: phoneBody,
  run: call => {
    const id = call.params.method ?? "";
    const type = phoneTypeOf(id);
    if (type === undefined || call.user.phones[type] === undefined) return refuse("methodNotFound", { id });
    const asked = call.body.phoneType;
    if (asked !== undefined && asked !== type) return refuse("phoneTypeFixed");
    const context = `${contextRoot(call)}users('${call.params.user}')/authentication/phoneMethods/$entity`;
    return writePhone(call, type, phone => ({
      kind: "json",
      status: 200,
      value: { "@odata.context": context, ...representation(call, type, phone) },
    }));
  },
});
