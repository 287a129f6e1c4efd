import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PrepopError, readRoster } from "../../src/index.ts";
import { runCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/ledgerData.ts";
import {
  aListTenant,
  application,
  type ListTenant,
  listUrl,
  person,
  staffList,
} from "../support/sharedList.ts";
import { type Cell, cellXml, workbook } from "../support/workbook.ts";

const manyPeople = Array.from({ length: 1_300 }, (_, index) => [
  `user${index}@contoso.com`,
  `+31 6${String(10_000_000 + index)}`,
]);

const mobilesOf = ({ rows }: { rows: readonly { cells: { mobile?: { text: string } } }[] }) =>
  rows.map(({ cells }) => cells.mobile?.text);

test("a table of 1,300 rows is read whole in Excel Online, one request at a time", async t => {
  let underWay = 0;
  let most = 0;
  const tenant = await aListTenant(t, staffList(manyPeople), {
    workbook: { mostCells: 10_000 },
    latencyMs: 1,
    clock: {
      now: () => Date.UTC(2026, 10, 23, 9),
      after: (_ms, run) =>
        void setImmediate(() => {
          underWay--;
          run();
        }),
    },
    onRequest: () => {
      most = Math.max(most, ++underWay);
    },
  });
  const list = await tenant.read("person");
  assert.equal(most, 1);
  assert.equal(list.shared?.route, "workbook");
  assert.deepEqual(
    mobilesOf(list),
    manyPeople.map(([, mobile]) => mobile),
  );
  assert.deepEqual(list.rows[1_299]?.ref, { row: 1_301, sheet: "Staff", table: "Phones" });
  const asked = tenant.sandbox.log.filter(({ operation }) => operation === "getRange");
  assert.ok(asked.length >= 2, `${asked.length} pages`);
  assert.equal(tenant.sandbox.log.filter(({ operation }) => operation === "closeSession").length, 1);
});

test("an application reads the same 1,300 rows from the file, and its token goes to Graph only", async t => {
  const tenant = await aListTenant(t, staffList(manyPeople));
  const list = await tenant.read("application");
  assert.equal(list.shared?.route, "download");
  assert.equal(list.rows.length, 1_300);
  const downloads = tenant.sandbox.log.filter(({ operation }) => operation === "download");
  // The sandbox answers 401 to a download that carries a token.
  assert.deepEqual(
    downloads.map(({ status }) => status),
    [200],
  );
  assert.ok(!tenant.sandbox.log.some(({ path }) => path.includes("/workbook/")));
  assert.equal(list.hash, (await tenant.read("person")).hash);
});

const cells: readonly (readonly [what: string, cell: Cell, text: string])[] = [
  ["a text keeps its +", "+31612345678", "+31612345678"],
  ["a text keeps its zero", "0612345678", "0612345678"],
  ["a number shows its digits", 31_612_345_678, "31612345678"],
  ["a number that General shows with an exponent shows its digits", 316_123_456_789, "316123456789"],
  ["a format with zeros gives them back", cellXml('s="1"', "<v>612345678</v>"), "0612345678"],
  ["a format with a plus gives it back", cellXml('s="2"', "<v>31612345678</v>"), "+31612345678"],
  [
    "a format with thousands does not reach the number",
    cellXml('s="3"', "<v>31612345678</v>"),
    "31612345678",
  ],
  ["a format with an exponent does not reach it", cellXml('s="4"', "<v>31612345678</v>"), "31612345678"],
  ["an error is said to be one", cellXml('t="e"', "<v>#N/A</v>"), "#N/A"],
  [
    "a formula gives its result",
    cellXml('t="str"', '<f>"+316"&amp;"12345678"</f><v>+31612345678</v>'),
    "+31612345678",
  ],
];
for (const [what, cell, text] of cells) {
  test(`${what}, in Excel Online and from the file`, async t => {
    const bytes = staffList([["kim@contoso.com", cell]], {
      formats: ["0000000000", '"+"0', "#,##0", "0.00E+00"],
    });
    const tenant = await aListTenant(t, bytes);
    const online = await tenant.read("person");
    assert.equal(online.shared?.route, "workbook");
    assert.deepEqual(mobilesOf(online), [text]);
    assert.deepEqual((await tenant.read("application")).rows, online.rows);
  });
}

const anyCell: fc.Arbitrary<Cell> = fc.oneof(
  fc.constantFrom(
    "+31612345678",
    "0612345678",
    "",
    " ",
    "see note",
    "12/3",
    "=SUM(A1)",
    "'06",
    "06 12 34 56 78 ",
    "Été",
  ),
  fc.integer({ min: 0, max: 999_999_999_999_999 }),
  fc.double({ min: -1e9, max: 1e9, noNaN: true }),
  fc.boolean(),
  fc.constant(null),
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 99_999_999_999 }))
    .map(([style, value]) => cellXml(`s="${style}"`, `<v>${value}</v>`)),
  fc.integer({ min: 61, max: 2_958_465 }).map(day => cellXml('s="4"', `<v>${day}</v>`)),
  fc.constantFrom(cellXml('t="e"', "<v>#REF!</v>"), cellXml('t="str"', "<f>A1</f><v>+31612345678</v>")),
);
const anyRow = fc.tuple(
  fc.oneof(fc.constantFrom("kim@contoso.com", "ana@contoso.com", "Total", ""), fc.constant(null)),
  anyCell,
  anyCell,
);
const anyList = fc.record({
  rows: fc.array(anyRow, { minLength: 1, maxLength: 12 }),
  titles: fc.integer({ min: 0, max: 3 }),
  isTable: fc.boolean(),
  hiddenRows: fc.uniqueArray(fc.integer({ min: 1, max: 14 }), { maxLength: 4 }),
});

