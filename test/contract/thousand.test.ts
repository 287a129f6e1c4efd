import assert from "node:assert/strict";
import { test } from "node:test";
import { writeXlsx } from "hucre/xlsx";
import { phoneTypes, sameNumber } from "../../src/model/phone.ts";
import { prepop } from "../support/rehearse.ts";
import { rosterFile } from "../support/rosterFile.ts";
import { aTenant, type Phones } from "../support/tenant.ts";

/** A thousand users from a workbook: every phone is right, by what a client of its own reads back. */

const count = 1_000;

type Person = {
  readonly user: string;
  readonly phones: Phones;
  readonly cells: readonly (string | number)[];
};

/** Numbers as people type them, and what they mean. */
const people: readonly Person[] = Array.from({ length: count }, (_, index) => {
  const four = String(index).padStart(4, "0");
  const user = `user${four}@contoso.com`;
  const mobile = `+31 61234${four}`;
  const spelt = [mobile, `061234${four}`, `06-1234 ${four}`, `00316 1234${four}`, Number(`3161234${four}`)];
  const withOffice = index % 3 === 0;
  const withAlternate = index % 10 === 0;
  const office = withOffice ? `+31 20123${four}x${(index % 90) + 10}` : undefined;
  const alternateMobile = withAlternate ? `+31 68765${four}` : undefined;
  return {
    user,
    phones: {
      mobile,
      ...(alternateMobile ? { alternateMobile } : {}),
      ...(office ? { office } : {}),
    },
    cells: [user, spelt[index % spelt.length] ?? "", alternateMobile ?? "", office ?? ""],
  };
});

test("a thousand users get their phones, and every one of them is right", async () => {
  const header = ["userPrincipalName", "mobile", "alternateMobile", "office"];
  const bytes = await writeXlsx({
    sheets: [{ name: "Staff", rows: [header, ...people.map(({ cells }) => [...cells])] }],
  });
  const roster = rosterFile("thousand.xlsx", Buffer.from(bytes));
  const builder = aTenant();
  for (const { user } of people) builder.withUser(user);
  await using tenant = await builder.start();

  const options = ["--region", "NL", "--json"];
  const plan = await prepop(tenant, ["plan", roster, ...options]);
  assert.equal(plan.exitCode, 2, plan.stderr);
  const phones = people.reduce((sum, person) => sum + Object.keys(person.phones).length, 0);
  assert.equal((plan.summary.counts as { create: number }).create, phones);

  const apply = await prepop(tenant, ["apply", roster, ...options, "--yes"]);
  assert.equal(apply.exitCode, 0, apply.stderr);
  assert.equal((apply.summary.counts as { applied: number }).applied, phones);
  assert.equal(tenant.writes().length, phones);

  for (let at = 0; at < count; at += 50) {
    await Promise.all(people.slice(at, at + 50).map(person => assertReadBack(tenant.sandbox, person)));
  }
  const after = await prepop(tenant, ["plan", roster, ...options]);
  assert.equal(after.exitCode, 0, after.stderr);
});

type Answer = { readonly value: readonly { readonly phoneType: string; readonly phoneNumber: string }[] };

/** Reads the phones of one user over HTTP, with nothing of prepop's own between. */
async function assertReadBack(
  { url, token }: { readonly url: string; readonly token: string },
  { user, phones }: Person,
): Promise<void> {
  const path = `/v1.0/users/${encodeURIComponent(user)}/authentication/phoneMethods`;
  const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(answer.status, 200);
  const { value } = (await answer.json()) as Answer;
  for (const type of phoneTypes) {
    const found = value.find(phone => phone.phoneType === type)?.phoneNumber;
    const wanted = phones[type];
    const same = found === undefined || wanted === undefined ? found === wanted : sameNumber(found, wanted);
    assert.ok(same, `${user} has ${found} as ${type}, not ${wanted}`);
  }
}
