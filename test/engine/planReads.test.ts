import assert from "node:assert/strict";
import { test } from "node:test";
import { packRequests } from "../../src/engine/packing.ts";
import { makePlan, type OpenPlan, type PlanRequest } from "../../src/engine/plan.ts";
import { usersUnderWay } from "../../src/engine/run.ts";
import { skippingClock } from "../../src/engine/skippingClock.ts";
import { type CarriedRequest, connectGraph, fixedToken } from "../../src/graph/connect.ts";
import type { Policy } from "../../src/model/change.ts";
import { PrepopError } from "../../src/model/errors.ts";
import { openRoster } from "../../src/roster/open.ts";
import { openSandbox, type SandboxConfig, type UnservedSandbox } from "../../src/sandbox/sandbox.ts";
import { rosterFile } from "../support/rosterFile.ts";

/** What a plan asks of the tenant, and in which order. */

const opaque = "a token that is no JWT";
const before = "+31 687654321";
const wanted = "+31 612345678";
const name = (index: number): string => `user${index}@contoso.com`;

type Planning = {
  readonly users: number;
  readonly policy?: Policy;
  readonly batch?: boolean;
  readonly config?: SandboxConfig;
  /** Whether the users have phones, and other methods that could become the default. */
  readonly registered?: boolean;
  readonly cell?: string;
  readonly token?: string;
  /** Holds an answer back. */
  readonly answer?: (request: CarriedRequest, sandbox: UnservedSandbox) => Promise<void>;
};

type Planned = { readonly plan: OpenPlan; readonly requests: number; readonly sandbox: UnservedSandbox };

async function planned(planning: Planning): Promise<Planned> {
  const { users, policy = "add", batch = true, registered = false, cell = wanted } = planning;
  const clock = skippingClock({ now: () => performance.now(), wall: () => Date.now() });
  const names = Array.from({ length: users }, (_, index) => name(index));
  const sandbox = openSandbox({
    users: names.map(userPrincipalName => ({
      userPrincipalName,
      ...(registered
        ? { phones: { mobile: before }, otherMethods: ["password", "microsoftAuthenticator"] as const }
        : {}),
    })),
    tokens: [{ token: opaque, kind: "app" }],
    ...planning.config,
  });
  const graph = connectGraph({
    origin: sandbox.url,
    credential: fixedToken(planning.token ?? sandbox.token),
    clock,
    async carrier(request) {
      await planning.answer?.(request, sandbox);
      const { delivery, delayMs, ...answer } = sandbox.ask(request);
      await clock.sleep(delayMs);
      return delivery === "reset" ? undefined : answer;
    },
  });
  const packing = { concurrency: 8, batch, onNotice: () => undefined, clock };
  const lines = ["userPrincipalName,mobile", ...names.map(user => `${user},${cell}`)];
  const roster = await openRoster({ kind: "file", path: rosterFile("list.csv", lines.join("\n")) });
  const request: PlanRequest = {
    roster,
    rosterOptions: {},
    scope: {},
    options: { policy, smsSignIn: "leave", allowLastMethod: false, overwriteMasked: false },
    concurrency: usersUnderWay({ concurrency: 8, batch }),
    maxWaitMs: 60_000,
    maxAgeMs: 60_000,
  };
  const edges = {
    graph: packRequests(graph, packing),
    clock,
    random: () => 0.5,
    newId: () => "plan",
  };
  try {
    const plan = await makePlan(request, edges);
    return { plan, requests: graph.stats().requests, sandbox };
  } finally {
    await roster.close();
    await graph.close();
  }
}

/** The tenant and its policies for text messages and calls. */
const once = 3;

type Cost = Omit<Planning, "answer" | "token"> & { readonly name: string; readonly most: number };

