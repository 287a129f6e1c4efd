import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { type CliRun, runCli } from "../support/cli.ts";
import { csv, prepop } from "../support/rehearse.ts";
import { rosterFile } from "../support/rosterFile.ts";
import { aTenant, type Tenant } from "../support/tenant.ts";

/** What ends a command: one clear message and what to do on stderr, and with --json the error and the summary. */

const anna = "anna@contoso.com";

async function company(): Promise<Tenant> {
  return await aTenant().withUser(anna).start();
}

function roster(): string {
  return csv("userPrincipalName,mobile", `${anna},+31 612345678`);
}

/** A message, what to do about it, and nothing else. */
function assertTold(run: CliRun, exit: number, code: string): void {
  assert.equal(run.exitCode, exit, run.stderr);
  const [message = "", ...hint] = run.stderr.trimEnd().split("\n");
  assert.match(message, /^prepop: .+[.]$/);
  assert.equal(hint.length, 1, `not one hint: ${run.stderr}`);
  assert.doesNotMatch(run.stderr, /\{\w+\}|undefined|\bat .*\.ts:\d+/);
  const [error, summary, ...more] = run.lines.slice(-2);
  assert.deepEqual(more, []);
  assert.deepEqual(Object.keys(error ?? {}), ["type", "code", "message", "hint"]);
  assert.equal(error?.code, code);
  assert.equal(`prepop: ${error?.message}`, message);
  assert.equal(error?.hint, hint[0]);
  assert.equal(summary?.type, "summary");
  assert.equal(summary?.exitCode, exit);
}

type Usage = { readonly argv: (list: string) => readonly string[]; readonly says: RegExp };

const usages: readonly Usage[] = [
  { argv: list => ["plan", list, "--polcy", "add"], says: /--polcy.*--policy/s },
  { argv: list => ["plan", list, "--policy", "replace"], says: /replace/ },
  { argv: list => ["plan", list, "--sms-sign-in", "on"], says: /--sms-sign-in/ },
  { argv: list => ["plan", list, "--types", "mobile,fax"], says: /--types/ },
  { argv: list => ["plan", list, "--types", "mobile"], says: /--types/ },
  { argv: list => ["plan", list, "--limit", "0"], says: /--limit/ },
  { argv: list => ["plan", list, "--limit", "-3"], says: /--limit/ },
  { argv: list => ["plan", list, "--limit", "ten"], says: /--limit/ },
  { argv: list => ["plan", list, "--percent", "0"], says: /--percent/ },
  { argv: list => ["plan", list, "--percent", "101"], says: /--percent/ },
  { argv: list => ["plan", list, "--region", "Netherlands"], says: /--region/ },
  { argv: list => ["plan", list, "--region", "XX"], says: /XX/ },
  { argv: list => ["plan", list, "--column", "mobile"], says: /--column/ },
  { argv: list => ["plan", list, "--column", "fax=Fax"], says: /--column/ },
  { argv: list => ["plan", list, "--match", "name"], says: /--match/ },
  { argv: list => ["plan", list, "--header-row", "0"], says: /--header-row/ },
  { argv: list => ["plan", list, "--format", "pdf"], says: /--format/ },
  { argv: list => ["plan", list, "--cloud", "moon"], says: /--cloud/ },
  { argv: list => ["plan", list, "--max-age", "soon"], says: /--max-age/ },
  { argv: list => ["plan", list, "--report", "plan.docx"], says: /docx/ },
  { argv: list => ["apply", list, "--yes", "--report", "run.md"], says: /run\.md/ },
  { argv: list => ["apply", list, "--yes", "--max-change", "lots"], says: /--max-change/ },
  { argv: list => ["apply", list, "--yes", "--max-delete", "-1"], says: /--max-delete/ },
  { argv: list => ["apply", list, "--yes", "--stop-at-failures", "x"], says: /--stop-at-failures/ },
  { argv: list => ["apply", list, "--yes", "--rate", "fast"], says: /--rate/ },
  { argv: list => ["apply", list, "--yes", "--concurrency", "0"], says: /--concurrency/ },
  { argv: list => ["apply", list, "--yes", "--max-wait", "1x"], says: /--max-wait/ },
  { argv: list => ["apply", list, "--yes", "--settle-horizon", "x"], says: /--settle-horizon/ },
  { argv: () => ["plan"], says: /roster/ },
  { argv: list => ["plan", list, "more.csv"], says: /argument/ },
  { argv: list => ["paln", list], says: /paln.*plan/s },
  { argv: () => ["phone", "create", anna, "fax", "+31612345678", "--yes"], says: /fax/ },
  { argv: () => ["phone", "craete", anna], says: /craete/ },
  { argv: () => ["runs", "show"], says: /run/ },
];

