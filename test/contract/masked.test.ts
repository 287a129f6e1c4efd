import assert from "node:assert/strict";
import { test } from "node:test";
import type { SandboxConfig } from "../../src/sandbox/sandbox.ts";
import { csv, prepop } from "../support/rehearse.ts";
import { aTenant, type Phones, type Tenant } from "../support/tenant.ts";

/** What is done and said where Graph hides the digits of the phones that are there. */

const anna = "anna@contoso.com";
const listed = "+31 612345678";
const fits = "+31 687654378";
const other = "+31 687654321";

type Case = {
  readonly name: string;
  readonly policy: string;
  readonly held: string | undefined;
  readonly cell: string;
  readonly options?: readonly string[];
  /** kind and reason */
  readonly change: string;
  readonly planExit: number;
  readonly outcome: string;
  readonly after: string | undefined;
};

const cases: readonly Case[] = [
  {
    name: "an empty slot is no secret",
    policy: "add",
    held: undefined,
    cell: listed,
    change: "create emptySlot",
    planExit: 2,
    outcome: "applied",
    after: listed,
  },
  {
    name: "a number that looks the same",
    policy: "update",
    held: listed,
    cell: listed,
    change: "unchanged maskedFits",
    planExit: 0,
    outcome: "alreadySo",
    after: listed,
  },
  {
    name: "another number that looks the same",
    policy: "update",
    held: fits,
    cell: listed,
    change: "unchanged maskedFits",
    planExit: 0,
    outcome: "alreadySo",
    after: fits,
  },
  {
    name: "another number",
    policy: "update",
    held: other,
    cell: listed,
    change: "refused masked",
    planExit: 3,
    outcome: "refused",
    after: other,
  },
  {
    name: "another number that may be overwritten",
    policy: "update",
    held: other,
    cell: listed,
    options: ["--overwrite-masked"],
    change: "update otherNumber",
    planExit: 2,
    outcome: "applied",
    after: listed,
  },
  {
    name: "another number under add",
    policy: "add",
    held: other,
    cell: listed,
    change: "kept otherNumber",
    planExit: 0,
    outcome: "skipped",
    after: other,
  },
  {
    name: "remove of a number that looks the same",
    policy: "remove",
    held: fits,
    cell: listed,
    change: "refused masked",
    planExit: 3,
    outcome: "refused",
    after: fits,
  },
  {
    name: "remove of another number",
    policy: "remove",
    held: other,
    cell: listed,
    change: "refused otherNumber",
    planExit: 3,
    outcome: "refused",
    after: other,
  },
  {
    name: "a blank cell under mirror",
    policy: "mirror",
    held: other,
    cell: "",
    change: "delete blankCell",
    planExit: 2,
    outcome: "applied",
    after: undefined,
  },
];

async function masked(held: Phones, config: SandboxConfig = {}): Promise<Tenant> {
  return await aTenant()
    .withUser(anna, held, { otherMethods: ["password", "microsoftAuthenticator"] })
    .with({ maskedReads: true, ...config })
    .start();
}

for (const { name, policy, held, cell, options = [], change, planExit, outcome, after } of cases) {
  test(`masked reads: ${name} under ${policy} is ${change}`, async () => {
    await using tenant = await masked(held === undefined ? {} : { mobile: held });
    const roster = csv("userPrincipalName,mobile", `${anna},${cell}`);
    const shaping = ["--policy", policy, ...options];
    const plan = await prepop(tenant, ["plan", roster, ...shaping, "--json"]);
    const [line] = plan.of("change");
    assert.equal(`${line?.kind} ${line?.reason}`, change);
    assert.equal(plan.exitCode, planExit);
    assert.equal(plan.summary.masked, held !== undefined);
    assert.equal(plan.summary.maskedFits, change.endsWith("maskedFits") ? 1 : 0);
    const apply = await prepop(tenant, ["apply", roster, ...shaping, "--yes", "--json"]);
    assert.equal(apply.of("outcome")[0]?.outcome, outcome);
    assert.equal(tenant.phones(anna).mobile, after);
  });
}

test("the plan's first lines say which role or permission lifts the mask, and never that a number is the same", async () => {
  await using tenant = await masked({ mobile: listed });
  const plan = await prepop(tenant, ["plan", csv("userPrincipalName,mobile", `${anna},${listed}`)]);
  const head = plan.stdout.split("\n").slice(0, 4).join("\n");
  assert.match(head, /Privileged Authentication Administrator/);
  assert.match(head, /app/i);
  assert.match(plan.stdout, /looks? the same/i);
});

test("a plan that overwrites masked numbers says that it cannot be taken back", async () => {
  await using tenant = await masked({ mobile: other });
  const roster = csv("userPrincipalName,mobile", `${anna},${listed}`);
  const plan = await prepop(tenant, ["plan", roster, "--policy", "update", "--overwrite-masked"]);
  assert.match(plan.stdout, /undo|taken back/i);
});

type Doubt = {
  readonly name: string;
  readonly policy: string;
  readonly held: string | undefined;
  readonly cell: string;
  readonly outcome: string;
};

const doubts: readonly Doubt[] = [
  {
    name: "a create is settled by presence",
    policy: "add",
    held: undefined,
    cell: listed,
    outcome: "applied",
  },
  { name: "a delete is settled by presence", policy: "mirror", held: other, cell: "", outcome: "applied" },
  { name: "an update stays in doubt", policy: "update", held: other, cell: listed, outcome: "inDoubt" },
];

for (const { name, policy, held, cell, outcome } of doubts) {
  test(`masked reads after a 504 of a write that took effect: ${name}`, async () => {
    await using tenant = await masked(held === undefined ? {} : { mobile: held }, {
      faults: [{ kind: "committedThen504", times: 1 }],
    });
    const roster = csv("userPrincipalName,mobile", `${anna},${cell}`);
    const shaping = ["--policy", policy, "--overwrite-masked"];
    const apply = await prepop(tenant, ["apply", roster, ...shaping, "--yes", "--json"]);
    assert.equal(apply.of("outcome")[0]?.outcome, outcome);
    assert.equal(apply.exitCode, outcome === "inDoubt" ? 3 : 0);
    assert.equal(tenant.writes().length, 1);
  });
}

test("an Authentication Administrator reads masked numbers and is refused for administrators", async () => {
  await using tenant = await aTenant()
    .withUser(anna, { mobile: other })
    .withUser("admin@contoso.com", { mobile: other }, { roles: ["Global Administrator"] })
    .withUser("helpdesk@contoso.com", {}, { roles: ["Authentication Administrator"] })
    .start();
  const token = "helpdesk";
  tenant.sandbox.addToken({
    token,
    kind: "delegated",
    roles: ["Authentication Administrator"],
    user: "helpdesk@contoso.com",
  });
  const roster = csv("userPrincipalName,office", `${anna},+31 201234567`, "admin@contoso.com,+31 201234568");
  const env = { ...tenant.env, PREPOP_ACCESS_TOKEN: token };
  const plan = await prepop(tenant, ["plan", roster, "--json"], { env });
  assert.equal(plan.summary.masked, true);
  assert.deepEqual(
    plan.of("change").map(({ userPrincipalName, kind, reason }) => `${userPrincipalName} ${kind} ${reason}`),
    [`${anna} create emptySlot`, "admin@contoso.com refused forbidden"],
  );
  const apply = await prepop(tenant, ["apply", roster, "--yes", "--json"], { env });
  assert.equal(apply.exitCode, 3);
  assert.deepEqual(tenant.phones("admin@contoso.com"), { mobile: other });
  assert.equal(tenant.phones(anna).office, "+31 201234567");
});
