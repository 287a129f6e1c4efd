import assert from "node:assert/strict";
import { test } from "node:test";
import type { SeedUser } from "../../src/sandbox/user.ts";
import { csv, prepop, rehearse } from "../support/rehearse.ts";
import { aTenant, type Tenant } from "../support/tenant.ts";

/** Whose row is whose: rows of one account are one user, and no key is ever taken for somebody else's. */

const anna = "anna@contoso.com";
const bert = "bert@contoso.com";
const annasNumber = "+31 612345678";
const other = "+31 687654321";
const annasId = "11111111-2222-4333-8444-555555555555";
const guest = "kim_fabrikam.com#EXT#@contoso.onmicrosoft.com";

const people: readonly SeedUser[] = [
  { userPrincipalName: anna, id: annasId, employeeId: "0017", mail: "Anna.Jansen@contoso.com" },
  { userPrincipalName: bert, employeeId: "0018" },
  { userPrincipalName: "twin1@contoso.com", mail: "shared@contoso.com", employeeId: "77" },
  { userPrincipalName: "twin2@contoso.com", mail: "shared@contoso.com", employeeId: "77" },
  { userPrincipalName: guest, mail: "kim@fabrikam.com" },
  { userPrincipalName: "o'brien@contoso.com" },
];

async function company(): Promise<Tenant> {
  const builder = aTenant();
  for (const { userPrincipalName, phones, ...more } of people)
    builder.withUser(userPrincipalName, phones, more);
  return await builder.start();
}

type Case = {
  readonly name: string;
  readonly header: string;
  readonly rows: readonly string[];
  readonly options?: readonly string[];
  /** kind, user and rows of each change */
  readonly changes: readonly string[];
  /** row and code of each issue */
  readonly issues: readonly string[];
};

const plain = "userPrincipalName,mobile";

const cases: readonly Case[] = [
  {
    name: "two rows of one user with one number are one change that carries both rows",
    header: plain,
    rows: [`${anna},${annasNumber}`, `${bert},${other}`, `${anna},0031 6 1234 5678`],
    changes: [`create ${anna} 2,4`, `create ${bert} 3`],
    issues: ["4 duplicate"],
  },
  {
    name: "two different numbers for one type are a conflict on each row, and the other types go on",
    header: "userPrincipalName,mobile,office",
    rows: [`${anna},${annasNumber},+31 201234567`, `${anna},${other},`],
    changes: [`create ${anna} 2`],
    issues: ["2 conflict", "3 conflict"],
  },
  {
    name: "a number beside a cell that cannot be read is a conflict",
    header: plain,
    rows: [`${anna},${annasNumber}`, `${anna},12`],
    changes: [],
    issues: ["2 conflict", "3 invalid-phone"],
  },
  {
    name: "keys are compared without case and without the white space around them",
    header: plain,
    rows: [` Anna@CONTOSO.com ,${annasNumber}`, `${anna},${annasNumber}`],
    changes: [`create ${anna} 2,3`],
    issues: ["3 duplicate"],
  },
  {
    name: "an unknown user is an issue and nobody else's row",
    header: plain,
    rows: [`ana@contoso.com,${other}`, `${anna},${annasNumber}`],
    changes: [`create ${anna} 3`],
    issues: ["2 unknown-user"],
  },
  {
    name: "a key is not unwrapped, cleaned or normalised",
    header: plain,
    rows: [
      `<${anna}>,${other}`,
      `mailto:${anna},${other}`,
      `\u200b${anna},${other}`,
      `ann\uff41@contoso.com,${other}`,
      `${anna}.,${other}`,
    ],
    changes: [],
    issues: ["2 invalid-user", "3 invalid-user", "4 invalid-user", "5 unknown-user", "6 unknown-user"],
  },
  {
    name: "a guest is found by the name with #EXT#",
    header: plain,
    rows: [`${guest},${annasNumber}`],
    changes: [`create ${guest} 2`],
    issues: [],
  },
  {
    name: "a quote in a name is no trouble",
    header: plain,
    rows: [`o'brien@contoso.com,${annasNumber}`],
    changes: ["create o'brien@contoso.com 2"],
    issues: [],
  },
  {
    name: "--match mail",
    header: "mail,mobile",
    rows: [
      `anna.jansen@contoso.com,${annasNumber}`,
      `kim@fabrikam.com,${other}`,
      "shared@contoso.com,+31 611111111",
    ],
    options: ["--match", "mail", "--column", "user=mail"],
    changes: [`create ${anna} 2`, `create ${guest} 3`],
    issues: ["4 ambiguous-user"],
  },
  {
    name: "--match employeeId keeps leading zeros apart",
    header: "staff,mobile",
    rows: [`0017,${annasNumber}`, `17,${other}`, "77,+31 611111111"],
    options: ["--match", "employeeId", "--column", "user=staff"],
    changes: [`create ${anna} 2`],
    issues: ["3 unknown-user", "4 ambiguous-user"],
  },
  {
    name: "--match id",
    header: "object,mobile",
    rows: [
      `${annasId.toUpperCase()},${annasNumber}`,
      `99999999-2222-4333-8444-555555555555,${other}`,
      `${bert},+31 611111111`,
    ],
    options: ["--match", "id", "--column", "user=object"],
    changes: [`create ${anna} 2`],
    issues: ["3 unknown-user", "4 invalid-user"],
  },
  {
    name: "another identity column must point to the same user",
    header: "userPrincipalName,staff,mobile",
    rows: [`${anna},0017,${annasNumber}`, `${bert},0017,${other}`],
    options: ["--column", "employeeId=staff"],
    changes: [`create ${anna} 2`],
    issues: ["3 user-mismatch"],
  },
  {
    name: "so must an id and a mail address",
    header: "userPrincipalName,object,address,mobile",
    rows: [
      `${anna},${annasId},anna.jansen@contoso.com,${annasNumber}`,
      `${bert},${annasId},,${other}`,
      `o'brien@contoso.com,,${anna},+31 611111111`,
    ],
    options: ["--column", "id=object", "--column", "mail=address"],
    changes: [`create ${anna} 2`],
    issues: ["3 user-mismatch", "4 user-mismatch"],
  },
  {
    name: "a row without a user is an issue where it holds a phone",
    header: plain,
    rows: [`,${other}`, `${anna},${annasNumber}`],
    changes: [`create ${anna} 3`],
    issues: ["2 missing-user"],
  },
];

