import assert from "node:assert/strict";
import { test } from "node:test";
import { csv, prepop } from "../support/rehearse.ts";
import { aTenant, type Tenant, upn } from "../support/tenant.ts";

/** Which tenant a command is for, and that it stops before the first user is read when two names differ. */

const anna = "anna@contoso.com";
const elsewhere = "99999999-0000-4000-8000-000000000000";

function roster(): string {
  return csv("userPrincipalName,mobile", `${anna},+31 612345678`);
}

function tokenOf(tid: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part({ tid, idtyp: "app" })}.x`;
}

async function company(): Promise<Tenant> {
  return await aTenant().withUser(anna).start();
}

/** What was asked for about users so far. */
function userReads(tenant: Tenant): number {
  return tenant.sandbox.log.filter(({ path }) => /\/users|\$batch/.test(path)).length;
}

const commands = [["plan"], ["apply", "--yes"], ["apply", "--yes", "--force"]] as const;

for (const command of commands) {
  test(`${command.join(" ")} stops with exit 6 when AZURE_TENANT_ID names another tenant`, async () => {
    await using tenant = await company();
    const env = { ...tenant.env, AZURE_TENANT_ID: elsewhere };
    const run = await prepop(tenant, [...command, roster(), "--json"], { env });
    assert.equal(run.exitCode, 6);
    assert.equal(run.of("error")[0]?.code, "PREPOP_TENANT_MISMATCH");
    assert.equal(userReads(tenant), 0);
  });

  test(`${command.join(" ")} stops with exit 6 when the token's tid names another tenant`, async () => {
    await using tenant = await company();
    const token = tokenOf(elsewhere);
    tenant.sandbox.addToken({ token, kind: "app" });
    const env = { ...tenant.env, PREPOP_ACCESS_TOKEN: token };
    const run = await prepop(tenant, [...command, roster(), "--json"], { env });
    assert.equal(run.exitCode, 6);
    assert.equal(run.of("error")[0]?.code, "PREPOP_TENANT_MISMATCH");
    assert.equal(userReads(tenant), 0);
  });
}

test("AZURE_TENANT_ID may be one of the tenant's domains; another one stops", async () => {
  await using tenant = await company();
  const good = await prepop(tenant, ["plan", roster(), "--json"], {
    env: { ...tenant.env, AZURE_TENANT_ID: "Contoso.com" },
  });
  assert.equal(good.exitCode, 2, good.stderr);
  const bad = await prepop(tenant, ["plan", roster(), "--json"], {
    env: { ...tenant.env, AZURE_TENANT_ID: "fabrikam.com" },
  });
  assert.equal(bad.exitCode, 6);
});

test("the tid vetoes and never confirms: a run whose tenant only the token names is unknown", async () => {
  await using tenant = await aTenant()
    .withUser(anna)
    .with({ capabilities: { organization: 403 } })
    .start();
  const plan = await prepop(tenant, ["plan", roster(), "--json"]);
  assert.equal(plan.exitCode, 2, plan.stderr);
  assert.equal(plan.summary.tenantId, "unknown");
  const env = { ...tenant.env, AZURE_TENANT_ID: tenant.sandbox.tenantId };
  const named = await prepop(tenant, ["plan", roster(), "--json"], { env });
  assert.equal(named.summary.tenantId, tenant.sandbox.tenantId);
  const vetoed = await prepop(tenant, ["plan", roster(), "--json"], {
    env: { ...tenant.env, AZURE_TENANT_ID: elsewhere },
  });
  assert.equal(vetoed.exitCode, 6);
  assert.equal(vetoed.of("error")[0]?.code, "PREPOP_TENANT_MISMATCH");
});

test("a saved plan of another tenant is exit 6 and nothing is sent, also with --force", async () => {
  await using here = await company();
  await using there = await aTenant().withUser(anna).with({ tenantId: elsewhere }).start();
  const file = `${here.home}.plan`;
  await prepop(here, ["plan", roster(), "--out", file]);
  for (const options of [[], ["--force"]]) {
    const apply = await prepop(there, ["apply", file, "--yes", "--json", ...options]);
    assert.equal(apply.exitCode, 6);
    assert.equal(apply.of("error")[0]?.code, "PREPOP_TENANT_MISMATCH");
  }
  assert.equal(userReads(there), 0);
});

