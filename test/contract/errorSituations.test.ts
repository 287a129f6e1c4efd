import assert from "node:assert/strict";
import { test } from "node:test";
import type { FaultRule } from "../../src/sandbox/faults/rules.ts";
import type { SandboxConfig } from "../../src/sandbox/sandbox.ts";
import type { SeedUser } from "../../src/sandbox/user.ts";
import { csv, impatient, prepop, rehearse } from "../support/rehearse.ts";
import { aTenant, type Phones, type TenantBuilder, upn } from "../support/tenant.ts";

/** What prepop says of each way a write can go wrong, beside what the sandbox knows of it. */

const anna = "anna@contoso.com";
const bert = "bert@contoso.com";
const listed = "+31 612345678";
const other = "+31 687654321";
const office = "+31 201234567";

/** One change of the mobile phone as it is asked for, and what has to be there for it. */
const asks = {
  create: { held: {}, cell: listed, policy: "add", operation: "createPhone" },
  update: { held: { mobile: other }, cell: listed, policy: "update", operation: "updatePhone" },
  delete: { held: { mobile: other, office }, cell: "", policy: "mirror", operation: "deletePhone" },
} as const;

type Ask = keyof typeof asks;
const everyAsk = Object.keys(asks) as Ask[];

type Said = {
  readonly outcome: string;
  readonly code?: string | null;
  /** Writes sent. */
  readonly attempts?: number;
};

type Situation = {
  readonly name: string;
  /** The fault on the write; the operation is filled in. */
  readonly fault: FaultRule;
  readonly said: Said;
  readonly exit?: number;
  readonly config?: SandboxConfig;
  readonly asks?: readonly Ask[];
};

const applied = { outcome: "applied", code: null } as const;

const situations: readonly Situation[] = [
  // Committed, and the answer says otherwise or does not come.
  ...(
    [
      "committedThen500",
      "committedThen503",
      "committedThen504",
      "committedThen408",
      "committedThenTimeout",
      "committedThenReset",
    ] as const
  ).map(kind => ({ name: kind, fault: { kind, times: 1 }, said: { ...applied, attempts: 1 } })),
  {
    name: "a 409 of a write that took effect and whose number is nobody else's",
    fault: { kind: "committedThen409", times: 1 },
    said: { ...applied, attempts: 1 },
  },
  // Not committed; the same is sent again after two reads.
  ...(
    ["serverError", "unavailable", "gatewayTimeout", "timeoutBefore", "resetBefore", "unknownError"] as const
  ).map(kind => ({ name: `${kind}, once`, fault: { kind, times: 1 }, said: { ...applied, attempts: 2 } })),
  {
    name: "an outage of three requests",
    fault: { kind: "outage", from: 1, to: 3 },
    said: { ...applied, attempts: 4 },
  },
  // A body that cannot be read.
  ...(["html", "truncated", "empty"] as const).map(body => ({
    name: `a success whose body is ${body}`,
    fault: { kind: "unreadableBody" as const, body, times: 1 },
    said: { ...applied, attempts: 1 },
  })),
  // Throttled.
  ...([1, "date", "missing", "zero", "negative", "garbage"] as const).map(retryAfter => ({
    name: `429 with Retry-After ${retryAfter}`,
    fault: { kind: "throttled" as const, retryAfter, times: 1 },
    said: { ...applied, attempts: 2 },
  })),
  // Refused for good.
  {
    name: "400 whose message is JSON and whose code is UnknownError",
    fault: { kind: "unknownError", status: 400 },
    said: { outcome: "failed", code: "UnknownError", attempts: 1 },
    exit: 3,
  },
  {
    name: "400 with an empty code",
    fault: { kind: "emptyErrorCode", status: 400 },
    said: { outcome: "failed", code: "http400", attempts: 1 },
    exit: 3,
  },
  // Not allowed for this one user.
  ...(["accessDenied", "Authorization_RequestDenied", "insufficient_claims"] as const).map(code => ({
    name: `403 ${code} for one user`,
    fault: { kind: "forbidden" as const, code },
    said: { outcome: "refused", code: "PREPOP_ROW_FORBIDDEN", attempts: 1 },
    exit: 3,
  })),
  {
    name: "403 with an empty code for one user",
    fault: { kind: "emptyErrorCode" },
    said: { outcome: "refused", code: "PREPOP_ROW_FORBIDDEN", attempts: 1 },
    exit: 3,
  },
  // Reads that lag behind.
  {
    name: "committed, 504, and reads that lag 20 s",
    fault: { kind: "committedThen504", times: 1 },
    config: { stalenessMs: 20_000 },
    said: { outcome: "applied" },
  },
  {
    name: "committed, no answer, and reads that lag for longer than the horizon",
    fault: { kind: "committedThenTimeout", times: 1 },
    config: { stalenessMs: 3_600_000 },
    said: { outcome: "inDoubt", code: "PREPOP_ROW_IN_DOUBT" },
    exit: 3,
    asks: ["create", "delete"],
  },
];

