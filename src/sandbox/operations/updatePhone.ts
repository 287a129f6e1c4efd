import { refuse } from "../exchange.ts";
import { contextRoot, operation } from "../operation.ts";
import { phoneTypeOf, representation } from "../phones.ts";
import { phoneBody, writePhone } from "./writePhone.ts";

/**
 * Update phoneAuthenticationMethod: 204 without a body, though the page's text promises one (`updateAnswer`). The type cannot change.
 * @see https://learn.microsoft.com/graph/api/phoneauthenticationmethod-update
 */
export const updatePhone = operation({
  name: "updatePhone",
  method: "PATCH",
  path: "/users/{user}/authentication/phoneMethods/{method}",
  versions: ["v1.0", "beta"],
  effect: "write",
  lane: "phones",
  permission: "writePhones",
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
    if (call.settings.updateAnswer === "empty") return writePhone(call, type, () => ({ kind: "empty" }));
    const context = `${contextRoot(call)}users('${call.params.user}')/authentication/phoneMethods/$entity`;
    return writePhone(call, type, phone => ({
      kind: "json",
      status: 200,
      value: { "@odata.context": context, ...representation(call, type, phone) },
    }));
  },
});
