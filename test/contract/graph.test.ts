import assert from "node:assert/strict";
import { test } from "node:test";
import {
  connectGraph,
  fixedToken,
  type Graph,
  type GraphSettings,
  type PhoneWrite,
} from "../../src/graph/connect.ts";
import { PrepopError } from "../../src/model/errors.ts";
import { GraphFault } from "../../src/model/fault.ts";
import type { User } from "../../src/model/user.ts";
import { type Sandbox, type SandboxConfig, startSandbox } from "../../src/sandbox/sandbox.ts";

/** Two readings of Graph's contract, the client's and the sandbox's, meet here over HTTP. */

const kim = "kim@contoso.com";
const guest = "kim_fabrikam.com#EXT#@contoso.onmicrosoft.com";
const obrien = "o'brien@contoso.com";
const number = "+1 2065550100";

type Rehearsal = AsyncDisposable & {
  readonly sandbox: Sandbox;
  readonly graph: Graph;
  readonly notices: readonly string[];
};

async function rehearsal(
  config: SandboxConfig = {},
  settings: Partial<GraphSettings> = {},
): Promise<Rehearsal> {
  const users = [
    { userPrincipalName: kim, employeeId: "0017", usageLocation: "NL", accountEnabled: false },
    { userPrincipalName: guest },
    { userPrincipalName: obrien },
    { userPrincipalName: "admin@contoso.com", roles: ["Global Administrator"] },
    { userPrincipalName: "twin@contoso.com", mail: "shared@contoso.com" },
    { userPrincipalName: "twin2@contoso.com", mail: "shared@contoso.com" },
  ];
  const groups = [
    { displayName: "HR", members: [kim], groups: ["Guests & friends"] },
    { displayName: "Guests & friends", members: [guest] },
  ];
  const sandbox = await startSandbox({ users, groups, ...config });
  const notices: string[] = [];
  const graph = connectGraph({
    origin: sandbox.url,
    credential: fixedToken(sandbox.token),
    onNotice: line => notices.push(line),
    ...settings,
  });
  return {
    sandbox,
    graph,
    notices,
    [Symbol.asyncDispose]: async () => {
      await sandbox.close();
      await graph.close();
    },
  };
}

async function idOf(graph: Graph, key: string): Promise<string> {
  return (await found(graph, key)).id;
}

async function found(graph: Graph, key: string): Promise<User> {
  const lookup = await graph.findUser(key, "upn");
  assert.ok(lookup.kind === "one", `${key} is ${lookup.kind}`);
  return lookup.user;
}

async function accepted(graph: Graph, write: PhoneWrite): Promise<number> {
  const answer = await graph.write(write);
  assert.ok(answer.kind === "accepted", JSON.stringify(answer));
  assert.match(answer.requestId ?? "", /^[\da-f-]{36}$/);
  return answer.status;
}

test("a phone is created, changed, signed in with, read and deleted", async () => {
  await using it = await rehearsal({ smsPolicy: { usableForSignIn: true } });
  const { graph, sandbox } = it;
  const userId = await idOf(graph, kim);
  assert.deepEqual((await graph.listPhones(userId)).phones, []);
  assert.equal(await graph.getPhone(userId, "mobile"), undefined);

  assert.equal(await accepted(graph, { kind: "create", userId, phoneType: "mobile", number }), 201);
  assert.equal(
    await accepted(graph, { kind: "create", userId, phoneType: "office", number: "+31 201234567x12" }),
    201,
  );
  assert.equal(
    await accepted(graph, { kind: "update", userId, phoneType: "mobile", number: "+1 2065550199" }),
    204,
  );
  assert.equal(await accepted(graph, { kind: "disableSms", userId, phoneType: "mobile" }), 204);
  assert.equal((await graph.getPhone(userId, "mobile"))?.smsSignInState, "notEnabled");
  assert.equal(await accepted(graph, { kind: "enableSms", userId, phoneType: "mobile" }), 204);

  const { phones, masked } = await graph.listPhones(userId);
  assert.deepEqual(
    phones.map(({ phoneType, phoneNumber, smsSignInState }) => [phoneType, phoneNumber, smsSignInState]),
    [
      ["mobile", "+1 2065550199", "ready"],
      ["office", "+31 201234567x12", "notSupported"],
    ],
  );
  assert.equal(masked, false);
  assert.equal(await accepted(graph, { kind: "delete", userId, phoneType: "mobile" }), 204);
  assert.equal(await graph.getPhone(userId, "mobile"), undefined);
  const { requests, writes, throttled } = sandbox.stats();
  assert.deepEqual(graph.stats(), { requests, writes, throttled });
});

