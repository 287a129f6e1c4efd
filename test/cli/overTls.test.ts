import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { filesOf, temporaryFolder } from "../support/ledgerData.ts";
import { rosterFile } from "../support/rosterFile.ts";
import { spawnPrepop } from "../support/spawned.ts";

type Ready = Readonly<
  Record<"url" | "token" | "authority" | "ca" | "tenantId" | "clientId" | "clientSecret", string>
>;

const home = temporaryFolder();
const served = temporaryFolder();
const roster = rosterFile("five.csv", `userPrincipalName,mobile\n${rows(5)}`);
const sandbox = spawnPrepop(["sandbox", "start", "--tls", "--users", "5", "--json"], { PREPOP_HOME: served });
after(() => sandbox.child.kill("SIGKILL"));
let ready: Ready;

before(async () => {
  if (sandbox.child.stdout === null) throw new Error("The sandbox has no standard output.");
  for await (const line of createInterface(sandbox.child.stdout)) {
    ready = JSON.parse(line);
    return;
  }
});

/** A process as a script would start it: what it needs to trust and where to go, and no token. */
async function prepop(argv: readonly string[], secret: NodeJS.ProcessEnv = {}) {
  const place = {
    PREPOP_HOME: home,
    PREPOP_GRAPH_URL: ready.url,
    AZURE_AUTHORITY_HOST: ready.authority,
    NODE_EXTRA_CA_CERTS: ready.ca,
  };
  const { ended } = spawnPrepop([...argv, "--json"], { ...place, ...secret });
  const done = await ended;
  assert.ok(!`${done.stdout}${done.stderr}`.includes(ready.clientSecret));
  return done;
}

test("the first line says all that a client has to be told", () => {
  assert.match(ready.url, /^https:\/\/127\.0\.0\.1:\d+$/);
  assert.match(ready.authority, /^https:/);
  assert.ok(new X509Certificate(readFileSync(ready.ca)).ca);
  for (const each of [ready.tenantId, ready.clientId]) assert.match(each, /^[0-9a-f-]{36}$/);
  assert.ok(ready.token && ready.clientSecret);
});

test("from an empty home: login, doctor, plan, apply of five, and a second plan that is empty", async () => {
  const secret = { AZURE_CLIENT_SECRET: ready.clientSecret };
  const login = await prepop(
    ["login", "--auth", "secret", "--tenant", ready.tenantId, "--client-id", ready.clientId],
    secret,
  );
  assert.equal(login.exitCode, 0, login.stderr);
  const doctor = await prepop(["doctor"], secret);
  assert.equal(doctor.exitCode, 0, doctor.stdout);
  assert.equal((await prepop(["plan", roster], secret)).exitCode, 2);
  const apply = await prepop(["apply", roster, "--yes", "--limit", "5"], secret);
  assert.equal(apply.exitCode, 0, apply.stderr);
  const { applied } = (apply.summary?.counts ?? {}) as Readonly<Record<string, number>>;
  assert.equal(applied, 5);
  assert.equal((await prepop(["plan", roster], secret)).exitCode, 0);
  for (const [path, bytes] of filesOf(home)) {
    assert.ok(!bytes.includes(ready.clientSecret), `${path} holds the secret`);
  }
});

test("who does not trust the certificate gets no further, and is told of NODE_EXTRA_CA_CERTS", async () => {
  const plan = await prepop(["plan", roster], {
    AZURE_CLIENT_SECRET: ready.clientSecret,
    NODE_EXTRA_CA_CERTS: "",
  });
  assert.equal(plan.exitCode, 5);
  assert.match(plan.stderr, /NODE_EXTRA_CA_CERTS/);
});

test("the certificate is gone when the sandbox ends", { skip: process.platform === "win32" }, async () => {
  sandbox.child.kill("SIGTERM");
  await sandbox.ended;
  assert.ok(!existsSync(ready.ca));
});

function rows(count: number): string {
  return Array.from({ length: count }, (_, n) => `user00000${n}@contoso.com,+31 61234567${n}\n`).join("");
}
