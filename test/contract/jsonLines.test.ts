import assert from "node:assert/strict";
import { test } from "node:test";
import { changeKinds } from "../../src/model/change.ts";
import { errorIssues, warningIssues } from "../../src/model/issue.ts";
import { phoneTypes } from "../../src/model/phone.ts";
import { outcomeKinds } from "../../src/model/run.ts";
import type { CliRun, Line } from "../support/cli.ts";
import { csv, prepop } from "../support/rehearse.ts";
import { rosterFile } from "../support/rosterFile.ts";
import { aTenant, type Tenant } from "../support/tenant.ts";
import { workbook } from "../support/workbook.ts";

/** Every field that other programs may rely on is there, with the right kind of value, for each command. */

const anna = "anna@contoso.com";
const bert = "bert@contoso.com";
const full = /612345|687654|20123456/;

type Check = (value: unknown) => boolean;
type Shape = Readonly<Record<string, Check>>;

const text: Check = value => typeof value === "string" && value !== "";
const count: Check = value => typeof value === "number" && Number.isInteger(value) && value >= 0;
const amount: Check = value => typeof value === "number" && value >= 0;
const flag: Check = value => typeof value === "boolean";
const guid: Check = value =>
  typeof value === "string" && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(value);
const digest: Check = value => typeof value === "string" && /^[\da-f]{64}$/.test(value);
const time: Check = value => typeof value === "string" && new Date(value).toISOString() === value;
const rows: Check = value =>
  Array.isArray(value) && value.length > 0 && value.every(row => count(row) && row > 0);
const row: Check = value => count(value) && value !== 0;
const oneOf =
  (values: readonly unknown[]): Check =>
  value =>
    values.includes(value);
const orNull =
  (check: Check): Check =>
  value =>
    value === null || check(value);
const absentOr =
  (check: Check): Check =>
  value =>
    value === undefined || check(value);
const all =
  (...names: readonly string[]): Check =>
  value =>
    typeof value === "object" && value !== null && names.every(name => count((value as Line)[name]));
/** A canonical number whose digits but the last two may be hidden. */
const number: Check = value =>
  typeof value === "string" && /^\+[\d•]{1,3} [\d•]+(x[\d•]+)?(?<=\d\d)$/.test(value) && !full.test(value);

const type = oneOf(phoneTypes);
const issueCode = oneOf([...errorIssues, ...warningIssues]);
const level = oneOf(["error", "warning"]);

const changeShape: Shape = {
  type: oneOf(["change"]),
  kind: oneOf(changeKinds),
  user: text,
  userPrincipalName: text,
  userId: guid,
  phoneType: type,
  from: orNull(number),
  to: orNull(number),
  reason: text,
  row,
  rows,
};

const outcomeShape: Shape = {
  type: oneOf(["outcome"]),
  outcome: oneOf(outcomeKinds),
  kind: oneOf(changeKinds),
  user: text,
  userPrincipalName: text,
  userId: guid,
  phoneType: type,
  to: orNull(number),
  attempts: count,
  requestId: orNull(guid),
  code: orNull(text),
  message: orNull(text),
  row,
  rows,
};

const issueShape: Shape = {
  type: oneOf(["issue"]),
  code: issueCode,
  level,
  row,
  user: orNull(text),
  phoneType: absentOr(type),
  message: text,
};

const runCounts = all(...outcomeKinds, "issues");
const planCounts = all(...changeKinds, "rows", "users", "issues", "warnings", "outOfScope", "excluded");

const runSummary: Shape = {
  type: oneOf(["summary"]),
  exitCode: count,
  run: guid,
  counts: runCounts,
  seconds: amount,
  requests: count,
  writes: count,
  throttled: count,
  report: orNull(text),
};

function assertShape(lines: readonly Line[], shape: Shape): void {
  assert.ok(lines.length > 0, "there is no such line");
  for (const line of lines) {
    for (const [field, check] of Object.entries(shape)) {
      assert.ok(check(line[field]), `${field} is ${JSON.stringify(line[field])} in ${JSON.stringify(line)}`);
    }
  }
}

