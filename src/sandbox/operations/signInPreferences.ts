import type { DefaultMethod } from "../../model/change.ts";
import { refuse } from "../exchange.ts";
import { canBeDefault } from "../methods.ts";
import { contextRoot, operation } from "../operation.ts";

const path = "/users/{user}/authentication/signInPreferences";
const values = ["push", "oath", "voiceMobile", "voiceAlternateMobile", "voiceOffice", "sms"];

/**
 * The default method of a user; beta only.
 * @see https://learn.microsoft.com/graph/api/authentication-get?view=graph-rest-beta
 */
export const getSignInPreferences = operation({
  name: "getSignInPreferences",
  method: "GET",
  path,
  versions: ["beta"],
  capability: "beta",
  effect: "read",
  lane: "phones",
  permission: "readMethods",
  subject: "authentication",
  self: "unknown",
  run: call => ({
    kind: "json",
    status: 200,
    value: {
      "@odata.context": `${contextRoot(call)}users('${call.params.user}')/authentication/signInPreferences`,
      isSystemPreferredAuthenticationMethodEnabled: call.user.systemPreferred,
      userPreferredMethodForSecondaryAuthentication: call.user.defaultMethod ?? null,
    },
  }),
});

/**
 * Sets the default method: 204. A method the user does not have is refused.
 * @see https://learn.microsoft.com/graph/api/authentication-update?view=graph-rest-beta
 */
export const updateSignInPreferences = operation({
  name: "updateSignInPreferences",
  method: "PATCH",
  path,
  versions: ["beta"],
  capability: "beta",
  effect: "write",
  lane: "phones",
  permission: "writeMethods",
  subject: "authentication",
  self: "unknown",
  body: {
    type: "microsoft.graph.signInPreferences",
    required: [],
    properties: {
      isSystemPreferredAuthenticationMethodEnabled: "boolean",
      userPreferredMethodForSecondaryAuthentication: values,
    },
  },
  run: call => {
    const { user, body } = call;
    const wanted = body.userPreferredMethodForSecondaryAuthentication as DefaultMethod | undefined;
    if (wanted !== undefined && !canBeDefault(user, user.phones, wanted)) {
      return refuse("methodNotRegistered", { method: wanted });
    }
    const systemPreferred = body.isSystemPreferredAuthenticationMethodEnabled;
    if (typeof systemPreferred === "boolean") user.systemPreferred = systemPreferred;
    if (wanted !== undefined) user.defaultMethod = wanted;
    return { kind: "empty", change: { setting: `signInPreferences ${wanted ?? ""}`.trim() } };
  },
});
