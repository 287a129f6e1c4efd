import assert from "node:assert/strict";
import { test } from "node:test";
import { type FaultKind, faultKinds } from "../../../src/sandbox/faults/kinds.ts";
import type { FaultRule } from "../../../src/sandbox/faults/rules.ts";
import { aSandbox, type Client, kim, manualClock, phonesOf, type Reply } from "../client.ts";

const body = { phoneNumber: "+31 612345678", phoneType: "mobile" };
const write = (call: Client) => call("POST", phonesOf(kim), { body });
const read = (call: Client) => call("GET", phonesOf(kim));

/** What one kind does to one request: the answer, and whether the write took effect. */
type Row = {
  readonly rule: FaultRule;
  readonly ask: (call: Client) => Promise<Reply>;
  readonly status: number;
  readonly code?: string;
  readonly stored: boolean;
  readonly check?: (reply: Reply) => void;
};

const retryAfter = (expected: string | null) => (reply: Reply) =>
  assert.equal(reply.headers.get("retry-after"), expected);
const unreadable = (reply: Reply) => assert.throws(() => JSON.parse(reply.text));

const answered: readonly Row[] = [
  { rule: { kind: "committedThen504" }, ask: write, status: 504, stored: true },
  {
    rule: { kind: "committedThen503", retryAfter: 3 },
    ask: write,
    status: 503,
    stored: true,
    check: retryAfter("3"),
  },
  { rule: { kind: "committedThen500" }, ask: write, status: 500, stored: true },
  { rule: { kind: "committedThen409" }, ask: write, status: 409, stored: true },
  { rule: { kind: "committedThen408" }, ask: write, status: 408, stored: true },
  { rule: { kind: "unavailable" }, ask: write, status: 503, stored: false, check: retryAfter(null) },
  {
    rule: { kind: "unavailable", retryAfter: 7 },
    ask: write,
    status: 503,
    stored: false,
    check: retryAfter("7"),
  },
  { rule: { kind: "serverError" }, ask: write, status: 500, stored: false },
  { rule: { kind: "gatewayTimeout" }, ask: write, status: 504, stored: false },
  {
    rule: { kind: "throttled" },
    ask: write,
    status: 429,
    code: "TooManyRequests",
    stored: false,
    check: retryAfter("1"),
  },
  {
    rule: { kind: "throttled", retryAfter: 12 },
    ask: write,
    status: 429,
    stored: false,
    check: retryAfter("12"),
  },
  {
    rule: { kind: "throttled", retryAfter: "missing" },
    ask: write,
    status: 429,
    stored: false,
    check: retryAfter(null),
  },
  {
    rule: { kind: "throttled", retryAfter: "zero" },
    ask: write,
    status: 429,
    stored: false,
    check: retryAfter("0"),
  },
  {
    rule: { kind: "throttled", retryAfter: "negative" },
    ask: write,
    status: 429,
    stored: false,
    check: retryAfter("-1"),
  },
  {
    rule: { kind: "throttled", retryAfter: "garbage" },
    ask: write,
    status: 429,
    stored: false,
    check: retryAfter("soon"),
  },
  {
    rule: { kind: "throttled", retryAfter: "long" },
    ask: write,
    status: 429,
    stored: false,
    check: retryAfter("3600"),
  },
  {
    rule: { kind: "throttled", retryAfter: "date" },
    ask: write,
    status: 429,
    stored: false,
    check: reply => {
      const wait =
        Date.parse(reply.headers.get("retry-after") ?? "") - Date.parse(reply.headers.get("date") ?? "");
      assert.equal(wait, 2000);
    },
  },
  {
    rule: { kind: "unknownError" },
    ask: read,
    status: 500,
    code: "UnknownError",
    stored: false,
    check: reply => assert.equal(typeof JSON.parse(reply.message ?? ""), "object"),
  },
  {
    rule: { kind: "unknownError", status: 404 },
    ask: write,
    status: 404,
    code: "UnknownError",
    stored: false,
  },
  { rule: { kind: "unreadableBody" }, ask: read, status: 200, stored: false, check: unreadable },
  {
    rule: { kind: "unreadableBody", body: "truncated" },
    ask: read,
    status: 200,
    stored: false,
    check: unreadable,
  },
  {
    rule: { kind: "unreadableBody", body: "empty" },
    ask: read,
    status: 200,
    stored: false,
    check: unreadable,
  },
  {
    rule: { kind: "unreadableBody", body: "html" },
    ask: write,
    status: 201,
    stored: true,
    check: unreadable,
  },
  { rule: { kind: "emptyErrorCode" }, ask: write, status: 403, code: "", stored: false },
  { rule: { kind: "forbidden" }, ask: write, status: 403, code: "accessDenied", stored: false },
  {
    rule: { kind: "forbidden", code: "Authorization_RequestDenied" },
    ask: write,
    status: 403,
    code: "Authorization_RequestDenied",
    stored: false,
  },
  {
    rule: { kind: "forbidden", code: "insufficient_claims" },
    ask: write,
    status: 403,
    code: "insufficient_claims",
    stored: false,
  },
  {
    rule: { kind: "tokenExpired" },
    ask: write,
    status: 401,
    code: "InvalidAuthenticationToken",
    stored: false,
  },
  { rule: { kind: "outage" }, ask: read, status: 503, stored: false },
];

