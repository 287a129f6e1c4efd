import { refuse } from "../exchange.ts";
import { operation } from "../operation.ts";
import { dropPhone, isDefault, phoneTypeOf } from "../phones.ts";
import type { SandboxUser } from "../user.ts";

/**
 * Delete phoneAuthenticationMethod: 204. A mobile stays while there is an alternate mobile. The default method is
 * refused only while the user has other methods; the last one goes, whatever the page says. If-Match is not looked at.
 * @see https://learn.microsoft.com/graph/api/phoneauthenticationmethod-delete
 */
export const deletePhone = operation({
  name: "deletePhone",
  method: "DELETE",
  path: "/users/{user}/authentication/phoneMethods/{method}",
  versions: ["v1.0", "beta"],
  effect: "write",
  lane: "phones",
  permission: "writePhones",
  subject: "authentication",
  self: "allowed",
  query: [],
  run: call => {
    const { state, user, now } = call;
    const id = call.params.method ?? "";
    const type = phoneTypeOf(id);
    const phone = type === undefined ? undefined : user.phones[type];
    if (type === undefined || phone === undefined) return refuse("methodNotFound", { id });
    if (type === "mobile" && user.phones.alternateMobile !== undefined) return refuse("mobileHasAlternate");
    if (isDefault(user, type) && methodCount(user) > 1) return refuse("defaultMethod", { id });
    dropPhone(state, user, type, now);
    return { kind: "empty", change: { phoneType: type, from: phone.phoneNumber, to: null } };
  },
});

/** A password is no second factor, so it does not count as another method. */
function methodCount(user: SandboxUser): number {
  const others = user.otherMethods.filter(method => method !== "password");
  return Object.keys(user.phones).length + others.length;
}
