import { refuse } from "../exchange.ts";
import { operation } from "../operation.ts";
import { phoneTypeOf } from "../phones.ts";
import { phoneBody, writePhone } from "./writePhone.ts";

/**
 * Update phoneAuthenticationMethod: 204 without a body, though the page's text promises one. The type cannot change.
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
    return writePhone(call, type, () => ({ kind: "empty" }));
  },
});
