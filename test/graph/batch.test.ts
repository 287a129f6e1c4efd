import assert from "node:assert/strict";
import { test } from "node:test";
import type { GraphAnswer, GraphRequest } from "../../src/graph/connect.ts";
import type { Reply, SeenRequest } from "../support/scriptedGraph.ts";
import { connected, graphError, mobileId, phone, user, userId } from "./connected.ts";

const phones = `/users/${userId}/authentication/phoneMethods`;
const list: GraphRequest = { kind: "listPhones", userId };
const find: GraphRequest = { kind: "findUser", key: "kim@contoso.com", match: "upn" };
const create: GraphRequest = {
  kind: "write",
  write: { kind: "create", userId, phoneType: "mobile", number: "+1 2065550100" },
};
const methods: GraphRequest = { kind: "listMethods", userId };
const preferences: GraphRequest = { kind: "signInPreferences", userId };
const remove: GraphRequest = { kind: "write", write: { kind: "delete", userId, phoneType: "mobile" } };
const enable: GraphRequest = { kind: "write", write: { kind: "enableSms", userId, phoneType: "mobile" } };
const setDefault: GraphRequest = { kind: "write", write: { kind: "setDefault", userId, method: "push" } };

/** Sends the items to a server that answers the batch with these responses. */
async function answersTo(items: readonly GraphRequest[], reply: Reply | ((request: SeenRequest) => Reply)) {
  await using it = await connected(request => (typeof reply === "function" ? reply(request) : reply));
  const answer = await it.graph.batch(items);
  assert.ok(answer.kind === "answers");
  return { answers: answer.answers, seen: it.server.seen, stats: it.graph.stats(), notices: it.notices };
}

const said = (answers: readonly GraphAnswer[]): readonly string[] =>
  answers.map(answer =>
    answer.kind === "fault" ? [answer.fault.kind, answer.fault.status].join(" ").trim() : answer.kind,
  );

test("twenty requests go out as one, in the form the page asks for", async () => {
  const responses = [
    { id: "4", status: 204 },
    { id: "2", status: 201, headers: { "Request-Id": "r-2" }, body: phone() },
    { id: "1", status: 200, body: { value: [phone()] } },
    { id: "3", status: 204, body: null },
    { id: "5", status: 200, body: user() },
  ];
  const { answers, seen, stats } = await answersTo([list, create, remove, enable, find], {
    headers: { "request-id": "r-outer" },
    json: { responses },
  });
  assert.deepEqual(said(answers), ["phones", "accepted", "accepted", "accepted", "user"]);
  assert.deepEqual(answers[1], { kind: "accepted", status: 201, requestId: "r-2", clientRequestId: "id-1" });
  assert.deepEqual(answers[2], {
    kind: "accepted",
    status: 204,
    requestId: "r-outer",
    clientRequestId: "id-1",
  });
  assert.equal(seen.length, 1);
  assert.equal(`${seen[0]?.method} ${seen[0]?.path}`, "POST /v1.0/$batch");
  const headers = { "Content-Type": "application/json" };
  assert.deepEqual(JSON.parse(seen[0]?.body ?? ""), {
    requests: [
      { id: "1", method: "GET", url: phones },
      {
        id: "2",
        method: "POST",
        url: phones,
        headers,
        body: { phoneNumber: "+1 2065550100", phoneType: "mobile" },
      },
      { id: "3", method: "DELETE", url: `${phones}/${mobileId}` },
      { id: "4", method: "POST", url: `${phones}/${mobileId}/enableSmsSignIn`, headers, body: {} },
      {
        id: "5",
        method: "GET",
        url: "/users/kim%40contoso.com?$select=id,userPrincipalName,mail,employeeId,usageLocation,accountEnabled",
      },
    ],
  });
  assert.deepEqual(stats, { requests: 1, writes: 3, throttled: 0 });
});

