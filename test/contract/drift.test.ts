import assert from "node:assert/strict";
import { test } from "node:test";
import type { Line } from "../support/cli.ts";
import { csv, prepop } from "../support/rehearse.ts";
import { aTenant, type Tenant, upn } from "../support/tenant.ts";

/** What a second writer does between plan and apply, and in the middle of a run, is never overwritten. */

const anna = "anna@contoso.com";
const listed = "+31 612345678";
const old = "+31 687654321";
const theirs = "+31 611111111";
const methods = { otherMethods: ["password", "microsoftAuthenticator"] } as const;

type Drift = {
  readonly name: string;
  readonly held: string | undefined;
  readonly cell: string;
  readonly policy: string;
  /** What the second writer leaves in the slot. */
  readonly changed: string | undefined;
  /** outcome and code */
  readonly said: string;
  readonly attempts: number;
};

const drifts: readonly Drift[] = [
  {
    name: "an update whose number changed",
    held: old,
    cell: listed,
    policy: "update",
    changed: theirs,
    said: "refused PREPOP_ROW_CHANGED",
    attempts: 0,
  },
  {
    name: "an update whose phone is gone",
    held: old,
    cell: listed,
    policy: "update",
    changed: undefined,
    said: "refused PREPOP_ROW_CHANGED",
    attempts: 0,
  },
  {
    name: "an update that somebody else made",
    held: old,
    cell: listed,
    policy: "update",
    changed: listed,
    said: "refused PREPOP_ROW_CHANGED",
    attempts: 0,
  },
  {
    name: "a delete whose number changed",
    held: old,
    cell: "",
    policy: "mirror",
    changed: theirs,
    said: "refused PREPOP_ROW_CHANGED",
    attempts: 0,
  },
  {
    name: "a delete of what is gone already",
    held: old,
    cell: "",
    policy: "mirror",
    changed: undefined,
    said: "refused PREPOP_ROW_CHANGED",
    attempts: 0,
  },
  {
    name: "a create whose slot was filled with another number",
    held: undefined,
    cell: listed,
    policy: "update",
    changed: theirs,
    said: "refused PREPOP_ROW_CHANGED",
    attempts: 1,
  },
];

for (const { name, held, cell, policy, changed, said, attempts } of drifts) {
  test(`${name} after the plan was saved is ${said}`, async () => {
    await using tenant = await aTenant()
      .withUser(anna, held === undefined ? {} : { mobile: held }, methods)
      .start();
    const file = `${tenant.home}.plan`;
    const roster = csv("userPrincipalName,mobile", `${anna},${cell}`);
    await prepop(tenant, ["plan", roster, "--policy", policy, "--out", file]);
    tenant.sandbox.setPhone(anna, "mobile", changed);

    const apply = await prepop(tenant, ["apply", file, "--yes", "--json"]);
    const [line] = apply.of("outcome");
    assert.equal(`${line?.outcome} ${line?.code}`, said);
    assert.equal(line?.attempts, attempts);
    assert.deepEqual(tenant.phones(anna), changed === undefined ? {} : { mobile: changed });
    assert.deepEqual(
      tenant.writes().filter(entry => entry.executed),
      [],
    );
  });
}

test("a change of SMS sign-in is sent only on the number that the plan wrote", async () => {
  await using tenant = await aTenant()
    .withUser(anna)
    .with({ smsPolicy: { usableForSignIn: true } })
    .start();
  tenant.sandbox.interfere(({ operation }) => {
    const [written] = tenant.writes();
    if (operation === "listPhones" && written) tenant.sandbox.setPhone(anna, "mobile", theirs);
  });
  const roster = csv("userPrincipalName,mobile", `${anna},${listed}`);
  const apply = await prepop(tenant, ["apply", roster, "--yes", "--json", "--sms-sign-in", "disable"]);
  assert.deepEqual(
    apply.of("outcome").map(({ kind, outcome, code }) => `${kind} ${outcome} ${code}`),
    ["create applied null", "disableSms refused PREPOP_ROW_CHANGED"],
  );
  assert.equal(tenant.sms(anna), "ready");
});

