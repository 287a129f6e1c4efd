import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { defaultConnector } from "../../src/connector/options.ts";
import { connectorPackage, writeFiles } from "../../src/connector/package.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { type Gateway, gateway } from "../support/gateway.ts";
import { temporaryFolder } from "../support/ledgerData.ts";
import { loopbackCertificate } from "../support/loopbackCertificate.ts";
import { rosterFile } from "../support/rosterFile.ts";
import { listen, stop } from "../support/scriptedGraph.ts";
import { spawnPrepop } from "../support/spawned.ts";

/**
 * A network as many have it: names are found by the proxy alone, and TLS is signed by an authority that only
 * NODE_EXTRA_CA_CERTS knows. `.test` names are nobody's (RFC 2606), so whoever does not ask the proxy gets nowhere.
 */

const host = "cloud.prepop.test";
const origin = `https://${host}`;
const certificate = loopbackCertificate([host]);
const ca = join(temporaryFolder(), "ca.pem");
writeFileSync(ca, certificate.cert);
const roster = rosterFile("one.csv", "userPrincipalName,mobile\nuser000000@contoso.com,+1 2065550100\n");
const folder = temporaryFolder();

let sandbox: Sandbox;
let cloud: Gateway;
let proxy: Server;
let proxyUrl: string;
let asked: string[] = [];

before(async () => {
  sandbox = await startSandbox({ users: 1 });
  cloud = await gateway(sandbox.url, (_, answer) => answer, { origin, ...certificate });
  await writeFiles(folder, connectorPackage(defaultConnector));
  proxy = createServer().on("connect", (request, socket, head) => {
    asked.push(`${request.url} ${request.headers["proxy-authorization"] ?? ""}`.trim());
    assert.equal(request.headers.authorization, undefined);
    const through = connect(Number(new URL(cloud.url).port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      through.write(head);
      through.pipe(socket).pipe(through);
    });
    for (const end of [through, socket]) end.on("error", () => through.destroy());
  });
  proxyUrl = await listen(proxy);
});

after(async () => {
  await stop(proxy);
  await cloud[Symbol.asyncDispose]();
  await sandbox.close();
});

/** A command in a process of its own, in that network. */
async function prepop(argv: readonly string[], env: NodeJS.ProcessEnv) {
  asked = [];
  const { ended } = spawnPrepop([...argv, "--json"], {
    PREPOP_HOME: temporaryFolder(),
    PREPOP_GRAPH_URL: origin,
    PREPOP_POWER_PLATFORM_URL: origin,
    PREPOP_POWER_PLATFORM_TOKEN: sandbox.token,
    AZURE_AUTHORITY_HOST: origin,
    AZURE_TENANT_ID: sandbox.tenantId,
    AZURE_CLIENT_ID: sandbox.signIn.clientId,
    AZURE_CLIENT_SECRET: sandbox.signIn.clientSecret,
    HTTPS_PROXY: proxyUrl,
    NODE_EXTRA_CA_CERTS: ca,
    ...env,
  });
  return await ended;
}

const planned = ["plan", roster] as const;
const validated = ["connector", "validate", folder] as const;

for (const [what, argv, exitCode] of [
  ["sign-in and Graph", planned, 2],
  ["Power Platform", validated, 0],
] as const) {
  for (const variable of ["HTTPS_PROXY", "https_proxy"]) {
    test(`${what} go through ${variable}, and trust what NODE_EXTRA_CA_CERTS names`, async () => {
      const run = await prepop(argv, { HTTPS_PROXY: "", [variable]: proxyUrl });
      assert.equal(run.exitCode, exitCode, run.stderr);
      assert.ok(asked.length > 0);
      assert.deepEqual([...new Set(asked)], [`${host}:443`]);
    });
  }
}

test("Graph is asked around the proxy where NO_PROXY names it", async () => {
  const run = await prepop([...planned, "--max-wait", "1ms"], {
    NO_PROXY: host,
    PREPOP_ACCESS_TOKEN: sandbox.token,
  });
  assert.equal(run.exitCode, 5, run.stderr);
  assert.match(run.stderr, /Microsoft Graph at .* cannot be reached/);
  assert.deepEqual(asked, []);
});

test("who does not know the authority sends nothing, and is told of NODE_EXTRA_CA_CERTS", async () => {
  const run = await prepop(planned, { NODE_EXTRA_CA_CERTS: "" });
  assert.equal(run.exitCode, 5, run.stderr);
  assert.match(run.stderr, /certificate/);
  assert.match(run.stderr, /NODE_EXTRA_CA_CERTS/);
});

for (const [what, argv, env] of [
  ["the sign-in", planned, {}],
  ["Graph", [...planned, "--max-wait", "1ms"], { PREPOP_ACCESS_TOKEN: "a-token-of-nobody" }],
] as const) {
  test(`NODE_TLS_REJECT_UNAUTHORIZED does not open ${what} to whoever stands in between`, async () => {
    for (const through of [proxyUrl, ""]) {
      const insecure = { NODE_TLS_REJECT_UNAUTHORIZED: "0", NODE_EXTRA_CA_CERTS: "", HTTPS_PROXY: through };
      // Without a proxy the name is not found, so that the server is asked under its address.
      const direct = through === "" ? { PREPOP_GRAPH_URL: cloudUrl(), AZURE_AUTHORITY_HOST: cloudUrl() } : {};
      const run = await prepop(argv, { ...env, ...insecure, ...direct });
      assert.equal(run.exitCode, 5, run.stderr);
      assert.match(run.stderr, /certificate/);
    }
  });
}

function cloudUrl(): string {
  return cloud.url.replace("http:", "https:");
}

test("a proxy gets the user and password of its address, and no token", async () => {
  const run = await prepop(planned, { HTTPS_PROXY: proxyUrl.replace("//", "//kim:open@") });
  assert.equal(run.exitCode, 2, run.stderr);
  const basic = Buffer.from("kim:open").toString("base64");
  assert.deepEqual([...new Set(asked)], [`${host}:443 Basic ${basic}`]);
});

test("the sign-in goes around the proxy where NO_PROXY names it", async () => {
  const run = await prepop(planned, { NO_PROXY: host });
  assert.equal(run.exitCode, 5, run.stderr);
  assert.match(run.stderr, /sign-in service/);
  assert.deepEqual(asked, []);
});