test("what is typed wrong is exit 1 before any request, and names what is wrong", async t => {
  await using tenant = await company();
  const list = roster();
  for (const { argv, says } of usages) {
    const typed = argv(list);
    await t.test(typed.filter(word => word !== list).join(" "), async () => {
      const run = await prepop(tenant, [...typed, "--json"]);
      assertTold(run, 1, "PREPOP_USAGE");
      assert.match(run.stderr, says);
    });
  }
  assert.equal(tenant.sandbox.stats().requests, 0);
});

test("a command that writes needs --yes where nobody can be asked, and says so before any request", async t => {
  await using tenant = await company();
  const commands: readonly (readonly string[])[] = [
    ["apply", roster()],
    ["apply", "-"],
    ["phone", "create", anna, "mobile", "+31612345678"],
    ["phone", "update", anna, "mobile", "+31612345678"],
    ["phone", "delete", anna, "mobile"],
    ["phone", "enable-sms", anna],
    ["phone", "disable-sms", anna],
  ];
  for (const command of commands) {
    await t.test(command.slice(0, 2).join(" "), async () => {
      assertTold(await prepop(tenant, [...command, "--json"]), 1, "PREPOP_USAGE_NEEDS_YES");
      const typed = await prepop(tenant, [...command, "--json"], { typed: "yes" });
      assert.equal(typed.exitCode, 1, "--json never asks");
    });
  }
  assert.equal(tenant.sandbox.stats().requests, 0);
});

type Broken = {
  readonly name: string;
  readonly file: () => string;
  readonly code: string;
  readonly options?: readonly string[];
};

const broken: readonly Broken[] = [
  { name: "no file", file: () => "/nowhere/phones.xlsx", code: "PREPOP_ROSTER_NOT_FOUND" },
  { name: "an empty file", file: () => rosterFile("empty.csv", ""), code: "PREPOP_ROSTER_EMPTY" },
  { name: "a header alone", file: () => csv("userPrincipalName,mobile"), code: "PREPOP_ROSTER_NO_ROWS" },
  {
    name: "no phone column",
    file: () => csv("userPrincipalName,city", `${anna},Utrecht`),
    code: "PREPOP_ROSTER_COLUMNS_NOT_FOUND",
  },
  {
    name: "no user column",
    file: () => csv("city,mobile", "Utrecht,+31612345678"),
    code: "PREPOP_ROSTER_COLUMNS_NOT_FOUND",
  },
  {
    name: "telephoneNumber beside mobile",
    file: () => csv("userPrincipalName,telephoneNumber,mobile", `${anna},+31 201234567,+31612345678`),
    code: "PREPOP_ROSTER_COLUMNS_UNCLEAR",
  },
  {
    name: "a header that is not there",
    file: () => csv("userPrincipalName,mobile", `${anna},+31612345678`),
    options: ["--column", "office=Desk"],
    code: "PREPOP_ROSTER_COLUMNS_NOT_FOUND",
  },
  {
    name: "an .xlsx that is none",
    file: () => rosterFile("fake.xlsx", "hello"),
    code: "PREPOP_ROSTER_NOT_A_WORKBOOK",
  },
  {
    name: "a .pdf",
    file: () => rosterFile("list.pdf", "%PDF-1.7\n"),
    code: "PREPOP_ROSTER_UNSUPPORTED_FORMAT",
  },
  {
    name: "JSON that is cut off",
    file: () => rosterFile("cut.json", '[{"userPrincipalName":"a'),
    code: "PREPOP_ROSTER_CORRUPT",
  },
];

test("a roster that cannot be used is exit 7 for check, plan and apply, and nothing is sent", async t => {
  await using tenant = await company();
  for (const { name, file, code, options = [] } of broken) {
    for (const command of [["check"], ["plan"], ["apply", "--yes"]]) {
      await t.test(`${command[0]}: ${name}`, async () => {
        const run = await prepop(tenant, [...command, file(), ...options, "--json"]);
        assertTold(run, 7, code);
      });
    }
  }
  assert.deepEqual(tenant.writes(), []);
});

test("telephoneNumber alone is the mobile, and beside another column --column says which", async () => {
  await using tenant = await company();
  const alone = csv("userPrincipalName,telephoneNumber", `${anna},+31 612345678`);
  const first = await prepop(tenant, ["plan", alone, "--json"]);
  assert.equal(first.of("change")[0]?.phoneType, "mobile");
  const beside = csv("userPrincipalName,telephoneNumber,mobile", `${anna},+31 201234567,+31 612345678`);
  const said = await prepop(tenant, [
    "plan",
    beside,
    "--json",
    "--column",
    "office=telephoneNumber",
    "--column",
    "mobile=mobile",
  ]);
  assert.equal(said.exitCode, 2, said.stderr);
  assert.deepEqual(
    said.of("change").map(line => line.phoneType),
    ["mobile", "office"],
  );
});

