import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type PhoneType, phoneMethodIds, phoneTypes } from "../../src/model/phone.ts";
import { runCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/ledgerData.ts";
import { csv, prepop, rehearse } from "../support/rehearse.ts";
import { aTenant, type Phones, upn } from "../support/tenant.ts";

/** Seventeen defects of other tools for this job, each as a test that prepop does not have it. */

const anna = "anna@contoso.com";
const listed = "+31 612345678";
const other = "+31 687654321";
const office = "+31 201234567";
const methods = { otherMethods: ["password", "microsoftAuthenticator"] } as const;
const oneRow = (cell: string): string => csv("userPrincipalName,mobile", `${anna},${cell}`);

test("1: a dry run leaves nothing behind, so the real run skips nobody", async () => {
  await using tenant = await aTenant().withUsers(3).start();
  const rows = [1, 2, 3].map(index => `${upn(index)},+31 61234567${index}`);
  const roster = csv("userPrincipalName,mobile", ...rows);
  for (let times = 0; times < 3; times++) await prepop(tenant, ["plan", roster]);
  assert.deepEqual(existsSync(tenant.home) ? readdirSync(tenant.home) : [], []);
  const apply = await prepop(tenant, ["apply", roster, "--yes", "--json"]);
  assert.equal((apply.summary.counts as { applied: number }).applied, 3);
});

test("2: done is what the service confirmed, not what was queued or sent", async () => {
  await using tenant = await aTenant()
    .withUsers(3)
    .with({ faults: [{ kind: "throttled", retryAfter: "long", from: 2, match: { effect: "write" } }] })
    .start();
  const rows = [1, 2, 3].map(index => `${upn(index)},+31 61234567${index}`);
  const roster = csv("userPrincipalName,mobile", ...rows);
  const first = await prepop(tenant, [
    "apply",
    roster,
    "--yes",
    "--json",
    "--concurrency",
    "1",
    "--no-batch",
  ]);
  assert.equal((first.summary.counts as { applied: number }).applied, 1);
  tenant.sandbox.setFaults([]);
  await prepop(tenant, ["apply", roster, "--yes"]);
  for (const index of [1, 2, 3])
    assert.deepEqual(tenant.phones(upn(index)), { mobile: `+31 61234567${index}` });
});

test("3: a 429 without Retry-After is waited for like any other", async () => {
  await using tenant = await aTenant()
    .withUser(anna)
    .with({ faults: [{ kind: "throttled", retryAfter: "missing", times: 3, match: { effect: "write" } }] })
    .start();
  const { apply } = await rehearse(tenant, oneRow(listed));
  assert.equal(apply.exitCode, 0);
});

test("4: an update is one PATCH, and a failed one leaves the phone that was there", async () => {
  await using tenant = await aTenant().withUser(anna, { mobile: other }).start();
  await rehearse(tenant, oneRow(listed), ["--policy", "update"]);
  assert.deepEqual(
    tenant.writes().map(entry => entry.method),
    ["PATCH"],
  );
  tenant.sandbox.setFaults([{ kind: "unknownError", status: 400, match: { effect: "write" } }]);
  await prepop(tenant, ["apply", oneRow(other), "--policy", "update", "--yes"]);
  assert.deepEqual(tenant.phones(anna), { mobile: listed });
});

test("5: a phone is found by its type, whether there are none, one or three", async t => {
  const all: Required<Phones> = { mobile: other, alternateMobile: "+31 611111111", office };
  for (const type of phoneTypes) {
    for (const held of [{}, { mobile: other }, all] satisfies Phones[]) {
      await t.test(`${type} beside ${Object.keys(held).length}`, async () => {
        const needsMobile = type === "alternateMobile" && !("mobile" in held);
        await using tenant = await aTenant().withUser(anna, held, methods).start();
        const number = type === "office" ? "+31 201234599" : listed;
        await rehearse(tenant, csv(`userPrincipalName,${type}`, `${anna},${number}`), ["--policy", "update"]);
        assert.deepEqual(tenant.phones(anna), needsMobile ? held : { ...held, [type]: number });
        const [write] = tenant.writes();
        if (write?.method === "PATCH") assert.ok(write.path.includes(phoneMethodIds[type]));
      });
    }
  }
});

type Reading = {
  readonly cell: string;
  readonly type?: PhoneType;
  readonly region?: string;
  readonly number: string;
};

const readings: readonly Reading[] = [
  // 6
  { cell: "+14155550123", number: "+1 4155550123" },
  { cell: "+14155550123", region: "NL", number: "+1 4155550123" },
  // 7
  { cell: "0612345678", region: "NL", number: "+31 612345678" },
  { cell: "06-12345678", region: "NL", number: "+31 612345678" },
  { cell: "+31 0612345678", number: "+31 612345678" },
  { cell: "+31 (0)6 12345678", number: "+31 612345678" },
  { cell: "0031612345678", region: "NL", number: "+31 612345678" },
  { cell: "00390612345678", type: "office", region: "IT", number: "+39 0612345678" },
  { cell: "+39 06 12345678", type: "office", number: "+39 0612345678" },
];

for (const { cell, type = "mobile", region, number } of readings) {
  test(`6 and 7: ${cell}${region ? ` in ${region}` : ""} is ${number}`, async () => {
    await using tenant = await aTenant().withUser(anna).start();
    const roster = csv(`userPrincipalName,${type}`, `${anna},${cell}`);
    await rehearse(tenant, roster, region === undefined ? [] : ["--region", region]);
    assert.deepEqual(tenant.phones(anna), { [type]: number });
  });
}

test("8: a row that is not understood is reported with its number, never dropped", async () => {
  const cells = ["12", "none", "+999 1234567", "0612345678901234", "#N/A", "+12065550123", "ext 5", "06 12"];
  await using tenant = await aTenant().withUsers(cells.length).start();
  const roster = csv("userPrincipalName,mobile", ...cells.map((cell, at) => `${upn(at + 1)},${cell}`));
  const { plan } = await rehearse(tenant, roster, ["--region", "NL"]);
  const spoken = new Set([...plan.of("change"), ...plan.of("issue")].map(line => line.row));
  assert.deepEqual(
    cells.map((_, at) => at + 2).filter(row => !spoken.has(row)),
    [],
  );
  assert.equal((plan.summary.counts as { rows: number }).rows, cells.length);
});

test("9: the sample that is shipped, and the template, pass a plan in a tenant that has its users", async () => {
  const env = { PREPOP_HOME: temporaryFolder() };
  const sample = join(import.meta.dirname, "../../examples/employees.xlsx");
  const plan = await runCli(["plan", sample, "--sandbox", "--json"], { env });
  assert.equal(plan.exitCode, 2, plan.stderr);
  const file = join(env.PREPOP_HOME, "template.xlsx");
  assert.equal((await runCli(["template", "--out", file], { env })).exitCode, 0);
  const check = await runCli(["check", file, "--json"], { env });
  assert.equal(check.exitCode, 0, check.stdout);
  const planned = await runCli(["plan", file, "--sandbox", "--json"], { env });
  assert.equal(planned.exitCode, 2, planned.stderr);
  assert.equal(planned.of("change").length, 1);
});

test("10: mobile, alternate mobile and office go where they belong, and one number in two columns is flagged", async () => {
  await using tenant = await aTenant().withUsers(2).start();
  const header = "userPrincipalName,Mobile phone,Alternate mobile,Office phone";
  const roster = csv(
    header,
    `${upn(1)},${listed},${other},${office}`,
    `${upn(2)},+31 611111111,+31 611111111,`,
  );
  const { plan } = await rehearse(tenant, roster);
  assert.deepEqual(tenant.phones(upn(1)), { mobile: listed, alternateMobile: other, office });
  const flagged = plan.of("issue").filter(line => line.code === "same-number");
  assert.deepEqual(
    flagged.map(line => line.row),
    [3],
  );
});

test("11: a number that differs only in spaces is the same", async () => {
  await using tenant = await aTenant().withUser(anna, { mobile: listed }).start();
  for (const spelling of ["+31612345678", "+31 6 12 34 56 78", "0031612345678", "+31 (0)6-12345678"]) {
    const { plan } = await rehearse(tenant, oneRow(spelling), ["--policy", "update", "--region", "NL"]);
    assert.deepEqual(
      plan.of("change").map(line => line.kind),
      ["unchanged"],
      spelling,
    );
  }
  assert.deepEqual(tenant.writes(), []);
});

test("12: a 409 whose phone was stored is applied, once", async () => {
  await using tenant = await aTenant()
    .withUser(anna)
    .withUser("bert@contoso.com", { mobile: listed })
    .with({ smsPolicy: { usableForSignIn: true } })
    .start();
  const { apply } = await rehearse(tenant, oneRow(listed));
  assert.equal(apply.of("outcome")[0]?.outcome, "applied");
  assert.equal(tenant.writes().length, 1);
});

test("13: a guest is found by the whole name and written to by id", async () => {
  const guest = "kim_fabrikam.com#EXT#@contoso.onmicrosoft.com";
  await using tenant = await aTenant().withUser(guest).withUser("kim_fabrikam.com@contoso.com").start();
  await rehearse(tenant, csv("userPrincipalName,mobile", `${guest},${listed}`));
  assert.deepEqual(tenant.phones(guest), { mobile: listed });
  assert.deepEqual(tenant.phones("kim_fabrikam.com@contoso.com"), {});
  const [write] = tenant.writes();
  assert.ok(write?.path.includes(tenant.id(guest)));
});

test("14: the default method that cannot go says so, and another refusal says its own reason", async () => {
  await using tenant = await aTenant()
    .withUser(anna, { mobile: other, office }, { ...methods, defaultMethod: "sms" })
    .withUser("bert@contoso.com", { mobile: other, office }, methods)
    .with({
      capabilities: { beta: 404 },
      faults: [
        { kind: "unknownError", status: 400, match: { operation: "deletePhone", user: "bert@contoso.com" } },
      ],
    })
    .start();
  const roster = csv("userPrincipalName,mobile", `${anna},`, "bert@contoso.com,");
  const { apply } = await rehearse(tenant, roster, ["--policy", "mirror"]);
  const [annas, berts] = apply.of("outcome").map(line => String(line.message));
  assert.match(annas ?? "", /default authentication method/);
  assert.doesNotMatch(berts ?? "", /default authentication method/);
});

test("15: removing everything needs the tenant's name, whatever else is allowed", async () => {
  await using tenant = await aTenant()
    .withUsers(12, () => ({ ...methods, phones: { mobile: other } }))
    .start();
  const users = Array.from({ length: 12 }, (_, at) => upn(at + 1));
  const roster = csv("userPrincipalName", ...users);
  const options = [
    "--policy",
    "remove",
    "--types",
    "mobile",
    "--max-delete",
    "12",
    "--yes",
    "--force",
    "--json",
  ];
  const refused = await prepop(tenant, ["apply", roster, ...options]);
  assert.equal(refused.exitCode, 6);
  assert.deepEqual(tenant.writes(), []);
  const confirmed = await prepop(tenant, ["apply", roster, ...options, "--confirm-tenant", "contoso.com"]);
  assert.equal(confirmed.exitCode, 0, confirmed.stderr);
  for (const user of users) assert.deepEqual(tenant.phones(user), {});
});

test("16: phone methods are never filtered: the sandbox refuses it, and prepop does not ask", async () => {
  await using tenant = await aTenant().withUser(anna, { mobile: other }).start();
  const filter = encodeURIComponent("phoneType eq 'mobile'");
  const answer = await fetch(
    `${tenant.sandbox.url}/v1.0/users/${anna}/authentication/phoneMethods?$filter=${filter}`,
    {
      headers: { authorization: `Bearer ${tenant.sandbox.token}` },
    },
  );
  assert.equal(answer.status, 400);
  const from = tenant.sandbox.log.length;
  await prepop(tenant, ["apply", oneRow(listed), "--policy", "update", "--yes"]);
  const asked = tenant.sandbox.log.slice(from).filter(({ path }) => /phoneMethods\?/.test(path));
  assert.deepEqual(asked, []);
});

test("17: a masked number is never called different, and never overwritten unasked", async () => {
  await using tenant = await aTenant().withUser(anna, { mobile: other }).with({ maskedReads: true }).start();
  const plan = await prepop(tenant, ["plan", oneRow(listed), "--policy", "update", "--json"]);
  assert.deepEqual(
    plan.of("change").map(line => `${line.kind} ${line.reason}`),
    ["refused masked"],
  );
  const same = await prepop(tenant, ["plan", oneRow("+31 611111121"), "--policy", "update", "--json"]);
  assert.deepEqual(
    same.of("change").map(line => `${line.kind} ${line.reason}`),
    ["unchanged maskedFits"],
  );
});
