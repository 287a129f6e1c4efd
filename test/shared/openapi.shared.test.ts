import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { aSandbox, kim, mobile } from "../sandbox/client.ts";
import { misfits, resolved, type Schema } from "./schema.ts";

type Content = { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> };
type Operation = {
  readonly operationId: string;
  readonly responses: { readonly "2XX": Content; readonly default: Content };
  readonly "x-documented-status"?: number;
  readonly "x-required-body-properties"?: readonly string[];
  readonly "x-forbidden-body-properties"?: readonly string[];
};
type Document = { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> };

test("the schema checker sees what does not fit", () => {
  const schema: Schema = {
    type: "object",
    required: ["id"],
    properties: {
      id: { type: "string" },
      kind: { type: "string", enum: ["a"] },
      list: { type: "array", items: { type: "integer" } },
    },
  };
  assert.deepEqual(misfits({ id: "1", kind: "a", list: [1] }, schema, {}), []);
  const wrong: readonly unknown[] = [
    null,
    [],
    {},
    { id: 1 },
    { id: "1", kind: "b" },
    { id: "1", list: [1.5] },
    { id: null },
  ];
  for (const value of wrong) assert.notDeepEqual(misfits(value, schema, {}), [], JSON.stringify(value));
});

const shared = process.env.PREPOP_SHARED;

if (shared === undefined) {
  test("the official OpenAPI extract against the sandbox", { skip: "PREPOP_SHARED is not set" });
} else {
  const document = JSON.parse(
    readFileSync(join(shared, "data/graph-openapi-phone.json"), "utf8"),
  ) as Document;
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations))
      check(document, path, method.toUpperCase(), operation);
  }
}

/** One operation of the extract: a good request, one for a user who does not exist, and its declared body rules. */
function check(document: Document, path: string, method: string, operation: Operation): void {
  const number = "+44 7700900123";
  const isCreate = method === "POST" && path.endsWith("/phoneMethods");
  const url = (user: string) =>
    `/v1.0${path.replace("{user-id}", user).replace("{phoneAuthenticationMethod-id}", mobile)}`;
  const good = { phoneNumber: number, phoneType: "mobile" };
  const ask = isCreate || method === "PATCH" ? { body: good } : {};
  const start = isCreate ? [kim] : [{ userPrincipalName: kim, phones: { mobile: "+44 7700900321" } }];
  const config = { users: start, smsPolicy: { usableForSignIn: true }, createdDateTime: "filled" as const };

  test(`OpenAPI ${operation.operationId}: ${method} ${path}`, async t => {
    const { call } = await aSandbox(t, config);
    const reply = await call(method, url(kim), ask);
    assert.equal(reply.status, operation["x-documented-status"] ?? 200, reply.text);
    const content = resolved(operation.responses["2XX"], document).content ?? {};
    const type = reply.headers.get("content-type")?.split(";")[0] ?? "";
    if (reply.status === 204) assert.equal(reply.text, "");
    else {
      assert.ok(Object.keys(content).includes(type), `${type} is not among the declared content types`);
      const body: unknown = JSON.parse(reply.text);
      assert.deepEqual(misfits(body, content[type]?.schema ?? {}, document), []);
    }
  });

  test(`OpenAPI ${operation.operationId}: an error of ${method} ${path}`, async t => {
    const { call } = await aSandbox(t, config);
    const reply = await call(method, url("nobody@contoso.com"), ask);
    assert.equal(reply.status, 404);
    const schema =
      resolved(operation.responses.default, document).content?.["application/json"]?.schema ?? {};
    assert.deepEqual(misfits(reply.json, schema, document), []);
  });

  for (const name of operation["x-required-body-properties"] ?? []) {
    test(`OpenAPI ${operation.operationId}: ${name} is required`, async t => {
      const { call } = await aSandbox(t, config);
      const { [name as keyof typeof good]: _left, ...body } = good;
      assert.equal((await call(method, url(kim), { body })).status, 400);
    });
  }

  for (const name of operation["x-forbidden-body-properties"] ?? []) {
    test(`OpenAPI ${operation.operationId}: ${name} must not be sent`, async t => {
      const { call } = await aSandbox(t, config);
      assert.equal((await call(method, url(kim), { body: { ...good, [name]: "ready" } })).status, 400);
    });
  }
}
