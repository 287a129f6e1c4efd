import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { SandboxConfig } from "../../../src/sandbox/sandbox.ts";
import { cellXml, workbook } from "../../support/workbook.ts";
import { aSandbox, kim, manualClock } from "../client.ts";

const url = "https://contoso.sharepoint.com/sites/hr/Shared Documents/phones.xlsx";
const link = "https://contoso.sharepoint.com/:x:/s/hr/EaBcD";

const people = Array.from({ length: 600 }, (_, index) => [
  `user${index}@contoso.com`,
  31_600_000_000 + index,
]);
const bytes = workbook({
  formats: ["0000000000", '"+"0'],
  sheets: [
    {
      name: "Staff list",
      rows: [["Phones"], ["UPN", "Mobile"], ...people],
      hiddenRows: [4, 5],
      tables: [{ name: "Phones", ref: "A2:B602", columns: ["UPN", "Mobile"] }],
    },
    {
      name: "Kinds",
      rows: [
        [
          "+31612345678",
          "0612345678",
          cellXml('s="1"', "<v>612345678</v>"),
          cellXml('s="2"', "<v>31612345678</v>"),
          316_123_456_789,
          true,
          cellXml('t="e"', "<v>#N/A</v>"),
          cellXml('t="str"', '<f>A1&amp;"x"</f><v>done</v>'),
        ],
      ],
    },
    { name: "Old", state: "hidden", rows: [["x"]] },
  ],
});

const token = "kim.s.token";
const person = (scopes?: readonly string[]) =>
  ({ token, kind: "delegated", user: kim, ...(scopes ? { scopes } : {}) }) as const;

async function aLibrary(t: TestContext, config: SandboxConfig = {}) {
  const made = await aSandbox(t, { files: [{ url, link, bytes }], tokens: [person()], ...config });
  const file = made.sandbox.file(url);
  assert.ok(file);
  const item = `/v1.0/drives/${file.driveId}/items/${file.id}`;
  const ask = (path: string, more: object = {}) => made.call("GET", `${item}${path}`, { token, ...more });
  const sheets = await ask("/workbook/worksheets");
  const [staff = "", kinds = ""] = sheets.value.map(
    ({ id }) => `/workbook/worksheets/${encodeURIComponent(String(id))}`,
  );
  return { ...made, file, item, ask, staff, kinds };
}

const shareOf = (address: string) => `/v1.0/shares/u!${Buffer.from(address).toString("base64url")}/driveItem`;

const addresses: readonly (readonly [string, string, number])[] = [
  ["its web address", new URL(url).href, 200],
  ["its web address with what browsers add", `${new URL(url).href}?web=1&d=w1234`, 200],
  ["its sharing link", `${link}?e=AbCdEf`, 200],
  ["another address", "https://contoso.sharepoint.com/sites/hr/other.xlsx", 404],
];
for (const [name, address, status] of addresses) {
  test(`a share token of ${name} is ${status}`, async t => {
    const { call } = await aLibrary(t);
    const reply = await call("GET", shareOf(address));
    assert.equal(reply.status, status, reply.text);
    if (status === 200) assert.equal(reply.json.name, "phones.xlsx");
  });
}

test("a site, its library and the path in it lead to the file", async t => {
  const { call, file } = await aLibrary(t);
  const site = await call("GET", "/v1.0/sites/contoso.sharepoint.com:/sites/hr");
  const drives = await call("GET", `/v1.0/sites/${site.json.id}/drives?$select=id,webUrl`);
  assert.equal(drives.value[0]?.webUrl, "https://contoso.sharepoint.com/sites/hr/Shared%20Documents");
  const item = await call("GET", `/v1.0/drives/${drives.value[0]?.id}/root:/phones.xlsx`);
  assert.equal(item.json.id, file.id);
});

test("the content is a 302 to another origin that wants no token and refuses one", async t => {
  const { sandbox, item } = await aLibrary(t);
  const first = await fetch(`${sandbox.url}${item}/content`, {
    headers: { Authorization: `Bearer ${sandbox.token}` },
    redirect: "manual",
  });
  assert.equal(first.status, 302);
  const location = first.headers.get("location") ?? "";
  assert.notEqual(new URL(location).origin, sandbox.url);
  const download = await fetch(location);
  assert.deepEqual(Buffer.from(await download.arrayBuffer()), bytes);
  assert.equal((await fetch(location, { headers: { Authorization: "Bearer x" } })).status, 401);
  assert.equal((await fetch(location.replace(/.$/, "_"))).status, 403);
});

test("a range has text and values, and a number is shown by its format", async t => {
  const { ask, kinds } = await aLibrary(t);
  const { json } = await ask(`${kinds}/range(address='A1:H1')`);
  assert.deepEqual(json.text, [
    ["+31612345678", "0612345678", "0612345678", "+31612345678", "3.16123E+11", "TRUE", "#N/A", "done"],
  ]);
  assert.deepEqual(json.values, [
    ["+31612345678", "0612345678", 612_345_678, 31_612_345_678, 316_123_456_789, true, "#N/A", "done"],
  ]);
  assert.deepEqual(json.valueTypes, [
    ["String", "String", "Double", "Double", "Double", "Boolean", "Error", "String"],
  ]);
  assert.equal((json.formulas as unknown[][])[0]?.[7], '=A1&"x"');
});

