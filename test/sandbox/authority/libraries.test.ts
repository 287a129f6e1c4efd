import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  DeviceCodeCredential,
  EnvironmentCredential,
  ManagedIdentityCredential,
  type TokenCredential,
  WorkloadIdentityCredential,
} from "@azure/identity";
import { Client } from "@microsoft/microsoft-graph-client";
import { startSandbox } from "../../../src/sandbox/sandbox.ts";
import { assertion } from "../../support/assertion.ts";
import { temporaryFolder } from "../../support/ledgerData.ts";
import { signInCertificate } from "../../support/loopbackCertificate.ts";
import { trust } from "../../support/trust.ts";
import { withEnvironment } from "../../support/withEnvironment.ts";

const appId = "7a1e0f0e-0000-4000-8000-000000000001";
const pipeline = { issuer: "https://token.actions.example.com", subject: "repo:contoso/phones:ref:main" };
const certificate = signInCertificate();
const folder = temporaryFolder();
const certificateFile = join(folder, "app.pem");
writeFileSync(certificateFile, certificate.key + certificate.cert);
const assertionFile = join(folder, "assertion.jwt");
writeFileSync(assertionFile, assertion(pipeline));

const sandbox = await startSandbox({
  tls: true,
  users: 2,
  signIn: { clients: [{ clientId: appId, certificates: [certificate.cert], federated: [pipeline] }] },
});
after(() => sandbox.close());
const { tenantId, signIn } = sandbox;
trust(signIn.ca);
const scope = "https://graph.microsoft.com/.default";
const where = { authorityHost: signIn.authority, disableInstanceDiscovery: true };

const kinds: Readonly<Record<string, () => TokenCredential>> = {
  "a client secret": () => new ClientSecretCredential(tenantId, signIn.clientId, signIn.clientSecret, where),
  "a certificate": () => new ClientCertificateCredential(tenantId, appId, certificateFile, where),
  "the assertion of somebody else": () =>
    new ClientAssertionCredential(tenantId, appId, async () => assertion(pipeline), where),
  "workload federation": () =>
    new WorkloadIdentityCredential({ ...where, tenantId, clientId: appId, tokenFilePath: assertionFile }),
  "a device code": () =>
    new DeviceCodeCredential({ ...where, tenantId, userPromptCallback: () => undefined }),
};

for (const [name, make] of Object.entries(kinds)) {
  test(`@azure/identity signs in with ${name}`, async () => {
    const answer = await make().getToken(scope);
    assert.equal(await tenantOfToken(answer?.token), tenantId);
  });
}

test("@azure/identity signs in with what the environment says", async () => {
  const environment = {
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: signIn.clientId,
    AZURE_CLIENT_SECRET: signIn.clientSecret,
    AZURE_AUTHORITY_HOST: signIn.authority,
  };
  await withEnvironment(environment, async () => {
    const answer = await new EnvironmentCredential({ disableInstanceDiscovery: true }).getToken(scope);
    assert.equal(await tenantOfToken(answer?.token), tenantId);
  });
});

test("@azure/identity signs in as the managed identity of an App Service", async () => {
  const environment = { IDENTITY_ENDPOINT: signIn.identityEndpoint, IDENTITY_HEADER: signIn.identityHeader };
  await withEnvironment(environment, async () => {
    const answer = await new ManagedIdentityCredential().getToken(scope);
    assert.equal(await tenantOfToken(answer?.token), tenantId);
  });
});

test("Microsoft's Graph client reads the tenant with such a token over https", async () => {
  const credential = new ClientSecretCredential(tenantId, signIn.clientId, signIn.clientSecret, where);
  const client = Client.initWithMiddleware({
    baseUrl: sandbox.url,
    customHosts: new Set([new URL(sandbox.url).hostname]),
    authProvider: { getAccessToken: async () => (await credential.getToken(scope)).token },
  });
  const { value } = await client.api("/users").get();
  assert.equal(value.length, 2);
});

async function tenantOfToken(token: string | undefined): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${sandbox.url}/v1.0/organization?$select=id`, { headers });
  assert.equal(answer.status, 200);
  const { value } = (await answer.json()) as { value: { id: string }[] };
  return value[0]?.id;
}
