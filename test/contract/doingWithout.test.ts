import assert from "node:assert/strict";
import { test } from "node:test";
import type { FaultRule } from "../../src/sandbox/faults/rules.ts";
import { type CapabilityAnswer, capabilities } from "../../src/sandbox/settings.ts";
import { csv, prepop, rehearse } from "../support/rehearse.ts";
import { aTenant, type TenantBuilder, upn } from "../support/tenant.ts";

/** What the main job can do without is done without: the same result, one line on stderr, and no other exit code. */

const methods = { otherMethods: ["password", "microsoftAuthenticator"] } as const;

function company(): TenantBuilder {
  return aTenant().withUsers(24, index => ({
    ...methods,
    ...(index % 3 === 0 ? { phones: { mobile: `+31 6876540${10 + index}` } } : {}),
    employeeId: `E${index}`,
  }));
}

/** Creates, updates and deletes. */
function roster(): string {
  const rows = Array.from({ length: 24 }, (_, at) => {
    const index = at + 1;
    return `${upn(index)},${index % 6 === 0 ? "" : `+31 6123450${10 + index}`}`;
  });
  return csv("userPrincipalName,mobile", ...rows);
}

type Off = { readonly name: string; readonly off: Parameters<TenantBuilder["with"]>[0]["capabilities"] };

const answers: readonly Exclude<CapabilityAnswer, "on">[] = [403, 501, "unreadable"];

const cases: readonly Off[] = [
  { name: "everything but the main job", off: "mainJob" },
  ...capabilities.flatMap(name =>
    answers.map(answer => ({ name: `${name} (${answer})`, off: { [name]: answer } })),
  ),
];

for (const { name, off } of cases) {
  test(`without ${name} the list is done all the same`, async () => {
    await using tenant = await company()
      .with({ capabilities: off ?? {} })
      .start();
    const { plan, apply } = await rehearse(tenant, roster(), ["--policy", "mirror"], {}, ["--force"]);
    assert.equal(plan.exitCode, 2);
    assert.equal(apply.exitCode, 0, apply.stderr);
    assert.deepEqual(plan.summary.counts, {
      ...(plan.summary.counts as object),
      create: 16,
      update: 4,
      delete: 4,
    });
    for (let index = 1; index <= 24; index++) {
      const wanted = index % 6 === 0 ? {} : { mobile: `+31 6123450${10 + index}` };
      assert.deepEqual(tenant.phones(upn(index)), wanted);
    }
    const told = apply.stderr.split("\n").filter(line => line !== "");
    assert.equal(new Set(told).size, told.length, `something is said twice: ${apply.stderr}`);
  });
}

/** How a tenant may refuse writes only because they stand in a batch. */
const refusals: readonly (readonly [name: string, fault: FaultRule])[] = [
  ["403", { kind: "forbidden" }],
  ["400", { kind: "unknownError", status: 400 }],
  ["405", { kind: "unknownError", status: 405 }],
  ["501", { kind: "unknownError", status: 501 }],
];

for (const [name, fault] of refusals) {
  test(`a tenant that answers every write in a batch with ${name} gets them one by one, which is said once`, async () => {
    await using tenant = await aTenant()
      .withUsers(200)
      .with({
        faults: [{ ...fault, match: { packed: true, effect: "write", operation: "createPhone" } }],
      })
      .start();
    const rows = Array.from({ length: 200 }, (_, at) => `${upn(at + 1)},+31 6123${String(45_000 + at)}`);
    const apply = await prepop(tenant, [
      "apply",
      csv("userPrincipalName,mobile", ...rows),
      "--yes",
      "--json",
      "--rate",
      "0",
    ]);
    assert.equal(apply.exitCode, 0, apply.stderr);
    assert.equal((apply.summary.counts as Record<string, number>).applied, 200);
    assert.equal(apply.stderr.match(/refuses writes in a batch/g)?.length, 1, apply.stderr);
    assert.equal(
      tenant.sandbox.log.filter(({ operation, fault: met }) => operation === "createPhone" && !met).length,
      200,
    );
  });
}