test("each item is judged by itself", async () => {
  const responses = [
    { id: "1", status: 429, headers: { "Retry-After": "7" }, body: graphError("TooManyRequests", "") },
    { id: "2", status: 409, body: graphError("phoneNumberNotUnique", "+1 2065550100 is taken") },
    { id: "3", status: 424, body: graphError("failedDependency", "") },
    { id: "4", status: 404, body: graphError("Request_ResourceNotFound", "") },
    { id: "5", status: 200, body: "PGh0bWw+" },
  ];
  const { answers, stats } = await answersTo([create, create, remove, find, list], { json: { responses } });
  assert.deepEqual(said(answers), ["http 429", "http 409", "http 424", "user", "unreadable 200"]);
  const [throttled, taken, , none] = answers;
  assert.equal(throttled?.kind === "fault" && throttled.fault.retryAfter, "7");
  assert.equal(taken?.kind === "fault" && taken.fault.code, "phoneNumberNotUnique");
  assert.equal(taken?.kind === "fault" && taken.fault.message, "+• ••••••••00 is taken");
  assert.deepEqual(none, { kind: "user", lookup: { kind: "none" } });
  assert.deepEqual(stats, { requests: 1, writes: 3, throttled: 1 });
});

test("an item without its own Retry-After has that of the whole, and the Date it counts from", async () => {
  const { answers } = await answersTo([create], {
    headers: { "retry-after": "9", date: "Tue, 24 Nov 2026 08:00:00 GMT" },
    json: { responses: [{ id: "1", status: 429 }] },
  });
  const [answer] = answers;
  assert.ok(answer?.kind === "fault");
  assert.equal(answer.fault.retryAfter, "9");
  assert.equal(answer.fault.date, "Tue, 24 Nov 2026 08:00:00 GMT");
});

const doubtful: readonly (readonly [name: string, responses: readonly unknown[]])[] = [
  ["is missing", [{ id: "2", status: 204 }]],
  [
    "is answered twice",
    [
      { id: "1", status: 204 },
      { id: "1", status: 400 },
      { id: "2", status: 204 },
    ],
  ],
  ["has no status", [{ id: "1" }, { id: "2", status: 204 }]],
  [
    "has a status of another type",
    [
      { id: "1", status: "204" },
      { id: "2", status: 204 },
    ],
  ],
  [
    "has a status that is none",
    [
      { id: "1", status: 0 },
      { id: "2", status: 204 },
    ],
  ],
  [
    "stands beside rubbish",
    [null, 7, { id: "17", status: 204 }, { id: {}, status: 204 }, { id: "2", status: 204 }],
  ],
];
for (const [name, responses] of doubtful) {
  test(`an item that ${name} is in doubt, and the other is not`, async () => {
    const { answers } = await answersTo([remove, remove], { json: { responses } });
    assert.deepEqual(said(answers), ["unreadable 200", "accepted"]);
  });
}

test("an outer 424 with answers inside is read like a 200", async () => {
  const responses = [
    { id: "1", status: 204 },
    { id: "2", status: 429, headers: { "retry-after": "3" } },
  ];
  const { answers } = await answersTo([remove, create], { status: 424, json: { responses } });
  assert.deepEqual(said(answers), ["accepted", "http 429"]);
});

const wholes: readonly (readonly [name: string, reply: Reply, each: string])[] = [
  ["is throttled", { status: 429, headers: { "retry-after": "7" } }, "http 429"],
  ["is not signed in", { status: 401, json: graphError("InvalidAuthenticationToken", "") }, "http 401"],
  ["fails", { status: 503 }, "http 503"],
  ["runs into a gateway's time-out", { status: 504, text: "<html>" }, "http 504"],
  ["fails as a whole with 424", { status: 424 }, "http 424"],
  ["is never answered", "drop", "network"],
  ["is cut off", { cut: '{"responses":[' }, "network 200"],
  ["is a page", { text: "<html>" }, "unreadable 200"],
  ["holds no list", { json: { responses: {} } }, "unreadable 200"],
];
for (const [name, reply, each] of wholes) {
  test(`when the batch ${name}, every item is ${each}`, async () => {
    const { answers } = await answersTo([remove, find, list], reply);
    assert.deepEqual(said(answers), [each, each, each]);
  });
}

test("when the batch is throttled, each of its items counts", async () => {
  const { stats } = await answersTo([remove, find, list], { status: 429 });
  assert.deepEqual(stats, { requests: 1, writes: 1, throttled: 3 });
});