/** Each line has a type, the last is the summary, and no digits leak. */
function assertLines(run: CliRun, command: string): void {
  assert.ok(run.lines.every(line => text(line.type)));
  assert.equal(run.lines.filter(line => line.type === "summary").length, 1);
  assert.equal(run.summary.type, "summary");
  assert.equal(run.summary.command, command);
  assert.equal(run.summary.exitCode, run.exitCode);
  assert.doesNotMatch(run.stdout, full);
  assert.doesNotMatch(run.stderr, full);
}

async function company(): Promise<Tenant> {
  return await aTenant()
    .withUser(anna, { mobile: "+31 687654321" }, { otherMethods: ["password", "microsoftAuthenticator"] })
    .withUser(bert, { mobile: "+31 687654322" })
    .withUser("cees@contoso.com", { office: "+31 201234567" })
    .start();
}

function roster(): string {
  return csv(
    "userPrincipalName,mobile,office",
    `${anna},+31 612345678,+31 201234568x12`,
    `${bert},0612345679,`,
    "cees@contoso.com,+31 612345678,+31 201234567",
    "nobody@contoso.com,+31 612345670,",
    "dirk@contoso.com,06-12345 ext 99999999,",
  );
}

const shaping = ["--policy", "update", "--region", "NL"];

test("check", async () => {
  await using tenant = await company();
  const run = await prepop(tenant, ["check", roster(), "--region", "NL", "--json"]);
  assertLines(run, "check");
  assertShape(run.of("row"), {
    row,
    user: orNull(text),
    phones: value => Object.entries(value as object).every(([name, phone]) => type(name) && number(phone)),
    issues: value =>
      (value as readonly Line[]).every(
        each => issueCode(each.code) && level(each.level) && text(each.message),
      ),
  });
  assertShape([run.summary], { counts: all("rows", "usable", "issues", "warnings", "hiddenRows") });
  assert.equal(run.of("row").length, 5);
});

test("check of a workbook names the sheet, and --inspect shows what is in it", async () => {
  await using tenant = await company();
  const file = rosterFile(
    "shapes.xlsx",
    workbook({
      sheets: [
        {
          name: "Staff",
          rows: [
            ["userPrincipalName", "mobile"],
            [anna, "+31 612345678"],
            [bert, "+31 612345679"],
          ],
          tables: [{ name: "Phones", ref: "A1:B3", columns: ["userPrincipalName", "mobile"] }],
        },
      ],
    }),
  );
  const run = await prepop(tenant, ["check", file, "--json"]);
  assertLines(run, "check");
  assertShape(run.of("row"), { sheet: oneOf(["Staff"]) });
  const inspected = await prepop(tenant, ["check", file, "--inspect", "--json"]);
  assertShape(inspected.of("sheet"), { name: text, state: text, hiddenRows: Array.isArray });
  assertShape(inspected.of("table"), {
    name: text,
    sheet: text,
    ref: text,
    headers: Array.isArray,
    dataRows: count,
    totalsRow: flag,
  });
  assertShape(inspected.of("cell"), { sheet: text, ref: text, text: value => typeof value === "string" });
  assertLines(inspected, "check");
});

test("plan", async () => {
  await using tenant = await company();
  const run = await prepop(tenant, ["plan", roster(), ...shaping, "--json"]);
  assertLines(run, "plan");
  assertShape(run.of("change"), changeShape);
  assertShape(run.of("issue"), issueShape);
  assertShape([run.summary], { plan: guid, tenantId: guid, digest, masked: flag, counts: planCounts });
  const kinds = new Set(run.of("change").map(line => String(line.kind)));
  assert.deepEqual([...kinds].toSorted(), ["create", "unchanged", "update"]);
  const counts = run.summary.counts as Readonly<Record<string, number>>;
  for (const kind of changeKinds) {
    assert.equal(counts[kind], run.of("change").filter(line => line.kind === kind).length, kind);
  }
  assert.equal(counts.rows, 5);
  assert.equal(counts.users, 3);
});

