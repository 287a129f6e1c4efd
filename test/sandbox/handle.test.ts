import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { settingsOf } from "../../src/sandbox/config.ts";
import { handle } from "../../src/sandbox/handle.ts";
import { makeCore } from "../../src/sandbox/makeCore.ts";
import { kim, mobile } from "./client.ts";

const token = "own";
const config = { users: [{ userPrincipalName: kim, phones: { mobile: "+31 612345678" } }] };
const aCore = () => makeCore(settingsOf(config), token, config);

const segment = fc.oneof(
  fc.constantFrom(
    "v1.0",
    "beta",
    "users",
    "me",
    "authentication",
    "phoneMethods",
    "$batch",
    "$count",
    "groups",
    "drives",
    "shares",
    "items",
    "driveItem",
    "workbook",
    "tables",
    "worksheets",
    "createSession",
    kim,
    mobile,
  ),
  fc.constantFrom(
    "users('kim%40contoso.com')",
    "range(address='A1:B2')",
    "range(address='%FF')",
    "usedRange(valuesOnly=true)",
    "root:",
    "x.xlsx:",
    "u!aHR0cHM6Ly8",
    "%",
    "%E0%A4%A",
    "__proto__",
    "constructor",
    "..",
    "enableSmsSignIn",
  ),
  fc.string({ maxLength: 12 }),
);
const query = fc.oneof(
  fc.constant(""),
  fc.string({ maxLength: 30 }).map(text => `?$filter=${text}`),
  fc.string({ maxLength: 20 }).map(text => `?${text}`),
  fc.constantFrom(
    "?$skiptoken=bX4w",
    "?$top=x",
    "?$select=__proto__,constructor",
    "?$filter=constructor eq 'x'",
  ),
);
const url = fc
  .tuple(fc.array(segment, { maxLength: 6 }), query)
  .map(([parts, tail]) => `/${parts.join("/")}${tail}`);
const body = fc.oneof(
  fc.constant(undefined),
  fc.json(),
  fc.string(),
  fc.constantFrom(
    '{"__proto__":{"a":1},"phoneNumber":"+31 612345678","phoneType":"mobile"}',
    '{"constructor":1}',
    '{"requests":[{"id":"1","method":"GET","url":"/users","dependsOn":{}}]}',
  ),
);
const method = fc.constantFrom("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS", "BREW");

test("whatever is asked, the core answers with a status, headers that can be sent and a body that can be written", () => {
  const core = aCore();
  fc.assert(
    fc.property(method, url, body, fc.string(), (verb, path, text, id) => {
      const headers = {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "client-request-id": id,
      };
      const answer = handle(core, { method: verb, url: path, headers, body: text }, 0);
      assert.ok(answer.status >= 200 && answer.status < 600);
      for (const value of Object.values(answer.headers)) assert.match(value, /^[\x20-\x7e]*$/);
      if (answer.body.kind === "json") assert.equal(typeof JSON.stringify(answer.body.value), "string");
    }),
    { numRuns: 2000, seed: 1 },
  );
});

test("only a write whose entry says executed changes the tenant", () => {
  const core = aCore();
  const seen = () =>
    JSON.stringify(
      core.state.users.map(user => [user.phones, user.defaultMethod, user.perUserMfa, user.systemPreferred]),
    );
  fc.assert(
    fc.property(method, url, body, (verb, path, text) => {
      const before = seen();
      core.journal.executed = 0;
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      handle(core, { method: verb, url: path, headers, body: text }, 0);
      if (core.journal.executed === 0) assert.equal(seen(), before);
    }),
    { numRuns: 1000, seed: 2 },
  );
});
