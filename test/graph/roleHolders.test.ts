import assert from "node:assert/strict";
import { test } from "node:test";
import { connected, graphError } from "./connected.ts";

const group = "0b6a7f0e-1111-4222-8333-944455556666";
const user = "0b6a7f0e-1111-4222-8333-000000000001";
const unknown = "0b6a7f0e-1111-4222-8333-000000000002";
function service(more: { readonly expands: boolean }) {
  return ({ path }: { readonly path: string }) => {
    if (path.includes("/roleAssignments")) {
      if (!more.expands && path.includes("$expand"))
        return { status: 400, json: graphError("badRequest", "$expand") };
      const typed = (type: string) =>
        more.expands ? { principal: { "@odata.type": `#microsoft.graph.${type}` } } : {};
      return {
        json: {
          value: [
            { principalId: user, ...typed("user") },
            { principalId: user, ...typed("user") },
            { principalId: group, ...typed("group") },
            { principalId: unknown, principal: {} },
          ],
        },
      };
    }
    return path.includes(group)
      ? { json: { value: [{ id: "u-3" }] } }
      : { status: 404, json: graphError("Request_ResourceNotFound", "") };
  };
}

for (const expands of [true, false]) {
  test(`administrators are who holds a role, ${expands ? "" : "$expand or not, "}also through a group`, async () => {
    await using it = await connected(service({ expands }));
    const ids = await it.graph.roleHolders();
    assert.deepEqual(ids, new Set([user, group, unknown, "u-3"]));
    const asked = it.server.seen.filter(({ path }) => path.includes("/groups/")).length;
    assert.equal(asked, expands ? 2 : 3, "only what may be a group is looked into");
  });
}
