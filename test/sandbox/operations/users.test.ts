import assert from "node:assert/strict";
import { test } from "node:test";
import type { SeedUser } from "../../../src/sandbox/user.ts";
import { aSandbox, kim, phonesOf } from "../client.ts";

const guest = "guest.user_fabrikam.com#EXT#@contoso.onmicrosoft.com";
const people: readonly SeedUser[] = [
  {
    userPrincipalName: kim,
    displayName: "Kim O'Hara",
    employeeId: "E1",
    mobilePhone: "+31 612345678",
    usageLocation: "NL",
  },
  {
    userPrincipalName: "Ana@Contoso.com",
    mail: "a.silva@contoso.com",
    employeeId: "E2",
    accountEnabled: false,
  },
  {
    userPrincipalName: "bo@contoso.com",
    mail: "a.silva@contoso.com",
    employeeId: "E3",
    otherMails: ["bo@example.com"],
  },
  { userPrincipalName: "o'neil@contoso.com" },
  { userPrincipalName: guest },
];

const eventual = { headers: { ConsistencyLevel: "eventual" } };

/** Filters, and the local parts of the users they find. */
const filters: readonly {
  readonly filter: string;
  readonly found: readonly string[];
  readonly extra?: string;
}[] = [
  { filter: "userPrincipalName eq 'KIM@contoso.com'", found: ["kim"] },
  { filter: "userPrincipalName eq 'o''neil@contoso.com'", found: ["o'neil"] },
  { filter: "mail eq 'a.silva@contoso.com'", found: ["Ana", "bo"] },
  { filter: "mail eq 'kim@contoso.com'", found: ["kim"] },
  { filter: "mail eq 'ana@contoso.com'", found: [] },
  { filter: "employeeId eq 'E3'", found: ["bo"] },
  { filter: "employeeId eq 'none'", found: [] },
  { filter: "employeeId eq 'E1' or employeeId eq 'E3'", found: ["kim", "bo"] },
  {
    filter: "userPrincipalName in ('kim@contoso.com', 'bo@contoso.com', 'x@contoso.com')",
    found: ["kim", "bo"],
  },
  { filter: "mobilePhone eq '+31 612345678'", found: ["kim"] },
  { filter: "startswith(displayName,'kim')", found: ["kim"] },
  { filter: "displayName eq 'Kim O''Hara' and accountEnabled eq true", found: ["kim"] },
  { filter: "accountEnabled eq false", found: ["Ana"] },
  { filter: "employeeId eq null", found: ["o'neil", "guest.user_fabrikam.com#EXT#"] },
  { filter: "otherMails/any(x:x eq 'bo@example.com')", found: ["bo"] },
  { filter: "userType eq 'Guest'", found: ["guest.user_fabrikam.com#EXT#"] },
  { filter: "(employeeId eq 'E1' or employeeId eq 'E2') and usageLocation eq 'NL'", found: ["kim"] },
  { filter: "usageLocation ne 'NL' and employeeId eq 'E2'", found: ["Ana"], extra: "&$count=true" },
  {
    filter: "not(startswith(userPrincipalName,'kim')) and endswith(userPrincipalName,'@contoso.com')",
    found: ["Ana", "bo", "o'neil"],
    extra: "&$count=true",
  },
];

for (const { filter, found, extra } of filters) {
  test(`$filter=${filter} finds ${found.join(", ") || "nobody"}`, async t => {
    const { call } = await aSandbox(t, { users: people });
    const reply = await call(
      "GET",
      `/v1.0/users?$filter=${encodeURIComponent(filter)}${extra ?? ""}`,
      extra === undefined ? {} : eventual,
    );
    assert.equal(reply.status, 200, reply.text);
    assert.deepEqual(
      reply.value.map(user => String(user.userPrincipalName).split("@")[0]),
      found,
    );
  });
}

test("ids can be looked up in one request", async t => {
  const { sandbox, call } = await aSandbox(t, { users: people });
  const ids = [kim, "bo@contoso.com"].map(upn => `'${sandbox.user(upn)?.id}'`);
  const reply = await call(
    "GET",
    `/v1.0/users?$filter=id in (${ids.join(",")})&$select=id,userPrincipalName`,
  );
  assert.deepEqual(
    reply.value.map(user => user.userPrincipalName),
    [kim, "bo@contoso.com"],
  );
  assert.equal(
    reply.json["@odata.context"],
    "https://graph.microsoft.com/v1.0/$metadata#users(id,userPrincipalName)",
  );
});

