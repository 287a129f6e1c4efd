import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openEmbeddedSandbox, resetEmbedded } from "../../src/sandbox/embedded.ts";
import type { SandboxConfig } from "../../src/sandbox/sandbox.ts";

const kim = "kim@contoso.com";

function aHome(t: TestContext): string {
  const home = mkdtempSync(join(tmpdir(), "prepop-sandbox-"));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

async function anEmbedded(t: TestContext, home: string, config: SandboxConfig = { users: [kim] }) {
  const sandbox = await openEmbeddedSandbox({ home, config });
  t.after(() => sandbox.close());
  return sandbox;
}

test("nothing is written unless it is saved", async t => {
  const home = aHome(t);
  const sandbox = await anEmbedded(t, home);
  sandbox.setPhone(kim, "mobile", "+31 612345678");
  await sandbox.close();
  assert.deepEqual(readdirSync(home), []);
});

test("a saved tenant is there the next time, in one file that only its owner reads", async t => {
  const home = join(aHome(t), "deep", "home");
  const first = await anEmbedded(t, home);
  first.setPhone(kim, "mobile", "+31 612345678");
  await first.save();
  const second = await anEmbedded(t, home, {});
  assert.equal(second.user(kim)?.phones.mobile?.phoneNumber, "+31 612345678");
  assert.equal(second.user(kim)?.id, first.user(kim)?.id);
  assert.equal(second.tenantId, first.tenantId);
  assert.deepEqual(readdirSync(home), ["sandbox.json"]);
  if (process.platform !== "win32") assert.equal(statSync(join(home, "sandbox.json")).mode & 0o777, 0o600);
});

test("saving again replaces the file as a whole", async t => {
  const home = aHome(t);
  const sandbox = await anEmbedded(t, home);
  await sandbox.save();
  const before = statSync(join(home, "sandbox.json")).ino;
  sandbox.setPhone(kim, "office", "+31 201234567");
  await sandbox.save();
  assert.notEqual(statSync(join(home, "sandbox.json")).ino, before);
  assert.deepEqual(readdirSync(home), ["sandbox.json"]);
});

test("reset forgets the tenant, and may be said twice", async t => {
  const home = aHome(t);
  const first = await anEmbedded(t, home);
  first.setPhone(kim, "mobile", "+31 612345678");
  await first.save();
  await resetEmbedded(home);
  await resetEmbedded(home);
  const second = await anEmbedded(t, home);
  assert.deepEqual(second.user(kim)?.phones, {});
});

for (const text of ["{", "[]", '{"formatVersion":99,"users":[]}']) {
  test(`a file with ${text} is refused and left alone`, async t => {
    const home = aHome(t);
    writeFileSync(join(home, "sandbox.json"), text);
    await assert.rejects(openEmbeddedSandbox({ home }), { code: "PREPOP_USAGE" });
    assert.equal(readFileSync(join(home, "sandbox.json"), "utf8"), text);
  });
}
