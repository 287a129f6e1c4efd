import assert from "node:assert/strict";
import { test } from "node:test";
import { GraphFault } from "../../src/model/fault.ts";
import type { Match } from "../../src/model/user.ts";
import { connected, faultOf, graphError, user, userId } from "./connected.ts";

const select = "$select=id,userPrincipalName,mail,employeeId,usageLocation,accountEnabled";

const requested: readonly (readonly [match: Match, key: string, path: string])[] = [
  ["upn", "kim@contoso.com", `/v1.0/users/kim%40contoso.com?${select}`],
  [
    "upn",
    "kim_fabrikam.com#EXT#@contoso.onmicrosoft.com",
    `/v1.0/users/kim_fabrikam.com%23EXT%23%40contoso.onmicrosoft.com?${select}`,
  ],
  ["upn", "o'brien@contoso.com", `/v1.0/users/o'brien%40contoso.com?${select}`],
  ["upn", "$kim@contoso.com", `/v1.0/users('%24kim%40contoso.com')?${select}`],
  ["upn", "$o'brien@contoso.com", `/v1.0/users('%24o''brien%40contoso.com')?${select}`],
  ["upn", "kim/../x@contoso.com", `/v1.0/users/kim%2F..%2Fx%40contoso.com?${select}`],
  ["id", userId, `/v1.0/users/${userId}?${select}`],
  ["mail", "kim@contoso.com", `/v1.0/users?$filter=mail%20eq%20'kim%40contoso.com'&${select}&$top=2`],
  [
    "mail",
    "o'brien&x@contoso.com",
    `/v1.0/users?$filter=mail%20eq%20'o''brien%26x%40contoso.com'&${select}&$top=2`,
  ],
  ["employeeId", "00 17+4", `/v1.0/users?$filter=employeeId%20eq%20'00%2017%2B4'&${select}&$top=2`],
];
for (const [match, key, path] of requested) {
  test(`${key} is looked up by ${match} under an encoded path`, async () => {
    await using it = await connected(() => ({
      status: 404,
      json: graphError("Request_ResourceNotFound", ""),
    }));
    await it.graph.findUser(key, match).catch((error: unknown) => assert.ok(error instanceof GraphFault));
    assert.equal(it.server.seen[0]?.path, path);
  });
}

test("a user has what Graph shows of him and nothing of another type", async () => {
  const shown = user({
    mail: "kim@contoso.com",
    employeeId: 17,
    usageLocation: "nl",
    accountEnabled: false,
    displayName: "Kim",
  });
  await using it = await connected(() => ({ json: shown }));
  assert.deepEqual(await it.graph.findUser("KIM@contoso.com", "upn"), {
    kind: "one",
    user: {
      id: userId,
      userPrincipalName: "kim@contoso.com",
      mail: "kim@contoso.com",
      usageLocation: "NL",
      accountEnabled: false,
    },
  });
});

const named: readonly (readonly [string, Match, string, "one" | "none"])[] = [
  ["the same name in another case", "upn", "KIM@Contoso.com", "one"],
  ["the object id in a column of names", "upn", userId.toUpperCase(), "one"],
  ["an alias that the service resolves", "upn", "kim.old@contoso.com", "none"],
  ["me, which a service may resolve to the caller", "upn", "me", "none"],
  ["a name that only looks the same (K is the Kelvin sign)", "upn", "\u212Aim@contoso.com", "none"],
  ["the id", "id", userId, "one"],
  ["a name in a column of ids", "id", "kim@contoso.com", "none"],
];
for (const [name, match, key, kind] of named) {
  test(`${name} finds ${kind}`, async () => {
    await using it = await connected(() => ({ json: user() }));
    assert.equal((await it.graph.findUser(key, match)).kind, kind);
  });
}

for (const key of ["", ".", "..", "a\u0000@contoso.com", "\ud800@contoso.com", "x".repeat(1_001)]) {
  test(`no user has the name ${JSON.stringify(key.slice(0, 20))}, and nothing is asked`, async () => {
    await using it = await connected(() => ({ json: user() }));
    for (const match of ["upn", "id", "mail", "employeeId"] as const) {
      assert.deepEqual(await it.graph.findUser(key, match), { kind: "none" });
    }
    assert.equal(it.server.seen.length, 0);
  });
}

test("a mail or employeeId is one user, none, or many", async () => {
  const kim = user({ mail: "kim@contoso.com" });
  const answers = [[], [kim], [kim, { ...kim, id: "another" }]];
  await using it = await connected((_, number) => ({ json: { value: answers[number - 1] } }));
  assert.equal((await it.graph.findUser("kim@contoso.com", "mail")).kind, "none");
  assert.equal((await it.graph.findUser("Kim@contoso.com", "mail")).kind, "one");
  assert.deepEqual(await it.graph.findUser("kim@contoso.com", "mail"), { kind: "many", count: 2 });
});

test("a page without users that leads to another is no answer yet", async () => {
  const kim = user({ employeeId: "17" });
  await using it = await connected(({ headers }, number) => ({
    json:
      number === 1
        ? { value: [], "@odata.nextLink": `http://${headers.host}/v1.0/users?page=2` }
        : { value: [kim] },
  }));
  assert.equal((await it.graph.findUser("17", "employeeId")).kind, "one");
});

test("a service that does not filter is not believed", async () => {
  await using it = await connected(() => ({ json: { value: [user({ mail: "someone.else@contoso.com" })] } }));
  assert.equal((await faultOf(it.graph.findUser("kim@contoso.com", "mail"))).kind, "unreadable");
});

for (const json of [
  {},
  { value: [] },
  user({ id: "" }),
  user({ id: "a/b" }),
  user({ id: ".." }),
  user({ id: 7 }),
  user({ userPrincipalName: null }),
]) {
  test(`${JSON.stringify(json)} is no user`, async () => {
    await using it = await connected(() => ({ json }));
    assert.equal((await faultOf(it.graph.findUser("kim@contoso.com", "upn"))).kind, "unreadable");
  });
}

for (const status of [400, 403, 501]) {
  test(`where $select is refused with ${status}, users are read without it for the rest of the run`, async () => {
    await using it = await connected(({ path }) =>
      path.includes("$select") ? { status, json: graphError("badRequest", "No $select.") } : { json: user() },
    );
    assert.equal((await it.graph.findUser("kim@contoso.com", "upn")).kind, "one");
    assert.equal((await it.graph.findUser("kim@contoso.com", "upn")).kind, "one");
    assert.deepEqual(
      it.server.seen.map(({ path }) => path.includes("$select")),
      [true, false, false],
    );
    assert.deepEqual(it.notices, [`The tenant does not answer $select on users (${status}); doing without.`]);
  });
}

test("where the user is refused also without $select, the refusal stands and $select stays", async () => {
  await using it = await connected(() => ({ status: 403, json: graphError("accessDenied", "No.") }));
  assert.equal((await faultOf(it.graph.findUser("kim@contoso.com", "upn"))).status, 403);
  assert.deepEqual(it.notices, []);
});
