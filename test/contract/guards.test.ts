import assert from "node:assert/strict";
import { test } from "node:test";
import { assertTruth, csv, prepop, rehearse } from "../support/rehearse.ts";
import { aTenant, type Tenant, type TenantBuilder, upn } from "../support/tenant.ts";

/** How much change is too much, and that what is too much stops before the first write. */

const methods = { otherMethods: ["password", "microsoftAuthenticator"] } as const;

function number(index: number, type = "mobile"): string {
  const rest = String(index).padStart(2, "0");
  return type === "mobile" ? `+31 6123456${rest}` : `+31 2012345${rest}`;
}

/** `held` users hold an office phone of their own, the others none. */
function staff(count: number, held: number): TenantBuilder {
  return aTenant().withUsers(count, index => ({
    ...methods,
    ...(index <= held ? { phones: { office: number(index, "office") } } : {}),
  }));
}

/** Asks for another office phone for the first `changed` users, none for the next `blank`, and theirs for the rest. */
function offices(count: number, changed: number, blank = 0): string {
  const rows = Array.from({ length: count }, (_, at) => {
    const index = at + 1;
    if (index <= changed) return `${upn(index)},${number(index + 50, "office")}`;
    return index <= changed + blank ? `${upn(index)},` : `${upn(index)},${number(index, "office")}`;
  });
  return csv("userPrincipalName,office", ...rows);
}

type Guarded = {
  readonly name: string;
  readonly tenant: () => TenantBuilder;
  readonly roster: () => string;
  readonly options: readonly string[];
  /** The code of the refusal; undefined where it is applied. */
  readonly refusal?: string;
};

const update = ["--policy", "update"];
const mirror = ["--policy", "mirror"];
const silent = { capabilities: { organization: 403 } } as const;
const domain = ["--confirm-tenant", "contoso.com"];