for (const { name, fault, said, exit = 0, config = {}, asks: only = everyAsk } of situations) {
  test(name, async t => {
    for (const ask of only) {
      await t.test(ask, async () => {
        const { held, cell, policy, operation } = asks[ask];
        await using tenant = await oneUser(held)
          .with({ ...config, faults: [{ ...fault, match: { operation } }] })
          .start();
        const roster = csv("userPrincipalName,mobile", `${anna},${cell}`);
        const place = /timeout/i.test(fault.kind) ? impatient : {};
        const { apply } = await rehearse(tenant, roster, ["--policy", policy], place);

        assert.equal(apply.exitCode, exit, apply.stderr);
        const [line, ...more] = apply.of("outcome");
        assert.deepEqual(more, []);
        assert.equal(line?.kind, ask);
        assert.equal(line?.outcome, said.outcome, String(line?.message));
        if (said.code !== undefined) assert.equal(line?.code, said.code);
        if (said.attempts !== undefined) assert.equal(line?.attempts, said.attempts);
        const unanswered = /timeout|reset/i.test(fault.kind) && line?.attempts === 1;
        if (!unanswered) assert.match(String(line?.requestId), /^[\da-f-]{36}$/);
      });
    }
  });
}

test("404 for a user who is too new for every replica is told as a failure, and nothing was done", async () => {
  const match = { operation: "createPhone" };
  await using tenant = await aTenant()
    .withNewUser(anna)
    .with({ faults: [{ kind: "userNotFoundYet", ms: 3_600_000, match }] })
    .start();
  const { apply } = await rehearse(tenant, csv("userPrincipalName,mobile", `${anna},${listed}`));
  assert.equal(apply.exitCode, 3);
  const [line] = apply.of("outcome");
  assert.equal(line?.outcome, "failed");
  assert.equal(line?.code, "Request_ResourceNotFound");
  assert.equal(line?.attempts, 1);
});

test("a phone that was given to a new user is found although some reads do not know her yet", async () => {
  const faults = [
    { kind: "committedThen504" as const, times: 1, match: { operation: "createPhone" } },
    // A plan reads her once, and so does the apply; then she is away for 10 s.
    { kind: "userNotFoundYet" as const, ms: 10_000, from: 3, match: { operation: "listPhones" } },
  ];
  await using tenant = await aTenant().withNewUser(anna).with({ faults }).start();
  const roster = csv("userPrincipalName,mobile", `${anna},${listed}`);
  await prepop(tenant, ["plan", roster, "--json"]);
  const apply = await prepop(tenant, ["apply", roster, "--yes", "--json"]);
  assert.equal(apply.exitCode, 0, apply.stdout);
  assert.equal(apply.of("outcome")[0]?.outcome, "applied");
  assert.equal(tenant.writes().length, 1);
});