test("users are found by name, id, mail and employeeId", async () => {
  await using it = await rehearsal();
  const { graph } = it;
  const user = await found(graph, kim.toUpperCase());
  assert.deepEqual(user, {
    id: user.id,
    userPrincipalName: kim,
    mail: kim,
    employeeId: "0017",
    usageLocation: "NL",
    accountEnabled: false,
  });
  assert.deepEqual(await graph.findUser(user.id, "id"), { kind: "one", user });
  assert.deepEqual(await graph.findUser("0017", "employeeId"), { kind: "one", user });
  assert.deepEqual(await graph.findUser(kim, "mail"), { kind: "one", user });
  assert.deepEqual(await graph.findUser("shared@contoso.com", "mail"), { kind: "many", count: 2 });
  assert.deepEqual(await graph.findUser("nobody@contoso.com", "mail"), { kind: "none" });
  assert.deepEqual(await graph.findUser("nobody@contoso.com", "upn"), { kind: "none" });
  assert.equal((await found(graph, guest)).userPrincipalName, guest);
  assert.equal((await found(graph, obrien)).userPrincipalName, obrien);
  assert.equal((await graph.findUser(obrien, "mail")).kind, "one");
  assert.deepEqual(it.notices, []);
});

test("the tenant, the caller, the policy, the groups, the admins and the methods are read", async () => {
  await using it = await rehearsal({ firstPhoneIsDefault: true });
  const { graph, sandbox } = it;
  const userId = await idOf(graph, kim);
  const tenant = await graph.tenant();
  assert.equal(tenant?.id, sandbox.tenantId);
  assert.equal(tenant?.domain, sandbox.domain);
  assert.equal(await graph.tokenTenant(), sandbox.tenantId);
  assert.deepEqual(await graph.actor(), { name: "prepop sandbox", kind: "application" });
  assert.deepEqual(await graph.methodPolicy("sms"), {
    enabled: true,
    targets: [{ id: "all_users", usableForSignIn: false }],
    excluded: [],
  });
  const members = await Array.fromAsync(graph.groupUserIds("HR"));
  assert.deepEqual(new Set(members), new Set([userId, await idOf(graph, guest)]));
  assert.deepEqual(await Array.fromAsync(graph.groupUserIds("Guests & friends")), [await idOf(graph, guest)]);
  await assert.rejects(Array.fromAsync(graph.groupUserIds("Nobody")), PrepopError);
  assert.deepEqual(await graph.adminIds(), new Set([await idOf(graph, "admin@contoso.com")]));

  await accepted(graph, { kind: "create", userId, phoneType: "mobile", number });
  assert.deepEqual((await graph.listMethods(userId))?.map(({ kind }) => kind).sort(), [
    "passwordAuthenticationMethod",
    "phoneAuthenticationMethod",
  ]);
  assert.equal((await graph.signInPreferences(userId))?.default, "sms");
  await accepted(graph, { kind: "setDefault", userId, method: "voiceMobile" });
  assert.equal((await graph.signInPreferences(userId))?.default, "voiceMobile");
  assert.deepEqual(it.notices, []);
});

test("the caller of a delegated token is the person", async () => {
  await using it = await rehearsal({ signedInAs: "admin@contoso.com" });
  assert.deepEqual(await it.graph.actor(), { name: "admin@contoso.com", kind: "delegated" });
});

test("masked reads are known as such", async () => {
  await using it = await rehearsal({ maskedReads: true });
  const userId = await idOf(it.graph, kim);
  await accepted(it.graph, { kind: "create", userId, phoneType: "mobile", number });
  assert.equal((await it.graph.listPhones(userId)).masked, true);
});

test("a batch does what the requests do one by one", async () => {
  await using it = await rehearsal();
  const { graph, sandbox } = it;
  const [kimId, guestId] = [await idOf(graph, kim), await idOf(graph, guest)];
  await accepted(graph, { kind: "create", userId: guestId, phoneType: "office", number });
  const batch = await graph.batch([
    { kind: "write", write: { kind: "create", userId: kimId, phoneType: "mobile", number } },
    { kind: "write", write: { kind: "delete", userId: guestId, phoneType: "office" } },
    { kind: "findUser", key: guest, match: "upn" },
    { kind: "findUser", key: obrien, match: "mail" },
    { kind: "findUser", key: "nobody@contoso.com", match: "upn" },
    { kind: "listPhones", userId: await idOf(graph, obrien) },
    {
      kind: "write",
      write: { kind: "create", userId: "00000000-0000-4000-8000-000000000000", phoneType: "mobile", number },
    },
  ]);
  assert.ok(batch.kind === "answers");
  assert.deepEqual(
    batch.answers.map(answer => (answer.kind === "user" ? answer.lookup.kind : answer.kind)),
    ["accepted", "accepted", "one", "one", "none", "phones", "fault"],
  );
  assert.equal(sandbox.user(kim)?.phones.mobile?.phoneNumber, number);
  assert.equal(sandbox.user(guest)?.phones.office, undefined);
  assert.deepEqual(graph.stats().writes, sandbox.stats().writes);
});