const cases: readonly Guarded[] = [
  // --max-change
  {
    name: "4 of 10 phones are more than 30 %",
    tenant: () => staff(10, 10),
    roster: () => offices(10, 4),
    options: update,
    refusal: "PREPOP_GUARD_MAX_CHANGE",
  },
  { name: "3 of 10 are not", tenant: () => staff(10, 10), roster: () => offices(10, 3), options: update },
  {
    name: "below 10 phones nobody counts",
    tenant: () => staff(9, 9),
    roster: () => offices(9, 9),
    options: update,
  },
  { name: "creates never count", tenant: () => staff(40, 10), roster: () => offices(40, 0), options: update },
  {
    name: "updates and deletes count together",
    tenant: () => staff(10, 10),
    roster: () => offices(10, 2, 2),
    options: mirror,
    refusal: "PREPOP_GUARD_MAX_CHANGE",
  },
  {
    name: "--max-change 40%",
    tenant: () => staff(10, 10),
    roster: () => offices(10, 4),
    options: [...update, "--max-change", "40%"],
  },
  {
    name: "--max-change as a number",
    tenant: () => staff(10, 10),
    roster: () => offices(10, 4),
    options: [...update, "--max-change", "3"],
    refusal: "PREPOP_GUARD_MAX_CHANGE",
  },
  {
    name: "--max-change as a number that is enough",
    tenant: () => staff(10, 10),
    roster: () => offices(10, 4),
    options: [...update, "--max-change", "4"],
  },
  {
    name: "--force lifts --max-change",
    tenant: () => staff(10, 10),
    roster: () => offices(10, 9),
    options: [...update, "--force"],
  },
  {
    name: "under remove --max-change is off",
    tenant: () => staff(10, 10),
    roster: () => offices(10, 0),
    options: ["--policy", "remove"],
  },
  // --max-delete
  {
    name: "11 deletes without a terminal are too many",
    tenant: () => staff(40, 40),
    roster: () => offices(40, 0, 11),
    options: [...mirror, ...domain],
    refusal: "PREPOP_GUARD_MAX_DELETE",
  },
  {
    name: "under remove as well",
    tenant: () => staff(11, 11),
    roster: () => offices(11, 0),
    options: ["--policy", "remove", ...domain],
    refusal: "PREPOP_GUARD_MAX_DELETE",
  },
  {
    name: "--force does not lift --max-delete",
    tenant: () => staff(40, 40),
    roster: () => offices(40, 0, 11),
    options: [...mirror, ...domain, "--force"],
    refusal: "PREPOP_GUARD_MAX_DELETE",
  },
  {
    name: "--max-delete 2",
    tenant: () => staff(40, 40),
    roster: () => offices(40, 0, 3),
    options: [...mirror, "--max-delete", "2"],
    refusal: "PREPOP_GUARD_MAX_DELETE",
  },
  {
    name: "10 deletes are not too many",
    tenant: () => staff(40, 40),
    roster: () => offices(40, 0, 10),
    options: mirror,
  },
  // --confirm-tenant
  {
    name: "more than 10 deletes need the tenant's domain",
    tenant: () => staff(40, 40),
    roster: () => offices(40, 0, 11),
    options: [...mirror, "--max-delete", "11"],
    refusal: "PREPOP_GUARD_CONFIRM_TENANT",
  },
  {
    name: "and not another one",
    tenant: () => staff(40, 40),
    roster: () => offices(40, 0, 11),
    options: [...mirror, "--max-delete", "11", "--confirm-tenant", "fabrikam.com"],
    refusal: "PREPOP_GUARD_CONFIRM_TENANT",
  },
  {
    name: "--force does not lift it",
    tenant: () => staff(40, 40),
    roster: () => offices(40, 0, 11),
    options: [...mirror, "--max-delete", "11", "--force"],
    refusal: "PREPOP_GUARD_CONFIRM_TENANT",
  },
  {
    name: "with the domain it is done",
    tenant: () => staff(40, 40),
    roster: () => offices(40, 0, 11),
    options: [...mirror, "--max-delete", "11", "--confirm-tenant", "Contoso.com"],
  },
  {
    name: "another verified domain of the tenant names it as well",
    tenant: () => staff(40, 40),
    roster: () => offices(40, 0, 11),
    options: [...mirror, "--max-delete", "11", "--confirm-tenant", "contoso.onmicrosoft.com"],
  },
  {
    name: "where the tenant does not say its domains, that of its users names it",
    tenant: () => staff(40, 40).with(silent),
    roster: () => offices(40, 0, 11),
    options: [...mirror, "--max-delete", "11", "--confirm-tenant", "contoso.com"],
  },
  {
    name: "and another one still does not",
    tenant: () => staff(40, 40).with(silent),
    roster: () => offices(40, 0, 11),
    options: [...mirror, "--max-delete", "11", "--confirm-tenant", "fabrikam.com"],
    refusal: "PREPOP_GUARD_CONFIRM_TENANT",
  },
  // Landlines in a mobile column
  {
    name: "6 of 10 mobile numbers are fixed lines",
    tenant: () => staff(10, 0),
    roster: () => mobiles(10, 6),
    options: [],
    refusal: "PREPOP_GUARD_LANDLINES",
  },
  {
    name: "5 of 10 are not more than half",
    tenant: () => staff(10, 0),
    roster: () => mobiles(10, 5),
    options: [],
  },
  {
    name: "below 10 numbers nobody counts",
    tenant: () => staff(9, 0),
    roster: () => mobiles(9, 9),
    options: [],
  },
  {
    name: "--force lifts the landline guard",
    tenant: () => staff(10, 0),
    roster: () => mobiles(10, 10),
    options: ["--force"],
  },
  {
    name: "--max-change does not",
    tenant: () => staff(10, 0),
    roster: () => mobiles(10, 10),
    options: ["--max-change", "100%"],
    refusal: "PREPOP_GUARD_LANDLINES",
  },
];

