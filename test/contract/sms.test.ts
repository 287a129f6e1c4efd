import assert from "node:assert/strict";
import { test } from "node:test";
import type { SmsSignIn } from "../../src/model/change.ts";
import type { Line } from "../support/cli.ts";
import { csv, prepop, rehearse } from "../support/rehearse.ts";
import { aTenant, type Tenant, type TenantBuilder, upn } from "../support/tenant.ts";

/**
 * Fifty users with a mobile number each. The numbers of 1 to 5 are held by other users, those of 6 to 10 by deleted
 * ones, 11 to 20 have another number already, 21 to 25 have theirs already, and 50 is outside the SMS policy.
 */
const count = 50;
const holders = Array.from({ length: 10 }, (_, index) => `holder${index + 1}@contoso.com`);

function number(index: number): string {
  return `+31 6123450${String(index).padStart(2, "0")}`;
}

function fiftyUsers(usableForSignIn: boolean): TenantBuilder {
  const builder = aTenant().withUsers(count, index => {
    if (index > 10 && index <= 20) return { phones: { mobile: `+31 6876540${index}` } };
    return index > 20 && index <= 25 ? { phones: { mobile: number(index) } } : {};
  });
  for (const [index, holder] of holders.entries()) builder.withUser(holder, { mobile: number(index + 1) });
  const covered = [...holders, ...Array.from({ length: count - 1 }, (_, index) => upn(index + 1))];
  return builder.with({ smsPolicy: { usableForSignIn, users: covered } });
}

async function start(usableForSignIn: boolean): Promise<Tenant> {
  const tenant = await fiftyUsers(usableForSignIn).start();
  for (const holder of holders.slice(5)) tenant.sandbox.deleteUser(holder);
  return tenant;
}

function roster(): string {
  const rows = Array.from({ length: count }, (_, index) => `${upn(index + 1)},${number(index + 1)}`);
  return csv("userPrincipalName,mobile", ...rows);
}

/** How many outcomes there are of each kind with each outcome and code. */
function tally(lines: readonly Line[]): Readonly<Record<string, number>> {
  const groups = Map.groupBy(lines, ({ kind, outcome, code }) => [kind, outcome, code ?? "-"].join(" "));
  return Object.fromEntries([...groups].map(([key, group]) => [key, group.length]));
}

const phones = { "create applied -": 25, "update applied -": 10, "unchanged alreadySo -": 5 };
const taken = "phoneNumberNotUnique";

type Case = {
  readonly policyOn: boolean;
  readonly smsSignIn: SmsSignIn;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly exit: number;
  /** The states of the numbers that were written: 1 (held), 6 (held by a deleted user), 11, 26 and 50. */
  readonly states: readonly string[];
  readonly smsRequests: number;
};

const cases: readonly Case[] = [
  {
    policyOn: true,
    smsSignIn: "leave",
    outcomes: { ...phones, [`create applied ${taken}`]: 10 },
    exit: 0,
    states: [taken, taken, "ready", "ready", "notAllowedByPolicy"],
    smsRequests: 0,
  },
  {
    policyOn: true,
    smsSignIn: "disable",
    outcomes: {
      ...phones,
      [`create applied ${taken}`]: 10,
      "disableSms applied -": 34,
      "disableSms alreadySo -": 11,
    },
    exit: 0,
    states: [taken, taken, "notEnabled", "notEnabled", "notAllowedByPolicy"],
    smsRequests: 34,
  },
  {
    policyOn: true,
    smsSignIn: "enable",
    outcomes: {
      ...phones,
      [`create applied ${taken}`]: 10,
      "enableSms alreadySo -": 34,
      [`enableSms refused ${taken}`]: 10,
      "enableSms refused notAllowedByPolicy": 1,
    },
    exit: 3,
    states: [taken, taken, "ready", "ready", "notAllowedByPolicy"],
    smsRequests: 10,
  },
  {
    policyOn: false,
    smsSignIn: "leave",
    outcomes: { ...phones, "create applied -": 35 },
    exit: 0,
    states: Array.from({ length: 5 }, () => "notAllowedByPolicy"),
    smsRequests: 0,
  },
  {
    policyOn: false,
    smsSignIn: "disable",
    outcomes: { ...phones, "create applied -": 35, "disableSms alreadySo -": 45 },
    exit: 0,
    states: Array.from({ length: 5 }, () => "notAllowedByPolicy"),
    smsRequests: 0,
  },
  {
    policyOn: false,
    smsSignIn: "enable",
    outcomes: { ...phones, "create applied -": 35, "enableSms refused notAllowedByPolicy": 45 },
    exit: 3,
    states: Array.from({ length: 5 }, () => "notAllowedByPolicy"),
    smsRequests: 0,
  },
];