test("an update is sent on a read that was made after the wait that a 429 asked for", async () => {
  await using tenant = await aTenant()
    .withUser(anna, { mobile: old })
    .with({ faults: [{ kind: "throttled", retryAfter: 20, times: 1, match: { operation: "updatePhone" } }] })
    .start();
  let throttled = false;
  tenant.sandbox.interfere(({ operation }) => {
    if (operation === "updatePhone") throttled = true;
    else if (throttled) tenant.sandbox.setPhone(anna, "mobile", theirs);
  });
  const roster = csv("userPrincipalName,mobile", `${anna},${listed}`);
  const apply = await prepop(tenant, ["apply", roster, "--policy", "update", "--yes", "--json"]);
  const [line] = apply.of("outcome");
  assert.equal(`${line?.outcome} ${line?.code} ${line?.attempts}`, "refused PREPOP_ROW_CHANGED 1");
  assert.equal(tenant.phones(anna).mobile, theirs);
});

test("a write that is sent again after doubt is not sent over what somebody else wrote meanwhile", async () => {
  await using tenant = await aTenant()
    .withUser(anna, { mobile: old })
    .with({ faults: [{ kind: "resetBefore", times: 1, match: { operation: "updatePhone" } }] })
    .start();
  let reads = 0;
  tenant.sandbox.interfere(({ operation }) => {
    if (operation === "listPhones" && tenant.writes().length > 0 && ++reads === 2) {
      tenant.sandbox.setPhone(anna, "mobile", theirs);
    }
  });
  const roster = csv("userPrincipalName,mobile", `${anna},${listed}`);
  const apply = await prepop(tenant, ["apply", roster, "--policy", "update", "--yes", "--json"]);
  const [line] = apply.of("outcome");
  assert.equal(`${line?.outcome} ${line?.code} ${line?.attempts}`, "refused PREPOP_ROW_CHANGED 1");
  assert.equal(tenant.phones(anna).mobile, theirs);
});

test("an update is not sent on a read that took longer than 30 s: the user is read again", async () => {
  await using tenant = await aTenant().withUser(anna, { mobile: old }).start();
  let reads = 0;
  tenant.sandbox.interfere(({ operation }) => {
    // The first read is the plan's.
    if (operation === "listPhones" && ++reads === 2) tenant.clock.advance(31_000);
  });
  const roster = csv("userPrincipalName,mobile", `${anna},${listed}`);
  const apply = await prepop(tenant, ["apply", roster, "--policy", "update", "--yes", "--json"]);
  assert.equal(apply.exitCode, 0, apply.stderr);
  assert.equal(reads, 3);
});

test("a phone that changed while its default method was being switched is not deleted", async () => {
  await using tenant = await aTenant()
    .withUser(anna, { mobile: old, office: "+31 201234567" }, { ...methods, defaultMethod: "sms" })
    .start();
  let switched = false;
  tenant.sandbox.interfere(({ operation, effect }) => {
    if (effect === "write" && operation !== "deletePhone" && !switched) {
      switched = true;
      tenant.clock.advance(5_000);
      tenant.sandbox.setPhone(anna, "mobile", theirs);
    }
  });
  const roster = csv("userPrincipalName,mobile", `${anna},`);
  const apply = await prepop(tenant, ["apply", roster, "--policy", "mirror", "--yes", "--json"]);
  assert.ok(switched);
  const [line] = apply.of("outcome");
  assert.equal(`${line?.outcome} ${line?.code}`, "refused PREPOP_ROW_CHANGED");
  assert.equal(tenant.phones(anna).mobile, theirs);
});

/** 200 users; every third has no phone (create), every third another one (update), every third one too many (delete). */
const count = 200;
const victims = Array.from({ length: count / 20 }, (_, index) => 7 + index * 19);

