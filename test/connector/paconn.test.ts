import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { type Json, objectAt } from "../../src/connector/json.ts";
import { judgeSwagger } from "../../src/connector/lint/judge.ts";
import { readConnector } from "../../src/connector/lint/lint.ts";
import { defaultConnector } from "../../src/connector/options.ts";
import { connectorPackage, writeFiles } from "../../src/connector/package.ts";
import { downloadConnector, upsertConnector } from "../../src/connector/service/connectors.ts";
import { openPowerPlatform } from "../../src/connector/service/powerPlatform.ts";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { temporaryFolder } from "../support/ledgerData.ts";

/** Where Microsoft's own tool is; .ci/run installs it from PyPI. */
const paconn = process.env.PREPOP_PACONN;
const skip = paconn === undefined ? "PREPOP_PACONN is not set (.ci/run installs paconn and sets it)" : false;

/** The machine may not resolve names below localhost; Python reads this file when it starts. */
const resolver = `import socket
original = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **more: original(
    "127.0.0.1" if str(host).endswith(".localhost") else host, *rest, **more)
`;

test("Microsoft's paconn validates, creates, updates and downloads our package, as our own client does", {
  skip,
}, async t => {
  const sandbox = await startSandbox({
    tls: true,
    judgeSwagger,
    storageHost: "prepopsandbox.blob.localhost",
  });
  t.after(() => sandbox.close());
  const environment = `Default-${sandbox.tenantId}`;
  const home = temporaryFolder();
  const ca = join(home, "ca.pem");
  writeFileSync(ca, sandbox.signIn.ca ?? "");
  writeFileSync(join(home, "sitecustomize.py"), resolver);
  mkdirSync(join(home, ".paconn"));
  const credentials = {
    token_type: "Bearer",
    access_token: sandbox.token,
    expires_on: 4_000_000_000,
    oid: "1",
  };
  writeFileSync(join(home, ".paconn", "accessTokens.json"), JSON.stringify(credentials));
  const folder = join(home, "connector");
  await writeFiles(folder, connectorPackage({ ...defaultConnector, tenantId: sandbox.tenantId }));

  const run = async (...argv: readonly string[]): Promise<string> => {
    const env = {
      PATH: process.env.PATH,
      HOME: home,
      USERPROFILE: home,
      PYTHONPATH: [home, process.env.PYTHONPATH].filter(Boolean).join(delimiter),
      REQUESTS_CA_BUNDLE: ca,
      NO_PROXY: "*",
    };
    const { stdout, stderr } = await promisify(execFile)(paconn ?? "", argv, { env, cwd: home });
    return stdout + stderr;
  };
  const service = ["--pau", sandbox.url];
  const files = [
    ...["--api-def", join(folder, "apiDefinition.swagger.json")],
    ...["--api-prop", join(folder, "apiProperties.json")],
    ...["--icon", join(folder, "icon.png")],
  ];

  const validated = await run(
    "validate",
    "--api-def",
    join(folder, "apiDefinition.swagger.json"),
    ...service,
  );
  assert.match(validated, /validated successfully/);

  const secret = ["--secret", "a-secret-of-nobody"];
  const created = await run(
    "create",
    "--env",
    environment,
    ...files,
    ...secret,
    ...service,
    "--overwrite-settings",
  );
  const id = /(shared_\S+) created successfully/.exec(created)?.[1] ?? "";
  assert.ok(id !== "", created);

  const updated = await run("update", "--env", environment, "--cid", id, ...files, ...service);
  assert.match(updated, /updated successfully/);

  const theirs = join(home, "theirs");
  await run("download", "--env", environment, "--cid", id, "--dest", theirs, ...service, "--overwrite");
  const read = (from: string, name: string): Json =>
    JSON.parse(readFileSync(join(from, name), "utf8")) as Json;
  assert.deepEqual(readFileSync(join(theirs, "icon.png")), readFileSync(join(folder, "icon.png")));
  const { tags, ...definition } = objectAt({ it: read(theirs, "apiDefinition.swagger.json") }, "it") ?? {};
  assert.deepEqual(definition, read(folder, "apiDefinition.swagger.json"));
  assert.deepEqual(tags, []);
  assert.ok(existsSync(join(theirs, "settings.json")));

  // The same through our own client, against a sandbox without TLS, which it needs no trust for.
  const plain = await startSandbox({ judgeSwagger, tenantId: sandbox.tenantId });
  t.after(() => plain.close());
  const own = openPowerPlatform({
    url: plain.url,
    flowUrl: plain.url,
    token: plain.token,
    sleep: () => Promise.resolve(),
  });
  const parts = { files: await readConnector(folder), environment, secret: "a-secret-of-nobody" };
  const made = await upsertConnector(own, { ...parts, id: undefined });
  await upsertConnector(own, { ...parts, secret: undefined, id: made.id });
  const ours = join(home, "ours");
  await writeFiles(ours, await downloadConnector(own, environment, made.id));
  assert.equal(made.id, id, "the same calls in the same order make the same id");
  for (const name of ["apiDefinition.swagger.json", "apiProperties.json"]) {
    assert.deepEqual(read(ours, name), read(theirs, name), name);
  }
  assert.deepEqual(readFileSync(join(ours, "icon.png")), readFileSync(join(theirs, "icon.png")));
});
