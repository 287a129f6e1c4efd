import assert from "node:assert/strict";
import { test } from "node:test";
import type { SandboxConfig } from "../../src/sandbox/sandbox.ts";
import type { SeedUser } from "../../src/sandbox/user.ts";
import { assertTruth, prepop } from "../support/rehearse.ts";
import { aTenant, type Phones, type Tenant } from "../support/tenant.ts";

/** The seven operations on the phones of one user. */

const anna = "anna@contoso.com";
const mobile = "+31 612345678";
const other = "+31 687654321";
const office = "+31 201234567";
const methods: Pick<SeedUser, "otherMethods"> = { otherMethods: ["password", "microsoftAuthenticator"] };

async function company(
  held: Phones,
  more: Omit<SeedUser, "userPrincipalName"> = methods,
  config: SandboxConfig = {},
) {
  return await aTenant()
    .withUser(anna, held, { usageLocation: "NL", ...more })
    .with(config)
    .start();
}

type Case = {
  readonly name: string;
  readonly held: Phones;
  readonly argv: readonly string[];
  readonly exit: number;
  /** outcome and code, or the code of the error */
  readonly said: string;
  readonly after: Phones;
  readonly user?: Omit<SeedUser, "userPrincipalName">;
  readonly config?: SandboxConfig;
  readonly sms?: string;
};

const smsOn: SandboxConfig = { smsPolicy: { usableForSignIn: true } };

const cases: readonly Case[] = [
  {
    name: "create in an empty slot",
    held: {},
    argv: ["create", anna, "mobile", mobile],
    exit: 0,
    said: "applied null",
    after: { mobile },
  },
  {
    name: "create takes a national number of the user's country",
    held: {},
    argv: ["create", anna, "mobile", "06 12345678"],
    exit: 0,
    said: "applied null",
    after: { mobile },
  },
  {
    name: "create takes a national number with --region",
    held: {},
    argv: ["create", anna, "mobile", "06 12345678", "--region", "NL"],
    exit: 0,
    said: "applied null",
    after: { mobile },
    user: { ...methods, usageLocation: "NL" },
  },
  {
    name: "create of what is there",
    held: { mobile },
    argv: ["create", anna, "mobile", "+31612345678"],
    exit: 0,
    said: "alreadySo null",
    after: { mobile },
  },
  {
    name: "create over another number",
    held: { mobile: other },
    argv: ["create", anna, "mobile", mobile],
    exit: 3,
    said: "refused PREPOP_ROW_PLAN_REFUSED",
    after: { mobile: other },
  },
  {
    name: "create of what is no number",
    held: {},
    argv: ["create", anna, "mobile", "12"],
    exit: 1,
    said: "PREPOP_PHONE_INVALID",
    after: {},
  },
  {
    name: "create of an alternate mobile without a mobile is told by Graph",
    held: {},
    argv: ["create", anna, "alternateMobile", mobile],
    exit: 3,
    said: "failed badRequest",
    after: {},
  },
  {
    name: "an office number with an extension",
    held: {},
    argv: ["create", anna, "office", "+31 20 1234567 x12"],
    exit: 0,
    said: "applied null",
    after: { office: `${office}x12` },
  },
  {
    name: "update",
    held: { mobile: other },
    argv: ["update", anna, "mobile", mobile],
    exit: 0,
    said: "applied null",
    after: { mobile },
  },
  {
    name: "update to what is there",
    held: { mobile },
    argv: ["update", anna, "mobile", mobile],
    exit: 0,
    said: "alreadySo null",
    after: { mobile },
  },
  {
    name: "update of an empty slot",
    held: {},
    argv: ["update", anna, "mobile", mobile],
    exit: 1,
    said: "PREPOP_PHONE_NOT_FOUND",
    after: {},
  },
  {
    name: "delete",
    held: { mobile, office },
    argv: ["delete", anna, "office"],
    exit: 0,
    said: "applied null",
    after: { mobile },
  },
  {
    name: "delete of an empty slot",
    held: { mobile },
    argv: ["delete", anna, "office"],
    exit: 1,
    said: "PREPOP_PHONE_NOT_FOUND",
    after: { mobile },
  },
  {
    name: "delete of the default method switches it first",
    held: { mobile, office },
    argv: ["delete", anna, "mobile"],
    exit: 0,
    said: "applied null",
    after: { office },
    user: { ...methods, defaultMethod: "sms" },
  },
  {
    name: "delete of the last method is done, for it was asked for by name",
    held: { mobile },
    argv: ["delete", anna, "mobile"],
    exit: 0,
    said: "applied null",
    after: {},
    user: {},
  },
  {
    name: "the type without case",
    held: {},
    argv: ["create", anna, "MOBILE", mobile],
    exit: 0,
    said: "applied null",
    after: { mobile },
  },
  {
    name: "an unknown user",
    held: {},
    argv: ["create", "ana@contoso.com", "mobile", mobile],
    exit: 1,
    said: "PREPOP_USER_NOT_FOUND",
    after: {},
  },
  {
    name: "disable-sms",
    held: { mobile },
    argv: ["disable-sms", anna],
    exit: 0,
    said: "applied null",
    after: { mobile },
    config: smsOn,
    sms: "notEnabled",
  },
  {
    name: "disable-sms where it is off",
    held: { mobile },
    argv: ["disable-sms", anna],
    exit: 0,
    said: "alreadySo null",
    after: { mobile },
    sms: "notAllowedByPolicy",
  },
  {
    name: "enable-sms where the policy does not allow it",
    held: { mobile },
    argv: ["enable-sms", anna],
    exit: 3,
    said: "refused notAllowedByPolicy",
    after: { mobile },
    sms: "notAllowedByPolicy",
  },
  {
    name: "enable-sms without a mobile",
    held: { office },
    argv: ["enable-sms", anna],
    exit: 1,
    said: "PREPOP_PHONE_NOT_FOUND",
    after: { office },
  },
  {
    name: "create with --sms-sign-in disable",
    held: {},
    argv: ["create", anna, "mobile", mobile, "--sms-sign-in", "disable"],
    exit: 0,
    said: "applied null applied null",
    after: { mobile },
    config: smsOn,
    sms: "notEnabled",
  },
];