function number(index: number): string {
  return `+31 612345${String(index).padStart(3, "0")}`;
}

async function twoHundred(): Promise<Tenant> {
  return await aTenant()
    .withUsers(count, index => ({
      ...methods,
      phones: index % 3 === 0 ? {} : { mobile: old, office: "+31 201234567" },
    }))
    .start();
}

function rosterOfAll(): string {
  const rows = Array.from(
    { length: count },
    (_, at) => `${upn(at + 1)},${at % 3 === 1 ? "" : number(at + 1)}`,
  );
  return csv("userPrincipalName,mobile", ...rows);
}

const options = ["--policy", "mirror", "--max-change", "100%", "--max-delete", "100"];
const confirmed = [...options, "--confirm-tenant", "contoso.com", "--yes", "--json"];

for (const packing of [[], ["--no-batch", "--concurrency", "4"]]) {
  const how = packing.length === 0 ? "in packed requests" : "one by one";
  test(`a second writer changes 5 % of 200 users right before the run reads them again, ${how}: none is overwritten`, async () => {
    await using tenant = await twoHundred();
    const ids = new Map(victims.map(index => [tenant.id(upn(index)), upn(index)]));
    const reads = new Map<string, number>();
    tenant.sandbox.interfere(({ operation, userId = "" }) => {
      const victim = ids.get(userId);
      if (victim === undefined || !/^(listPhones|createPhone)$/.test(operation ?? "")) return;
      const seen = (reads.get(userId) ?? 0) + 1;
      reads.set(userId, seen);
      // The first read is the plan's.
      if (seen === 2) tenant.sandbox.setPhone(victim, "mobile", theirs);
    });
    const apply = await prepop(tenant, ["apply", rosterOfAll(), ...confirmed, ...packing]);
    assert.equal(apply.exitCode, 3, apply.stderr);
    for (const victim of ids.values()) assert.equal(tenant.phones(victim).mobile, theirs, victim);
    const refused = apply.of("outcome").filter(({ code }) => code === "PREPOP_ROW_CHANGED");
    assert.deepEqual(userNames(refused), [...ids.values()].toSorted());
    assert.equal(
      apply.of("outcome").filter(({ outcome }) => outcome === "applied").length,
      count - victims.length,
    );
  });

  test(`a second writer changes 5 % of 200 users at any moment of the run, ${how}: only the window of one request is open`, async () => {
    await using tenant = await twoHundred();
    const waiting = victims.map(upn);
    const changedAt = new Map<string, number>();
    let events = 0;
    tenant.sandbox.interfere(() => {
      if (tenant.sandbox.log.some(entry => entry.operation === "updatePhone") && ++events % 7 === 0) {
        const victim = waiting.pop();
        if (victim === undefined) return;
        tenant.sandbox.setPhone(victim, "mobile", theirs);
        changedAt.set(tenant.id(victim), tenant.sandbox.log.length);
      }
    });
    await prepop(tenant, ["apply", rosterOfAll(), ...confirmed, ...packing]);
    assert.ok(changedAt.size > 0);
    for (const [id, at] of changedAt) {
      if (tenant.phones(id).mobile === theirs) continue;
      const mine = tenant.sandbox.log
        .map((entry, index) => ({ entry, index }))
        .filter(({ entry }) => entry.userId === id);
      const written = mine.findLast(({ entry }) => entry.executed);
      const read = mine.findLast(
        ({ entry, index }) => entry.operation === "listPhones" && index < (written?.index ?? 0),
      );
      assert.ok(written && read, `${id} has another phone and nobody wrote it`);
      const before = written.index < at;
      const inWindow = read.index < at && at <= written.index;
      assert.ok(
        before || inWindow,
        `${id}: changed at ${at}, read at ${read.index}, written at ${written.index}`,
      );
    }
  });
}

function userNames(lines: readonly Line[]): readonly string[] {
  return lines.map(line => String(line.userPrincipalName)).toSorted();
}
