import assert from "node:assert/strict";
import { test } from "node:test";
import { PrepopError } from "../../src/model/errors.ts";
import { connected, faultOf, graphError } from "./connected.ts";

const groupId = "0b6a7f0e-1111-4222-8333-944455556666";
const membersPath = `/v1.0/groups/${groupId}/transitiveMembers/microsoft.graph.user?$select=id&$count=true&$top=999`;

function notFound(error: unknown): boolean {
  return error instanceof PrepopError && error.code === "PREPOP_GROUP_NOT_FOUND";
}

test("a group's users are read by its id, as an advanced query", async () => {
  await using it = await connected(() => ({ json: { value: [{ id: "u1" }, { id: "u2" }] } }));
  assert.deepEqual(await Array.fromAsync(it.graph.groupUserIds(groupId)), ["u1", "u2"]);
  assert.equal(it.server.seen[0]?.path, membersPath);
  assert.equal(it.server.seen[0]?.headers.consistencylevel, "eventual");
});

test("a group is found by a name that only it has", async () => {
  const name = "HR & O'Brien";
  await using it = await connected(({ path }) => ({
    json: { value: path.startsWith("/v1.0/groups?") ? [{ id: groupId, displayName: name }] : [{ id: "u1" }] },
  }));
  assert.deepEqual(await Array.fromAsync(it.graph.groupUserIds(name)), ["u1"]);
  assert.deepEqual(
    it.server.seen.map(({ path }) => path),
    [
      "/v1.0/groups?$filter=displayName%20eq%20'HR%20%26%20O''Brien'&$select=id,displayName&$top=2",
      membersPath,
    ],
  );
});

test("a name that two groups or none have is not found", async () => {
  for (const value of [
    [],
    [
      { id: groupId, displayName: "HR" },
      { id: "g2", displayName: "hr" },
    ],
  ]) {
    await using it = await connected(() => ({ json: { value } }));
    await assert.rejects(Array.fromAsync(it.graph.groupUserIds("HR")), notFound);
    assert.equal(it.server.seen.length, 1);
  }
});

test("a name that nobody can have is not asked for", async () => {
  await using it = await connected(() => ({ json: { value: [] } }));
  await assert.rejects(Array.fromAsync(it.graph.groupUserIds("")), notFound);
  assert.equal(it.server.seen.length, 0);
});

test("an id that does not exist is not found", async () => {
  await using it = await connected(() => ({ status: 404, json: graphError("Request_ResourceNotFound", "") }));
  await assert.rejects(Array.fromAsync(it.graph.groupUserIds(groupId)), notFound);
});

test("a group that cannot be read is an error, never an empty group", async () => {
  await using it = await connected(() => ({ status: 403, json: graphError("accessDenied", "No.") }));
  assert.equal((await faultOf(Array.fromAsync(it.graph.groupUserIds(groupId)))).status, 403);
});

test("a member without an id makes the group unreadable", async () => {
  await using it = await connected(() => ({ json: { value: [{ id: "u1" }, {}] } }));
  assert.equal((await faultOf(Array.fromAsync(it.graph.groupUserIds(groupId)))).kind, "unreadable");
});

test("a service that does not filter groups is not believed", async () => {
  await using it = await connected(() => ({ json: { value: [{ id: groupId, displayName: "Board" }] } }));
  assert.equal((await faultOf(Array.fromAsync(it.graph.groupUserIds("HR")))).kind, "unreadable");
});