test("a write that did not get through is sent again although the first reads do not know the new user", async () => {
  const faults = [
    { kind: "gatewayTimeout" as const, times: 1, match: { operation: "createPhone" } },
    { kind: "userNotFoundYet" as const, ms: 2_000, from: 3, match: { operation: "listPhones" } },
  ];
  await using tenant = await aTenant().withNewUser(anna).with({ faults }).start();
  const roster = csv("userPrincipalName,mobile", `${anna},${listed}`);
  await prepop(tenant, ["plan", roster, "--json"]);
  const apply = await prepop(tenant, ["apply", roster, "--yes", "--json"]);
  assert.equal(apply.exitCode, 0, apply.stdout);
  assert.equal(apply.of("outcome")[0]?.attempts, 2);
});

function oneUser(held: Phones, more: Omit<SeedUser, "userPrincipalName" | "phones"> = {}): TenantBuilder {
  return aTenant().withUser(anna, held, {
    otherMethods: ["password", "microsoftAuthenticator"],
    ...more,
  });
}

test("a write that never gets a usable answer is given up after ten attempts and stays open", async t => {
  for (const ask of everyAsk) {
    await t.test(ask, async () => {
      const { held, cell, policy, operation } = asks[ask];
      await using tenant = await oneUser(held)
        .with({ faults: [{ kind: "serverError", match: { operation } }] })
        .start();
      const roster = csv("userPrincipalName,mobile", `${anna},${cell}`);
      const apply = await prepop(tenant, ["apply", roster, "--policy", policy, "--yes", "--json"]);
      assert.equal(apply.exitCode, 5, apply.stderr);
      assert.equal(tenant.writes().length, 10);
      assert.deepEqual(tenant.phones(anna), held);

      tenant.sandbox.setFaults([]);
      const resumed = await prepop(tenant, ["resume", "--yes", "--json"]);
      assert.equal(resumed.exitCode, 0, resumed.stderr);
      assert.equal(resumed.of("outcome")[0]?.outcome, "applied");
      assert.equal(tenant.phones(anna).mobile, cell === "" ? undefined : cell);
    });
  }
});

const stored = "the number is stored although Graph answers 409 phoneNumberNotUnique";

for (const deleted of [false, true]) {
  test(`${stored}, because ${deleted ? "a deleted user" : "another user"} signs in with it`, async t => {
    for (const ask of ["create", "update"] as const) {
      await t.test(ask, async () => {
        const { held, policy } = asks[ask];
        await using tenant = await oneUser(held)
          .withUser(bert, { mobile: listed })
          .with({ smsPolicy: { usableForSignIn: true } })
          .start();
        if (deleted) tenant.sandbox.deleteUser(bert);
        const roster = csv("userPrincipalName,mobile", `${anna},${listed}`);
        const { apply } = await rehearse(tenant, roster, ["--policy", policy]);

        assert.equal(apply.exitCode, 0);
        const [line] = apply.of("outcome");
        assert.equal(line?.outcome, "applied");
        assert.equal(line?.code, "phoneNumberNotUnique");
        assert.equal(line?.attempts, 1);
        assert.equal(tenant.sms(anna), "phoneNumberNotUnique");
      });
    }
  });
}

type Deletion = {
  readonly name: string;
  readonly user: Omit<SeedUser, "userPrincipalName">;
  readonly config?: SandboxConfig;
  readonly options?: readonly string[];
  /** outcome and code of the mobile's delete */
  readonly said: string;
  readonly left: Phones;
};

const authenticator = ["password", "microsoftAuthenticator"] as const;
const passkey = ["password", "fido2"] as const;
const held = { mobile: other, office };

