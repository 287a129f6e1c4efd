import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { jsonLines, type Line } from "../support/cli.ts";
import { csv, prepop } from "../support/rehearse.ts";
import { aTenant, type Tenant, type TenantBuilder } from "../support/tenant.ts";

/** A plan that was saved is applied as it was shown, or not at all. */

const anna = "anna@contoso.com";
const bert = "bert@contoso.com";
const listed = "+31 612345678";
const other = "+31 687654321";
const hour = 3_600_000;

function company(): TenantBuilder {
  return aTenant().withUser(anna).withUser(bert, { mobile: other });
}

type Saved = {
  readonly tenant: Tenant;
  readonly file: string;
  readonly roster: string;
  readonly digest: string;
};

async function saved(tenant: Tenant): Promise<Saved> {
  const file = `${tenant.home}.plan`;
  const roster = csv(
    "userPrincipalName,mobile",
    `${anna},${listed}`,
    `${bert},+31 612345679`,
    "nobody@contoso.com,1",
  );
  const shaping = ["--policy", "update", "--sms-sign-in", "leave"];
  const plan = await prepop(tenant, ["plan", roster, ...shaping, "--out", file, "--json"]);
  assert.equal(plan.exitCode, 2, plan.stderr);
  return { tenant, file, roster, digest: String(plan.summary.digest) };
}

test("the file holds a header, one change a line and a trailer, in full and for its owner only", async () => {
  await using tenant = await company().start();
  const { file, digest } = await saved(tenant);
  const lines = jsonLines(readFileSync(file, "utf8"));
  const [header] = lines;
  for (const field of ["formatVersion", "id", "tenantId", "policy", "createdAt", "expiresAt"]) {
    assert.ok(header && field in header, field);
  }
  assert.equal(Date.parse(String(header?.expiresAt)) - Date.parse(String(header?.createdAt)), 24 * hour);
  assert.equal(lines.at(-1)?.digest, digest);
  const changes = lines.filter(line => line.type === "change");
  assert.deepEqual(
    changes.map(line => line.to),
    [listed, "+31 612345679"],
  );
  assert.equal(statSync(file).mode & 0o777, 0o600);
});

test("the command says that the file holds full numbers", async () => {
  await using tenant = await company().start();
  const roster = csv("userPrincipalName,mobile", `${anna},${listed}`);
  const plan = await prepop(tenant, ["plan", roster, "--out", `${tenant.home}.plan`]);
  assert.match(plan.stdout, /full phone numbers/);
});

test("it is applied without a second reading of roster and tenant, and its issues count", async () => {
  await using tenant = await company().start();
  const { file, digest } = await saved(tenant);
  const apply = await prepop(tenant, ["apply", file, "--yes", "--json", "--digest", digest]);
  assert.equal(apply.exitCode, 3, apply.stderr);
  assert.deepEqual(tenant.phones(anna), { mobile: listed });
  assert.deepEqual(tenant.phones(bert), { mobile: "+31 612345679" });
  assert.equal(apply.of("issue").length > 0, true);
  assert.equal((apply.summary.counts as { issues: number }).issues, apply.of("issue").length);
  assert.equal(apply.summary.digest, digest);
});

test("applied a second time it does nothing that was done", async () => {
  await using tenant = await company().start();
  const { file } = await saved(tenant);
  await prepop(tenant, ["apply", file, "--yes"]);
  const before = tenant.writes().filter(entry => entry.executed).length;
  const again = await prepop(tenant, ["apply", file, "--yes", "--json"]);
  assert.deepEqual(tenant.phones(bert), { mobile: "+31 612345679" });
  assert.equal(tenant.writes().filter(entry => entry.executed).length, before);
  assert.ok(again.of("outcome").every(({ outcome }) => outcome !== "failed" && outcome !== "inDoubt"));
});

