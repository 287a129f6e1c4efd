import assert from "node:assert/strict";
import { test } from "node:test";
import { PrepopError } from "../../src/model/errors.ts";
import type { ListFile } from "../../src/model/sharedList.ts";
import { type Reply, scriptedGraph } from "../support/scriptedGraph.ts";
import { connected, faultOf, token } from "./connected.ts";

const file: ListFile = { name: "phones.xlsx", driveId: "b!1", id: "01A", parentId: "01P", size: 3 };
const item = {
  id: "01A",
  name: "phones.xlsx",
  size: 3,
  cTag: "c1",
  file: {},
  parentReference: { driveId: "b!1", id: "01P" },
};
const share = { kind: "share", url: "https://contoso.sharepoint.com/:x:/s/hr/EaBcD" } as const;

const gather = async (bytes: AsyncIterable<Uint8Array>): Promise<string> =>
  Buffer.concat(await Array.fromAsync(bytes)).toString();

test("an address is asked of Graph as a share, and looked at without accepting it for good", async () => {
  await using it = await connected(() => ({ json: item }));
  assert.deepEqual(await it.graph.lists.find(share), { ...file, tag: "c1", sharedAs: share.url });
  const [seen] = it.server.seen;
  assert.match(seen?.path ?? "", /^\/v1\.0\/shares\/u![\w-]+\/driveItem\?/);
  assert.equal(seen?.headers.prefer, "redeemSharingLinkIfNecessary");
});

const unusable: readonly (readonly [string, object])[] = [["no id", { ...item, id: "" }]];
for (const [what, json] of unusable) {
  test(`a file with ${what} is unreadable`, async () => {
    await using it = await connected(() => ({ json }));
    assert.equal((await faultOf(it.graph.lists.find(share))).kind, "unreadable");
  });
}

test("an address of a folder is told as one", async () => {
  await using it = await connected(() => ({ json: { ...item, folder: { childCount: 2 } } }));
  const error = await it.graph.lists.find(share).catch((reason: unknown) => reason);
  assert.ok(error instanceof PrepopError);
  assert.equal(error.code, "PREPOP_ROSTER_NOT_FOUND");
});

test("the address of a file's bytes gets no token and no sign of who asks", async () => {
  await using other = await scriptedGraph(() => ({ bytes: Buffer.from("abc") }));
  const location = `${other.url.replace("127.0.0.1", "localhost")}/download?tempauth=s3cret`;
  await using it = await connected(() => ({ status: 302, headers: { location } }));
  assert.equal(await gather(await it.graph.lists.download(file)), "abc");
  assert.equal(it.server.seen[0]?.headers.authorization, `Bearer ${token}`);
  const { headers } = other.seen[0] ?? { headers: {} };
  assert.deepEqual(
    Object.keys(headers).filter(name => !["host", "connection", "user-agent", "accept"].includes(name)),
    [],
  );
});

test("a gateway may give the bytes itself", async () => {
  await using it = await connected(() => ({ bytes: Buffer.from([0x50, 0x4b, 0xff, 0x00]) }));
  const bytes = await Array.fromAsync(await it.graph.lists.download(file));
  assert.deepEqual(Buffer.concat(bytes), Buffer.from([0x50, 0x4b, 0xff, 0x00]));
});

const locations: readonly (readonly [string, string])[] = [
  ["plain http to another machine", "http://example.test/x?tempauth=s3cret"],
  ["no address", "not an address"],
  ["a file", "file:///etc/passwd"],
];
for (const [what, location] of locations) {
  test(`${what} is not followed, and its secret is not repeated`, async () => {
    await using it = await connected(() => ({ status: 302, headers: { location } }));
    const fault = await faultOf(it.graph.lists.download(file));
    assert.equal(fault.kind, "unreadable");
    assert.doesNotMatch(fault.message, /s3cret|passwd/);
  });
}

test("a second redirect, from the address of the bytes, is not followed", async () => {
  await using third = await scriptedGraph(() => ({ text: "x" }));
  await using other = await scriptedGraph(() => ({ status: 302, headers: { location: third.url } }));
  await using it = await connected(() => ({
    status: 302,
    headers: { location: `${other.url}/x?tempauth=s3cret` },
  }));
  const fault = await faultOf(it.graph.lists.download(file));
  assert.equal(fault.status, 302);
  assert.doesNotMatch(fault.message, /s3cret/);
  assert.equal(third.seen.length, 0);
});

test("an address of bytes that nobody answers is told by its host alone", async () => {
  const gone = await scriptedGraph(() => "hang");
  await gone[Symbol.asyncDispose]();
  await using it = await connected(() => ({
    status: 302,
    headers: { location: `${gone.url}/x?tempauth=s3cret` },
  }));
  const fault = await faultOf(it.graph.lists.download(file));
  assert.equal(fault.kind, "unreachable");
  assert.doesNotMatch(fault.message, /s3cret/);
});

test("what may be seen only through its sharing link is downloaded through it", async () => {
  await using it = await connected(({ path }) =>
    path.startsWith("/v1.0/shares/") ? { bytes: Buffer.from("abc") } : { status: 403 },
  );
  assert.equal(await gather(await it.graph.lists.download({ ...file, sharedAs: share.url })), "abc");
  assert.deepEqual(
    it.server.seen.map(({ path }) => path.split("/")[2]),
    ["drives", "shares"],
  );
  const { driveId: _none, ...without } = file;
  assert.equal(await gather(await it.graph.lists.download({ ...without, sharedAs: share.url })), "abc");
});