function mobiles(count: number, landlines: number): string {
  const rows = Array.from({ length: count }, (_, at) => {
    return `${upn(at + 1)},${number(at + 1, at < landlines ? "office" : "mobile")}`;
  });
  return csv("userPrincipalName,mobile", ...rows);
}

const guardOptions = new Set(["--max-change", "--max-delete", "--confirm-tenant", "--force"]);

for (const { name, tenant: build, roster, options, refusal } of cases) {
  test(`${name}: ${refusal ?? "applied"}`, async () => {
    await using tenant = await build().start();
    const list = roster();
    const at = options.findIndex(option => guardOptions.has(option));
    const shaping = at < 0 ? options : options.slice(0, at);
    const guarding = at < 0 ? [] : options.slice(at);
    if (refusal === undefined) {
      const { apply } = await rehearse(tenant, list, shaping, {}, guarding);
      assert.equal(apply.exitCode, 0, apply.stderr);
      assert.ok(tenant.writes().length > 0);
      return;
    }
    const plan = await prepop(tenant, ["plan", list, ...shaping, "--json"]);
    assert.equal(plan.exitCode, 2, "a plan shows also what a guard will refuse");
    const apply = await prepop(tenant, ["apply", list, ...options, "--yes", "--json"]);
    assert.equal(apply.exitCode, 6);
    assert.equal(apply.of("error")[0]?.code, refusal);
    assert.deepEqual(tenant.writes(), []);
    assert.deepEqual(apply.of("outcome"), []);
  });
}

test("the plan says first that the mobile column holds fixed lines", async () => {
  await using tenant = await staff(10, 0).start();
  const plan = await prepop(tenant, ["plan", mobiles(10, 8)]);
  const [, second = "", third = ""] = plan.stdout.split("\n");
  assert.match(`${second}\n${third}`, /fixed line/);
});

test("on a terminal more than 10 deletes want the domain typed, and no number of deletes is refused unasked", async () => {
  for (const [typed, exit] of [
    ["yes", 6],
    ["contoso.com", 0],
  ] as const) {
    await using tenant = await staff(40, 40).start();
    const run = await prepop(tenant, ["apply", offices(40, 0, 12), ...mirror], { typed });
    assert.equal(run.exitCode, exit, run.stderr);
    assert.equal(tenant.writes().length, exit === 0 ? 12 : 0);
    assert.match(run.stderr, /contoso\.com/);
  }
});

test("a question is not asked with --json, --no-input or in CI: it needs --yes then", async () => {
  await using tenant = await staff(1, 0).start();
  const list = offices(1, 0);
  const asks: readonly { readonly options: readonly string[]; readonly env?: NodeJS.ProcessEnv }[] = [
    { options: ["--json"] },
    { options: ["--no-input"] },
    { options: [], env: { CI: "1" } },
  ];
  for (const { options, env } of asks) {
    const run = await prepop(tenant, ["apply", list, ...options], {
      typed: "yes",
      env: { ...tenant.env, ...env },
    });
    assert.equal(run.exitCode, 1);
    assert.match(run.stderr, /--yes/);
  }
  assert.equal(tenant.sandbox.stats().requests, 0);
  const asked = await prepop(tenant, ["apply", list], { typed: "y" });
  assert.equal(asked.exitCode, 0, asked.stderr);
});

/** Every third write fails. */
async function failing(count: number): Promise<Tenant> {
  const bad = Array.from({ length: count }, (_, at) => at + 1).filter(index => index % 3 === 0);
  return await staff(count, 0)
    .with({
      faults: [
        { kind: "unknownError", status: 400, match: { operation: "createPhone", user: bad.map(upn) } },
      ],
    })
    .start();
}

const slowly = ["--no-batch", "--concurrency", "1", "--yes", "--json"];