test("a digest knows tenant, policy, SMS sign-in and changes, and neither rows nor times", async () => {
  await using tenant = await company().start();
  const rows = [`${anna},${listed}`, `${bert},+31 612345679`];
  const digestOf = async (list: readonly string[], ...options: readonly string[]): Promise<unknown> => {
    tenant.clock.advance(60_000);
    const roster = csv("userPrincipalName,mobile", ...list);
    return (await prepop(tenant, ["plan", roster, "--json", ...options])).summary.digest;
  };
  const digest = await digestOf(rows, "--policy", "update");
  assert.equal(await digestOf(rows, "--policy", "update"), digest);
  assert.equal(await digestOf(rows.toReversed(), "--policy", "update"), digest);
  assert.notEqual(await digestOf(rows, "--policy", "add"), digest);
  assert.notEqual(await digestOf(rows, "--policy", "mirror"), digest);
  assert.notEqual(await digestOf(rows, "--policy", "update", "--sms-sign-in", "disable"), digest);
  assert.notEqual(await digestOf(rows.slice(1), "--policy", "update"), digest);
  await using elsewhere = await company().with({ tenantId: "99999999-0000-4000-8000-000000000000" }).start();
  const roster = csv("userPrincipalName,mobile", ...rows);
  const there = await prepop(elsewhere, ["plan", roster, "--json", "--policy", "update"]);
  assert.notEqual(there.summary.digest, digest);
});

type Refused = {
  readonly name: string;
  /** Changes the lines of the file. */
  readonly edit?: (lines: readonly Line[]) => readonly (Line | string)[];
  readonly passes?: number;
  readonly options?: readonly string[];
  readonly exit: number;
  readonly code?: string;
};

function edited(type: string, field: string, value: unknown): NonNullable<Refused["edit"]> {
  return lines => lines.map(line => (line.type === type ? { ...line, [field]: value } : line));
}

const refusals: readonly Refused[] = [
  {
    name: "another number",
    edit: edited("change", "to", "+31 611111111"),
    exit: 8,
    code: "PREPOP_PLAN_DIGEST",
  },
  { name: "another user", edit: edited("change", "userId", "11111111-2222-4333-8444-555555555555"), exit: 8 },
  { name: "another kind", edit: edited("change", "kind", "unchanged"), exit: 8 },
  { name: "another policy", edit: edited("plan", "policy", "mirror"), exit: 8, code: "PREPOP_PLAN_DIGEST" },
  { name: "another --sms-sign-in", edit: edited("plan", "smsSignIn", "disable"), exit: 8 },
  {
    name: "another tenant",
    edit: edited("plan", "tenantId", "99999999-0000-4000-8000-000000000000"),
    exit: 8,
  },
  { name: "another digest in the trailer", edit: edited("trailer", "digest", "0".repeat(64)), exit: 8 },
  {
    name: "an unknown format",
    edit: edited("plan", "formatVersion", 99),
    exit: 8,
    code: "PREPOP_PLAN_FORMAT",
  },
  { name: "no trailer", edit: lines => lines.slice(0, -1), exit: 8, code: "PREPOP_PLAN_FORMAT" },
  { name: "a line less", edit: lines => lines.filter((_, index) => index !== 1), exit: 8 },
  { name: "a line that is no JSON", edit: lines => [...lines.slice(0, 1), "{", ...lines.slice(1)], exit: 8 },
  { name: "only its header", edit: lines => lines.slice(0, 1), exit: 8, code: "PREPOP_PLAN_FORMAT" },
  { name: "25 hours", passes: 25 * hour, exit: 8, code: "PREPOP_PLAN_EXPIRED" },
  {
    name: "2 hours of --max-age 1h",
    passes: 2 * hour,
    options: ["--max-age", "1h"],
    exit: 8,
    code: "PREPOP_PLAN_EXPIRED",
  },
  {
    name: "another digest than the one asked for",
    options: ["--digest", "f".repeat(64)],
    exit: 8,
    code: "PREPOP_PLAN_DIGEST",
  },
];

