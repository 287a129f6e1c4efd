import { contextRoot, operation } from "../operation.ts";
import type { PerUserMfaState } from "../user.ts";

const path = "/users/{user}/authentication/requirements";

/**
 * The state of per-user MFA; beta only.
 * @see https://learn.microsoft.com/graph/api/authentication-get?view=graph-rest-beta
 */
export const getRequirements = operation({
  name: "getRequirements",
  method: "GET",
  path,
  versions: ["beta"],
  capability: "beta",
  effect: "read",
  lane: "phones",
  permission: "readRequirements",
  subject: "authentication",
  self: "unknown",
  run: call => ({
    kind: "json",
    status: 200,
    value: {
      "@odata.context": `${contextRoot(call)}users('${call.params.user}')/authentication/requirements`,
      perUserMfaState: call.user.perUserMfa,
    },
  }),
});

/**
 * Sets the state of per-user MFA: 204.
 * @see https://learn.microsoft.com/graph/api/authentication-update?view=graph-rest-beta
 */
export const updateRequirements = operation({
  name: "updateRequirements",
  method: "PATCH",
  path,
  versions: ["beta"],
  capability: "beta",
  effect: "write",
  lane: "phones",
  permission: "writeRequirements",
  subject: "authentication",
  self: "unknown",
  body: {
    type: "microsoft.graph.strongAuthenticationRequirements",
    required: ["perUserMfaState"],
    properties: { perUserMfaState: ["enforced", "enabled", "disabled"] },
  },
  run: call => {
    call.user.perUserMfa = call.body.perUserMfaState as PerUserMfaState;
    return { kind: "empty", change: { setting: `perUserMfaState ${call.user.perUserMfa}` } };
  },
});
