import { isPermitted } from "./callers.ts";
import { type Refusal, refuse } from "./exchange.ts";
import { selectOf } from "./odata/query.ts";
import type { Call } from "./operation.ts";
import type { SandboxUser } from "./user.ts";
import { standardProperties, userProperties, userPropertyNames } from "./userProperties.ts";

/** How users are shown for one request: which properties, and the part of the context that names them. */
export type UserView = {
  readonly context: string;
  readonly show: (user: SandboxUser) => Record<string, unknown>;
};

/**
 * What `$select` asks for and the permission shows. User.ReadBasic.All leaves everything out but the basic profile.
 * On a collection some properties are 501.
 */
export function userView(call: Call, from: "collection" | "single"): UserView | Refusal {
  const asked = selectOf(call.query);
  const names: string[] = [];
  for (const wanted of asked ?? standardProperties) {
    const name = userPropertyNames.get(wanted.toLowerCase());
    if (name === undefined) {
      return refuse("selectUnknown", { property: wanted, type: "microsoft.graph.user" });
    }
    if (from === "collection" && userProperties[name]?.single)
      return refuse("notImplemented", { what: `$select of ${name}` });
    names.push(name);
  }
  const everything = isPermitted(call.caller, "readAllUsers");
  const shown = everything ? names : names.filter(name => userProperties[name]?.basic);
  return {
    context: asked === undefined ? "" : `(${names.join(",")})`,
    show: user => Object.fromEntries(shown.map(name => [name, userProperties[name]?.get(user)])),
  };
}