for (const { name, edit, passes = 0, options = [], exit, code } of refusals) {
  test(`a saved plan is refused and nothing is sent: ${name}`, async () => {
    await using tenant = await company().start();
    const { file } = await saved(tenant);
    if (edit) {
      const lines = edit(jsonLines(readFileSync(file, "utf8")));
      writeFileSync(
        file,
        `${lines.map(line => (typeof line === "string" ? line : JSON.stringify(line))).join("\n")}\n`,
      );
    }
    tenant.clock.advance(passes);
    const apply = await prepop(tenant, ["apply", file, "--yes", "--json", "--force", ...options]);
    assert.equal(apply.exitCode, exit, apply.stderr);
    if (code !== undefined) assert.equal(apply.of("error")[0]?.code, code);
    assert.equal(apply.summary.type, "summary");
    assert.deepEqual(tenant.writes(), []);
  });
}

test("a plan may be made to last longer, and is then good for so long", async () => {
  await using tenant = await company().start();
  const file = `${tenant.home}.plan`;
  const roster = csv("userPrincipalName,mobile", `${anna},${listed}`);
  await prepop(tenant, ["plan", roster, "--out", file, "--max-age", "48h"]);
  tenant.clock.advance(47 * hour);
  const apply = await prepop(tenant, ["apply", file, "--yes", "--json", "--max-age", "48h"]);
  assert.equal(apply.exitCode, 0, apply.stderr);
});

test("--digest refuses another plan of a roster too", async () => {
  await using tenant = await company().start();
  const roster = csv("userPrincipalName,mobile", `${anna},${listed}`);
  const plan = await prepop(tenant, ["plan", roster, "--json"]);
  const digest = String(plan.summary.digest);
  tenant.sandbox.setPhone(anna, "mobile", other);
  const apply = await prepop(tenant, ["apply", roster, "--yes", "--json", "--digest", digest]);
  assert.equal(apply.exitCode, 8);
  tenant.sandbox.setPhone(anna, "mobile", undefined);
  const good = await prepop(tenant, ["apply", roster, "--yes", "--json", "--digest", digest.toUpperCase()]);
  assert.equal(good.exitCode, 0, good.stderr);
});

const shaping: readonly (readonly string[])[] = [
  ["--policy", "add"],
  ["--types", "mobile"],
  ["--sms-sign-in", "leave"],
  ["--allow-last-method"],
  ["--overwrite-masked"],
  ["--region", "NL"],
  ["--sheet", "x"],
  ["--table", "x"],
  ["--header-row", "1"],
  ["--format", "csv"],
  ["--column", "user=x"],
  ["--match", "mail"],
  ["--limit", "1"],
  ["--only", "*"],
  ["--exclude", "x"],
  ["--group", "x"],
  ["--exclude-group", "x"],
  ["--exclude-admins"],
  ["--exclude-disabled"],
  ["--percent", "10"],
];

test("an option that shapes a plan does not go with a saved one: exit 1 before any request", async t => {
  await using tenant = await company().start();
  const { file } = await saved(tenant);
  const { requests } = tenant.sandbox.stats();
  for (const option of shaping) {
    await t.test(option.join(" "), async () => {
      const apply = await prepop(tenant, ["apply", file, "--yes", "--json", ...option]);
      assert.equal(apply.exitCode, 1);
      assert.equal(apply.of("error")[0]?.code, "PREPOP_USAGE");
      assert.match(apply.stderr, new RegExp(option[0] ?? ""));
    });
  }
  assert.equal(tenant.sandbox.stats().requests, requests);
});

test("guard, pace, report and output options go with it", async () => {
  await using tenant = await company().start();
  const { file } = await saved(tenant);
  const report = `${tenant.home}.csv`;
  const options = [
    ...["--max-change", "90%", "--max-delete", "1", "--stop-at-failures", "3", "--max-age", "1h", "--force"],
    ...["--concurrency", "2", "--rate", "50", "--no-batch", "--max-wait", "1m", "--settle-horizon", "10s"],
    ...["--report", report, "--show-numbers", "--quiet", "--lock-timeout", "1s"],
  ];
  const apply = await prepop(tenant, ["apply", file, "--yes", "--json", ...options]);
  assert.equal(apply.exitCode, 3, apply.stderr);
  assert.equal(apply.summary.report, report);
  assert.match(readFileSync(report, "utf8"), /612345678/);
  assert.equal(statSync(report).mode & 0o777, 0o600);
});
