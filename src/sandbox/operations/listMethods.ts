import { objectId } from "../ids.ts";
import { otherMethods } from "../methods.ts";
import { contextRoot, operation } from "../operation.ts";
import { representation, visiblePhones } from "../phones.ts";

/**
 * List methods: every method of a user with its `@odata.type`, phones first.
 * @see https://learn.microsoft.com/graph/api/authentication-list-methods
 */
export const listMethods = operation({
  name: "listMethods",
  method: "GET",
  path: "/users/{user}/authentication/methods",
  versions: ["v1.0", "beta"],
  capability: "methods",
  effect: "read",
  lane: "phones",
  permission: "readMethods",
  subject: "authentication",
  self: "allowed",
  query: [],
  run: call => {
    const phones = visiblePhones(call).map(([type, phone]) => ({
      "@odata.type": "#microsoft.graph.phoneAuthenticationMethod",
      ...representation(call, type, phone),
    }));
    const others = call.user.otherMethods.map(method => ({
      "@odata.type": `#microsoft.graph.${otherMethods[method].type}`,
      id: otherMethods[method].id ?? objectId(call.user.id, method),
    }));
    const context = `${contextRoot(call)}users('${call.params.user}')/authentication/methods`;
    return { kind: "json", status: 200, value: { "@odata.context": context, value: [...phones, ...others] } };
  },
});
