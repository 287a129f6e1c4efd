import assert from "node:assert/strict";
import { test } from "node:test";
import type { SandboxConfig } from "../../src/sandbox/sandbox.ts";
import type { CliRun } from "../support/cli.ts";
import { csv, prepop, rehearse } from "../support/rehearse.ts";
import { aTenant, type Tenant, upn } from "../support/tenant.ts";

/** A scope cuts the plan: who is outside gives no lines and is counted. Users 1 to 4 have their phone already. */

const count = 20;

function number(index: number): string {
  return `+31 6123450${String(index).padStart(2, "0")}`;
}

async function company(config: SandboxConfig = {}): Promise<Tenant> {
  return await aTenant()
    .withUsers(count, index => ({
      id: `11111111-2222-4333-8444-${String(index).padStart(12, "0")}`,
      accountEnabled: index % 5 !== 0,
      ...(index % 7 === 0 ? { roles: ["Global Administrator"] } : {}),
      ...(index <= 4 ? { phones: { mobile: number(index) } } : {}),
    }))
    .with({
      groups: [
        { displayName: "Pilot", id: groupId, members: [upn(5), upn(6)], groups: ["Nested"] },
        { displayName: "Nested", members: [upn(8)] },
        { displayName: "Twice", members: [upn(9)] },
        { displayName: "Twice", id: groupId.replace("1", "2"), members: [upn(10)] },
      ],
      ...config,
    })
    .start();
}

const groupId = "aaaaaaaa-2222-4333-8444-000000000001";

/** Backwards, so that the order of the roster is not the order of the names. */
function roster(): string {
  const rows = Array.from({ length: count }, (_, at) => `${upn(count - at)},${number(count - at)}`);
  return csv("userPrincipalName,mobile", ...rows);
}

function seen(run: CliRun): readonly number[] {
  const users = run.of("change").map(line => Number(/\d+/.exec(String(line.userPrincipalName))?.[0]));
  return users.toSorted((left, right) => left - right);
}

const everybody = Array.from({ length: count }, (_, at) => at + 1);
const without = (...indexes: readonly number[]): readonly number[] =>
  everybody.filter(index => !indexes.includes(index));

type Case = {
  readonly options: readonly string[];
  readonly users: readonly number[];
  readonly outOfScope?: number;
  readonly excluded?: number;
};

