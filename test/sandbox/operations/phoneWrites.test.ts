import assert from "node:assert/strict";
import { test } from "node:test";
import type { SandboxConfig } from "../../../src/sandbox/sandbox.ts";
import type { SeedUser } from "../../../src/sandbox/user.ts";
import { alternateMobile, aSandbox, kim, mobile, office, phonesOf } from "../client.ts";

/** One write on one user, and what must come of it. `stored` names the phones afterwards. */
type Row = {
  readonly what: string;
  readonly config?: SandboxConfig;
  readonly has?: SeedUser["phones"];
  readonly user?: Partial<SeedUser>;
  readonly send: readonly [method: string, tail: string, body?: unknown];
  readonly status: number;
  readonly code?: string;
  readonly guess?: boolean;
  readonly stored: Readonly<Record<string, string>>;
};

const M = "+31 612345678";
const N = "+31 687654321";
const O = "+44 2079460123";
const create = (phoneNumber: unknown, phoneType: unknown = "mobile"): Row["send"] => [
  "POST",
  "",
  { phoneNumber, phoneType },
];
const update = (id: string, body: unknown): Row["send"] => ["PATCH", `/${id}`, body];
const remove = (id: string): Row["send"] => ["DELETE", `/${id}`];

const rows: readonly Row[] = [
  // Create
  { what: "a mobile is created", send: create("+31612345678"), status: 201, stored: { mobile: M } },
  { what: "an office phone is created alone", send: create(O, "office"), status: 201, stored: { office: O } },
  {
    what: "an extension is kept",
    send: create("+44 2079460123x45", "office"),
    status: 201,
    stored: { office: "+44 2079460123x45" },
  },
  {
    what: "a trunk zero is stored as it is",
    send: create("+44 07700900123"),
    status: 201,
    stored: { mobile: "+44 07700900123" },
  },
  {
    what: "an alternate mobile needs a mobile",
    send: create(N, "alternateMobile"),
    status: 400,
    code: "badRequest",
    guess: true,
    stored: {},
  },
  {
    what: "an alternate mobile beside a mobile is created",
    has: { mobile: M },
    send: create(N, "alternateMobile"),
    status: 201,
    stored: { mobile: M, alternateMobile: N },
  },
  {
    what: "the alternate may be the mobile's number",
    has: { mobile: M },
    send: create(M, "alternateMobile"),
    status: 201,
    stored: { mobile: M, alternateMobile: M },
  },
  {
    what: "a second mobile is refused",
    has: { mobile: M },
    send: create(N),
    status: 409,
    code: "conflict",
    guess: true,
    stored: { mobile: M },
  },
  {
    what: "a second mobile of the same number is refused as well",
    has: { mobile: M },
    send: create(M),
    status: 409,
    code: "conflict",
    guess: true,
    stored: { mobile: M },
  },
  ...["0612345678", "+31 6 1234 5678", "+999 1", "", "Kim"].map(
    (number): Row => ({
      what: `the number "${number}" is refused`,
      send: create(number),
      status: 400,
      code: "badRequest",
      guess: true,
      stored: {},
    }),
  ),
  // Declared rules of the body
  ...(
    [
      ["no phoneNumber", { phoneType: "mobile" }],
      ["no phoneType", { phoneNumber: M }],
      ["an unknown phoneType", { phoneNumber: M, phoneType: "home" }],
      ["a phoneType in other case", { phoneNumber: M, phoneType: "Mobile" }],
      ["a number that is no text", { phoneNumber: 31612345678, phoneType: "mobile" }],
      ["smsSignInState", { phoneNumber: M, phoneType: "mobile", smsSignInState: "ready" }],
      ["an unknown property", { phoneNumber: M, phoneType: "mobile", note: "x" }],
      ["a list", [{ phoneNumber: M, phoneType: "mobile" }]],
    ] as const
  ).map(
    ([what, body]): Row => ({
      what: `a body with ${what} is refused`,
      send: ["POST", "", body],
      status: 400,
      code: "BadRequest",
      guess: true,
      stored: {},
    }),
  ),
  {
    what: "an annotation in the body is not minded",
    send: [
      "POST",
      "",
      { "@odata.type": "#microsoft.graph.phoneAuthenticationMethod", phoneNumber: M, phoneType: "mobile" },
    ],
    status: 201,
    stored: { mobile: M },
  },
  // Update
  {
    what: "an update is 204",
    has: { mobile: M },
    send: update(mobile, { phoneNumber: N }),
    status: 204,
    stored: { mobile: N },
  },
  {
    what: "an update may name its own type",
    has: { mobile: M },
    send: update(mobile, { phoneNumber: N, phoneType: "mobile" }),
    status: 204,
    stored: { mobile: N },
  },
  {
    what: "an update with the same number is 204",
    has: { mobile: M },
    send: update(mobile, { phoneNumber: M }),
    status: 204,
    stored: { mobile: M },
  },
  {
    what: "an update cannot change the type",
    has: { mobile: M },
    send: update(mobile, { phoneNumber: N, phoneType: "office" }),
    status: 400,
    code: "badRequest",
    guess: true,
    stored: { mobile: M },
  },
  {
    what: "an update needs a number",
    has: { mobile: M },
    send: update(mobile, { phoneType: "mobile" }),
    status: 400,
    code: "BadRequest",
    guess: true,
    stored: { mobile: M },
  },
  {
    what: "an update of an absent phone is 404",
    has: { mobile: M },
    send: update(office, { phoneNumber: O }),
    status: 404,
    code: "resourceNotFound",
    guess: true,
    stored: { mobile: M },
  },
  {
    what: "an update with a wrong number changes nothing",
    has: { mobile: M },
    send: update(mobile, { phoneNumber: "06" }),
    status: 400,
    code: "badRequest",
    guess: true,
    stored: { mobile: M },
  },
  // Delete
  { what: "a phone is deleted", has: { mobile: M }, send: remove(mobile), status: 204, stored: {} },
  {
    what: "a method id is taken in any case",
    has: { mobile: M },
    send: remove(mobile.toUpperCase()),
    status: 204,
    stored: {},
  },
  {
    what: "an absent phone is 404",
    send: remove(mobile),
    status: 404,
    code: "resourceNotFound",
    guess: true,
    stored: {},
  },
  {
    what: "an id that is no phone method is 404",
    has: { mobile: M },
    send: remove("28c10230-6103-485e-b985-444c60001490"),
    status: 404,
    code: "resourceNotFound",
    guess: true,
    stored: { mobile: M },
  },
  {
    what: "a mobile stays while there is an alternate",
    has: { mobile: M, alternateMobile: N },
    send: remove(mobile),
    status: 400,
    code: "badRequest",
    guess: true,
    stored: { mobile: M, alternateMobile: N },
  },
  {
    what: "the alternate goes first",
    has: { mobile: M, alternateMobile: N },
    send: remove(alternateMobile),
    status: 204,
    stored: { mobile: M },
  },
  {
    what: "the default method stays while there are others",
    has: { mobile: M, office: O },
    user: { defaultMethod: "sms" },
    send: remove(mobile),
    status: 400,
    code: "badRequest",
    stored: { mobile: M, office: O },
  },
  {
    what: "voice to the mobile is the mobile's default too",
    has: { mobile: M, office: O },
    user: { defaultMethod: "voiceMobile" },
    send: remove(mobile),
    status: 400,
    code: "badRequest",
    stored: { mobile: M, office: O },
  },
  {
    what: "an authenticator app counts as another method",
    has: { mobile: M },
    user: { defaultMethod: "sms", otherMethods: ["password", "microsoftAuthenticator"] },
    send: remove(mobile),
    status: 400,
    code: "badRequest",
    stored: { mobile: M },
  },
  {
    what: "the alternate as default is refused as well",
    has: { mobile: M, alternateMobile: N },
    user: { defaultMethod: "voiceAlternateMobile" },
    send: remove(alternateMobile),
    status: 400,
    code: "badRequest",
    stored: { mobile: M, alternateMobile: N },
  },
  {
    what: "the default method goes when it is the last",
    has: { mobile: M },
    user: { defaultMethod: "sms", otherMethods: ["password"] },
    send: remove(mobile),
    status: 204,
    stored: {},
  },
  {
    what: "a phone that is not the default goes",
    has: { mobile: M, office: O },
    user: { defaultMethod: "sms" },
    send: remove(office),
    status: 204,
    stored: { mobile: M },
  },
  {
    what: "PUT is not known on v1.0",
    has: { mobile: M },
    send: ["PUT", `/${mobile}`, { phoneNumber: N }],
    status: 405,
    code: "Request_BadRequest",
    stored: { mobile: M },
  },
];