test("the same file gives the same rows in Excel Online and from its bytes", async t => {
  const seed = Number(process.env.PREPOP_SEED ?? 365);
  const property = fc.asyncProperty(anyList, async ({ rows, titles, isTable, hiddenRows }) => {
    const columns = ["UPN", "Mobile", "Office phone"];
    const first = ["kim@contoso.com", "+31612345678", null] as const;
    const above: readonly Cell[][] = Array.from({ length: titles }, () => ["Phones of our people"]);
    const bytes = workbook({
      formats: ["0000000000", '"+"0', "#,##0", "yyyy-mm-dd"],
      sheets: [
        {
          name: "All staff",
          rows: [...above, columns, first, ...rows],
          hiddenRows,
          ...(isTable
            ? { tables: [{ name: "T", ref: `A${titles + 1}:C${titles + 2 + rows.length}`, columns }] }
            : {}),
        },
        { name: "Notes", rows: [["nothing here"]] },
      ],
    });
    const closers: (() => unknown)[] = [];
    const tenant = await aListTenant({ after: fn => void closers.push(fn as () => unknown) }, bytes);
    try {
      const online = await outcome(tenant, "person");
      const local = await outcome(tenant, "application");
      assert.deepEqual(online, local);
    } finally {
      for (const close of closers) await close();
    }
  });
  await fc.assert(property, { seed, numRuns: 60 });
  t.diagnostic(`seed ${seed}`);
});

/** What reading gave, or how it was refused. */
async function outcome(tenant: ListTenant, as: "person" | "application") {
  try {
    const { shared, ...list } = await tenant.read(as);
    assert.equal(shared?.route, as === "person" ? "workbook" : "download");
    return list;
  } catch (error) {
    assert.ok(error instanceof PrepopError, String(error));
    return { code: error.code, message: error.message };
  }
}

test("what a person types between two pages does not tear the list", async t => {
  const tenant = await aListTenant(t, staffList(manyPeople));
  const file = tenant.sandbox.file("phones.xlsx");
  let pages = 0;
  tenant.sandbox.interfere(({ operation }) => {
    if (operation === "getRange" && ++pages === 2)
      file?.insertRow("Phones", 0, ["new@contoso.com", "+31612345678"]);
  });
  const list = await tenant.read("person");
  // The file was another one at the end, so it was read once more, and now with the new row.
  assert.equal(list.rows.length, 1_301);
  assert.equal(new Set(list.rows.map(({ cells }) => cells.user?.text)).size, 1_301);
});