/** Their statuses are published nowhere, so any definite refusal will do. */
const refusals: Readonly<Record<string, (userId: string) => PhoneWrite>> = {
  "a second phone of one type": userId => ({ kind: "create", userId, phoneType: "mobile", number }),
  "a number that is none": userId => ({ kind: "create", userId, phoneType: "office", number: "0612345678" }),
  "deleting what is not there": userId => ({ kind: "delete", userId, phoneType: "office" }),
  "changing what is not there": userId => ({ kind: "update", userId, phoneType: "office", number }),
};
for (const [name, write] of Object.entries(refusals)) {
  test(`${name} is refused, and nothing changes`, async () => {
    await using it = await rehearsal();
    const userId = await idOf(it.graph, kim);
    await accepted(it.graph, { kind: "create", userId, phoneType: "mobile", number: "+1 2065550199" });
    const before = (await it.graph.listPhones(userId)).phones;
    const answer = await it.graph.write(write(userId));
    assert.ok(answer.kind === "fault");
    assert.equal(answer.fault.kind, "http");
    assert.match(String(answer.fault.status), /^4\d\d$/);
    assert.match(answer.fault.requestId ?? "", /^[\da-f-]{36}$/);
    assert.deepEqual((await it.graph.listPhones(userId)).phones, before);
  });
}

/** Every fault of the sandbox that meets a single create, and what the client makes of it. */
const spoilt: readonly (readonly [
  fault: NonNullable<SandboxConfig["faults"]>[number],
  said: string,
  stored: boolean,
])[] = [
  [{ kind: "committedThen504" }, "http 504", true],
  [{ kind: "committedThen503", retryAfter: 3 }, "http 503", true],
  [{ kind: "committedThen500" }, "http 500", true],
  [{ kind: "committedThen409" }, "http 409", true],
  [{ kind: "committedThen408" }, "http 408", true],
  [{ kind: "committedThenTimeout" }, "timeout", true],
  [{ kind: "committedThenReset" }, "network", true],
  [{ kind: "resetBefore" }, "network", false],
  [{ kind: "timeoutBefore" }, "timeout", false],
  [{ kind: "unavailable" }, "http 503", false],
  [{ kind: "serverError" }, "http 500", false],
  [{ kind: "gatewayTimeout" }, "http 504", false],
  [{ kind: "throttled", retryAfter: 7 }, "http 429", false],
  [{ kind: "unknownError" }, "http 500", false],
  [{ kind: "unreadableBody", body: "html" }, "unreadable 201", true],
  [{ kind: "unreadableBody", body: "truncated" }, "unreadable 201", true],
  [{ kind: "unreadableBody", body: "empty" }, "unreadable 201", true],
  [{ kind: "emptyErrorCode" }, "http 403", false],
  [{ kind: "forbidden", code: "accessDenied" }, "http 403", false],
  [{ kind: "tokenExpired" }, "http 401", false],
];
for (const [fault, said, stored] of spoilt) {
  const name = [fault.kind, fault.body].filter(Boolean).join(" ");
  test(`${name} on a create is ${said}, ${stored ? "though the phone is stored" : "and nothing is stored"}`, async () => {
    await using it = await rehearsal({}, { timeoutMs: 300 });
    const userId = await idOf(it.graph, kim);
    it.sandbox.setFaults([{ ...fault, match: { operation: "createPhone" } }]);
    const answer = await it.graph.write({ kind: "create", userId, phoneType: "mobile", number });
    assert.ok(answer.kind === "fault");
    assert.equal([answer.fault.kind, answer.fault.status].join(" ").trim(), said);
    assert.equal(it.sandbox.user(kim)?.phones.mobile !== undefined, stored);
    if (fault.retryAfter !== undefined) assert.equal(answer.fault.retryAfter, String(fault.retryAfter));
    assert.equal(it.graph.stats().writes, 1);
  });
}