for (const { name, held, argv, exit, said, after, user, config, sms } of cases) {
  test(`phone ${name}: ${said}`, async () => {
    await using tenant = await company(held, user, config);
    const run = await prepop(tenant, ["phone", ...argv, "--yes", "--json", "--show-numbers"]);
    assert.equal(run.exitCode, exit, run.stderr);
    const told = run.of("error").map(line => String(line.code));
    const outcomes = run.of("outcome").flatMap(line => [String(line.outcome), String(line.code)]);
    assert.equal([...told, ...outcomes].join(" "), said);
    assert.deepEqual(tenant.phones(anna), after);
    if (sms !== undefined) assert.equal(tenant.sms(anna), sms);
    assertTruth(tenant, run.of("outcome"), 0);
  });
}

test("SMS sign-in is switched off and on again", async () => {
  await using tenant = await company({ mobile }, methods, smsOn);
  await prepop(tenant, ["phone", "disable-sms", anna, "--yes"]);
  assert.equal(tenant.sms(anna), "notEnabled");
  const run = await prepop(tenant, ["phone", "enable-sms", anna, "--yes", "--json"]);
  assert.equal(run.of("outcome")[0]?.outcome, "applied");
  assert.equal(tenant.sms(anna), "ready");
});

test("SMS sign-in with a number that somebody else signs in with is refused", async () => {
  await using tenant = await aTenant()
    .withUser(anna, { mobile })
    .withUser("bert@contoso.com", { mobile })
    .with(smsOn)
    .start();
  const run = await prepop(tenant, ["phone", "enable-sms", "bert@contoso.com", "--yes", "--json"]);
  assert.equal(run.exitCode, 3);
  assert.equal(
    `${run.of("outcome")[0]?.outcome} ${run.of("outcome")[0]?.code}`,
    "refused phoneNumberNotUnique",
  );
});

test("every write of a phone command stands in the ledger like a run", async () => {
  await using tenant = await company({});
  await prepop(tenant, ["phone", "create", anna, "mobile", mobile, "--yes"]);
  await prepop(tenant, ["phone", "delete", anna, "mobile", "--yes"]);
  const runs = await prepop(tenant, ["runs", "--json"]);
  assert.deepEqual(
    runs.of("run").map(line => `${line.command} ${line.state}`),
    ["phone delete done", "phone create done"],
  );
  const shown = await prepop(tenant, [
    "runs",
    "show",
    String(runs.of("run")[1]?.id),
    "--json",
    "--show-numbers",
  ]);
  assert.equal(shown.of("outcome")[0]?.to, mobile);
});

test("a number may come on standard input, so that no list of processes shows it", async () => {
  await using tenant = await company({});
  const run = await prepop(tenant, ["phone", "create", anna, "mobile", "-", "--yes", "--json"], {
    stdin: ` ${mobile}\n`,
  });
  assert.equal(run.exitCode, 0, run.stderr);
  assert.deepEqual(tenant.phones(anna), { mobile });
});

test("phone list shows every phone, by UPN, id, mail or employeeId", async () => {
  const held = { mobile, alternateMobile: other, office };
  await using tenant = await company(held, { mail: "a.jansen@contoso.com", employeeId: "0017" });
  const keys: readonly (readonly string[])[] = [
    [anna],
    ["ANNA@contoso.com"],
    [tenant.id(anna)],
    ["a.jansen@contoso.com", "--match", "mail"],
    ["0017", "--match", "employeeId"],
  ];
  for (const key of keys) {
    const run = await prepop(tenant, ["phone", "list", ...key, "--json", "--show-numbers"]);
    assert.equal(run.exitCode, 0, run.stderr);
    assert.deepEqual(
      Object.fromEntries(run.of("phone").map(line => [line.phoneType, line.phoneNumber])),
      held,
    );
  }
});

test("phone get of an empty slot is exit 1", async () => {
  await using tenant = await company({ mobile });
  const run = await prepop(tenant, ["phone", "get", anna, "office", "--json"]);
  assert.equal(run.exitCode, 1);
  assert.equal(run.of("error")[0]?.code, "PREPOP_PHONE_NOT_FOUND");
});

test("phone delete names a user who keeps no method before it asks", async () => {
  const tenant: Tenant = await company({ mobile }, {});
  await using _ = tenant;
  const run = await prepop(tenant, ["phone", "delete", anna, "mobile"], { typed: "n" });
  assert.equal(run.exitCode, 6);
  assert.match(run.stdout, /without any/i);
  assert.match(run.stdout, /anna@contoso\.com/);
  assert.deepEqual(tenant.phones(anna), { mobile });
});