const deletions: readonly Deletion[] = [
  {
    name: "the default method goes after another became the default",
    user: { phones: held, defaultMethod: "sms", otherMethods: [...authenticator] },
    said: "applied null",
    left: { office },
  },
  {
    name: "another phone becomes the default where nothing else can",
    user: { phones: held, defaultMethod: "sms", otherMethods: [...passkey] },
    said: "applied null",
    left: { office },
  },
  {
    name: "the default method that nothing can replace is refused by the plan",
    user: { phones: { mobile: other }, defaultMethod: "sms", otherMethods: [...passkey] },
    said: "refused PREPOP_ROW_PLAN_REFUSED",
    left: { mobile: other },
  },
  {
    name: "where the default cannot be read, Graph's own refusal is told",
    user: { phones: held, defaultMethod: "sms", otherMethods: [...authenticator] },
    config: { capabilities: { beta: 404 } },
    said: "failed badRequest",
    left: held,
  },
  {
    name: "the last method is refused by the plan",
    user: { phones: { mobile: other } },
    said: "refused PREPOP_ROW_PLAN_REFUSED",
    left: { mobile: other },
  },
  {
    name: "the last method goes when it may, even when it is the default",
    user: { phones: { mobile: other }, defaultMethod: "sms" },
    options: ["--allow-last-method"],
    said: "applied null",
    left: {},
  },
  {
    name: "the mobile stays while an alternate mobile stays",
    user: { phones: { ...held, alternateMobile: listed }, otherMethods: [...authenticator] },
    said: "refused PREPOP_ROW_PLAN_REFUSED",
    left: { ...held, alternateMobile: listed },
  },
];

