import { refuse } from "../exchange.ts";
import { contextRoot, operation } from "../operation.ts";
import { phoneTypeOf, representation } from "../phones.ts";
import { phonesAt } from "../user.ts";

/**
 * Get phoneAuthenticationMethod.
 * @see https://learn.microsoft.com/graph/api/phoneauthenticationmethod-get
 */
export const getPhone = operation({
  name: "getPhone",
  method: "GET",
  path: "/users/{user}/authentication/phoneMethods/{method}",
  versions: ["v1.0", "beta"],
  effect: "read",
  lane: "phones",
  permission: "readPhones",
  subject: "authentication",
  self: "allowed",
  query: [],
  run: call => {
    const id = call.params.method ?? "";
    const type = phoneTypeOf(id);
    const phone = type === undefined ? undefined : phonesAt(call.user, call.readTime)[type];
    if (type === undefined || phone === undefined) return refuse("methodNotFound", { id });
    const context = `${contextRoot(call)}users('${call.params.user}')/authentication/phoneMethods/$entity`;
    return {
      kind: "json",
      status: 200,
      value: { "@odata.context": context, ...representation(call, type, phone) },
    };
  },
});