const refused: readonly { readonly query: string; readonly status: number; readonly code: string }[] = [
  { query: "$filter=usageLocation ne 'NL'", status: 400, code: "Request_UnsupportedQuery" },
  { query: "$filter=endswith(mail,'x')", status: 400, code: "Request_UnsupportedQuery" },
  {
    query: "$filter=startswith(mail,'x')&$orderby=displayName",
    status: 400,
    code: "Request_UnsupportedQuery",
  },
  { query: '$search="displayName:kim"', status: 400, code: "Request_UnsupportedQuery" },
  { query: "$filter=shoeSize eq 44", status: 400, code: "BadRequest" },
  { query: "$filter=mail eq 'x", status: 400, code: "BadRequest" },
  { query: "$filter=mail is 'x'", status: 400, code: "BadRequest" },
  { query: "$filter=", status: 400, code: "BadRequest" },
  { query: "$select=shoeSize", status: 400, code: "BadRequest" },
  { query: "$select=aboutMe", status: 501, code: "NotImplemented" },
  { query: "$top=1000", status: 400, code: "Request_BadRequest" },
  { query: "$top=0", status: 400, code: "Request_BadRequest" },
  { query: "$skip=5", status: 400, code: "BadRequest" },
  { query: "$skiptoken=nonsense", status: 400, code: "BadRequest" },
  {
    query: `$filter=id in (${Array.from({ length: 16 }, (_, at) => `'${at}'`).join(",")})`,
    status: 400,
    code: "Request_UnsupportedQuery",
  },
];

for (const { query, status, code } of refused) {
  test(`/users?${query.slice(0, 60)} is ${status}`, async t => {
    const { call } = await aSandbox(t, { users: people });
    const reply = await call("GET", `/v1.0/users?${query}`);
    assert.deepEqual([reply.status, reply.code], [status, code], reply.text);
  });
}

test("pages follow each other by an absolute link that keeps the query", async t => {
  const { sandbox, call } = await aSandbox(t, { users: 25 });
  const seen: unknown[] = [];
  let link: string | undefined = "/v1.0/users?$select=userPrincipalName&$top=10";
  let pages = 0;
  while (link !== undefined) {
    const reply = await call("GET", link);
    seen.push(...reply.value.map(user => user.userPrincipalName));
    link = reply.json["@odata.nextLink"] as string | undefined;
    if (link !== undefined)
      assert.ok(
        link.startsWith(`${sandbox.url}/v1.0/users?$select=userPrincipalName&$top=10&$skiptoken=`),
        link,
      );
    pages++;
  }
  assert.equal(pages, 3);
  assert.deepEqual(
    seen,
    Array.from({ length: 25 }, (_, at) => `user0000${String(at).padStart(2, "0")}@contoso.com`),
  );
});

test("a user created between two pages makes no other one appear twice or not at all", async t => {
  const { sandbox, call } = await aSandbox(t, { users: 4 });
  const first = await call("GET", "/v1.0/users?$top=2");
  sandbox.seedUsers(["aaa@contoso.com"]);
  const second = await call("GET", String(first.json["@odata.nextLink"]));
  assert.deepEqual(
    second.value.map(user => user.userPrincipalName),
    ["user000002@contoso.com", "user000003@contoso.com"],
  );
  const third = await call("GET", String(second.json["@odata.nextLink"]));
  assert.deepEqual(
    third.value.map(user => user.userPrincipalName),
    ["aaa@contoso.com"],
  );
});

test("a list has 100 users a page and the documented properties", async t => {
  const { call } = await aSandbox(t, { users: 101 });
  const reply = await call("GET", "/v1.0/users");
  assert.equal(reply.value.length, 100);
  assert.deepEqual(Object.keys(reply.value[0] ?? {}), [
    "businessPhones",
    "displayName",
    "givenName",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
    "id",
  ]);
});

test("$count counts for eventual consistency and is left out without it", async t => {
  const { call } = await aSandbox(t, { users: people });
  assert.equal((await call("GET", "/v1.0/users?$count=true&$top=1", eventual)).json["@odata.count"], 5);
  assert.equal((await call("GET", "/v1.0/users?$count=true&$top=1")).json["@odata.count"], undefined);
});

test("/users/$count is text, and only for eventual consistency", async t => {
  const { call } = await aSandbox(t, { users: people });
  const reply = await call("GET", "/v1.0/users/$count", eventual);
  assert.deepEqual([reply.status, reply.text, reply.headers.get("content-type")], [200, "5", "text/plain"]);
  assert.equal((await call("GET", "/v1.0/users/$count")).status, 400);
});

test("$search and $orderby work for eventual consistency", async t => {
  const { call } = await aSandbox(t, { users: people });
  const found = await call("GET", '/v1.0/users?$search="displayName:hara"', eventual);
  assert.deepEqual(
    found.value.map(user => user.userPrincipalName),
    [kim],
  );
  const ordered = await call("GET", "/v1.0/users?$orderby=userPrincipalName desc&$top=1", eventual);
  assert.equal(ordered.value[0]?.userPrincipalName, "o'neil@contoso.com");
});