test("a file is put beside another with its name encoded", async () => {
  await using it = await connected(() => ({ status: 201, json: item }));
  await it.graph.lists.uploadBeside(file, "phones #1: Jan.xlsx", Buffer.from("abc"));
  const [seen] = it.server.seen;
  assert.equal(seen?.method, "PUT");
  assert.equal(seen?.path, "/v1.0/drives/b!1/items/01P:/phones%20%231%3A%20Jan.xlsx:/content");
  assert.equal(seen?.headers["content-type"], "application/octet-stream");
  assert.equal(seen?.body, "abc");
});

const range = {
  address: "'Staff list'!A1:B2",
  values: [
    ["UPN", "Mobile"],
    ["kim@contoso.com", 31_612_345_678],
  ],
  text: [
    ["UPN", "Mobile"],
    ["kim@contoso.com", "+31612345678"],
  ],
  valueTypes: [
    ["String", "String"],
    ["String", "Double"],
  ],
  numberFormat: [
    ["General", "General"],
    ["General", '"+"0'],
  ],
  formulas: [
    ["UPN", "Mobile"],
    ["kim@contoso.com", 31_612_345_678],
  ],
  rowHidden: false,
};

/** A service with one sheet whose ranges answer as told. */
const workbookOf =
  (given: object) =>
  ({ path }: { path: string }): Reply => {
    if (path.endsWith("/createSession")) return { status: 201, json: { id: "session-1" } };
    if (path.endsWith("/worksheets"))
      return { json: { value: [{ id: "{1}", name: "Staff list", visibility: "Visible" }] } };
    if (path.endsWith("/tables")) return { json: { value: [] } };
    return { json: { ...range, ...given } };
  };

test("a range is read with what is displayed and what is kept, in its session", async () => {
  await using it = await connected(workbookOf({}));
  const workbook = await it.graph.lists.open(file, false);
  assert.deepEqual(await workbook.sheets[0]?.read("A1:B2").then(({ cells }) => cells[1]?.[1]), {
    kind: "number",
    value: 31_612_345_678,
    text: "+31612345678",
    format: '"+"0',
    isFormula: false,
  });
  assert.equal(it.server.seen.at(-1)?.headers["workbook-session-id"], "session-1");
  assert.match(it.server.seen.at(-1)?.path ?? "", /worksheets\/%7B1%7D\/range\(address='A1:B2'\)\?/);
});

const torn: readonly (readonly [string, object])[] = [
  ["another area than was asked for", { address: "Staff!A2:B3" }],
  ["no address", { address: undefined }],
  ["a row too few", { values: range.values.slice(1) }],
  ["texts that are a column short", { text: [["UPN"], ["kim@contoso.com"]] }],
  ["kinds of another shape", { valueTypes: [["String"]] }],
  ["no texts", { text: undefined }],
];
for (const [what, given] of torn) {
  test(`a range with ${what} is unreadable, and no cell of it is used`, async () => {
    let opened = false;
    await using it = await connected(request => workbookOf(opened ? given : {})(request));
    const workbook = await it.graph.lists.open(file, false);
    opened = true;
    const [sheet] = workbook.sheets;
    assert.ok(sheet);
    assert.equal((await faultOf(sheet.read("A1:B2"))).kind, "unreadable");
  });
}

test("a service that says less of a cell says enough with its text and value", async () => {
  const less = { valueTypes: undefined, numberFormat: undefined, formulas: undefined, rowHidden: undefined };
  await using it = await connected(workbookOf(less));
  const workbook = await it.graph.lists.open(file, false);
  assert.deepEqual(await workbook.sheets[0]?.read("A1:B2").then(({ cells }) => cells[1]?.[1]), {
    kind: "number",
    value: 31_612_345_678,
    text: "+31612345678",
    isFormula: false,
  });
});

test("a service that knows tables and no sheets gives each table whole", async () => {
  await using it = await connected(({ path }) => {
    if (path.includes("/worksheets")) return { status: 404 };
    if (path.endsWith("/createSession")) return { status: 201, json: { id: "session-1" } };
    if (path.endsWith("/tables"))
      return { json: { value: [{ id: "1", name: "Phones", showHeaders: true }] } };
    return { json: range };
  });
  const [sheet] = (await it.graph.lists.open(file, false)).sheets;
  assert.equal(sheet?.name, "Staff list");
  assert.deepEqual(sheet?.tables[0]?.headers, ["UPN", "Mobile"]);
  assert.deepEqual(
    await sheet?.read("B2:B2").then(({ cells }) => cells.map(row => row.map(({ text }) => text))),
    [["+31612345678"]],
  );
});

test("what is written can start no formula", async () => {
  await using it = await connected(workbookOf({}));
  const workbook = await it.graph.lists.open(file, true);
  const [sheet] = workbook.sheets;
  assert.ok(sheet);
  await workbook.write(sheet, "C1:C6", [["=1+1"], ["+cmd"], ["-1"], ["@x"], ["applied"], [undefined]]);
  const body = JSON.parse(it.server.seen.at(-1)?.body ?? "") as { values: unknown };
  assert.deepEqual(body.values, [["'=1+1"], ["'+cmd"], ["'-1"], ["'@x"], ["applied"], [null]]);
});

test("a service without sessions is asked without one, and one that denies the caller is not asked on", async () => {
  await using it = await connected(request =>
    request.path.endsWith("/createSession") ? { status: 501 } : workbookOf({})(request),
  );
  const workbook = await it.graph.lists.open(file, false);
  assert.equal(workbook.sheets.length, 1);
  assert.equal(it.server.seen.at(-1)?.headers["workbook-session-id"], undefined);
  await using other = await connected(() => ({ status: 403 }));
  assert.equal((await faultOf(other.graph.lists.open(file, false))).status, 403);
  assert.equal(other.server.seen.length, 1);
});
