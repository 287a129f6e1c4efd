import assert from "node:assert/strict";
import { test } from "node:test";
import { PrepopError } from "../../src/model/errors.ts";
import { scriptedGraph } from "../support/scriptedGraph.ts";
import { connected, faultOf } from "./connected.ts";

const group = "0b6a7f0e-1111-4222-8333-944455556666";

/** A list of two pages, whose first page has this link; `{origin}` stands for the server itself. */
function twoPages(link: unknown) {
  return connected(({ headers }, number) => ({
    json:
      number === 1
        ? {
            value: [{ id: "u1" }],
            "@odata.nextLink":
              typeof link === "string" ? link.replace("{origin}", `http://${headers.host}`) : link,
          }
        : { value: [{ id: "u2" }] },
  }));
}

const followed: readonly (readonly [link: string, path: string])[] = [
  ["{origin}/v1.0/x?$skiptoken=RFNwd%2Ba'b%20c", "/v1.0/x?$skiptoken=RFNwd%2Ba'b%20c"],
  ["{origin}/v1.0/x?$skiptoken=a:b!c~d(e)*", "/v1.0/x?$skiptoken=a:b!c~d(e)*"],
  ["{origin}/v1.0/x?t=a b", "/v1.0/x?t=a%20b"],
  ["/v1.0/x?t=relative", "/v1.0/x?t=relative"],
];
for (const [link, path] of followed) {
  test(`${link} is followed as ${path}`, async () => {
    await using it = await twoPages(link);
    assert.deepEqual(await Array.fromAsync(it.graph.groupUserIds(group)), ["u1", "u2"]);
    assert.equal(it.server.seen[1]?.path, path);
    assert.equal(it.server.seen[1]?.headers.consistencylevel, "eventual");
  });
}

test("a link to another origin is refused, and no token goes there", async () => {
  await using other = await scriptedGraph(() => ({ json: { value: [] } }));
  const host = other.url.replace("http://", "");
  for (const link of [
    `${other.url}/v1.0/x`,
    `https://${host}/v1.0/x`,
    `//${host}/v1.0/x`,
    `http://x@${host}/v1.0/x`,
    `{origin}@${host}/v1.0/x`,
    `\\\\${host}\\x`,
    "https://graph.microsoft.com/v1.0/x",
    "file:///v1.0/x",
    "data:application/json,{}",
  ]) {
    await using it = await twoPages(link);
    await assert.rejects(
      Array.fromAsync(it.graph.groupUserIds(group)),
      (error: unknown) => error instanceof PrepopError && error.code === "PREPOP_GRAPH_FOREIGN_LINK",
      link,
    );
    assert.equal(it.server.seen.length, 1, link);
  }
  assert.equal(other.seen.length, 0);
});

test("a link with a password to the same origin is refused as well", async () => {
  await using it = await connected(({ headers }) => ({
    json: { value: [], "@odata.nextLink": `http://a:b@${headers.host}/v1.0/x` },
  }));
  await assert.rejects(Array.fromAsync(it.graph.groupUserIds(group)), PrepopError);
});

for (const link of ["", 7, {}, [], true, "http://"]) {
  test(`a link that is ${JSON.stringify(link)} makes the page unreadable`, async () => {
    await using it = await twoPages(link);
    assert.equal((await faultOf(Array.fromAsync(it.graph.groupUserIds(group)))).kind, "unreadable");
  });
}

test("no link, and a link that is null, end the list", async () => {
  await using it = await twoPages(null);
  assert.deepEqual(await Array.fromAsync(it.graph.groupUserIds(group)), ["u1"]);
});

test("a list that leads back to a page ends with a fault", async () => {
  await using it = await connected(({ headers }, number) => ({
    json: { value: [], "@odata.nextLink": `http://${headers.host}/v1.0/x?page=${number % 3}` },
  }));
  assert.equal((await faultOf(Array.fromAsync(it.graph.groupUserIds(group)))).kind, "unreadable");
  assert.equal(it.server.seen.length, 4);
});
