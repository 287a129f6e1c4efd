import { randomBytes } from "node:crypto";
import { findApplication, nextId, replace, type StoredSecret } from "../applications/directory.ts";
import { secretView } from "../applications/view.ts";
import { refuse } from "../exchange.ts";
import { type BodyRules, contextRoot, operation } from "../operation.ts";
import { isObject } from "../validate.ts";

const common = {
  versions: ["v1.0", "beta"],
  capability: "applications",
  lane: "directory",
  effect: "write",
  permission: "writeApplications",
  method: "POST",
} as const;
const adding: BodyRules = {
  type: "microsoft.graph.addPassword",
  required: [],
  properties: { passwordCredential: "object" },
};
const removing: BodyRules = {
  type: "microsoft.graph.removePassword",
  required: ["keyId"],
  properties: { keyId: "string" },
};
const twoYearsMs = 2 * 365 * 86_400_000;

/** Makes a secret, which is told here and never again. @see https://learn.microsoft.com/graph/api/application-addpassword */
export const addSecret = operation({
  ...common,
  name: "addSecret",
  path: "/applications/{application}/addPassword",
  subject: "none",
  body: adding,
  run: call => {
    const { directory, seed } = call.state;
    const id = call.params.application ?? "";
    const found = findApplication(directory, id, call.now);
    if (found === undefined) return refuse("userNotFound", { id });
    const wanted = isObject(call.body.passwordCredential) ? call.body.passwordCredential : {};
    const until = typeof wanted.endDateTime === "string" ? Date.parse(wanted.endDateTime) : Number.NaN;
    const secret: StoredSecret = {
      keyId: nextId(directory, seed, "secret"),
      displayName: typeof wanted.displayName === "string" ? wanted.displayName : null,
      secretText: `sbx~${randomBytes(24).toString("base64url")}`,
      startDateTime: new Date(call.now).toISOString(),
      endDateTime: new Date(Number.isNaN(until) ? call.now + twoYearsMs : until).toISOString(),
      visibleAt: call.now + call.settings.replicationMs,
    };
    replace(directory.applications, { ...found, secrets: [...found.secrets, secret] });
    return {
      kind: "json",
      status: 200,
      value: {
        "@odata.context": `${contextRoot(call)}microsoft.graph.passwordCredential`,
        ...secretView(secret),
        secretText: secret.secretText,
      },
      change: { setting: `secret of ${found.appId} added` },
    };
  },
});

/** Removes a secret. @see https://learn.microsoft.com/graph/api/application-removepassword */
export const removeSecret = operation({
  ...common,
  name: "removeSecret",
  path: "/applications/{application}/removePassword",
  subject: "none",
  body: removing,
  run: call => {
    const { directory } = call.state;
    const id = call.params.application ?? "";
    const found = findApplication(directory, id, call.now);
    if (found === undefined) return refuse("userNotFound", { id });
    const secrets = found.secrets.filter(({ keyId }) => keyId !== call.body.keyId);
    if (secrets.length === found.secrets.length) return refuse("secretUnknown");
    replace(directory.applications, { ...found, secrets });
    return { kind: "empty", change: { setting: `secret of ${found.appId} removed` } };
  },
});
