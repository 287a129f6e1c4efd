import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { SandboxConfig } from "../../src/sandbox/sandbox.ts";
import { type CliRun, runCli } from "../support/cli.ts";
import { application, listUrl, staffList } from "../support/sharedList.ts";
import { aTenant, type Tenant, upn } from "../support/tenant.ts";
import { workbook } from "../support/workbook.ts";

/** Outcomes go back to the list by what stands in a row, never beside another person. */

const people = 40;
const number = (index: number): string => `+31 6${String(12_340_000 + index)}`;
const rows = Array.from({ length: people }, (_, index) => [upn(index + 1), number(index)]);

async function start(t: TestContext, config: SandboxConfig = {}): Promise<Tenant> {
  const tenant = await aTenant()
    .withUsers(people)
    .withUser("admin@contoso.com")
    .with({ files: [{ url: listUrl, bytes: staffList(rows) }], signedInAs: "admin@contoso.com", ...config })
    .start();
  t.after(() => tenant[Symbol.asyncDispose]());
  return tenant;
}

const apply = (tenant: Tenant, ...more: readonly string[]): Promise<CliRun> =>
  runCli(["apply", listUrl, "--yes", "--json", "--write-back", ...more], {
    env: tenant.env,
    clock: tenant.clock,
  });

/** The table as it is displayed now. */
const table = ({ sandbox }: Tenant) => sandbox.file("phones.xlsx")?.table("Phones") ?? [];

/** Every row's status must be the one of its own user: applied beside exactly the people whose phone is as listed. */
function assertRightRows(tenant: Tenant): void {
  for (const [user = "", mobile = "", outcome = ""] of table(tenant).slice(1)) {
    if (outcome !== "applied") continue;
    assert.equal(tenant.phones(user).mobile?.replaceAll(" ", ""), mobile.replaceAll(" ", ""), user);
  }
}

test("each row has its outcome in columns of its own, and the list is read again without a change", async t => {
  const tenant = await start(t);
  const run = await apply(tenant);
  assert.equal(run.exitCode, 0);
  assert.deepEqual(run.summary.writeBack, { kind: "table", table: "Phones", written: people, missed: 0 });
  const [header, first] = table(tenant);
  assert.deepEqual(header, [
    "userPrincipalName",
    "mobile",
    "prepop outcome",
    "prepop message",
    "prepop when",
  ]);
  assert.deepEqual(first?.slice(0, 4), [upn(1), number(0), "applied", ""]);
  assert.match(first?.[4] ?? "", /^\d{4}-\d\d-\d\d \d\d:\d\d UTC$/);
  assertRightRows(tenant);
  const again = await runCli(["plan", listUrl, "--json"], { env: tenant.env, clock: tenant.clock });
  assert.equal(again.exitCode, 0);
  assert.equal(
    again.of("change").every(({ kind }) => kind === "unchanged"),
    true,
  );
  // A second run writes into the same columns.
  await apply(tenant);
  assert.equal(table(tenant)[0]?.length, 5);
  assert.equal(table(tenant)[1]?.[2], "already so");
});

test("no status holds a number, and none starts a formula", async t => {
  const odd = [
    ["nobody@contoso.com", "+31 612345678"],
    [upn(1), "=1+1"],
    [upn(2), "see 0612345678"],
    [upn(3), "+31 612345679"],
  ];
  const tenant = await aTenant()
    .withUser(upn(1))
    .withUser(upn(2))
    .withUser(upn(3), { mobile: "+31 687654321" })
    .with({ files: [{ url: listUrl, bytes: staffList(odd) }], signedInAs: "admin@contoso.com" })
    .withUser("admin@contoso.com")
    .start();
  t.after(() => tenant[Symbol.asyncDispose]());
  const run = await apply(tenant);
  assert.equal(run.exitCode, 3);
  const statuses = table(tenant).slice(1);
  assert.deepEqual(
    statuses.map(row => row[2]),
    ["not usable", "not usable", "not usable", "kept"],
  );
  for (const [, , outcome, message = ""] of statuses) {
    assert.doesNotMatch(`${outcome} ${message}`, /[\d•]{4,}|[\d•][\d•\s]{5,}/);
    assert.doesNotMatch(message, /^[=+\-@]/);
  }
});