test("apply", async () => {
  await using tenant = await company();
  const report = `${tenant.home}.csv`;
  const options = [...shaping, "--yes", "--json", "--force", "--report", report];
  const run = await prepop(tenant, ["apply", roster(), ...options]);
  assertLines(run, "apply");
  assertShape(run.of("outcome"), outcomeShape);
  assertShape(run.of("issue"), issueShape);
  assertShape([run.summary], runSummary);
  assert.equal(run.summary.report, report);
  const counts = run.summary.counts as Readonly<Record<string, number>>;
  for (const kind of outcomeKinds) {
    assert.equal(counts[kind], run.of("outcome").filter(line => line.outcome === kind).length, kind);
  }
  assert.equal(counts.issues, run.of("issue").filter(line => line.level === "error").length);
  assert.equal(run.summary.writes, tenant.writes().length);
  assert.equal(run.summary.requests, tenant.sandbox.stats().requests);
});

test("resume, runs and runs show", async () => {
  await using tenant = await aTenant()
    .withUser(anna)
    .withUser(bert)
    .with({ faults: [{ kind: "throttled", retryAfter: "long", from: 2, match: { effect: "write" } }] })
    .start();
  const list = csv("userPrincipalName,mobile", `${anna},+31 612345678`, `${bert},+31 612345679`);
  const applied = await prepop(tenant, ["apply", list, "--yes", "--json"]);
  assertLines(applied, "apply");
  assertShape(applied.of("error"), { code: text, message: text, hint: text });

  tenant.sandbox.setFaults([]);
  const resumed = await prepop(tenant, ["resume", "--yes", "--json"]);
  assertLines(resumed, "resume");
  assertShape(resumed.of("outcome"), outcomeShape);
  assertShape([resumed.summary], runSummary);

  const runs = await prepop(tenant, ["runs", "--json"]);
  assertLines(runs, "runs");
  assertShape(runs.of("run"), {
    id: guid,
    when: time,
    actor: value => typeof value === "object" && value !== null,
    tenant: value => typeof value === "object" && value !== null,
    counts: runCounts,
    state: oneOf(["done"]),
  });

  const shown = await prepop(tenant, ["runs", "show", String(applied.summary.run), "--json"]);
  assertLines(shown, "runs show");
  assertShape(shown.of("outcome"), outcomeShape);
  assert.equal(shown.of("outcome").length, 2);
  const short = await prepop(tenant, ["runs", "show", String(applied.summary.run).slice(0, 8), "--json"]);
  assert.equal(short.stdout, shown.stdout);
});

test("phone", async () => {
  await using tenant = await company();
  const list = await prepop(tenant, ["phone", "list", anna, "--json"]);
  assertLines(list, "phone list");
  assertShape(list.of("phone"), {
    user: text,
    userId: guid,
    phoneType: type,
    phoneNumber: number,
    smsSignInState: orNull(text),
    id: guid,
  });
  const get = await prepop(tenant, ["phone", "get", anna, "mobile", "--json"]);
  assert.deepEqual(get.of("phone"), list.of("phone"));
  const created = await prepop(tenant, [
    "phone",
    "create",
    anna,
    "office",
    "+31 201234568",
    "--yes",
    "--json",
  ]);
  assertLines(created, "phone create");
  assertShape(created.of("outcome"), outcomeShape);
  assertShape([created.summary], runSummary);
});

test("template and sandbox reset", async () => {
  await using tenant = await company();
  const made = await prepop(tenant, ["template", "--out", `${tenant.home}.xlsx`, "--json"]);
  assertLines(made, "template");
  const reset = await prepop(tenant, ["sandbox", "reset", "--json"]);
  assertLines(reset, "sandbox reset");
});