test("rows of a table come in pages, and a range that is too large is refused", async t => {
  const { ask, call, staff } = await aLibrary(t, { workbook: { pageRows: 250, mostCells: 1_000 } });
  const sizes: number[] = [];
  let next: string | undefined = "/workbook/tables/Phones/rows";
  let page = await ask(next);
  while (next !== undefined) {
    sizes.push(page.value.length);
    next = page.json["@odata.nextLink"] as string | undefined;
    if (next !== undefined) page = await call("GET", next, { token });
  }
  assert.deepEqual(sizes, [250, 250, 100]);
  assert.equal((await ask("/workbook/tables/Phones/dataBodyRange")).status, 413);
  assert.equal(
    (await ask("/workbook/tables/Phones/range?$select=address")).json.address,
    "'Staff list'!A2:B602",
  );
  const some = await ask(`${staff}/range(address='A3:B6')?$select=rowHidden`);
  assert.deepEqual(some.json.rowHidden, null);
  const visible = await ask(`${staff}/range(address='A3:B6')/visibleView`);
  assert.deepEqual(visible.json.cellAddresses, [
    ["A3", "B3"],
    ["A6", "B6"],
  ]);
});

test("only a session that persists changes the file, and one that idles is gone", async t => {
  const clock = manualClock();
  const { ask, call, item, file, staff } = await aLibrary(t, { clock });
  const session = async (persistChanges: boolean) => {
    const reply = await call("POST", `${item}/workbook/createSession`, { token, body: { persistChanges } });
    return { token, headers: { "workbook-session-id": String(reply.json.id) } };
  };
  const write = (place: object) =>
    call("PATCH", `${item}${staff}/range(address='B3')`, { ...place, body: { values: [["'=1+1"]] } });
  const draft = await session(false);
  assert.equal((await write(draft)).status, 200);
  assert.equal(file.table("Phones")[1]?.[1], "31600000000");
  assert.equal((await write(await session(true))).status, 200);
  assert.equal(file.table("Phones")[1]?.[1], "=1+1");
  clock.advance(300_001);
  const reply = await ask(`${staff}/range(address='B3')`, draft);
  assert.equal(reply.status, 404);
  assert.match(reply.text, /invalidSessionReCreatable/);
});

test("a column is added with its rows or not at all, and the file that is downloaded has it", async t => {
  const { call, item, file } = await aLibrary(t);
  const add = (values: unknown[][]) =>
    call("POST", `${item}/workbook/tables/Phones/columns`, { token, body: { name: "done", values } });
  assert.equal((await add([["done"], ["x"]])).status, 400);
  assert.equal((await add([["done"], ...people.map(() => ["yes"])])).status, 201);
  assert.deepEqual(file.table("Phones")[600], ["user599@contoso.com", "31600000599", "yes"]);
  assert.notDeepEqual(await file.content(), bytes);
});

const refusals: readonly (readonly [string, readonly string[] | undefined, string, number])[] = [
  ["Files.Read reads the item", ["Files.Read"], "", 200],
  ["Files.Read lists the tables", ["Files.Read"], "/workbook/tables", 200],
  ["Files.Read reads no rows", ["Files.Read"], "/workbook/tables/Phones/rows", 403],
  ["Files.ReadWrite reads rows", ["Files.ReadWrite"], "/workbook/tables/Phones/rows", 200],
  ["User.Read.All reads no item", ["User.Read.All"], "", 403],
];
for (const [name, scopes, path, status] of refusals) {
  test(name, async t => {
    const { ask } = await aLibrary(t, { tokens: [person(scopes)] });
    assert.equal((await ask(path)).status, status);
  });
}

test("an application has the file but no workbook", async t => {
  const { call, item } = await aLibrary(t);
  assert.equal((await call("GET", item)).status, 200);
  assert.equal((await call("GET", `${item}/workbook/tables`)).status, 403);
});

test("a locked file can be read and not written", async t => {
  const { call, ask, item, file } = await aLibrary(t);
  file.lock(true);
  assert.equal((await ask("/workbook/tables")).status, 200);
  const session = await call("POST", `${item}/workbook/createSession`, {
    token,
    body: { persistChanges: true },
  });
  assert.equal(session.status, 423);
});

test("a file is uploaded beside another, and again over itself", async t => {
  const { call, sandbox, file } = await aLibrary(t);
  const put = (raw: string) =>
    call("PUT", `/v1.0/drives/${file.driveId}/items/${file.parentId}:/notes.txt:/content`, {
      raw,
      headers: { "Content-Type": "text/plain" },
    });
  assert.equal((await put("one")).status, 201);
  assert.equal((await put("two")).status, 200);
  assert.equal(String(await sandbox.file("notes.txt")?.content()), "two");
});

test("a second person can insert, move and delete rows of a table", async t => {
  const { file } = await aLibrary(t);
  file.insertRow("Phones", 0, ["new@contoso.com", "+31612345678"]);
  file.moveRow("Phones", 1, 600);
  file.deleteRow("Phones", 1);
  const table = file.table("Phones");
  assert.equal(table.length, 601);
  assert.deepEqual(table[1], ["new@contoso.com", "+31612345678"]);
  assert.deepEqual(table[2], ["user2@contoso.com", "31600000002"]);
  assert.deepEqual(table[600], ["user0@contoso.com", "31600000000"]);
});

test("files, workbooks and locks are as at the start after a reset", async t => {
  const { sandbox, file } = await aLibrary(t);
  file.insertRow("Phones", 0, ["new@contoso.com", "+31612345678"]);
  sandbox.reset();
  assert.equal(sandbox.file(url)?.table("Phones").length, 601);
});