test("a list that never rests is refused and not torn", async t => {
  const tenant = await aListTenant(t, staffList(manyPeople.slice(0, 3)));
  const file = tenant.sandbox.file("phones.xlsx");
  let edits = 0;
  tenant.sandbox.interfere(({ operation }) => {
    if (operation === "closeSession")
      file?.insertRow("Phones", 0, [`new${++edits}@contoso.com`, "+31612345678"]);
  });
  await assert.rejects(tenant.read("person"), {
    code: "PREPOP_ROSTER_CORRUPT",
    message: /changes it while it is read/,
  });
});

const withoutExcel: readonly (readonly [string, Parameters<typeof aListTenant>[2]])[] = [
  ["has no workbooks at all", { capabilities: { workbook: false } }],
  ["refuses workbooks", { capabilities: { workbook: 403 } }],
  ["answers workbooks with a page", { capabilities: { workbook: "unreadable" } }],
  ["cannot open this one", { files: [{ url: listUrl, bytes: staffList(manyPeople), opens: false }] }],
  [
    "takes the token everywhere but in Excel",
    { faults: [{ kind: "unknownError", status: 401, match: { operation: "createSession" } }] },
  ],
  ["gives no large ranges", { workbook: { mostCells: 10 } }],
  ["ends every session at once", { workbook: { sessionMs: 1 }, clock: ticking() }],
  [
    "asks for rights that the person lacks",
    { tokens: [{ ...person, scopes: ["Files.Read", "Sites.Read.All"] }, application] },
  ],
];
for (const [what, config] of withoutExcel) {
  test(`a tenant that ${what} gives the list by its bytes`, async t => {
    const tenant = await aListTenant(t, staffList(manyPeople), config);
    const list = await tenant.read("person");
    assert.equal(list.shared?.route, "download");
    assert.equal(list.rows.length, 1_300);
  });
}

/** Time that goes on with every look at it. */
function ticking() {
  let now = Date.UTC(2026, 10, 23, 9);
  return { now: () => (now += 5), after: (_ms: number, run: () => void) => run() };
}

test("a caller who may only read sites finds the list by its place", async t => {
  const tokens = [{ ...application, roles: ["Sites.Selected"] }, person];
  const tenant = await aListTenant(t, staffList(manyPeople), { tokens });
  assert.equal((await tenant.read("application")).rows.length, 1_300);
  const operations = tenant.sandbox.log.map(({ operation, status }) => `${operation} ${status}`);
  assert.deepEqual(operations.slice(0, 4), [
    "getDriveItem 403",
    "getSite 200",
    "listDrives 200",
    "getDriveItemByPath 200",
  ]);
});

test("a caller without any right to files is told which one is missing", async t => {
  const tokens = [{ ...application, roles: ["User.Read.All"] }, person];
  const tenant = await aListTenant(t, staffList(manyPeople), { tokens });
  await assert.rejects(tenant.read("application"), { code: "PREPOP_LIST_FORBIDDEN", exitCode: 4 });
});

test("the options and refusals of a local workbook are those of one in Microsoft 365", async t => {
  const columns = ["UPN", "Mobile"];
  const rows = [columns, ["kim@contoso.com", "+31612345678"]];
  const tables = (name: string) => [{ name, ref: "A1:B2", columns }];
  const bytes = workbook({
    sheets: [
      { name: "One", rows, tables: tables("First") },
      { name: "Two", rows, tables: tables("Second") },
      { name: "Old", state: "hidden", rows, tables: tables("Third") },
    ],
  });
  const tenant = await aListTenant(t, bytes);
  for (const as of ["person", "application"] as const) {
    await assert.rejects(tenant.read(as), { code: "PREPOP_ROSTER_CHOOSE_TABLE", exitCode: 7 });
    await assert.rejects(tenant.read(as, { table: "Fourth" }), { code: "PREPOP_ROSTER_COLUMNS_NOT_FOUND" });
    await assert.rejects(tenant.read(as, { sheet: "One", columns: { mobile: "Handy" } }), {
      code: "PREPOP_ROSTER_COLUMNS_NOT_FOUND",
    });
    assert.equal((await tenant.read(as, { table: "second" })).table, "Second");
    assert.equal((await tenant.read(as, { table: "Third" })).sheet, "Old");
    assert.equal((await tenant.read(as, { sheet: "One", headerRow: 1 })).table, "First");
  }
});

