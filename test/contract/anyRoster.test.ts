import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Policy, policies, type SmsSignIn, smsSignIns } from "../../src/model/change.ts";
import { type PhoneType, phoneTypes } from "../../src/model/phone.ts";
import type { Line } from "../support/cli.ts";
import { csv, prepop, rehearse } from "../support/rehearse.ts";
import { aTenant, type Phones, type Tenant, upn } from "../support/tenant.ts";

/** What must hold for any small roster, any state of the tenant and any policy. */

const numbers: Readonly<Record<PhoneType, readonly string[]>> = {
  mobile: ["+31 612345671", "+31 612345672", "+31 612345673"],
  alternateMobile: ["+31 612345671", "+31 687654322"],
  office: ["+31 201234561", "+31 201234562x12"],
};
const unreadable = "12";
const userCount = 4;

type Row = { readonly user: number; readonly cells: readonly string[] };
type Case = {
  readonly columns: readonly PhoneType[];
  readonly rows: readonly Row[];
  readonly held: readonly Phones[];
  readonly passkey: readonly boolean[];
  readonly policy: Policy;
  readonly smsSignIn: SmsSignIn;
  readonly smsUsable: boolean;
  readonly allowLastMethod: boolean;
};

const slot = (type: PhoneType): fc.Arbitrary<string | undefined> =>
  fc.option(fc.constantFrom(...numbers[type]), { nil: undefined });

const phones: fc.Arbitrary<Phones> = fc
  .record({ mobile: slot("mobile"), alternateMobile: slot("alternateMobile"), office: slot("office") })
  .map(({ mobile, alternateMobile, office }) => ({
    ...(mobile ? { mobile } : {}),
    // An alternate mobile cannot be there without a mobile.
    ...(mobile && alternateMobile ? { alternateMobile } : {}),
    ...(office ? { office } : {}),
  }));

const cell = (type: PhoneType): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...numbers[type]) },
    { weight: 2, arbitrary: fc.constant("") },
    { weight: 1, arbitrary: fc.constant(unreadable) },
  );

const cases: fc.Arbitrary<Case> = fc.subarray([...phoneTypes], { minLength: 1 }).chain(columns =>
  fc.record({
    columns: fc.constant(columns),
    rows: fc.array(
      // One more than there are users: somebody who is not in the tenant.
      fc.record({ user: fc.integer({ min: 1, max: userCount + 1 }), cells: fc.tuple(...columns.map(cell)) }),
      { minLength: 1, maxLength: 6 },
    ),
    held: fc.array(phones, { minLength: userCount, maxLength: userCount }),
    passkey: fc.array(fc.boolean(), { minLength: userCount, maxLength: userCount }),
    policy: fc.constantFrom(...policies),
    smsSignIn: fc.constantFrom(...smsSignIns),
    smsUsable: fc.boolean(),
    allowLastMethod: fc.boolean(),
  }),
);

async function tenantOf({ held, passkey, smsUsable }: Case): Promise<Tenant> {
  return await aTenant()
    .withUsers(userCount, index => ({
      phones: held[index - 1] ?? {},
      otherMethods: passkey[index - 1] ? ["password", "fido2"] : ["password"],
    }))
    .with({ latencyMs: 1, smsPolicy: { usableForSignIn: smsUsable } })
    .start();
}

function rosterOf(columns: readonly PhoneType[], rows: readonly Row[]): string {
  const lines = rows.map(row => [upn(row.user), ...row.cells].join(","));
  return csv(["userPrincipalName", ...columns].join(","), ...lines);
}

function optionsOf({ policy, smsSignIn, allowLastMethod }: Case): readonly string[] {
  return [
    "--policy",
    policy,
    "--sms-sign-in",
    smsSignIn,
    ...(allowLastMethod ? ["--allow-last-method"] : []),
  ];
}

const runs = { numRuns: 60, seed: 20261123 };

test("what is applied is what was planned, a new plan is empty, and no user has two writes in flight", async () => {
  await fc.assert(
    fc.asyncProperty(cases, async given => {
      await using tenant = await tenantOf(given);
      const roster = rosterOf(given.columns, given.rows);
      const force = ["--max-change", "100%", "--max-delete", "99", "--confirm-tenant", "contoso.com"];
      await rehearse(tenant, roster, optionsOf(given), {}, force);
      assert.deepEqual([...tenant.raced], []);
    }),
    runs,
  );
});

test("making any cell unreadable never adds a delete", async () => {
  const withPlace = cases.chain(given =>
    fc.record({
      given: fc.constant(given),
      row: fc.nat({ max: given.rows.length - 1 }),
      column: fc.nat({ max: given.columns.length - 1 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(withPlace, async ({ given, row, column }) => {
      await using tenant = await tenantOf(given);
      const spoilt = given.rows.map((each, at) =>
        at === row ? { ...each, cells: each.cells.with(column, unreadable) } : each,
      );
      const before = await deletesOf(tenant, rosterOf(given.columns, given.rows), given);
      const after = await deletesOf(tenant, rosterOf(given.columns, spoilt), given);
      assert.deepEqual(
        after.filter(each => !before.includes(each)),
        [],
      );
    }),
    runs,
  );
});

async function deletesOf(tenant: Tenant, roster: string, given: Case): Promise<readonly string[]> {
  const plan = await prepop(tenant, ["plan", roster, ...optionsOf(given), "--json"]);
  return plan
    .of("change")
    .filter(({ kind }: Line) => kind === "delete")
    .map(({ userId, phoneType }) => `${userId} ${phoneType}`);
}
