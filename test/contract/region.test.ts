import assert from "node:assert/strict";
import { test } from "node:test";
import { csv, prepop, rehearse } from "../support/rehearse.ts";
import { aTenant } from "../support/tenant.ts";

/** Which country a number that carries none belongs to. */

const anna = "anna@contoso.com";

type Case = {
  readonly name: string;
  /** The cells of mobile and, where it is given, of the region column. */
  readonly cell: string;
  readonly region?: string;
  readonly option?: string;
  readonly usageLocation?: string;
  /** The number, or the code of the issue. */
  readonly expected: string;
};

const cases: readonly Case[] = [
  { name: "the user's usageLocation", cell: "0612345678", usageLocation: "NL", expected: "+31 612345678" },
  { name: "nothing says it", cell: "0612345678", expected: "region-needed" },
  { name: "--region", cell: "0612345678", option: "NL", expected: "+31 612345678" },
  { name: "the region column", cell: "0612345678", region: "NL", expected: "+31 612345678" },
  {
    name: "the region column before --region and usageLocation",
    cell: "07400 123456",
    region: "GB",
    option: "NL",
    usageLocation: "DE",
    expected: "+44 7400123456",
  },
  {
    name: "a blank region cell leaves it to --region",
    cell: "0612345678",
    region: "",
    option: "NL",
    expected: "+31 612345678",
  },
  {
    name: "--region before usageLocation where the digits fit only that country",
    cell: "07400123456",
    option: "GB",
    usageLocation: "NL",
    expected: "+44 7400123456",
  },
  {
    name: "--region and another usageLocation whose numbers the digits fit as well",
    cell: "0612345678",
    option: "NL",
    usageLocation: "FR",
    expected: "ambiguous-region",
  },
  {
    name: "a region column settles it",
    cell: "0612345678",
    region: "NL",
    option: "NL",
    usageLocation: "FR",
    expected: "+31 612345678",
  },
  {
    name: "so does a plus",
    cell: "+31612345678",
    option: "NL",
    usageLocation: "FR",
    expected: "+31 612345678",
  },
  { name: "+1 stays +1", cell: "+14155550123", option: "NL", expected: "+1 4155550123" },
  { name: "a country that is none", cell: "0612345678", region: "Narnia", expected: "region-needed" },
];

for (const { name, cell, region, option, usageLocation, expected } of cases) {
  test(`country of a number: ${name}`, async () => {
    await using tenant = await aTenant()
      .withUser(anna, {}, usageLocation === undefined ? {} : { usageLocation })
      .start();
    const roster =
      region === undefined
        ? csv("userPrincipalName,mobile", `${anna},${cell}`)
        : csv("userPrincipalName,mobile,region", `${anna},${cell},${region}`);
    const options = option === undefined ? [] : ["--region", option];
    const { plan } = await rehearse(tenant, roster, options);
    const found = expected.startsWith("+") ? plan.of("change")[0]?.to : plan.of("issue")[0]?.code;
    assert.equal(found, expected, plan.stdout);
    assert.deepEqual(tenant.phones(anna), expected.startsWith("+") ? { mobile: expected } : {});
  });
}

test("check says region-needed where plan may still succeed, and says that it may", async () => {
  await using tenant = await aTenant().withUser(anna, {}, { usageLocation: "NL" }).start();
  const roster = csv("userPrincipalName,mobile", `${anna},0612345678`);
  const check = await prepop(tenant, ["check", roster, "--json"]);
  assert.equal(check.exitCode, 3);
  const issues = check.of("row").flatMap(row => row.issues as { code: string; message: string }[]);
  assert.deepEqual(
    issues.map(issue => issue.code),
    ["region-needed"],
  );
  assert.match(issues[0]?.message ?? "", /plan/);
  const plan = await prepop(tenant, ["plan", roster, "--json"]);
  assert.equal(plan.exitCode, 2);
});