type Edit = (file: NonNullable<ReturnType<Tenant["sandbox"]["file"]>>) => void;
const edits: readonly (readonly [what: string, edit: Edit, missed: number])[] = [
  ["inserted above", file => file.insertRow("Phones", 0, ["new@contoso.com", "+31 611111111"]), 0],
  [
    "sorted",
    file => {
      for (let at = 0; at < people; at++) file.moveRow("Phones", at, 0);
    },
    0,
  ],
  ["deleted", file => file.deleteRow("Phones", 3), 1],
  ["given another number", file => file.type("Staff", "B5", "+31 699999999"), 1],
];
for (const [what, edit, missed] of edits) {
  test(`rows that were ${what} during the run get their own status or none`, async t => {
    const tenant = await start(t);
    const file = tenant.sandbox.file("phones.xlsx");
    assert.ok(file);
    let done = false;
    tenant.sandbox.interfere(({ operation }) => {
      if (operation !== "createPhone" || done) return;
      done = true;
      edit(file);
    });
    const run = await apply(tenant);
    assert.deepEqual(run.summary.writeBack, {
      kind: "table",
      table: "Phones",
      written: people - missed,
      missed,
    });
    assertRightRows(tenant);
  });
}

type Meanwhile = (file: NonNullable<ReturnType<Tenant["sandbox"]["file"]>>, time: number) => void;
const insert: Meanwhile = (file, time) =>
  file.insertRow("Phones", 0, [`new${time}@contoso.com`, "+31 611111111"]);
const meanwhile: readonly (readonly [what: string, operation: string, edit: Meanwhile])[] = [
  ["inserted while a column is added", "createColumn", insert],
  ["moved while a column is added", "createColumn", file => file.moveRow("Phones", 0, people - 1)],
  ["inserted while a column is filled", "updateRange", insert],
  ["moved while a column is filled", "updateRange", file => file.moveRow("Phones", 0, people - 1)],
];
for (const [what, at, edit] of meanwhile) {
  test(`rows that are ${what} end up with their own status`, async t => {
    const tenant = await start(t);
    const file = tenant.sandbox.file("phones.xlsx");
    assert.ok(file);
    // Half of the people are told apart by what came of them.
    for (let index = 1; index < people; index += 2)
      tenant.sandbox.setPhone(upn(index + 1), "mobile", "+31 600000000");
    if (at === "updateRange") await apply(tenant, "--limit", "1");
    let edited = 0;
    tenant.sandbox.interfere(({ operation }) => {
      if (operation === at && ++edited <= 2) edit(file, edited);
    });
    const run = await apply(tenant);
    assert.ok(edited >= 2);
    assert.equal((run.summary.writeBack as { kind: string }).kind, "table");
    for (const [user = "", , outcome] of table(tenant).slice(1)) {
      const kept = tenant.sandbox.user(user)?.phones.mobile?.phoneNumber === "+31 600000000";
      const expected = user.startsWith("new") ? "" : kept ? "kept" : undefined;
      if (expected !== undefined) assert.equal(outcome, expected, user);
      else assert.match(outcome ?? "", /^(applied|already so)$/, user);
    }
  });
}

test("what a second writer changes at every look leaves a report beside the list", async t => {
  const tenant = await start(t);
  const file = tenant.sandbox.file("phones.xlsx");
  assert.ok(file);
  await apply(tenant, "--limit", "1");
  let edited = 0;
  tenant.sandbox.interfere(({ operation }) => {
    if (operation === "updateRange") insert(file, ++edited);
  });
  const run = await apply(tenant);
  assert.equal(run.exitCode, 0);
  const end = run.summary.writeBack as { kind: string; why: string };
  assert.equal(end.kind, "report");
  assert.match(end.why, /somebody changes the table Phones/);
  // Blank is right wherever the row goes; the last rows moved out of reach with what was theirs.
  const filled = table(tenant)
    .slice(1, people)
    .filter(([, , outcome]) => outcome !== "");
  assert.deepEqual(filled, []);
});

test("a session that ends between two requests is begun anew", async t => {
  const tenant = await start(t, {
    faults: [{ kind: "unknownError", status: 404, match: { operation: "updateRange" }, times: 1 }],
  });
  await apply(tenant, "--limit", "1");
  const run = await apply(tenant);
  assert.deepEqual(run.summary.writeBack, { kind: "table", table: "Phones", written: people, missed: 0 });
});

test("what the service leaves half written is taken away again", async t => {
  const tenant = await start(t);
  await apply(tenant, "--limit", "1");
  // The first page is written, the rest is refused; blanks are taken again.
  tenant.sandbox.setFaults([
    { kind: "committedThen500", match: { operation: "updateRange", nth: [1, 2, 3] } },
  ]);
  const run = await apply(tenant);
  assert.equal(run.exitCode, 0);
  const end = run.summary.writeBack as { kind: string; why: string };
  assert.equal(end.kind, "report");
  assert.match(end.why, /HTTP 500.*; its status columns were emptied again/);
  assert.deepEqual(
    table(tenant).filter(([, , outcome], at) => at > 0 && outcome !== ""),
    [],
  );
});