const cases: readonly Case[] = [
  { options: [], users: everybody },
  { options: ["--limit", "3"], users: [18, 19, 20], outOfScope: 17 },
  { options: ["--limit", "16"], users: without(1, 2, 3, 4), outOfScope: 4 },
  { options: ["--limit", "17"], users: everybody },
  {
    options: ["--only", "user1?@contoso.com"],
    users: [10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    outOfScope: 10,
  },
  { options: ["--only", "USER05@*", "--only", "user06@*"], users: [5, 6], outOfScope: 18 },
  { options: ["--exclude", "user0*"], users: everybody.filter(index => index > 9), excluded: 9 },
  {
    options: ["--only", "user0*", "--exclude", "*05@*"],
    users: [1, 2, 3, 4, 6, 7, 8, 9],
    outOfScope: 11,
    excluded: 1,
  },
  { options: ["--group", "Pilot"], users: [5, 6, 8], outOfScope: 17 },
  { options: ["--group", groupId], users: [5, 6, 8], outOfScope: 17 },
  { options: ["--group", "Pilot", "--group", "Nested"], users: [5, 6, 8], outOfScope: 17 },
  { options: ["--exclude-group", "Pilot"], users: without(5, 6, 8), excluded: 3 },
  { options: ["--exclude-admins"], users: without(7, 14), excluded: 2 },
  { options: ["--exclude-disabled"], users: without(5, 10, 15, 20), excluded: 4 },
  { options: ["--exclude-disabled", "--limit", "2"], users: [18, 19], outOfScope: 14, excluded: 4 },
  { options: ["--percent", "100"], users: everybody },
];

const together: readonly Case[] = [
  {
    options: ["--group", "Pilot", "--exclude-admins", "--limit", "1"],
    users: [8],
    outOfScope: 17,
    excluded: 2,
  },
  { options: ["--group", "Pilot", "--exclude-group", "Nested"], users: [5, 6], outOfScope: 17, excluded: 1 },
  { options: ["--group", "Pilot", "--exclude-disabled"], users: [6, 8], outOfScope: 14, excluded: 4 },
];

for (const { options, users, outOfScope = 0, excluded = 0 } of [...cases, ...together]) {
  test(`scope ${options.join(" ") || "of everybody"}`, async () => {
    await using tenant = await company();
    const { plan, apply } = await rehearse(tenant, roster(), options);
    assert.deepEqual(seen(plan), users);
    const counts = plan.summary.counts as Readonly<Record<string, number>>;
    assert.equal(counts.outOfScope, outOfScope);
    assert.equal(counts.excluded, excluded);
    assert.equal(counts.users, users.length);
    assert.equal(apply.of("outcome").length, users.length);
    for (const index of everybody) {
      const inside = users.includes(index) || index <= 4;
      assert.equal(tenant.phones(upn(index)).mobile, inside ? number(index) : undefined, upn(index));
    }
  });
}

test("a smaller percentage is part of a larger one, and stays the same from plan to plan", async () => {
  await using tenant = await company();
  let smaller: readonly number[] = [];
  for (const percent of ["5", "10", "20", "40%", "80", "100"]) {
    const plan = await prepop(tenant, ["plan", roster(), "--percent", percent, "--json"]);
    const users = seen(plan);
    assert.ok(
      smaller.every(index => users.includes(index)),
      `${percent} leaves out some of a smaller share`,
    );
    smaller = users;
  }
  assert.deepEqual(smaller, everybody);
  const half = await prepop(tenant, ["plan", roster(), "--percent", "50", "--json"]);
  assert.ok(seen(half).length > 2 && seen(half).length < 18);
});

test("without the registration report, --exclude-admins looks at the roles, also those of a group", async () => {
  await using tenant = await company({
    capabilities: { reports: 403 },
    groups: [
      { displayName: "Helpdesk", isAssignableToRole: true, members: [upn(6)], groups: ["Inner"] },
      { displayName: "Inner", members: [upn(8)] },
    ],
  });
  const { plan, apply } = await rehearse(tenant, roster(), ["--exclude-admins"]);
  assert.deepEqual(seen(plan), without(6, 7, 8, 14));
  assert.equal((plan.summary.counts as { excluded: number }).excluded, 4);
  assert.equal(apply.exitCode, 0);
  for (const index of [6, 7, 8, 14]) assert.equal(tenant.phones(upn(index)).mobile, undefined);
});

test("where it cannot be read who the administrators are, --exclude-admins is exit 4 and nothing is written", async () => {
  await using tenant = await company({ capabilities: { reports: 403, roles: 403 } });
  for (const argv of [
    ["plan", roster()],
    ["apply", roster(), "--yes"],
  ]) {
    const run = await prepop(tenant, [...argv, "--exclude-admins", "--json"]);
    assert.equal(run.exitCode, 4);
    assert.equal(run.of("error")[0]?.code, "PREPOP_AUTH_ADMINS_UNKNOWN");
    assert.match(run.stderr, /AuditLog\.Read\.All.*RoleManagement\.Read\.Directory/);
  }
  assert.deepEqual(tenant.writes(), []);
  assert.equal(
    (await prepop(tenant, ["plan", roster(), "--json"])).exitCode,
    2,
    "without the option it does not matter",
  );
});

for (const options of [
  ["--group", "Pilot"],
  ["--exclude-group", "Pilot"],
]) {
  test(`${options[0]} of a group that may not be read is exit 4, and never everybody or nobody`, async () => {
    await using tenant = await company({ capabilities: { groups: 403 } });
    const run = await prepop(tenant, ["apply", roster(), ...options, "--yes", "--json"]);
    assert.equal(run.exitCode, 4, run.stderr);
    assert.deepEqual(tenant.writes(), []);
  });
}

test("--exclude-disabled says of whom it is not shown whether they are disabled", async () => {
  const token = "planted-token-with-basic-rights";
  const roles = ["UserAuthMethod-Phone.ReadWrite.All", "User.ReadBasic.All"];
  await using tenant = await company({ tokens: [{ token, kind: "app", roles }] });
  const env = { ...tenant.env, PREPOP_ACCESS_TOKEN: token };
  const run = await prepop(tenant, ["plan", roster(), "--exclude-disabled", "--json"], { env });
  assert.deepEqual(seen(run), everybody);
  assert.equal(run.summary.disabledUnknown, count);
  const text = await prepop(tenant, ["plan", roster(), "--exclude-disabled"], { env });
  assert.match(
    text.stdout.replace(/\s+/g, " "),
    /Of 20 users it is not shown whether the account is disabled/,
  );
});

test("a group that is not there, or whose name is not unique, is refused by name", async () => {
  await using tenant = await company();
  for (const group of ["Nobody", "Twice"]) {
    const plan = await prepop(tenant, ["plan", roster(), "--group", group, "--json"]);
    assert.equal(plan.exitCode, 1);
    assert.equal(plan.of("error")[0]?.code, "PREPOP_GROUP_NOT_FOUND");
    assert.match(plan.stderr, new RegExp(group));
  }
});

test("two plans of different scopes have different digests where their changes differ", async () => {
  await using tenant = await company();
  const all = await prepop(tenant, ["plan", roster(), "--json"]);
  const some = await prepop(tenant, ["plan", roster(), "--limit", "2", "--json"]);
  assert.notEqual(all.summary.digest, some.summary.digest);
});
