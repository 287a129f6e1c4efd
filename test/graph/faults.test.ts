import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fault } from "../../src/model/fault.ts";
import type { Reply } from "../support/scriptedGraph.ts";
import { connected, faultOf, graphError, token, userId } from "./connected.ts";

/** Every error that the documentation or public code shows for these endpoints, and the fault it becomes. */
const situations: readonly {
  readonly name: string;
  readonly reply: Reply;
  readonly fault: Partial<Fault>;
}[] = [
  {
    name: "the default method cannot be deleted while others exist",
    reply: {
      status: 400,
      json: graphError(
        "badRequest",
        "The requested authentication method id of [3179e48a-750b-4051-897c-87b9720928f7] matches the user's current default authentication method",
      ),
    },
    fault: { kind: "http", status: 400, code: "badRequest" },
  },
  {
    name: "the number is another user's for SMS sign-in",
    reply: { status: 409, json: graphError("phoneNumberNotUnique", "Number +1 2065550100 is taken.") },
    fault: {
      kind: "http",
      status: 409,
      code: "phoneNumberNotUnique",
      message: "Number +• ••••••••00 is taken.",
    },
  },
  {
    name: "SMS sign-in is refused with the reason inside",
    reply: {
      status: 400,
      json: graphError("", "", { message: "Not allowed by policy.", target: "phoneNumber" }),
    },
    fault: { kind: "http", status: 400, code: "", message: "Not allowed by policy." },
  },
  {
    name: "the caller lacks the role, or the user is gone",
    reply: { status: 403, json: graphError("accessDenied", "Request Authorization failed") },
    fault: { kind: "http", status: 403, code: "accessDenied", message: "Request Authorization failed" },
  },
  {
    name: "the application lacks the permission",
    reply: {
      status: 403,
      json: graphError("Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
    },
    fault: { kind: "http", status: 403, code: "Authorization_RequestDenied" },
  },
  {
    name: "conditional access asks for more",
    reply: { status: 403, json: graphError("insufficient_claims", "Continuous access evaluation") },
    fault: { kind: "http", status: 403, code: "insufficient_claims" },
  },
  {
    name: "the resource does not exist",
    reply: {
      status: 404,
      json: graphError(
        "Request_ResourceNotFound",
        "Resource 'x' does not exist or one of its queried reference-property objects are not present.",
      ),
    },
    fault: { kind: "http", status: 404, code: "Request_ResourceNotFound" },
  },
  {
    name: "there is no token",
    reply: { status: 401, json: graphError("InvalidAuthenticationToken", "Access token is empty.") },
    fault: {
      kind: "http",
      status: 401,
      code: "InvalidAuthenticationToken",
      message: "Access token is empty.",
    },
  },
  {
    name: "the token is malformed",
    reply: {
      status: 401,
      json: graphError("InvalidAuthenticationToken", "CompactToken parsing failed with error code: 80049217"),
    },
    fault: { kind: "http", status: 401, message: "CompactToken parsing failed with error code: ••••••17" },
  },
  {
    name: "throttled, the documented way",
    reply: {
      status: 429,
      headers: { "retry-after": "10" },
      json: graphError("TooManyRequests", "Please retry again later.", {
        code: "429",
        message: "Please retry after",
        status: "429",
      }),
    },
    fault: { kind: "http", status: 429, code: "TooManyRequests", retryAfter: "10" },
  },
  {
    name: "throttled with a date",
    reply: {
      status: 429,
      headers: { "retry-after": "Tue, 24 Nov 2026 08:00:30 GMT", date: "Tue, 24 Nov 2026 08:00:00 GMT" },
      json: graphError("TooManyRequests", ""),
    },
    fault: {
      kind: "http",
      status: 429,
      retryAfter: "Tue, 24 Nov 2026 08:00:30 GMT",
      date: "Tue, 24 Nov 2026 08:00:00 GMT",
    },
  },
  {
    name: "throttled by the directory, without Retry-After",
    reply: {
      status: 429,
      json: graphError(
        "TooManyRequests",
        "Too many requests from Identifier:<id> under category:aadgraph.app.tenant_large. Please try again later.",
      ),
    },
    fault: { kind: "http", status: 429, code: "TooManyRequests" },
  },
  {
    name: "throttled the old way",
    reply: { status: 429, json: graphError("UnknownError", "") },
    fault: {
      kind: "http",
      status: 429,
      code: "UnknownError",
      message: "HTTP 429 without a message of Graph.",
    },
  },
  {
    name: "the wrong verb",
    reply: {
      status: 405,
      json: graphError("Request_BadRequest", "Specified HTTP method is not allowed for the request target."),
    },
    fault: { kind: "http", status: 405, code: "Request_BadRequest" },
  },
  {
    name: "a back end failed and its JSON became the message",
    reply: { status: 500, json: graphError("UnknownError", '{"Message":"No HTTP resource was found"}') },
    fault: {
      kind: "http",
      status: 500,
      code: "UnknownError",
      message: '{"Message":"No HTTP resource was found"}',
    },
  },
  {
    name: "a gateway answers with a page",
    reply: { status: 502, headers: { "content-type": "text/html" }, text: "<html>Bad gateway</html>" },
    fault: { kind: "http", status: 502, message: "HTTP 502 without a message of Graph." },
  },
  {
    name: "an answer in the time-out of a gateway",
    reply: { status: 504, text: "" },
    fault: { kind: "http", status: 504 },
  },
  {
    name: "an OAuth error, whose error is a text",
    reply: { status: 401, json: { error: "invalid_token" } },
    fault: { kind: "http", status: 401, code: "invalid_token" },
  },
  {
    name: "an error whose fields have other types",
    reply: { status: 400, json: { error: { code: 17, message: ["x"], innerError: "no" } } },
    fault: { kind: "http", status: 400, message: "HTTP 400 without a message of Graph." },
  },
  {
    name: "a code that is a number of somebody is not kept",
    reply: { status: 400, json: graphError("N12065550100", "") },
    fault: { kind: "http", status: 400 },
  },
  {
    name: "an error that was cut off keeps its status and Retry-After",
    reply: { status: 503, headers: { "retry-after": "5" }, cut: '{"error":' },
    fault: { kind: "http", status: 503, retryAfter: "5" },
  },
  {
    name: "a redirect is an error",
    reply: { status: 302, headers: { location: "/" } },
    fault: { status: 302 },
  },
  {
    name: "a read without a body",
    reply: { status: 200, text: "" },
    fault: { kind: "unreadable", status: 200 },
  },
  { name: "a read with 204", reply: { status: 204 }, fault: { kind: "unreadable", status: 204 } },
  {
    name: "a part of the content",
    reply: { status: 206, json: { value: [] } },
    fault: { kind: "unreadable" },
  },
  {
    name: "a page in the place of JSON",
    reply: { text: "<html></html>" },
    fault: { kind: "unreadable", status: 200 },
  },
  { name: "JSON that is no object", reply: { json: [] }, fault: { kind: "unreadable", status: 200 } },
  {
    name: "bytes that are not UTF-8",
    reply: { bytes: Uint8Array.from([0x7b, 0xff, 0x7d]) },
    fault: { kind: "unreadable", status: 200 },
  },
  { name: "a body that was cut off", reply: { cut: '{"value":[' }, fault: { kind: "network", status: 200 } },
  { name: "no answer at all", reply: "drop", fault: { kind: "network" } },
];

for (const { name, reply, fault } of situations) {
  test(`${name}: ${fault.kind ?? "http"} ${fault.status ?? ""}`, async () => {
    await using it = await connected(() => reply);
    const found = await faultOf(it.graph.listPhones(userId));
    for (const [field, value] of Object.entries(fault)) {
      assert.equal(found[field as keyof Fault], value, field);
    }
    assert.equal(found.clientRequestId, "id-1");
    assert.equal("code" in fault ? found.code : undefined, fault.code);
  });
}

test("the request-id of the header is kept, else the one in the body", async () => {
  const json = graphError("badRequest", "No.");
  await using it = await connected((_, number) => ({
    status: 400,
    json,
    ...(number === 1 ? { headers: { "request-id": "r-header" } } : {}),
  }));
  assert.equal((await faultOf(it.graph.listPhones(userId))).requestId, "r-header");
  assert.equal((await faultOf(it.graph.listPhones(userId))).requestId, "r-inner");
});

test("a service that repeats the token does not get it into a message", async () => {
  const jwt = `eyJhbGciOiJub25lIn0.${"eyJ0aWQiOiJ4In0".repeat(2)}.c2lnbmF0dXJl`;
  await using it = await connected(({ headers }) => ({
    status: 401,
    json: graphError("InvalidAuthenticationToken", `Bad ${headers.authorization}; got ${jwt}.`),
  }));
  const { message } = await faultOf(it.graph.listPhones(userId));
  assert.equal(message, "Bad Bearer [token]; got [token].");
  assert.ok(!message.includes(token));
});

test("a message is one line of bounded length", async () => {
  await using it = await connected(() => ({
    status: 400,
    json: graphError("badRequest", `first\r\n\u001b[31msecond${"x".repeat(9_000)}`),
  }));
  const { message } = await faultOf(it.graph.listPhones(userId));
  assert.match(message, /^first \[31msecondx+$/);
  assert.equal(message.length, 500);
});