for (const row of rows) {
  test(`phone: ${row.what}`, async t => {
    const user: SeedUser = {
      userPrincipalName: kim,
      ...row.user,
      ...(row.has === undefined ? {} : { phones: row.has }),
    };
    const { sandbox, call } = await aSandbox(t, { ...row.config, users: [user] });
    const [method, tail, body] = row.send;
    const reply = await call(method, phonesOf(kim) + tail, { body });
    assert.equal(reply.status, row.status, reply.text);
    assert.equal(reply.code, row.code);
    assert.equal(reply.headers.get("x-prepop-guess"), row.guess ? "1" : null);
    const phones = sandbox.user(kim)?.phones ?? {};
    const stored = Object.fromEntries(
      Object.entries(phones).map(([type, phone]) => [type, phone.phoneNumber]),
    );
    assert.deepEqual(stored, row.stored);
    assert.equal(sandbox.log.at(-1)?.executed, row.status < 300, "the log says whether it took effect");
    if (row.status === 204) assert.equal(reply.text, "");
  });
}

test("the refusal of the default method has the service's own words", async t => {
  const { call } = await aSandbox(t, {
    users: [{ userPrincipalName: kim, phones: { mobile: M, office: O }, defaultMethod: "sms" }],
  });
  const reply = await call("DELETE", `${phonesOf(kim)}/${mobile}`);
  assert.equal(
    reply.message,
    "The requested authentication method id of [3179e48a-750b-4051-897c-87b9720928f7] matches the user's current default authentication method, and cannot be deleted until the default authentication method is changed",
  );
});