for (const { policyOn, smsSignIn, outcomes, exit, states, smsRequests } of cases) {
  test(`--sms-sign-in ${smsSignIn} where the policy ${policyOn ? "lets users" : "lets nobody"} sign in by SMS`, async () => {
    await using tenant = await start(policyOn);
    const options = ["--policy", "update", "--sms-sign-in", smsSignIn];
    const force = ["--max-change", "100%"];
    const { plan, apply } = await rehearse(tenant, roster(), options, {}, force);

    assert.equal(plan.exitCode, 2);
    // 49 of the 50 users are covered, 5 of them have their number already.
    const sideEffect = smsSignIn === "leave" ? (policyOn ? 44 : 0) : undefined;
    assert.equal(plan.summary.smsSideEffect, sideEffect);
    assert.deepEqual(tally(apply.of("outcome")), outcomes);
    assert.equal(apply.exitCode, exit);
    assert.deepEqual(
      [1, 6, 11, 26, 50].map(index => tenant.sms(upn(index))),
      states,
    );
    const sms = tenant
      .writes()
      .filter(({ operation }) => operation === "enableSms" || operation === "disableSms");
    assert.equal(sms.length, smsRequests);
    for (let index = 1; index <= count; index++)
      assert.equal(tenant.phones(upn(index)).mobile, number(index));
  });
}

test("the plan recommends disable where the service will register numbers by itself", async () => {
  await using tenant = await start(true);
  const plan = await prepop(tenant, ["plan", roster()]);
  assert.match(plan.stdout, /--sms-sign-in disable/);
  await using quiet = await start(false);
  const other = await prepop(quiet, ["plan", roster()]);
  assert.doesNotMatch(other.stdout, /--sms-sign-in disable/);
});

test("where the SMS policy cannot be read, no side effect is counted and the plan is made", async () => {
  await using tenant = await fiftyUsers(true)
    .with({ capabilities: { policies: 403 } })
    .start();
  const plan = await prepop(tenant, ["plan", roster(), "--json"]);
  assert.equal(plan.exitCode, 2);
  assert.equal("smsSideEffect" in plan.summary, false);
});

test("what follows a write that failed is skipped and names it", async () => {
  const faults = [{ kind: "unknownError" as const, status: 400, match: { operation: "createPhone" } }];
  await using tenant = await aTenant()
    .withUser(upn(1))
    .with({ smsPolicy: { usableForSignIn: true }, faults })
    .start();
  const list = csv("userPrincipalName,mobile,alternateMobile", `${upn(1)},${number(1)},${number(2)}`);
  const { apply } = await rehearse(tenant, list, ["--sms-sign-in", "disable"]);
  assert.deepEqual(
    apply
      .of("outcome")
      .map(({ kind, phoneType, outcome, code }) => `${kind} ${phoneType} ${outcome} ${code}`),
    [
      "create mobile failed UnknownError",
      "disableSms mobile skipped PREPOP_ROW_BLOCKED_BY",
      "create alternateMobile skipped PREPOP_ROW_BLOCKED_BY",
    ],
  );
  assert.match(String(apply.of("outcome")[1]?.message), /create mobile .* failed \(entry 1\)/);
  assert.equal(apply.exitCode, 3);
});

test("SMS sign-in that meets a fault is read back like any other write", async t => {
  for (const kind of ["committedThen504", "gatewayTimeout", "committedThenReset"] as const) {
    await t.test(kind, async () => {
      await using tenant = await aTenant()
        .withUser(upn(1))
        .with({
          smsPolicy: { usableForSignIn: true },
          faults: [{ kind, times: 1, match: { operation: "disableSms" } }],
        })
        .start();
      const list = csv("userPrincipalName,mobile", `${upn(1)},${number(1)}`);
      const { apply } = await rehearse(tenant, list, ["--sms-sign-in", "disable"]);
      assert.equal(apply.exitCode, 0);
      assert.equal(tenant.sms(upn(1)), "notEnabled");
    });
  }
});

test("a taken number names its holder: a user of the tenant, or that it may be a deleted one", async () => {
  await using tenant = await start(true);
  const { apply } = await rehearse(tenant, roster(), ["--policy", "update"], {}, ["--max-change", "100%"]);
  const conflicts = apply.of("outcome").filter(({ code }) => code === taken);
  const messages = new Map(conflicts.map(line => [line.user, String(line.message)]));
  for (let index = 1; index <= 5; index++) {
    assert.match(messages.get(upn(index)) ?? "", new RegExp(`Held by holder${index}@contoso\\.com\\.$`));
  }
  for (let index = 6; index <= 10; index++) {
    assert.match(messages.get(upn(index)) ?? "", /Held by one of 5 deleted users, perhaps/);
  }
});

test("a taken number names its holder in the same list, before the tenant is searched", async () => {
  await using tenant = await aTenant()
    .withUser(upn(1), { mobile: number(1) })
    .withUser(upn(2))
    .with({ smsPolicy: { usableForSignIn: true }, capabilities: { reports: 403, deletedItems: 403 } })
    .start();
  const list = csv("userPrincipalName,mobile", `${upn(1)},${number(1)}`, `${upn(2)},${number(1)}`);
  const { apply } = await rehearse(tenant, list, []);
  const [conflict] = apply.of("outcome").filter(({ code }) => code === taken);
  assert.equal(conflict?.user, upn(2));
  assert.match(String(conflict?.message), new RegExp(`Held by ${upn(1)}`));
});