const costs: readonly Cost[] = [
  ...(["add", "update", "mirror"] as const).flatMap(policy =>
    [true, false].map(registered => ({
      name: `${policy}, users ${registered ? "with" : "without"} phones`,
      users: 60,
      policy,
      registered,
      // Fifteen keys in a filter and twenty filters in a batch; phones twenty a batch.
      most: once + 1 + 3,
    })),
  ),
  { name: "remove", users: 60, policy: "remove", registered: true, cell: before, most: once + 1 + 3 * 3 },
  // From 200 users on the report is read beside the search for them.
  { name: "add, from the report", users: 400, most: once + 1 + 3 },
  { name: "add, no batch", users: 60, batch: false, most: once + 2 * 60 },
  {
    name: "update, no batch",
    users: 60,
    policy: "update",
    batch: false,
    registered: true,
    most: once + 2 * 60,
  },
  {
    name: "update, a tenant without batches",
    users: 60,
    policy: "update",
    registered: true,
    config: { capabilities: { batch: 404 } },
    most: once + 8 + 2 * 60,
  },
  {
    name: "add, a tenant that does not look many up at once",
    users: 60,
    config: { capabilities: { inFilter: 400 } },
    most: once + 1 + 2 * 3,
  },
  {
    name: "add, no batch, from the report",
    users: 400,
    batch: false,
    most: once + 1 + 400,
  },
  {
    name: "remove, no batch: before a delete his methods and his default are looked at, too",
    users: 60,
    policy: "remove",
    batch: false,
    registered: true,
    cell: before,
    most: once + 4 * 60,
  },
  {
    name: "remove, no batch of beta",
    users: 60,
    policy: "remove",
    registered: true,
    cell: before,
    config: { capabilities: { beta: 404 } },
    most: once + 1 + 2 * 3 + 2,
  },
];
for (const { name: title, most, ...planning } of costs) {
  test(`a plan costs no more than it must: ${title}`, async () => {
    const { plan, requests } = await planned(planning);
    assert.equal(plan.header.counts.users, planning.users);
    plan.close();
    assert.ok(requests <= most, `${requests} requests, ${most} at most`);
  });
}

test("under add the change of a user whom the report has without any method says so, and the plan counts them", async () => {
  const { plan } = await planned({ users: 250 });
  assert.equal(plan.header.findings.notRead, 250);
  assert.ok([...plan.changes()].every(({ kind, basis }) => kind === "create" && basis === "report"));
  plan.close();
});

for (const policy of ["update", "mirror", "remove"] as const) {
  test(`under ${policy} nothing is concluded from the report`, async () => {
    const { plan, sandbox } = await planned({ users: 250, policy });
    assert.equal(plan.header.findings.notRead, 0);
    assert.ok([...plan.changes()].every(({ basis }) => basis === undefined));
    assert.equal(sandbox.log.filter(({ path }) => path.includes("/reports/")).length, 0);
    plan.close();
  });
}

/** Has the organization answer only after a user was asked for. */
function tenantLast(): NonNullable<Planning["answer"]> {
  const asked = Promise.withResolvers<void>();
  return async ({ url }) => {
    if (/\/users|\$batch/.test(url)) asked.resolve();
    if (url.includes("/organization")) await asked.promise;
  };
}

test("where nothing names a tenant that could be another, users are looked for while it says who it is", async () => {
  const { plan } = await planned({ users: 3, token: opaque, answer: tenantLast() });
  assert.equal(plan.header.tenantId, plan.header.tenant.id);
  assert.notEqual(plan.header.tenantId, "unknown");
  plan.close();
});

test("where the token names one, no user is looked for before it answered", async () => {
  const order: string[] = [];
  const answer: Planning["answer"] = async ({ url }) => {
    if (/\/users|\$batch/.test(url)) order.push("user asked");
    if (!url.includes("/organization")) return;
    order.push("organization asked");
    for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve));
    order.push("organization answered");
  };
  const { plan } = await planned({ users: 3, answer });
  plan.close();
  assert.deepEqual(order.slice(0, 3), ["organization asked", "organization answered", "user asked"]);
});

test("what the tenant refuses ends the search for its users", async () => {
  let asked = 0;
  const answer: Planning["answer"] = async ({ url }, sandbox) => {
    if (/\/users|\$batch/.test(url)) asked++;
    if (asked === 3) sandbox.revokeToken(opaque);
  };
  const failing = planned({ users: 4_000, token: opaque, answer });
  await assert.rejects(failing, error => error instanceof PrepopError && error.exitCode === 4);
  assert.ok(asked <= 2 * 8 + 3, `${asked}`);
});