for (const { name, header, rows, options = [], changes, issues } of cases) {
  test(name, async () => {
    await using tenant = await company();
    const { plan } = await rehearse(tenant, csv(header, ...rows), options);
    assert.deepEqual(
      plan.of("change").map(line => `${line.kind} ${line.userPrincipalName} ${String(line.rows)}`),
      changes,
    );
    assert.deepEqual(
      plan
        .of("issue")
        .map(line => `${line.row} ${line.code}`)
        .toSorted(),
      issues.toSorted(),
    );
    const errors = plan.of("issue").filter(line => line.level === "error").length;
    assert.equal((plan.summary.counts as { issues: number }).issues, errors);
  });
}

test("two keys of one account are one user", async () => {
  await using tenant = await company();
  const roster = csv("key,mobile", `0017,${annasNumber}`, `0017 ,${annasNumber}`);
  const { plan, apply } = await rehearse(tenant, roster, ["--match", "employeeId", "--column", "user=key"]);
  assert.equal(plan.of("change").length, 1);
  assert.deepEqual(apply.of("outcome")[0]?.rows, [2, 3]);
  assert.equal(tenant.writes().length, 1);
});

test("a user who was renamed after the plan gets the phone, and whoever took the name does not", async () => {
  await using tenant = await aTenant().withUser(anna, {}, { id: annasId }).start();
  const file = `${tenant.home}.plan`;
  const plan = await prepop(tenant, ["plan", csv(plain, `${anna},${annasNumber}`), "--out", file, "--json"]);
  assert.equal(plan.exitCode, 2);

  const { tenantId } = tenant.sandbox;
  await using renamed = await aTenant()
    .withUser("anna.new@contoso.com", {}, { id: annasId })
    .withUser(anna)
    .with({ tenantId })
    .start();
  const apply = await prepop(renamed, ["apply", file, "--yes", "--json"]);
  assert.equal(apply.exitCode, 0, apply.stderr);
  assert.deepEqual(renamed.phones("anna.new@contoso.com"), { mobile: annasNumber });
  assert.deepEqual(renamed.phones(anna), {});
});