test("--show-numbers shows them in full, in every line that holds one", async () => {
  await using tenant = await company();
  const plan = await prepop(tenant, ["plan", roster(), ...shaping, "--json", "--show-numbers"]);
  assert.deepEqual(
    plan.of("change").map(line => `${line.from ?? ""} > ${line.to ?? ""}`),
    [
      "+31 687654321 > +31 612345678",
      " > +31 201234568x12",
      "+31 687654322 > +31 612345679",
      "+31 201234567 > +31 201234567",
      " > +31 612345678",
    ],
  );
  const check = await prepop(tenant, ["check", roster(), "--region", "NL", "--json", "--show-numbers"]);
  assert.deepEqual(check.of("row")[0]?.phones, { mobile: "+31 612345678", office: "+31 201234568x12" });
  const phone = await prepop(tenant, ["phone", "get", anna, "mobile", "--json", "--show-numbers"]);
  assert.equal(phone.of("phone")[0]?.phoneNumber, "+31 687654321");
});

test("the texts for a person hide them as well, and so do the reports", async () => {
  await using tenant = await company();
  const { readFileSync } = await import("node:fs");
  const plan = await prepop(tenant, ["plan", roster(), ...shaping, "--report", `${tenant.home}.html`]);
  const apply = await prepop(tenant, [
    "apply",
    roster(),
    ...shaping,
    "--yes",
    "--force",
    "--report",
    `${tenant.home}.json`,
  ]);
  const check = await prepop(tenant, ["check", roster(), "--region", "NL"]);
  for (const run of [plan, apply, check]) {
    assert.doesNotMatch(run.stdout, full);
    assert.doesNotMatch(run.stderr, full);
  }
  for (const ending of ["html", "json"])
    assert.doesNotMatch(readFileSync(`${tenant.home}.${ending}`, "utf8"), full);
});

test("every kind of report is written, masked unless numbers are shown, and then for its owner only", async () => {
  const { readFileSync, statSync } = await import("node:fs");
  await using tenant = await company();
  const commands = {
    plan: { argv: ["plan", roster(), ...shaping], endings: ["xlsx", "csv", "html", "md"] },
    apply: {
      argv: ["apply", roster(), ...shaping, "--yes", "--force"],
      endings: ["xlsx", "csv", "html", "json"],
    },
  };
  for (const { argv, endings } of Object.values(commands)) {
    for (const ending of endings) {
      const masked = `${tenant.home}.masked.${ending}`;
      const shown = `${tenant.home}.shown.${ending}`;
      await prepop(tenant, [...argv, "--json", "--report", masked]);
      const run = await prepop(tenant, [...argv, "--json", "--report", shown, "--show-numbers"]);
      assert.equal(run.summary.report, shown);
      assert.equal(statSync(shown).mode & 0o777, 0o600);
      if (ending === "xlsx") continue;
      assert.doesNotMatch(readFileSync(masked, "utf8"), full, ending);
      assert.match(readFileSync(shown, "utf8"), full, ending);
    }
  }
});

test("no colour and no control character where nobody looks, or where NO_COLOR says so", async () => {
  await using tenant = await company();
  const control = String.fromCharCode(27);
  const piped = await prepop(tenant, ["plan", roster(), ...shaping]);
  assert.equal(piped.stdout.includes(control), false);
  const coloured = await prepop(tenant, ["plan", roster(), ...shaping], { typed: "" });
  assert.equal(coloured.stdout.includes(control), true);
  const env = { ...tenant.env, NO_COLOR: "1" };
  const plain = await prepop(tenant, ["plan", roster(), ...shaping], { typed: "", env });
  assert.equal(plain.stdout.includes(control), false);
});

test("--quiet leaves stderr empty and stdout as it is", async () => {
  await using tenant = await aTenant()
    .withUser(anna)
    .with({ capabilities: { organization: 403, policies: 403 } })
    .start();
  const list = csv("userPrincipalName,mobile", `${anna},+31 612345678`);
  const loud = await prepop(tenant, ["plan", list, "--json"]);
  assert.notEqual(loud.stderr, "");
  const quiet = await prepop(tenant, ["plan", list, "--json", "--quiet"]);
  assert.equal(quiet.stderr, "");
  assert.equal(quiet.of("change").length, loud.of("change").length);
});
