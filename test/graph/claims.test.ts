import assert from "node:assert/strict";
import { test } from "node:test";
import { actorInToken, tenantInToken } from "../../src/graph/claims.ts";
import type { Actor } from "../../src/model/user.ts";

/** A token with these claims, signed by nobody. */
function tokenWith(claims: unknown): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;
}

const tokens: readonly {
  readonly name: string;
  readonly token: string;
  readonly tenant?: string;
  readonly actor: Actor;
}[] = [
  {
    name: "of a person",
    token: tokenWith({ tid: "t-1", upn: "kim@contoso.com", appid: "app-1", scp: "User.Read" }),
    tenant: "t-1",
    actor: { name: "kim@contoso.com", kind: "delegated" },
  },
  {
    name: "of an application",
    token: tokenWith({ tid: "t-1", idtyp: "app", app_displayname: "prepop", appid: "app-1", roles: ["x"] }),
    tenant: "t-1",
    actor: { name: "prepop", kind: "application" },
  },
  {
    name: "of an application without a name",
    token: tokenWith({ appid: "app-1", roles: ["x"] }),
    actor: { name: "app-1", kind: "application" },
  },
  {
    name: "of a person whose name is not in it",
    token: tokenWith({ appid: "app-1", scp: "User.Read" }),
    actor: { name: "app-1", kind: "delegated" },
  },
  { name: "with claims of other types", token: tokenWith({ tid: 1, upn: {}, appid: [] }), actor: nobody() },
  { name: "whose claims are no object", token: tokenWith(["tid"]), actor: nobody() },
  { name: "whose claims are no JSON", token: "a.%%%.c", actor: nobody() },
  { name: "that is opaque", token: "sandbox-token", actor: nobody() },
  {
    name: "with a name that would move the cursor",
    token: tokenWith({ upn: "kim\u001b[2J\n@contoso.com" }),
    actor: { name: "kim [2J @contoso.com", kind: "delegated" },
  },
];
for (const { name, token, tenant, actor } of tokens) {
  test(`a token ${name} names ${actor.name} and tenant ${tenant}`, () => {
    assert.equal(tenantInToken(token), tenant);
    assert.deepEqual(actorInToken(token), actor);
  });
}

function nobody(): Actor {
  return { name: "unknown", kind: "unknown" };
}