const person = "admin@contoso.com";
const noTable = workbook({ sheets: [{ name: "Staff", rows: [["userPrincipalName", "mobile"], ...rows] }] });
const beside: readonly (readonly [what: string, config: SandboxConfig, why: RegExp])[] = [
  ["an application's run", { tokens: [application] }, /an application cannot use Excel Online/],
  ["a list that is no table", { files: [{ url: listUrl, bytes: noTable }] }, /no Excel table/],
  [
    "a tenant without workbooks",
    { capabilities: { workbook: false } },
    /Excel Online does not give phones\.xlsx/,
  ],
];
for (const [what, config, why] of beside) {
  test(`${what} saves its report beside the list, with masked numbers`, async t => {
    const tenant = await start(t, config);
    const token = config.tokens?.[0]?.token;
    const env = token === undefined ? tenant.env : { ...tenant.env, PREPOP_ACCESS_TOKEN: token };
    const run = await runCli(["apply", listUrl, "--yes", "--json", "--write-back"], {
      env,
      clock: tenant.clock,
    });
    assert.equal(run.exitCode, 0);
    const end = run.summary.writeBack as { kind: string; name: string; why: string };
    assert.equal(end.kind, "report");
    assert.equal(end.name, "phones.prepop-report.xlsx");
    assert.match(end.why, why);
    const address = listUrl.replace("phones.xlsx", end.name);
    const seen = await runCli(["check", address, "--inspect", "--json", "--show-numbers"], {
      env: tenant.env,
    });
    const texts = seen.of("cell").map(({ text }) => String(text));
    assert.ok(texts.includes(upn(1)) && texts.includes("applied"));
    assert.ok(!texts.some(text => /\d{6}/.test(text) && text.startsWith("+")));
  });
}

test("a locked file gets its report beside it, and the run is as it was", async t => {
  const tenant = await start(t, { files: [{ url: listUrl, bytes: staffList(rows), locked: true }] });
  const run = await apply(tenant);
  assert.equal(run.exitCode, 0);
  assert.deepEqual((run.summary.writeBack as { kind: string; why: string }).kind, "report");
  assert.match((run.summary.writeBack as { why: string }).why, /locked/);
});

test("a sign-in that may only read says so, and its exit code is that of the run", async t => {
  const tenant = await start(t, {
    tokens: [
      {
        token: "reader",
        kind: "delegated",
        user: person,
        scopes: [
          "Files.Read.All",
          "Sites.Read.All",
          "User.Read.All",
          "UserAuthenticationMethod.ReadWrite.All",
        ],
      },
    ],
  });
  const env = { ...tenant.env, PREPOP_ACCESS_TOKEN: "reader" };
  const run = await runCli(["apply", listUrl, "--yes", "--write-back"], { env, clock: tenant.clock });
  assert.equal(run.exitCode, 0);
  assert.match(run.stderr, /Nothing was written back: .*may not write to it/s);
  assert.equal(Object.keys(tenant.phones(upn(1))).length, 1);
});

test("--write-back without a list in Microsoft 365 is a mistake that is told before anything is sent", async t => {
  const tenant = await start(t);
  for (const argument of ["examples/employees.xlsx", "-"]) {
    const run = await runCli(["apply", argument, "--yes", "--json", "--write-back"], { env: tenant.env });
    assert.equal(run.exitCode, 1);
    assert.equal(run.of("error")[0]?.code, "PREPOP_USAGE");
  }
  assert.equal(tenant.sandbox.log.length, 0);
});

test("an interrupted apply of a list goes on though its status columns have been added", async t => {
  const tenant = await start(t);
  const stop = new AbortController();
  tenant.sandbox.interfere(({ operation }) => {
    if (operation === "createPhone") stop.abort();
  });
  const place = { env: tenant.env, clock: tenant.clock };
  const first = await runCli(["apply", listUrl, "--yes", "--json", "--rate", "1", "--concurrency", "1"], {
    ...place,
    signal: stop.signal,
  });
  assert.equal(first.exitCode, 130);
  tenant.sandbox.interfere(undefined);
  tenant.sandbox.file("phones.xlsx")?.type("Staff", "D1", "a note");
  const second = await apply(tenant);
  assert.match(second.stderr, /Continuing interrupted run/);
  assert.equal(second.summary.run, first.summary.run);
  assert.deepEqual(second.summary.writeBack, { kind: "table", table: "Phones", written: people, missed: 0 });
  assertRightRows(tenant);
});