test("a run of another tenant is not resumed", async () => {
  await using here = await aTenant()
    .withUser(anna)
    .with({ faults: [{ kind: "throttled", retryAfter: "long", match: { effect: "write" } }] })
    .start();
  const interrupted = await prepop(here, ["apply", roster(), "--yes", "--json"]);
  assert.equal(interrupted.exitCode, 5, interrupted.stderr);
  await using there = await aTenant().withUser(anna).with({ tenantId: elsewhere }).start();
  const resumed = await prepop(here, ["resume", "--yes", "--json"], {
    env: { ...there.env, PREPOP_HOME: here.home },
  });
  assert.equal(resumed.exitCode, 6, resumed.stderr);
  assert.equal(userReads(there), 0);
});

const proofs: readonly { readonly name: string; readonly same: number; readonly exit: number }[] = [
  { name: "none of its first 20 users is there", same: 0, exit: 6 },
  { name: "only the 21st user is there", same: 21, exit: 6 },
  { name: "one of its first 20 users is there", same: 20, exit: 0 },
];

for (const { name, same, exit } of proofs) {
  test(`a saved plan of an unknown tenant is exit ${exit} where ${name}`, async () => {
    const count = 25;
    const id = (index: number, kind: number): string =>
      `${String(kind).repeat(8)}-0000-4000-8000-${String(index).padStart(12, "0")}`;
    await using made = await aTenant()
      .withUsers(count, index => ({ id: id(index, 1) }))
      .with({ capabilities: { organization: 404 } })
      .start();
    const rows = Array.from({ length: count }, (_, index) => `${upn(index + 1)},+31 6123450${10 + index}`);
    const file = `${made.home}.plan`;
    const plan = await prepop(made, [
      "plan",
      csv("userPrincipalName,mobile", ...rows),
      "--out",
      file,
      "--json",
    ]);
    assert.equal(plan.summary.tenantId, "unknown");

    // In the tenant in which it is applied, users of the same ids have other names, but for one.
    const builder = aTenant().with({ capabilities: { organization: 404 } });
    for (let index = 1; index <= count; index++) {
      builder.withUser(index === same ? upn(index) : `x${upn(index)}`, {}, { id: id(index, 1) });
    }
    await using applied = await builder.start();
    const apply = await prepop(applied, ["apply", file, "--yes", "--json"]);
    assert.equal(apply.exitCode, exit, apply.stderr);
    if (exit === 6) {
      assert.equal(apply.of("error")[0]?.code, "PREPOP_TENANT_MISMATCH");
      assert.deepEqual(applied.writes(), []);
    }
  });
}

test("a plan of a tenant known by its id is applied by the domain in AZURE_TENANT_ID only where a user proves it", async () => {
  const id = "11111111-2222-4333-8444-555555555555";
  await using made = await aTenant().withUser(anna, {}, { id }).start();
  const file = `${made.home}.plan`;
  await prepop(made, ["plan", roster(), "--out", file]);
  for (const [name, exit] of [
    [anna, 0],
    ["anne@fabrikam.com", 6],
  ] as const) {
    await using other = await aTenant()
      .withUser(name, {}, { id })
      .with({ capabilities: { organization: 404 } })
      .start();
    const env = { ...other.env, PREPOP_ACCESS_TOKEN: "opaque", AZURE_TENANT_ID: "contoso.com" };
    other.sandbox.addToken({ token: "opaque", kind: "app" });
    const apply = await prepop(other, ["apply", file, "--yes", "--json"], { env });
    assert.equal(apply.exitCode, exit, apply.stderr);
    assert.equal(other.writes().length, exit === 0 ? 1 : 0);
  }
});

test("each plan names tenant and domain in its first line", async () => {
  await using tenant = await company();
  const plan = await prepop(tenant, ["plan", roster()]);
  const [first = ""] = plan.stdout.split("\n");
  assert.match(first, /contoso\.com/);
  assert.match(first, /Contoso \(sandbox\)|[\da-f-]{36}/);
  const asked = await prepop(tenant, ["apply", roster()], { typed: "no" });
  assert.match(asked.stdout.split("\n")[0] ?? "", /contoso\.com/);
  const question = asked.stderr.split("\n").find(line => line.includes("?")) ?? "";
  assert.match(question, /contoso\.com/);
  assert.equal(asked.exitCode, 6);
  assert.deepEqual(tenant.writes(), []);
});