test("a service that asks to wait is waited for, and the list is still read in Excel Online", async t => {
  const faults = [
    { kind: "throttled", retryAfter: 2, times: 2, match: { operation: "getRange" } },
    { kind: "unavailable", times: 1, match: { operation: "createSession" } },
  ] as const;
  const list = await (await aListTenant(t, staffList(manyPeople), { faults })).read("person");
  assert.equal(list.shared?.route, "workbook");
  assert.equal(list.rows.length, 1_300);
});

test("in China nobody is asked for Excel Online", async t => {
  const { sandbox } = await aListTenant(t, staffList(manyPeople.slice(0, 3)));
  const env = {
    PREPOP_HOME: temporaryFolder(),
    PREPOP_GRAPH_URL: sandbox.url,
    PREPOP_ACCESS_TOKEN: person.token,
  };
  const run = await runCli(["check", listUrl, "--cloud", "china", "--json"], { env });
  assert.equal(run.of("row").length, 3);
  assert.ok(!sandbox.log.some(({ path }) => path.includes("/workbook")));
  assert.equal(run.stderr, "");
});

const kinds: readonly (readonly [name: string, content: Buffer, code: string | undefined])[] = [
  ["staff.csv", Buffer.from("UPN;Mobile\nkim@contoso.com;+31612345678\n"), undefined],
  ["staff.json", Buffer.from('[{"upn":"kim@contoso.com","mobile":"+31612345678"}]'), undefined],
  ["notes.pdf", Buffer.from("%PDF-1.7 x"), "PREPOP_ROSTER_UNSUPPORTED_FORMAT"],
  ["empty.xlsx", Buffer.alloc(0), "PREPOP_ROSTER_EMPTY"],
  ["cut.xlsx", staffList(manyPeople).subarray(0, 2_000), "PREPOP_ROSTER_CORRUPT"],
];
for (const [name, content, code] of kinds) {
  test(`${name} is ${code === undefined ? "read" : `refused as ${code}`} as it would be on this machine`, async t => {
    const url = `https://contoso-my.sharepoint.com/personal/kim_contoso_com/Documents/${name}`;
    const { sandbox } = await aListTenant(t, content, { files: [{ url, bytes: content }] });
    const env = {
      PREPOP_HOME: temporaryFolder(),
      PREPOP_GRAPH_URL: sandbox.url,
      PREPOP_ACCESS_TOKEN: person.token,
    };
    const run = await runCli(["check", url, "--json"], { env });
    assert.equal(run.of("error")[0]?.code, code);
    assert.equal(run.of("row").length, code === undefined ? 1 : 0);
    assert.equal(run.exitCode, code === undefined ? 0 : 7);
  });
}

test("drive:ID/item:ID names the same list as its address", async t => {
  const tenant = await aListTenant(t, staffList(manyPeople));
  const { driveId, id } = tenant.sandbox.file("phones.xlsx") ?? {};
  const roster = await readRoster(`drive:${driveId}/item:${id}`, {}, { graph: tenant.graphs.person });
  assert.equal(roster.hash, (await tenant.read("person")).hash);
  await roster.close();
});

test("a list that is not there, and one without a Graph, are told by name", async t => {
  const tenant = await aListTenant(t, staffList(manyPeople));
  const graph = tenant.graphs.person;
  const nowhere = readRoster("https://contoso.sharepoint.com/sites/hr/nowhere.xlsx", {}, { graph });
  await assert.rejects(nowhere, { code: "PREPOP_ROSTER_NOT_FOUND", exitCode: 7, message: /nowhere\.xlsx/ });
  await assert.rejects(readRoster(listUrl), { code: "PREPOP_USAGE" });
});