test("a share of failures stops the run with exit 6, from 50 finished on", async () => {
  await using tenant = await failing(60);
  const apply = await prepop(tenant, ["apply", offices(60, 0), ...slowly]);
  assert.equal(apply.exitCode, 6);
  assert.equal(apply.of("error")[0]?.code, "PREPOP_GUARD_FAILURES");
  const finished = apply.of("outcome").filter(({ outcome }) => outcome !== "skipped");
  assert.equal(finished.length, 50);
  assert.equal(apply.of("outcome").length, 60);
  assert.equal(apply.summary.state, "ended");
  const resumed = await prepop(tenant, ["resume", "--yes", "--json"]);
  assert.equal(resumed.exitCode, 0);
  assert.deepEqual(resumed.of("outcome"), []);
});

test("a number of failures stops it at once, and below 50 finished a share does not", async () => {
  await using tenant = await failing(30);
  const stopped = await prepop(tenant, ["apply", offices(30, 0), ...slowly, "--stop-at-failures", "2"]);
  assert.equal(stopped.exitCode, 6);
  assert.equal((stopped.summary.counts as { failed: number }).failed, 3);
  await using other = await failing(30);
  const went = await prepop(other, ["apply", offices(30, 0), ...slowly]);
  assert.equal(went.exitCode, 3);
  assert.equal((went.summary.counts as { failed: number }).failed, 10);
});

test("--stop-at-failures 100% lets everything fail", async () => {
  await using tenant = await failing(60);
  const apply = await prepop(tenant, ["apply", offices(60, 0), ...slowly, "--stop-at-failures", "100%"]);
  assert.equal(apply.exitCode, 3);
  assert.equal((apply.summary.counts as { failed: number }).failed, 20);
});

/** Enough users to have several packed requests under way when it stops. */
const many = 400;

function manyOffices(): string {
  const rows = Array.from({ length: many }, (_, at) => `${upn(at + 1)},+31 20123${String(4_000 + at)}`);
  return csv("userPrincipalName,office", ...rows);
}

test("a share of failures stops a run of packed requests as well: each change has its word, and each word is true", async () => {
  await using tenant = await failing(many);
  // It takes three seconds until a refusal is called a failure.
  const pace = ["--rate", "30"];
  const apply = await prepop(tenant, ["apply", manyOffices(), ...pace, "--yes", "--json", "--show-numbers"]);
  assert.equal(apply.exitCode, 6);
  assert.equal(apply.of("error")[0]?.code, "PREPOP_GUARD_FAILURES");
  assert.equal(apply.of("outcome").length, many);
  assertTruth(tenant, apply.of("outcome"), 0);
  const sent = apply.of("outcome").filter(({ outcome }) => outcome !== "skipped").length;
  assert.ok(sent >= 50 && sent < many / 2, `${sent} were sent`);
  assert.equal(apply.summary.state, "ended");
});

test("a permission that is taken away in the middle stops a run of packed requests, and resume does the rest", async () => {
  await using tenant = await staff(many, 0)
    .with({ faults: [{ kind: "forbidden", match: { operation: "createPhone" }, from: 100 }] })
    .start();
  const apply = await prepop(tenant, ["apply", manyOffices(), "--yes", "--json", "--show-numbers"]);
  assert.equal(apply.exitCode, 4, apply.stderr);
  const [error] = apply.of("error");
  assert.equal(error?.code, "PREPOP_AUTH_LOST");
  assert.match(String(error?.message), /Done: 99\. /);
  assert.equal(apply.of("outcome").length, many);
  assertTruth(tenant, apply.of("outcome"), 0);
  const refused = apply.of("outcome").filter(({ code }) => code === "PREPOP_ROW_FORBIDDEN").length;
  assert.ok(refused >= 10 && refused < many / 2, `${refused} were refused`);

  tenant.sandbox.setFaults([]);
  const resumed = await prepop(tenant, ["resume", "--yes", "--json"]);
  assert.equal(resumed.of("outcome").length, many - 99 - refused);
  assert.ok(resumed.of("outcome").every(({ outcome }) => outcome === "applied"));
});
