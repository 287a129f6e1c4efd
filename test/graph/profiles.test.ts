import assert from "node:assert/strict";
import { test } from "node:test";
import { PrepopError } from "../../src/model/errors.ts";
import { connected, faultOf, graphError, user } from "./connected.ts";

const shown = "$select=id,userPrincipalName,usageLocation,accountEnabled,mobilePhone,businessPhones";
const filter = "endsWith(mail,'@contoso.com')";
const asked = encodeURIComponent(filter);

function person(id: string, fields: Readonly<Record<string, unknown>> = {}) {
  return user({ id, userPrincipalName: `${id}@contoso.com`, ...fields });
}

test("everybody's numbers are read page by page, and a page that failed is asked for again", async () => {
  await using it = await connected(({ path }, number) => {
    if (number === 2) return { status: 503, json: graphError("serviceNotAvailable", "Later.") };
    return path.includes("skiptoken")
      ? { json: { value: [person("b", { businessPhones: ["+31 20 1234567"] })] } }
      : {
          json: {
            value: [person("a", { mobilePhone: "0612345678", businessPhones: [], usageLocation: "nl" })],
            "@odata.nextLink": `${it.server.url}/v1.0/users?$skiptoken=2`,
          },
        };
  });
  const cursor = it.graph.profiles({ of: "everybody" });
  const [first] = (await cursor.next()) ?? [];
  assert.deepEqual(first, {
    user: { id: "a", userPrincipalName: "a@contoso.com", usageLocation: "NL" },
    mobilePhone: "0612345678",
    businessPhones: [],
  });
  assert.equal((await faultOf(cursor.next())).status, 503);
  const [second] = (await cursor.next()) ?? [];
  assert.deepEqual(second?.businessPhones, ["+31 20 1234567"]);
  assert.ok(second && !("mobilePhone" in second), "what is not shown is absent, and not empty");
  assert.equal(await cursor.next(), undefined);
  assert.equal(await cursor.next(), undefined);
  assert.deepEqual(
    it.server.seen.map(({ path }) => path),
    [`/v1.0/users?${shown}&$top=999`, "/v1.0/users?$skiptoken=2", "/v1.0/users?$skiptoken=2"],
  );
});

test("a filter is asked for as it is, then as an advanced query", async () => {
  await using it = await connected(({ headers }) =>
    headers.consistencylevel === "eventual"
      ? { json: { value: [person("a", { mobilePhone: null })] } }
      : { status: 400, json: graphError("Request_UnsupportedQuery", "Unsupported Query.") },
  );
  const page = await it.graph.profiles({ of: "filter", filter }).next();
  assert.deepEqual(
    page?.map(({ mobilePhone }) => mobilePhone),
    [""],
  );
  assert.deepEqual(
    it.server.seen.map(({ path }) => path),
    [
      `/v1.0/users?$filter=${asked}&${shown}&$top=999`,
      `/v1.0/users?$filter=${asked}&${shown}&$count=true&$top=999`,
    ],
  );
});

test("a filter that Graph does not take in any form is told with its reason", async () => {
  await using it = await connected(() => ({
    status: 400,
    json: graphError("Request_UnsupportedQuery", "Unsupported or invalid query filter clause."),
  }));
  await assert.rejects(it.graph.profiles({ of: "filter", filter }).next(), (error: unknown) => {
    assert.ok(error instanceof PrepopError);
    assert.equal(error.code, "PREPOP_DIRECTORY_FILTER");
    assert.match(error.message, /endsWith.*Unsupported or invalid query filter clause\./);
    return true;
  });
});

test("where $select is refused, the numbers are asked for without it", async () => {
  await using it = await connected(({ path }) =>
    path.includes("$select")
      ? { status: 501, json: graphError("notImplemented", "") }
      : { json: { value: [person("a", { mobilePhone: "0612345678" })] } },
  );
  const page = await it.graph.profiles({ of: "everybody" }).next();
  assert.equal(page?.[0]?.mobilePhone, "0612345678");
});

test("a group's members are found by its unique name, nested ones too", async () => {
  const id = "0b6a7f0e-1111-4222-8333-944455556666";
  await using it = await connected(({ path }) => ({
    json: {
      value: path.startsWith("/v1.0/groups?") ? [{ id, displayName: "Pilot" }] : [person("a")],
    },
  }));
  await it.graph.profiles({ of: "group", group: "Pilot" }).next();
  assert.equal(
    it.server.seen[1]?.path,
    `/v1.0/groups/${id}/transitiveMembers/microsoft.graph.user?${shown}&$count=true&$top=999`,
  );
  assert.equal(it.server.seen[1]?.headers.consistencylevel, "eventual");
});

const unreadable: readonly { readonly name: string; readonly value: unknown }[] = [
  { name: "a user without an id", value: { userPrincipalName: "a@contoso.com" } },
  { name: "a mobilePhone that is a number", value: person("a", { mobilePhone: 612345678 }) },
  { name: "businessPhones that are one text", value: person("a", { businessPhones: "+31 20 1234567" }) },
  { name: "a business phone that is null", value: person("a", { businessPhones: [null] }) },
];

for (const { name, value } of unreadable) {
  test(`${name} makes the page unreadable`, async () => {
    await using it = await connected(() => ({ json: { value: [value] } }));
    assert.equal((await faultOf(it.graph.profiles({ of: "everybody" }).next())).kind, "unreadable");
  });
}