type World = {
  readonly name: string;
  readonly env: (tenant: Tenant) => NodeJS.ProcessEnv;
  readonly exit: number;
  readonly code: string;
};

const worlds: readonly World[] = [
  { name: "no token", env: () => ({ PREPOP_ACCESS_TOKEN: "" }), exit: 4, code: "PREPOP_AUTH_NO_TOKEN" },
  {
    name: "a token that is refused",
    env: () => ({ PREPOP_ACCESS_TOKEN: "x" }),
    exit: 4,
    code: "PREPOP_AUTH_REJECTED",
  },
  {
    name: "nobody listens",
    env: () => ({ PREPOP_GRAPH_URL: "http://127.0.0.1:1" }),
    exit: 5,
    code: "PREPOP_GRAPH_UNREACHABLE",
  },
  {
    name: "plain http to another machine",
    env: () => ({ PREPOP_GRAPH_URL: "http://graph.example.com" }),
    exit: 1,
    code: "PREPOP_USAGE_GRAPH_URL",
  },
  {
    name: "an address with a path",
    env: tenant => ({ PREPOP_GRAPH_URL: `${tenant.sandbox.url}/v1.0` }),
    exit: 1,
    code: "PREPOP_USAGE_GRAPH_URL",
  },
  {
    name: "another tenant",
    env: () => ({ AZURE_TENANT_ID: "99999999-0000-4000-8000-000000000000" }),
    exit: 6,
    code: "PREPOP_TENANT_MISMATCH",
  },
];

test("a world that is not as it should be has its own exit code, for plan, apply and phone", async t => {
  await using tenant = await company();
  const commands = [
    ["plan", roster()],
    ["apply", roster(), "--yes"],
    ["phone", "list", anna],
  ];
  for (const { name, env, exit, code } of worlds) {
    for (const command of commands) {
      await t.test(`${command[0]}: ${name}`, async () => {
        const run = await prepop(tenant, [...command, "--json"], { env: { ...tenant.env, ...env(tenant) } });
        assertTold(run, exit, code);
      });
    }
  }
  assert.deepEqual(tenant.writes(), []);
});

type End = {
  readonly name: string;
  readonly rows: readonly string[];
  readonly held?: string;
  readonly plan: number;
  readonly apply: number;
};

const ends: readonly End[] = [
  { name: "something to do", rows: [`${anna},+31 612345678`], plan: 2, apply: 0 },
  {
    name: "something to do and an issue",
    rows: [`${anna},+31 612345678`, "x@contoso.com,+31 612345679"],
    plan: 2,
    apply: 3,
  },
  { name: "only an issue", rows: [`${anna},12`], plan: 3, apply: 3 },
  { name: "nothing to do", rows: [`${anna},+31 612345678`], held: "+31 612345678", plan: 0, apply: 0 },
  { name: "only what is kept", rows: [`${anna},+31 612345678`], held: "+31 687654321", plan: 0, apply: 0 },
  {
    name: "only a warning",
    rows: [`${anna},+31 612345678`, `${anna},+31 612345678`],
    held: "+31 612345678",
    plan: 0,
    apply: 0,
  },
];

for (const { name, rows, held, plan, apply } of ends) {
  test(`${name}: plan is ${plan}, apply is ${apply}`, async () => {
    await using tenant = await aTenant()
      .withUser(anna, held === undefined ? {} : { mobile: held })
      .start();
    const list = csv("userPrincipalName,mobile", ...rows);
    assert.equal((await prepop(tenant, ["plan", list, "--json"])).exitCode, plan);
    assert.equal((await prepop(tenant, ["apply", list, "--yes", "--json"])).exitCode, apply);
  });
}

test("check is 0 without an error issue, 3 with one, and needs no tenant at all", async () => {
  const env = { PREPOP_HOME: "/nonexistent/prepop" };
  const good = await runCli(["check", roster(), "--json"], { env });
  assert.equal(good.exitCode, 0, good.stderr);
  const bad = await runCli(["check", csv("userPrincipalName,mobile", `${anna},12`), "--json"], { env });
  assert.equal(bad.exitCode, 3);
});

test("a report or a plan that cannot be written is exit 1, and says so", async () => {
  await using tenant = await company();
  const nowhere = `${tenant.home}/missing/out`;
  assertTold(await prepop(tenant, ["plan", roster(), "--out", nowhere, "--json"]), 1, "PREPOP_FILE_WRITE");
  assertTold(
    await prepop(tenant, ["plan", roster(), "--report", `${nowhere}.csv`, "--json"]),
    1,
    "PREPOP_FILE_WRITE",
  );
});