for (const { rule, ask, status, code, stored, check } of answered) {
  test(`fault ${JSON.stringify(rule)} answers ${status}, ${stored ? "and it took effect" : "without effect"}`, async t => {
    const { sandbox, call } = await aSandbox(t, { faults: [rule], clock: manualClock() });
    const reply = await ask(call);
    assert.equal(reply.status, status);
    if (code !== undefined) assert.equal(reply.code, code);
    check?.(reply);
    assert.equal(sandbox.user(kim)?.phones.mobile !== undefined, stored);
    const entry = sandbox.log.at(-1);
    assert.deepEqual([entry?.fault, entry?.executed], [rule.kind, stored]);
  });
}

const broken: readonly { readonly rule: FaultRule; readonly stored: boolean }[] = [
  { rule: { kind: "committedThenReset" }, stored: true },
  { rule: { kind: "resetBefore" }, stored: false },
  { rule: { kind: "outage", body: "reset" }, stored: false },
];

for (const { rule, stored } of broken) {
  test(`fault ${JSON.stringify(rule)} breaks the connection, ${stored ? "and it took effect" : "without effect"}`, async t => {
    const { sandbox, call } = await aSandbox(t, { faults: [rule] });
    await assert.rejects(write(call));
    assert.equal(sandbox.user(kim)?.phones.mobile !== undefined, stored);
  });
}