for (const { name, user, config = {}, options = [], said, left } of deletions) {
  test(`a delete: ${name}`, async () => {
    const { phones, ...more } = user;
    await using tenant = await aTenant().withUser(anna, phones, more).with(config).start();
    const roster = csv("userPrincipalName,mobile", `${anna},`);
    const { apply } = await rehearse(tenant, roster, ["--policy", "mirror", ...options]);
    const [line] = apply.of("outcome");
    assert.equal(`${line?.outcome} ${line?.code}`, said);
    assert.deepEqual(tenant.phones(anna), left);
    if (said.startsWith("failed")) {
      assert.match(String(line?.message), /matches the user's current default authentication method/);
    }
  });
}

test("where methods and default cannot be read, the plan says for how many users, and goes on", async () => {
  await using tenant = await oneUser(held, { defaultMethod: "push" })
    .with({ capabilities: { beta: 404, methods: 403 } })
    .start();
  const roster = csv("userPrincipalName,mobile", `${anna},`);
  const { plan, apply } = await rehearse(tenant, roster, ["--policy", "mirror"]);
  assert.equal(plan.summary.methodsUnknown, 1);
  assert.equal(apply.of("outcome")[0]?.outcome, "applied");
  assert.equal(
    (await prepop(tenant, ["plan", roster, "--policy", "mirror", "--json"])).summary.methodsUnknown,
    0,
  );
});

test("a read that may show the state before an earlier write of this ledger proves nothing", async () => {
  const lag = { kind: "staleReads" as const, ms: 30_000, match: { operation: "listPhones" }, from: 1_000 };
  await using tenant = await oneUser({ mobile: other })
    .with({ faults: [lag] })
    .start();
  const there = csv("userPrincipalName,mobile", `${anna},${listed}`);
  const back = csv("userPrincipalName,mobile", `${anna},${other}`);
  const options = ["--policy", "update", "--yes", "--json"];
  assert.equal((await prepop(tenant, ["apply", there, ...options])).exitCode, 0);
  // The way back is lost before it is executed, and all reads after it are of half a minute ago.
  const lost = { kind: "resetBefore" as const, times: 1, match: { operation: "updatePhone" } };
  tenant.sandbox.interfere(({ operation }) => {
    if (operation === "updatePhone") tenant.sandbox.setFaults([{ ...lag, from: 1 }, lost]);
  });
  const apply = await prepop(tenant, ["apply", back, ...options]);
  const [line] = apply.of("outcome");
  const now = tenant.phones(anna).mobile;
  assert.equal(line?.outcome === "applied", now === other, `${line?.outcome}, and the phone is ${now}`);
  assert.notEqual(line?.outcome, "failed");
});

test("403 for everybody stops the run with exit 4 after ten users, and the rest stays open", async () => {
  await using tenant = await aTenant()
    .withUsers(30)
    .with({ faults: [{ kind: "forbidden", match: { effect: "write" } }] })
    .start();
  const roster = rosterOf(30);
  const apply = await prepop(tenant, ["apply", roster, "--yes", "--json", "--concurrency", "1"]);
  assert.equal(apply.exitCode, 4, apply.stderr);
  assert.equal(apply.of("error")[0]?.code, "PREPOP_AUTH_LOST");
  assert.equal(new Set(tenant.writes().map(entry => entry.userId)).size, 10);
  assert.equal(apply.summary.open, 20);

  tenant.sandbox.setFaults([]);
  const resumed = await prepop(tenant, ["resume", "--yes", "--json"]);
  assert.equal(resumed.of("outcome").filter(line => line.outcome === "applied").length, 20);
  assert.equal(resumed.exitCode, 3, "ten rows of the run were refused");
});

test("403 for ten users with a success between them does not stop the run", async () => {
  const refused = [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12].map(upn);
  await using tenant = await aTenant()
    .withUsers(12)
    .with({ faults: [{ kind: "forbidden", match: { effect: "write", user: refused } }] })
    .start();
  const apply = await prepop(tenant, ["apply", rosterOf(12), "--yes", "--json", "--concurrency", "1"]);
  assert.equal(apply.exitCode, 3, apply.stderr);
  assert.deepEqual((apply.summary.counts as Record<string, number>).refused, 11);
  assert.deepEqual((apply.summary.counts as Record<string, number>).applied, 1);
});

test("a token that expires on the way stops the run with exit 4, and resume goes on with a new one", async () => {
  await using tenant = await aTenant()
    .withUsers(6)
    .with({ faults: [{ kind: "tokenExpired", match: { effect: "write" }, from: 3 }] })
    .start();
  const apply = await prepop(tenant, ["apply", rosterOf(6), "--yes", "--json", "--concurrency", "1"]);
  assert.equal(apply.exitCode, 4, apply.stderr);
  assert.equal(apply.of("error")[0]?.code, "PREPOP_AUTH_LOST");
  assert.equal((apply.summary.counts as Record<string, number>).applied, 2);
  const skipped = apply.of("outcome").filter(({ outcome }) => outcome === "skipped");
  const sent = skipped.filter(({ attempts }) => attempts !== 0);
  assert.notEqual(sent.length, 0);
  for (const { code } of sent)
    assert.equal(code, "PREPOP_ROW_TURNED_AWAY", "what was sent is called not sent");

  tenant.sandbox.setFaults([]);
  const resumed = await prepop(tenant, ["resume", "--yes", "--json"]);
  assert.equal(resumed.exitCode, 0);
  assert.equal(resumed.of("outcome").filter(line => line.outcome === "applied").length, 4);
});

const rejections: readonly {
  readonly name: string;
  readonly env: NodeJS.ProcessEnv;
  readonly code: string;
}[] = [
  { name: "no token", env: { PREPOP_ACCESS_TOKEN: undefined }, code: "PREPOP_AUTH_NO_TOKEN" },
  { name: "an empty token", env: { PREPOP_ACCESS_TOKEN: "" }, code: "PREPOP_AUTH_NO_TOKEN" },
  { name: "a malformed token", env: { PREPOP_ACCESS_TOKEN: "nonsense" }, code: "PREPOP_AUTH_REJECTED" },
];

for (const { name, env, code } of rejections) {
  test(`${name} is exit 4 for plan and apply, and nothing is sent`, async () => {
    await using tenant = await oneUser({}).start();
    for (const command of [["plan"], ["apply", "--yes"]]) {
      const run = await prepop(tenant, [...command, rosterOf(1), "--json"], {
        env: { ...tenant.env, ...env },
      });
      assert.equal(run.exitCode, 4);
      assert.equal(run.of("error")[0]?.code, code);
    }
    assert.deepEqual(tenant.writes(), []);
  });
}

test("a user who is deleted after the plan is refused, whatever was to be done", async t => {
  for (const ask of everyAsk) {
    await t.test(ask, async () => {
      const { held: had, cell, policy } = asks[ask];
      await using tenant = await oneUser(had).start();
      const id = tenant.id(anna);
      const file = `${tenant.home}.plan`;
      const roster = csv("userPrincipalName,mobile", `${anna},${cell}`);
      await prepop(tenant, ["plan", roster, "--policy", policy, "--out", file]);
      tenant.sandbox.deleteUser(anna);
      const apply = await prepop(tenant, ["apply", file, "--yes", "--json"]);
      assert.equal(apply.exitCode, 3, apply.stderr);
      const [line] = apply.of("outcome");
      assert.equal(line?.outcome, "refused");
      assert.match(String(line?.code), /^PREPOP_ROW_(FORBIDDEN|CHANGED)$/);
      assert.deepEqual(tenant.phones(id), had);
    });
  }
});

const readFaults: readonly { readonly name: string; readonly fault: FaultRule; readonly exit: number }[] = [
  { name: "two 503", fault: { kind: "unavailable", times: 2 }, exit: 2 },
  { name: "a reset", fault: { kind: "resetBefore", times: 1 }, exit: 2 },
  { name: "no answer", fault: { kind: "timeoutBefore", times: 1 }, exit: 2 },
  {
    name: "a 429 without Retry-After",
    fault: { kind: "throttled", retryAfter: "missing", times: 1 },
    exit: 2,
  },
  { name: "an unreadable body", fault: { kind: "unreadableBody", times: 1 }, exit: 2 },
  { name: "503 for ever", fault: { kind: "unavailable" }, exit: 5 },
  { name: "a 429 for an hour", fault: { kind: "throttled", retryAfter: "long" }, exit: 5 },
];

test("reads are tried again where that can help, and a plan that cannot be made is exit 5", async t => {
  for (const { name, fault, exit } of readFaults) {
    for (const operation of ["getUser", "listPhones"]) {
      await t.test(`${name} on ${operation}`, async () => {
        await using tenant = await oneUser({})
          .with({ faults: [{ ...fault, match: { operation } }] })
          .start();
        const roster = csv("userPrincipalName,mobile", `${anna},${listed}`);
        const plan = await prepop(tenant, ["plan", roster, "--json"], impatient);
        assert.equal(plan.exitCode, exit, plan.stderr);
      });
    }
  }
});

test("a user whose phones may not be read is refused by the plan; when it is everybody the plan is exit 4", async () => {
  const refused = [{ kind: "forbidden" as const, match: { operation: "listPhones", user: upn(1) } }];
  await using one = await aTenant().withUsers(12).with({ faults: refused }).start();
  const plan = await prepop(one, ["plan", rosterOf(12), "--json"]);
  assert.equal(plan.exitCode, 2);
  const line = plan.of("change").find(change => change.userPrincipalName === upn(1));
  assert.equal(`${line?.kind} ${line?.reason}`, "refused forbidden");

  one.sandbox.setFaults([{ kind: "forbidden", match: { operation: "listPhones" } }]);
  const none = await prepop(one, ["plan", rosterOf(12), "--json"]);
  assert.equal(none.exitCode, 4);
  assert.equal(none.of("error")[0]?.code, "PREPOP_AUTH_FORBIDDEN");
});

function rosterOf(count: number): string {
  const rows = Array.from({ length: count }, (_, index) => {
    const user = count === 1 ? anna : upn(index + 1);
    return `${user},+31 6123450${String(index).padStart(2, "0")}`;
  });
  return csv("userPrincipalName,mobile", ...rows);
}