test("resume needs --yes where there is something to resume", async () => {
  await using tenant = await aTenant()
    .withUser(anna)
    .with({ faults: [{ kind: "throttled", retryAfter: "long", match: { effect: "write" } }] })
    .start();
  await prepop(tenant, ["apply", roster(), "--yes"]);
  const { requests } = tenant.sandbox.stats();
  assertTold(await prepop(tenant, ["resume", "--json"]), 1, "PREPOP_USAGE_NEEDS_YES");
  assert.equal(tenant.sandbox.stats().requests, requests);
});

test("nothing to resume says so and is 0; a run that is not there is exit 1", async () => {
  await using tenant = await company();
  const none = await prepop(tenant, ["resume", "--yes", "--json"]);
  assert.equal(none.exitCode, 0);
  assert.equal(none.summary.exitCode, 0);
  const text = await prepop(tenant, ["resume", "--yes"]);
  assert.match(text.stdout, /nothing to resume/i);
  assertTold(await prepop(tenant, ["resume", "abcdef", "--yes", "--json"]), 1, "PREPOP_RUN_NOT_FOUND");
  assertTold(await prepop(tenant, ["runs", "show", "abcdef", "--json"]), 1, "PREPOP_RUN_NOT_FOUND");
});

test("a second prepop on the same ledger and tenant is exit 5 and sends nothing", async () => {
  await using tenant = await company();
  const { openLedger } = await import("../../src/ledger/ledger.ts");
  const ledger = openLedger({ home: tenant.home });
  const lock = ledger.lock(tenant.sandbox.tenantId);
  try {
    const run = await prepop(tenant, ["apply", roster(), "--yes", "--json"]);
    assert.equal(run.exitCode, 5, run.stderr);
    assert.equal(run.of("error")[0]?.code, "PREPOP_LEDGER_LOCKED");
    assert.deepEqual(tenant.writes(), []);
  } finally {
    lock.release();
    ledger.close();
  }
});

test("a ledger that was sealed with another key lists its runs and does not show their numbers", async () => {
  await using tenant = await company();
  const key = (byte: number): string => Buffer.alloc(32, byte).toString("base64");
  const env = { ...tenant.env, PREPOP_LEDGER_KEY: key(1) };
  assert.equal((await prepop(tenant, ["apply", roster(), "--yes"], { env })).exitCode, 0);
  const other = { env: { ...tenant.env, PREPOP_LEDGER_KEY: key(2) } };
  const runs = await prepop(tenant, ["runs", "--json"], other);
  assert.equal(runs.exitCode, 0, runs.stderr);
  const [run] = runs.of("run");
  assertTold(
    await prepop(tenant, ["runs", "show", String(run?.id), "--json"], other),
    1,
    "PREPOP_LEDGER_KEY",
  );
  const wrong = { env: { ...tenant.env, PREPOP_LEDGER_KEY: "short" } };
  const apply = await prepop(tenant, ["apply", roster(), "--yes", "--json", "--policy", "update"], wrong);
  assert.equal(apply.exitCode, 1);
  assert.equal(apply.of("error")[0]?.code, "PREPOP_LEDGER_KEY");
});

test("a ledger that is none is exit 1 before anything is sent", async () => {
  await using tenant = await company();
  await prepop(tenant, ["apply", csv("userPrincipalName,mobile", "x@contoso.com,12"), "--yes"]);
  const { readdirSync } = await import("node:fs");
  const file = readdirSync(tenant.home).find(name => /\.(db|sqlite)$/.test(name)) ?? "";
  mkdirSync(tenant.home, { recursive: true });
  for (const name of readdirSync(tenant.home)) {
    if (name.startsWith(file))
      writeFileSync(`${tenant.home}/${name}`, "this is no database, and long enough to be sure of it");
  }
  const run = await prepop(tenant, ["apply", roster(), "--yes", "--json"]);
  assert.equal(run.exitCode, 1, run.stderr);
  assert.match(String(run.of("error")[0]?.code), /^PREPOP_LEDGER_/);
  assert.deepEqual(tenant.writes(), []);
});

test("help and version are exit 0 and go to stdout; no command shows the help and is exit 1", async () => {
  const env = { PREPOP_HOME: "/nonexistent/prepop" };
  for (const argv of [["--help"], ["plan", "--help"], ["phone", "--help"], ["--version"]]) {
    const run = await runCli(argv, { env });
    assert.equal(run.exitCode, 0);
    assert.notEqual(run.stdout, "");
    assert.equal(run.stderr, "");
  }
  const none = await runCli([], { env });
  assert.equal(none.exitCode, 1);
  assert.match(none.stderr, /Usage/);
});