for (const status of [400, 403, 404, 405, 501]) {
  test(`a service that answers ${status} to the batch is sent no more of them, and nothing was done`, async () => {
    await using it = await connected(() => ({ status, json: graphError("x", "No.") }));
    assert.deepEqual(await it.graph.batch([remove]), { kind: "unavailable" });
    assert.deepEqual(await it.graph.batch([remove]), { kind: "unavailable" });
    assert.equal(it.server.seen.length, 1);
    assert.deepEqual(it.notices, [`The tenant does not answer $batch (${status}); doing without.`]);
  });
}

test("a batch whose answer cannot be read is the last one, and its items are in doubt", async () => {
  await using it = await connected(() => ({ text: "<html>" }));
  const first = await it.graph.batch([remove]);
  assert.deepEqual(first.kind === "answers" && said(first.answers), ["unreadable 200"]);
  assert.deepEqual(await it.graph.batch([remove]), { kind: "unavailable" });
  assert.equal(it.server.seen.length, 1);
});

test("what is of another version, or needs more than one request, is sent by itself after it", async () => {
  const { answers, seen } = await answersTo([list, setDefault, find], ({ path, headers }) => {
    if (path.startsWith("/beta/")) return { status: 204 };
    if (path.includes("page=2")) return { json: { value: [] } };
    const link = `http://${headers.host}/v1.0${phones}?page=2`;
    if (path.endsWith("/phoneMethods")) return { json: { value: [phone()], "@odata.nextLink": link } };
    if (path.includes("$select")) return { status: 400 };
    if (path.includes("kim")) return { json: user() };
    const responses = [
      { id: "1", status: 200, body: { value: [phone()], "@odata.nextLink": link } },
      { id: "2", status: 400, body: graphError("badRequest", "No $select.") },
    ];
    return { json: { responses } };
  });
  assert.deepEqual(said(answers), ["phones", "accepted", "user"]);
  assert.equal(seen[0]?.path, "/v1.0/$batch");
  assert.equal(seen.length, 6);
});

test("what has only a beta path travels in a batch of beta", async () => {
  const { answers, seen } = await answersTo([preferences, setDefault, list], ({ path }) => {
    if (!path.endsWith("/$batch")) return { json: { value: [phone()] } };
    const responses = [
      { id: "2", status: 204 },
      { id: "1", status: 200, body: { userPreferredMethodForSecondaryAuthentication: "sms" } },
    ];
    return { json: { responses } };
  });
  assert.deepEqual(said(answers), ["preferences", "accepted", "phones"]);
  assert.deepEqual(answers[0], { kind: "preferences", preferences: { default: "sms" } });
  assert.equal(seen[0]?.path, "/beta/$batch");
  const { requests } = JSON.parse(seen[0]?.body ?? "") as { readonly requests: readonly { url: string }[] };
  const url = `/users/${userId}/authentication/signInPreferences`;
  assert.deepEqual(
    requests.map(({ url }) => url),
    [url, url],
  );
  assert.equal(seen[1]?.path, `/v1.0${phones}`);
});

test("a service without a batch of beta still has that of v1.0", async () => {
  await using it = await connected(({ path }) =>
    path.startsWith("/beta/") ? { status: 404 } : { json: { responses: [{ id: "1", status: 204 }] } },
  );
  assert.deepEqual(await it.graph.batch([preferences]), { kind: "unavailable" });
  assert.deepEqual(await it.graph.batch([preferences]), { kind: "unavailable" });
  assert.equal((await it.graph.batch([remove])).kind, "answers");
  assert.equal(it.server.seen.length, 2);
  assert.deepEqual(it.notices, ["The tenant does not answer $batch of beta (404); doing without."]);
});

test("methods come in a batch, and those of a longer list by further requests", async () => {
  const type = "#microsoft.graph.phoneAuthenticationMethod";
  const { answers, seen } = await answersTo([methods, methods], ({ path, headers }) => {
    const value = [{ "@odata.type": type, id: mobileId }];
    if (!path.endsWith("/$batch")) return { json: { value } };
    const more = { value, "@odata.nextLink": `http://${headers.host}/v1.0/more` };
    const responses = [
      { id: "1", status: 200, body: { value } },
      { id: "2", status: 200, body: more },
    ];
    return { json: { responses } };
  });
  const one = { kind: "methods", methods: [{ id: mobileId, kind: "phoneAuthenticationMethod" }] };
  assert.deepEqual(answers, [one, one]);
  assert.equal(seen.length, 2);
});