for (const [kind, stored] of [
  ["committedThenTimeout", true],
  ["timeoutBefore", false],
] as const) {
  test(`fault ${kind} never answers, ${stored ? "and it took effect" : "without effect"}`, async t => {
    const { sandbox } = await aSandbox(t, { faults: [{ kind }] });
    const given = new AbortController();
    const asked = fetch(sandbox.url + phonesOf(kim), {
      method: "POST",
      headers: { Authorization: `Bearer ${sandbox.token}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: given.signal,
    });
    // The log is written before the answer would go out, so the client gives up only after the effect.
    const seen = new Promise<void>(resolve => {
      const look = () => (sandbox.log.length > 0 ? resolve() : setImmediate(look));
      look();
    });
    await seen;
    given.abort();
    await assert.rejects(asked);
    assert.equal(sandbox.user(kim)?.phones.mobile !== undefined, stored);
  });
}

test("a committed fault leaves a refused write as it is", async t => {
  const { call } = await aSandbox(t, {
    faults: [{ kind: "committedThen504", match: { operation: "createPhone" } }],
  });
  assert.equal(
    (await call("POST", phonesOf(kim), { body: { phoneNumber: "06", phoneType: "mobile" } })).status,
    400,
  );
});

test("a young user is not found yet, on his methods and as a user", async t => {
  const clock = manualClock();
  const { sandbox, call } = await aSandbox(t, { clock, faults: [{ kind: "userNotFoundYet", ms: 1000 }] });
  sandbox.seedUsers(["new@contoso.com"]);
  assert.equal((await call("GET", phonesOf("new@contoso.com"))).status, 404);
  assert.equal((await call("GET", "/v1.0/users/new@contoso.com")).code, "Request_ResourceNotFound");
  assert.equal((await read(call)).status, 200, "users of the config have been there for long");
  clock.advance(1000);
  assert.equal((await call("GET", phonesOf("new@contoso.com"))).status, 200);
});

test("stale reads show what was, for as long as the rule says", async t => {
  const clock = manualClock();
  const { call } = await aSandbox(t, {
    clock,
    faults: [{ kind: "staleReads", ms: 2000, match: { operation: "listPhones" } }],
  });
  await write(call);
  assert.equal((await read(call)).value.length, 0);
  assert.equal(
    (await call("GET", `${phonesOf(kim)}/3179e48a-750b-4051-897c-87b9720928f7`)).status,
    200,
    "other reads do not lag",
  );
  clock.advance(2001);
  assert.equal((await read(call)).value.length, 1);
});

test("a slow answer comes after its time and no sooner", async t => {
  const clock = manualClock();
  const { sandbox, call } = await aSandbox(t, { clock, faults: [{ kind: "slow", ms: 60_000 }] });
  let done = false;
  const asked = write(call).then(reply => {
    done = true;
    return reply;
  });
  while (sandbox.log.length === 0) await new Promise(setImmediate);
  clock.advance(59_999);
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  assert.equal(done, false);
  clock.advance(1);
  assert.equal((await asked).status, 201);
});

test("the link to the next page can point elsewhere", async t => {
  const { call } = await aSandbox(t, {
    users: 3,
    faults: [{ kind: "foreignNextLink", origin: "https://graph.example.org" }],
  });
  const reply = await call("GET", "/v1.0/users?$top=2");
  assert.match(
    String(reply.json["@odata.nextLink"]),
    /^https:\/\/graph\.example\.org\/v1\.0\/users\?\$top=2&\$skiptoken=/,
  );
});

type Responses = readonly { readonly id: string; readonly status: number }[];
const users = 6;
const batch = (call: Client) =>
  call("POST", "/v1.0/$batch", {
    body: {
      requests: Array.from({ length: users }, (_, at) => ({
        id: String(at),
        method: "POST",
        url: `/users/user00000${at}@contoso.com/authentication/phoneMethods`,
        headers: { "Content-Type": "application/json" },
        body: at === 5 ? { ...body, phoneNumber: "06" } : body,
      })),
    },
  });
const responsesOf = (reply: Reply) => (reply.json.responses ?? []) as Responses;

const batches: readonly {
  readonly rule: FaultRule;
  readonly status: number;
  readonly answers: number;
  readonly executed: number;
}[] = [
  { rule: { kind: "batchOuter424" }, status: 424, answers: 6, executed: 5 },
  { rule: { kind: "batchShuffled" }, status: 200, answers: 6, executed: 5 },
  { rule: { kind: "batchMissingItems", items: 2 }, status: 200, answers: 4, executed: 5 },
  { rule: { kind: "batchDuplicatedAnswers" }, status: 200, answers: 7, executed: 5 },
  { rule: { kind: "batchFailsMidway" }, status: 504, answers: 0, executed: 3 },
  { rule: { kind: "batchFailsMidway", items: 1, status: 503 }, status: 503, answers: 0, executed: 1 },
  { rule: { kind: "unavailable", match: { operation: "batch" } }, status: 503, answers: 0, executed: 0 },
  { rule: { kind: "committedThen504", match: { operation: "batch" } }, status: 504, answers: 0, executed: 5 },
  {
    rule: { kind: "serverError", match: { operation: "createPhone", nth: 2 } },
    status: 200,
    answers: 6,
    executed: 4,
  },
];

for (const { rule, status, answers, executed } of batches) {
  test(`a batch with ${JSON.stringify(rule)} answers ${status} with ${answers} items, ${executed} took effect`, async t => {
    const { sandbox, call } = await aSandbox(t, { users, batchOrder: "asSent", faults: [rule] });
    const reply = await batch(call);
    assert.equal(reply.status, status);
    assert.equal(responsesOf(reply).length, answers);
    assert.equal(sandbox.stats().executed, executed);
    const order = responsesOf(reply)
      .map(({ id }) => id)
      .join("");
    if (rule.kind === "batchShuffled") assert.notEqual(order, "012345");
    else if (answers === 6) assert.equal(order, "012345");
  });
}

test("a broken connection of one item takes the whole batch with it, and the others took effect", async t => {
  const { sandbox, call } = await aSandbox(t, {
    users,
    faults: [{ kind: "resetBefore", match: { operation: "createPhone", nth: 3 } }],
  });
  await assert.rejects(batch(call));
  assert.equal(sandbox.stats().executed, 4);
});

test("every kind is tried by a test of this file", () => {
  const others: readonly FaultKind[] = [
    "committedThenTimeout",
    "timeoutBefore",
    "userNotFoundYet",
    "staleReads",
    "slow",
    "foreignNextLink",
  ];
  const tried = new Set([...[...answered, ...broken, ...batches].map(({ rule }) => rule.kind), ...others]);
  assert.deepEqual(
    Object.keys(faultKinds).filter(kind => !tried.has(kind as FaultKind)),
    [],
  );
});
