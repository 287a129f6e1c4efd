import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Graph } from "../../src/graph/connect.ts";
import { PrepopError } from "../../src/model/errors.ts";
import { GraphFault } from "../../src/model/fault.ts";
import { phoneTypes } from "../../src/model/phone.ts";
import { alternateId, connected, mobileId, officeId, token, userId } from "./connected.ts";

/** Bodies that look like Graph's and hold anything: the known names with values of every type. */
const scalar = fc.oneof(
  fc.constantFrom(
    mobileId,
    alternateId,
    officeId,
    userId,
    "mobile",
    "office",
    "+1 2065550100",
    "kim@contoso.com",
  ),
  fc.string(),
  fc.integer(),
  fc.constant(null),
  fc.boolean(),
);
const names = [
  "id",
  "phoneNumber",
  "phoneType",
  "smsSignInState",
  "userPrincipalName",
  "mail",
  "displayName",
  "isAdmin",
  "state",
  "status",
  "body",
  "headers",
  "@odata.type",
  "verifiedDomains",
  "includeTargets",
  "error",
  "code",
  "message",
  "innerError",
  "__proto__",
];
const { body } = fc.letrec<{ body: unknown; object: unknown; list: unknown }>(tie => ({
  body: fc.oneof({ depthSize: "small" }, scalar, tie("object"), tie("list")),
  list: fc.array(tie("body"), { maxLength: 4 }),
  object: fc
    .record({
      value: fc.option(tie("list"), { nil: undefined }),
      responses: fc.option(tie("list"), { nil: undefined }),
      "@odata.nextLink": fc.option(
        fc.oneof(scalar, fc.webUrl(), fc.constantFrom("{origin}/v1.0/x", "/v1.0/y")),
        { nil: undefined, freq: 4 },
      ),
      named: fc.dictionary(fc.constantFrom(...names), tie("body"), { maxKeys: 6 }),
    })
    .map(({ named, ...rest }) => ({ ...rest, ...named })),
}));

/** `text` holds one character a byte. */
type Answered = { readonly status: number; readonly text: string };

const replies: fc.Arbitrary<Answered> = fc.record({
  status: fc.constantFrom(200, 200, 200, 201, 204, 400, 404, 409, 429, 500),
  text: fc.oneof(
    { weight: 6, arbitrary: body.map(value => Buffer.from(JSON.stringify(value)).toString("latin1")) },
    {
      weight: 1,
      arbitrary: fc.uint8Array({ maxLength: 40 }).map(bytes => Buffer.from(bytes).toString("latin1")),
    },
  ),
});

const reads: Readonly<Record<string, (graph: Graph) => Promise<unknown>>> = {
  tenant: graph => graph.tenant(),
  upn: graph => graph.findUser("kim@contoso.com", "upn"),
  mail: graph => graph.findUser("kim@contoso.com", "mail"),
  listPhones: graph => graph.listPhones(userId),
  getPhone: graph => graph.getPhone(userId, "mobile"),
  create: graph => graph.write({ kind: "create", userId, phoneType: "mobile", number: "+1 2065550100" }),
  listMethods: graph => graph.listMethods(userId),
  signInPreferences: graph => graph.signInPreferences(userId),
  smsPolicy: graph => graph.methodPolicy("sms"),
  groupUserIds: graph => Array.fromAsync(graph.groupUserIds("HR")),
  adminIds: graph => graph.adminIds(),
  roleHolders: graph => graph.roleHolders(),
  batch: graph => graph.batch([{ kind: "listPhones", userId }]),
};

test("whatever a service answers, it is read, or it is a typed fault without number and token", async () => {
  let reply: Answered = { status: 200, text: "" };
  await using it = await connected(({ headers }) => ({
    status: reply.status,
    bytes: Buffer.from(reply.text.replaceAll("{origin}", `http://${headers.host}`), "latin1"),
  }));
  const readings = fc.asyncProperty(fc.constantFrom(...Object.keys(reads)), replies, async (name, next) => {
    reply = next;
    const read = reads[name] ?? assert.fail(name);
    const result = await read(it.graph).catch((error: unknown) => error);
    if (result instanceof Error) {
      assert.ok(result instanceof GraphFault || result instanceof PrepopError, `${name}: ${result.stack}`);
      assert.doesNotMatch(result.message, /\d{7}/);
      assert.ok(!result.message.includes(token));
    }
  });
  await fc.assert(readings, { numRuns: 800, seed: 20261124 });
});

test("no list of phones is read with a number or slot that it does not hold", async () => {
  let value: unknown;
  await using it = await connected(() => ({ json: { value } }));
  const entry = fc.record(
    { id: scalar, phoneNumber: scalar, phoneType: scalar, smsSignInState: scalar },
    { requiredKeys: [] },
  );
  const readings = fc.asyncProperty(fc.array(fc.oneof(entry, scalar), { maxLength: 4 }), async entries => {
    value = entries;
    const result = await it.graph.listPhones(userId).catch((error: unknown) => error);
    if (result instanceof GraphFault) return;
    assert.ok(
      typeof result === "object" && result !== null && "phones" in result && Array.isArray(result.phones),
    );
    for (const { id, phoneType, phoneNumber } of result.phones) {
      assert.ok(phoneTypes.includes(phoneType));
      assert.ok(
        entries.some(
          found => typeof found === "object" && found?.id === id && found?.phoneNumber === phoneNumber,
        ),
      );
    }
  });
  await fc.assert(readings, { numRuns: 500, seed: 20261124 });
});
