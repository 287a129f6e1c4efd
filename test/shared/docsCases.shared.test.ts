import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { aSandbox, kim, type Reply } from "../sandbox/client.ts";
import { listUrl, outOfScope, pathOf, type Scene, scenes } from "./docsCases.ts";

type Case = {
  readonly name: string;
  readonly evidence: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
  readonly response: { readonly status: number; readonly body: unknown };
};

const shared = process.env.PREPOP_SHARED;

if (shared === undefined) {
  test("the documented and observed exchanges against the sandbox", { skip: "PREPOP_SHARED is not set" });
} else {
  const cases = JSON.parse(
    readFileSync(join(shared, "data/graph-docs-cases.json"), "utf8"),
  ) as readonly Case[];

  test("every case has a scene or is out of scope by name", () => {
    const unknown = cases.filter(({ name }) => scenes[name] === undefined && outOfScope[name] === undefined);
    assert.deepEqual(
      unknown.map(({ name }) => name),
      [],
    );
    const stale = [...Object.keys(scenes), ...Object.keys(outOfScope)].filter(
      name => !cases.some(one => one.name === name),
    );
    assert.deepEqual(stale, []);
  });

  for (const one of cases) {
    const scene = scenes[one.name];
    if (scene === undefined) {
      test(`${one.name} (${one.evidence})`, { skip: `not yet emulated: ${outOfScope[one.name]}` });
      continue;
    }
    const { difference } = scene;
    const title = difference === undefined ? "" : `, differs: ${difference.reason}`;
    test(`${one.name} (${one.evidence})${title}`, async t => {
      const reply = await play(t, one, scene);
      assert.equal(reply.status, difference?.status ?? one.response.status, reply.text);
      if (difference?.shape !== false) compareShape(one.response.body, reply);
    });
  }

  const mixed = cases.find(({ name }) => name === "batch_mixed");
  test("batch_mixed: the outer form and the item without a leading slash", async t => {
    assert.ok(mixed !== undefined);
    const reply = await play(t, mixed, scenes[mixed.name] ?? {});
    const responses = reply.json.responses as readonly { id: string; status: number; body: object }[];
    assert.deepEqual(responses.map(({ id }) => id).sort(), ["1", "2", "3", "4", "5"]);
    const fifth = responses.find(({ id }) => id === "5");
    assert.equal(fifth?.status, 200);
    assert.deepEqual(Object.keys(fifth?.body ?? {}), ["@odata.context", "@odata.count", "value"]);
  });

  const creation = cases.find(({ name }) => name === "create_phoneauthenticationmethod");
  test("create_phoneauthenticationmethod: an administrator's 201 has the documented shape", async t => {
    assert.ok(creation !== undefined);
    const reply = await play(t, creation, { path: `/v1.0/users/${kim}/authentication/phoneMethods` });
    assert.equal(reply.status, 201);
    compareShape(creation.response.body, reply);
  });
}

async function play(t: Parameters<typeof aSandbox>[0], one: Case, scene: Scene): Promise<Reply> {
  const token = "kim.s.token";
  const person = { tokens: [{ token, kind: "delegated" as const, user: kim }] };
  const { sandbox, call } = await aSandbox(t, { ...person, ...scene.config });
  const itemId = sandbox.file(listUrl)?.id ?? "";
  const fill = (path: string) => path.replace("/items/{id}", `/items/${itemId}`);
  const asked = scene.asKim ? { token } : scene.noToken ? { token: null } : {};
  for (const [method, path, ask] of scene.earlier ?? []) await call(method, fill(path), { ...ask, ...asked });
  const stands = Object.entries((await scene.stands?.(call)) ?? {});
  const inOurs = (text: string) => stands.reduce((made, [id, ours]) => made.replaceAll(id, ours), text);
  const { method, url, body } = one.request;
  const headers = { ...one.request.headers, ...scene.headers };
  // The docs write "..." where any url would do.
  const text =
    body === null ? undefined : inOurs(JSON.stringify(body)).replaceAll('"..."', `"/users/${kim}"`);
  const content =
    text !== undefined && !("Content-type" in headers) ? { "Content-Type": "application/json" } : {};
  return call(method, fill(scene.path ?? pathOf(inOurs(url), sandbox.user(kim)?.id ?? "")), {
    headers: { ...headers, ...content },
    ...(text === undefined
      ? method === "PATCH"
        ? { body: { phoneNumber: "+1 2065550109" } }
        : {}
      : { raw: text }),
    ...asked,
  });
}

/** What stands in the documented body must stand in ours, of the same kind; an error also with code and text. */
function compareShape(documented: unknown, reply: Reply): void {
  if (typeof documented === "string") {
    assert.match(reply.text, /^\d+$/);
    return;
  }
  if (documented === null) return;
  assert.deepEqual(missing(documented, reply.json, "body"), []);
  const error = (documented as { error?: { code: string; message: string } }).error;
  if (error === undefined || error.code === "invalidRange") return;
  assert.equal(reply.code, error.code);
  if (/[<{(]|XXX/.test(error.message)) return;
  assert.equal(reply.message, error.message);
}

function missing(documented: unknown, ours: unknown, at: string): string[] {
  if (Array.isArray(documented)) {
    if (!Array.isArray(ours)) return [`${at} is no list`];
    return documented.length > 0 && ours.length > 0 ? missing(documented[0], ours[0], `${at}[0]`) : [];
  }
  if (typeof documented !== "object" || documented === null) {
    return ours === undefined || (ours !== null && documented !== null && typeof ours !== typeof documented)
      ? [`${at} is ${typeof ours}`]
      : [];
  }
  if (typeof ours !== "object" || ours === null) return [`${at} is no object`];
  const record = ours as Readonly<Record<string, unknown>>;
  return Object.entries(documented).flatMap(([name, value]) => missing(value, record[name], `${at}.${name}`));
}