const batches: readonly (readonly [
  fault: NonNullable<SandboxConfig["faults"]>[number],
  said: readonly string[],
])[] = [
  [{ kind: "batchShuffled" }, ["accepted", "accepted"]],
  [{ kind: "batchMissingItems", items: 1 }, ["accepted", "unreadable 200"]],
  [{ kind: "batchDuplicatedAnswers" }, ["accepted", "unreadable 200"]],
  [{ kind: "batchFailsMidway", items: 1 }, ["http 504", "http 504"]],
];
for (const [fault, said] of batches) {
  test(`${fault.kind} leaves no item without an honest answer`, async () => {
    await using it = await rehearsal({ batchOrder: "asSent" });
    const ids = [await idOf(it.graph, kim), await idOf(it.graph, guest)];
    it.sandbox.setFaults([{ ...fault, match: { operation: "batch" } }]);
    const answer = await it.graph.batch(
      ids.map(userId => ({ kind: "write", write: { kind: "create", userId, phoneType: "mobile", number } })),
    );
    assert.ok(answer.kind === "answers");
    const kinds = answer.answers.map(item =>
      item.kind === "fault" ? [item.fault.kind, item.fault.status].join(" ").trim() : item.kind,
    );
    assert.deepEqual(kinds.sort(), said);
  });
}

test("an outer 424 keeps the answers of the items", async () => {
  await using it = await rehearsal();
  const [userId, other] = [await idOf(it.graph, kim), await idOf(it.graph, guest)];
  it.sandbox.setFaults([{ kind: "batchOuter424", match: { operation: "batch" } }]);
  const answer = await it.graph.batch([
    { kind: "write", write: { kind: "create", userId, phoneType: "mobile", number } },
    { kind: "write", write: { kind: "delete", userId: other, phoneType: "office" } },
  ]);
  assert.ok(answer.kind === "answers");
  assert.deepEqual(
    answer.answers.map(({ kind }) => kind),
    ["accepted", "fault"],
  );
});

test("quotas are met as 429 with Retry-After, one operation at a time", async () => {
  await using it = await rehearsal({ quota: { writeBurst: 1, writePerSecond: 1 } });
  const ids = [await idOf(it.graph, kim), await idOf(it.graph, guest), await idOf(it.graph, obrien)];
  const answer = await it.graph.batch(
    ids.map(userId => ({ kind: "write", write: { kind: "create", userId, phoneType: "mobile", number } })),
  );
  assert.ok(answer.kind === "answers");
  const faults = answer.answers.flatMap(item => (item.kind === "fault" ? [item.fault] : []));
  assert.deepEqual(
    faults.map(({ status }) => status),
    [429, 429],
  );
  for (const { retryAfter } of faults) assert.ok(Number(retryAfter) >= 1, String(retryAfter));
  assert.deepEqual(it.graph.stats().throttled, it.sandbox.stats().throttled);
});

for (const off of [400, 403, 404, 405, 501, "unreadable"] as const) {
  test(`a tenant that answers ${off} to all but the main job is worked without it`, async () => {
    await using it = await rehearsal({
      capabilities: {
        batch: off,
        organization: off,
        reports: off,
        roles: off,
        policies: off,
        methods: off,
        beta: off,
      },
    });
    const { graph } = it;
    const userId = await idOf(graph, kim);
    assert.equal(await graph.tenant(), undefined);
    assert.equal(await graph.adminIds(), undefined);
    assert.equal(await graph.roleHolders(), undefined);
    assert.equal(await graph.methodPolicy("sms"), undefined);
    assert.equal(await graph.listMethods(userId), undefined);
    assert.equal(await graph.signInPreferences(userId), undefined);
    const first = await graph.batch([{ kind: "listPhones", userId }]);
    assert.equal(first.kind, off === "unreadable" ? "answers" : "unavailable");
    assert.deepEqual(await graph.batch([{ kind: "listPhones", userId }]), { kind: "unavailable" });
    await accepted(graph, { kind: "create", userId, phoneType: "mobile", number });
    assert.equal((await graph.listPhones(userId)).phones.length, 1);
    assert.equal(it.notices.length, 7);
  });
}

test("a link to another origin is not followed", async () => {
  await using it = await rehearsal({ users: 2_000, groups: [{ displayName: "All", members: "all" }] });
  assert.equal((await Array.fromAsync(it.graph.groupUserIds("All"))).length, 2_000);
  it.sandbox.setFaults([{ kind: "foreignNextLink" }]);
  await assert.rejects(
    Array.fromAsync(it.graph.groupUserIds("All")),
    (error: unknown) => error instanceof PrepopError && error.code === "PREPOP_GRAPH_FOREIGN_LINK",
  );
});

test("a revoked token is 401 for reads and writes", async () => {
  await using it = await rehearsal();
  const userId = await idOf(it.graph, kim);
  it.sandbox.revokeToken(it.sandbox.token);
  await assert.rejects(
    it.graph.listPhones(userId),
    (error: unknown) => error instanceof GraphFault && error.fault.status === 401,
  );
  await assert.rejects(it.graph.tenant(), GraphFault);
  const answer = await it.graph.write({ kind: "delete", userId, phoneType: "mobile" });
  assert.equal(answer.kind === "fault" && answer.fault.status, 401);
});