for (const [what, key] of [
  ["UPN", kim],
  ["UPN in other case", "KIM@CONTOSO.com"],
  ["guest UPN, encoded", guest],
] as const) {
  test(`a user is found by ${what}`, async t => {
    const { call } = await aSandbox(t, { users: people });
    const reply = await call("GET", `/v1.0/users/${encodeURIComponent(key)}?$select=id,userPrincipalName`);
    assert.equal(String(reply.json.userPrincipalName).toLowerCase(), key.toLowerCase());
  });
}

test("the key may stand in brackets, as OData writes it", async t => {
  const { call } = await aSandbox(t, { users: people });
  const reply = await call("GET", "/v1.0/users('o''neil%40contoso.com')?$select=userPrincipalName");
  assert.equal(reply.json.userPrincipalName, "o'neil@contoso.com");
});

test("$select of a single user gives what it asks for, in that order", async t => {
  const { sandbox, call } = await aSandbox(t, { users: people });
  const reply = await call(
    "GET",
    `/v1.0/users/${kim}?$select=employeeId,usageLocation,accountEnabled,userType,aboutMe,id`,
  );
  assert.deepEqual(reply.json, {
    "@odata.context":
      "https://graph.microsoft.com/v1.0/$metadata#users(employeeId,usageLocation,accountEnabled,userType,aboutMe,id)/$entity",
    employeeId: "E1",
    usageLocation: "NL",
    accountEnabled: true,
    userType: "Member",
    aboutMe: null,
    id: sandbox.user(kim)?.id,
  });
});

test("a guest UPN that is not encoded is cut at its #, and not found", async t => {
  const { call } = await aSandbox(t, { users: people });
  assert.equal((await call("GET", `/v1.0/users/${guest}/authentication/phoneMethods`)).status, 404);
});

test("an unknown user is 404 in the service's words", async t => {
  const { call } = await aSandbox(t);
  for (const path of ["/v1.0/users/x@contoso.com", phonesOf("x@contoso.com")]) {
    const reply = await call("GET", path);
    assert.deepEqual([reply.status, reply.code], [404, "Request_ResourceNotFound"]);
    assert.equal(
      reply.message,
      "Resource 'x@contoso.com' does not exist or one of its queried reference-property objects are not present.",
    );
  }
});

test("a deleted user is 404 as a user, 403 on his methods, and listed among the deleted", async t => {
  const { sandbox, call } = await aSandbox(t);
  const id = sandbox.user(kim)?.id ?? "";
  sandbox.deleteUser(kim);
  assert.equal((await call("GET", `/v1.0/users/${id}`)).status, 404);
  const methods = await call("GET", phonesOf(id));
  assert.deepEqual([methods.status, methods.code], [403, "accessDenied"]);
  assert.equal((await call("GET", "/v1.0/users")).value.length, 2);
  const deleted = await call(
    "GET",
    "/v1.0/directory/deletedItems/microsoft.graph.user?$select=id,userPrincipalName",
  );
  assert.deepEqual(deleted.value, [{ id, userPrincipalName: `${id.replaceAll("-", "")}${kim}` }]);
  sandbox.restoreUser(id);
  assert.equal((await call("GET", phonesOf(kim))).status, 200);
});

test("a new user of a deleted one's name is another user", async t => {
  const { sandbox } = await aSandbox(t);
  const before = sandbox.user(kim)?.id;
  sandbox.deleteUser(kim);
  sandbox.seedUsers([kim]);
  assert.notEqual(sandbox.user(kim)?.id, before);
});

test("User.ReadBasic.All shows the basic profile only", async t => {
  const { call } = await aSandbox(t, {
    users: people,
    tokens: [{ token: "basic", kind: "app", roles: ["User.ReadBasic.All"] }],
  });
  const reply = await call("GET", `/v1.0/users/${kim}?$select=id,employeeId,displayName,usageLocation`, {
    token: "basic",
  });
  assert.deepEqual(Object.keys(reply.json), ["@odata.context", "id", "displayName"]);
});

test("ids depend on seed and UPN only", async t => {
  const { sandbox: one } = await aSandbox(t, { users: 3 });
  const { sandbox: two } = await aSandbox(t, { users: ["USER000002@contoso.com"] });
  const { sandbox: other } = await aSandbox(t, { users: 3, seed: 2 });
  assert.equal(one.user("user000002@contoso.com")?.id, two.user("user000002@contoso.com")?.id);
  assert.notEqual(one.user("user000002@contoso.com")?.id, other.user("user000002@contoso.com")?.id);
});

test("a tenant of 100,000 users answers from any page and any index", async t => {
  const { sandbox, call } = await aSandbox(t, { users: 100_000 });
  const last = "user099999@contoso.com";
  const reply = await call(
    "GET",
    `/v1.0/users?$filter=id eq '${sandbox.user(last)?.id}'&$select=userPrincipalName`,
  );
  assert.equal(reply.value[0]?.userPrincipalName, last);
  assert.equal((await call("GET", "/v1.0/users/$count", eventual)).text, "100000");
});