test("methods that one user of a batch has and another refuses are done without for him alone", async () => {
  const responses = [
    { id: "1", status: 403, body: graphError("accessDenied", "") },
    { id: "2", status: 200, body: { value: [] } },
  ];
  const { answers, notices } = await answersTo([methods, methods], { json: { responses } });
  assert.deepEqual(answers, [
    { kind: "methods", methods: undefined },
    { kind: "methods", methods: [] },
  ]);
  assert.deepEqual(notices, []);
});

test("methods that nobody in a batch has are not asked for again", async () => {
  const reply = { json: { responses: [{ id: "1", status: 501 }] } };
  await using it = await connected(() => reply);
  const none = { kind: "answers", answers: [{ kind: "methods", methods: undefined }] };
  assert.deepEqual(await it.graph.batch([methods]), none);
  assert.deepEqual(await it.graph.batch([methods]), none);
  assert.equal(it.server.seen.length, 1);
  assert.deepEqual(it.notices, ["The tenant does not answer the list of methods (501); doing without."]);
});

test("keys that no user can have are answered without a request", async () => {
  const { answers, seen } = await answersTo([{ kind: "findUser", key: "..", match: "upn" }], "drop");
  assert.deepEqual(answers, [{ kind: "user", lookup: { kind: "none" } }]);
  assert.equal(seen.length, 0);
});

test("an empty batch sends nothing, and one of twenty-one is a mistake of the caller", async () => {
  await using it = await connected(() => "drop");
  assert.deepEqual(await it.graph.batch([]), { kind: "answers", answers: [] });
  await assert.rejects(it.graph.batch(Array.from({ length: 21 }, () => list)), RangeError);
  assert.equal(it.server.seen.length, 0);
});

test("phones read in a batch carry the time before the batch", async () => {
  let time = 40;
  await using it = await connected(
    () => ({ json: { responses: [{ id: "1", status: 200, body: { value: [] } }] } }),
    {
      clock: { now: () => time++, wall: () => 0 },
    },
  );
  assert.deepEqual(await it.graph.batch([list]), {
    kind: "answers",
    answers: [{ kind: "phones", read: { phones: [], masked: false, readAt: 40 } }],
  });
});

const other = "00000000-0000-4000-8000-000000000002";
const both: GraphRequest = { kind: "findUsers", keys: ["kim@contoso.com", "lee@contoso.com"], match: "upn" };
const people = [user(), user({ id: other, userPrincipalName: "Lee@contoso.com" })];

const directories: readonly (readonly [
  name: string,
  value: unknown,
  found: readonly (string | undefined)[],
])[] = [
  ["both, in any order", people.toReversed(), [userId, other]],
  ["one of them", people.slice(1), [undefined, other]],
  ["nobody", [], [undefined, undefined]],
];
for (const [name, value, found] of directories) {
  test(`several users are asked for by one filter: the directory has ${name}`, async () => {
    const { answers, seen } = await answersTo([both], {
      json: { responses: [{ id: "1", status: 200, body: { value } }] },
    });
    const [answer] = answers;
    assert.ok(answer?.kind === "users");
    assert.deepEqual(
      answer.users.map(each => each?.id),
      found,
    );
    const { requests } = JSON.parse(seen[0]?.body ?? "") as { readonly requests: readonly { url: string }[] };
    const filter = "userPrincipalName%20in%20('kim%40contoso.com'%2C'lee%40contoso.com')";
    assert.ok(requests[0]?.url.startsWith(`/users?$filter=${filter}&$select=`), seen[0]?.body ?? "");
  });
}

test("a list of users whom nobody asked for is no answer, and no further one is asked for", async () => {
  const value = [...people, user({ id: "x", userPrincipalName: "someone.else@contoso.com" })];
  await using it = await connected(({ path }) =>
    path.endsWith("/$batch")
      ? { json: { responses: [{ id: "1", status: 200, body: { value } }] } }
      : { json: { value } },
  );
  const none = { kind: "answers", answers: [{ kind: "users", users: [undefined, undefined] }] };
  assert.deepEqual(await it.graph.batch([both]), none);
  const seen = it.server.seen.length;
  assert.deepEqual(await it.graph.batch([both]), none);
  assert.equal(it.server.seen.length, seen);
  assert.deepEqual(it.notices, [
    "The tenant does not answer many users at once (unreadable answer); doing without.",
  ]);
});