test("If-Match is not looked at", async t => {
  const { call } = await aSandbox(t, { users: [{ userPrincipalName: kim, phones: { mobile: M } }] });
  const reply = await call("DELETE", `${phonesOf(kim)}/${mobile}`, { headers: { "If-Match": '"nothing"' } });
  assert.equal(reply.status, 204);
});

const bodies: readonly { what: string; raw: string; type: string | undefined; status: number }[] = [
  { what: "malformed JSON", raw: '{"phoneNumber":', type: "application/json", status: 400 },
  { what: "a type that is not JSON", raw: "phoneNumber=1", type: "text/plain", status: 415 },
  {
    what: "JSON with a charset",
    raw: JSON.stringify({ phoneNumber: M, phoneType: "mobile" }),
    type: "application/json; charset=utf-8",
    status: 201,
  },
  {
    what: "no Content-Type",
    raw: JSON.stringify({ phoneNumber: M, phoneType: "mobile" }),
    type: undefined,
    status: 400,
  },
];

for (const { what, raw, type, status } of bodies) {
  test(`a body with ${what} is ${status}`, async t => {
    const { call } = await aSandbox(t);
    const headers = type === undefined ? {} : { "Content-Type": type };
    assert.equal((await call("POST", phonesOf(kim), { raw, headers })).status, status);
  });
}

test("the codes that are guesses can be put right by the config", async t => {
  const { call } = await aSandbox(t, {
    users: [{ userPrincipalName: kim, phones: { mobile: M } }],
    errorCodes: { phoneTypeTaken: { status: 400, code: "phoneTypeAlreadyRegistered" } },
  });
  const reply = await call("POST", phonesOf(kim), { body: { phoneNumber: N, phoneType: "mobile" } });
  assert.deepEqual([reply.status, reply.code], [400, "phoneTypeAlreadyRegistered"]);
});

test("the old PUT on beta answers 200 with the phone, for persons only", async t => {
  const token = "a.person.token";
  const { call } = await aSandbox(t, {
    users: [{ userPrincipalName: kim, phones: { mobile: M } }],
    tokens: [{ token, kind: "delegated" }],
  });
  const path = `${phonesOf(kim).replace("v1.0", "beta")}/${mobile}`;
  const asApp = await call("PUT", path, { body: { phoneNumber: N } });
  assert.equal(asApp.status, 403);
  const reply = await call("PUT", path, { body: { phoneNumber: N, phoneType: "mobile" }, token });
  assert.deepEqual([reply.status, reply.json.phoneNumber], [200, N]);
});
