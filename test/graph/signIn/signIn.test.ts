import assert from "node:assert/strict";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { connectGraph } from "../../../src/graph/connect.ts";
import { readCertificate } from "../../../src/graph/signIn/certificate.ts";
import { asApplication, asManagedIdentity, type Proof } from "../../../src/graph/signIn/signIn.ts";
import { PrepopError } from "../../../src/model/errors.ts";
import { assertion } from "../../support/assertion.ts";
import { loopbackCertificate, signInCertificate } from "../../support/loopbackCertificate.ts";
import { trust } from "../../support/trust.ts";
import { aTrustedSandbox } from "../../support/trustedSandbox.ts";
import { withEnvironment } from "../../support/withEnvironment.ts";
import { claimsOf } from "./place.ts";

const appId = "7a1e0f0e-0000-4000-8000-000000000001";
const scope = "https://graph.microsoft.com/.default";
const pipeline = { issuer: "https://token.actions.example.com", subject: "repo:contoso/phones" };
const certificate = signInCertificate();
const own = { kind: "certificate", certificate: read(certificate) } as const;

const sandbox = await aTrustedSandbox({
  signIn: { clients: [{ clientId: appId, certificates: [certificate.cert], federated: [pipeline] }] },
});
after(() => sandbox.close());
const { signIn, tenantId } = sandbox;
const app = { authority: signIn.authority, tenantId, clientId: appId };
const withSecret = { ...app, clientId: signIn.clientId };
const secret = { kind: "secret", secret: signIn.clientSecret } as const;

const proofs: readonly { readonly name: string; readonly place: typeof app; readonly proof: Proof }[] = [
  { name: "a secret", place: withSecret, proof: secret },
  { name: "a certificate", place: app, proof: own },
  {
    name: "the assertion of a pipeline",
    place: app,
    proof: { kind: "workload", assertion: async () => assertion(pipeline) },
  },
];

for (const { name, place, proof } of proofs) {
  test(`an application signs in with ${name} and reads the tenant`, async () => {
    const graph = connectGraph({ origin: sandbox.url, credential: asApplication(place, proof) });
    assert.equal((await graph.tenant())?.id, tenantId);
    assert.equal((await graph.actor()).kind, "application");
    await graph.close();
  });
}

test("a token is asked for once, and again when it is to be a new one", async () => {
  const from = signIn.log.length;
  const credential = asApplication(withSecret, secret);
  const first = await credential.getToken(scope);
  const second = await credential.getToken(scope);
  const third = await credential.getToken(scope, { forceRefresh: true });
  assert.equal(second?.token, first?.token);
  assert.notEqual(third?.token, first?.token);
  assert.equal(signIn.log.slice(from).filter(({ endpoint }) => endpoint === "token").length, 2);
});

test("the machine's identity signs in at the endpoint of its environment, plain http too", async () => {
  const { startSandbox } = await import("../../../src/sandbox/sandbox.ts");
  const plain = await startSandbox({ users: 1 });
  const environment = {
    IDENTITY_ENDPOINT: plain.signIn.identityEndpoint,
    IDENTITY_HEADER: plain.signIn.identityHeader,
  };
  await withEnvironment(environment, async () => {
    const answer = await asManagedIdentity(undefined).getToken(scope);
    assert.equal(claimsOf(answer?.token ?? "").app_displayname, "sandbox managed identity");
  });
  await plain.close();
});

const failures: readonly {
  readonly name: string;
  readonly place?: Partial<typeof app>;
  readonly proof?: Proof;
  readonly code: string;
  readonly why: RegExp;
  readonly hint: RegExp;
}[] = [
  {
    name: "a wrong secret",
    place: withSecret,
    proof: { kind: "secret", secret: "planted-secret-1" },
    code: "PREPOP_AUTH_SIGN_IN_FAILED",
    why: /AADSTS7000215/,
    hint: /AZURE_CLIENT_SECRET/,
  },
  {
    name: "an application that is not there",
    place: { clientId: "7a1e0f0e-0000-4000-8000-000000000009" },
    code: "PREPOP_AUTH_SIGN_IN_FAILED",
    why: /AADSTS700016/,
    hint: /client id/,
  },
  {
    name: "a tenant that is not there",
    place: { tenantId: "fabrikam.com" },
    code: "PREPOP_AUTH_SIGN_IN_FAILED",
    why: /AADSTS90002|openid|endpoints/,
    hint: /./,
  },
  {
    name: "a certificate that is not registered",
    proof: { kind: "certificate", certificate: read(signInCertificate()) },
    code: "PREPOP_AUTH_SIGN_IN_FAILED",
    why: /AADSTS700027/,
    hint: /Upload the certificate/,
  },
  {
    name: "a pipeline that is not trusted",
    proof: { kind: "workload", assertion: async () => assertion({ ...pipeline, subject: "repo:fabrikam" }) },
    code: "PREPOP_AUTH_SIGN_IN_FAILED",
    why: /AADSTS700213/,
    hint: /issuer and subject/,
  },
  {
    name: "an authority that nobody answers at",
    place: { authority: "https://127.0.0.1:9" },
    code: "PREPOP_AUTH_UNREACHABLE",
    why: /cannot be reached/,
    hint: /proxy/,
  },
];

for (const { name, place, proof = own, code, why, hint } of failures) {
  test(`${name} is told with what to do`, async () => {
    await assert.rejects(asApplication({ ...app, ...place }, proof).getToken(scope), error => {
      assert.ok(error instanceof PrepopError);
      assert.equal(error.code, code);
      assert.match(error.message, why);
      assert.match(error.hint, hint);
      assert.doesNotMatch(`${error.message} ${error.hint}`, /planted-secret/);
      return true;
    });
  });
}

test("no secret goes where a discovery document points to, and no redirect is followed", async () => {
  const asked: string[] = [];
  const { cert, key } = loopbackCertificate();
  trust(cert);
  const evil = createServer({ cert, key }, (request, response) => {
    asked.push(request.url ?? "");
    response.end("{}");
  });
  const liar = createServer({ cert, key }, (request, response) => {
    if (request.url?.includes("/redirected/")) {
      response.writeHead(307, { location: `${urlOf(evil)}/token` }).end();
      return;
    }
    const token = `${urlOf(evil)}/token`;
    const { authority } = app;
    response.end(
      JSON.stringify({
        issuer: `${urlOf(liar)}/${tenantId}/v2.0`,
        authorization_endpoint: `${authority}/authorize`,
        token_endpoint: token,
        jwks_uri: `${authority}/keys`,
      }),
    );
  });
  await Promise.all([evil, liar].map(each => new Promise<void>(done => each.listen(0, "127.0.0.1", done))));
  const sign = (tenant: string) =>
    asApplication({ ...withSecret, authority: urlOf(liar), tenantId: tenant }, secret).getToken(scope);
  await assert.rejects(sign(tenantId), { code: "PREPOP_AUTH_FOREIGN" });
  await assert.rejects(sign("redirected"), { code: "PREPOP_AUTH_UNREACHABLE" });
  assert.deepEqual(asked, []);
  for (const each of [evil, liar]) {
    each.close();
    each.closeAllConnections();
  }
});

function urlOf(server: ReturnType<typeof createServer>): string {
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function read({ cert, key }: { readonly cert: string; readonly key: string }) {
  return readCertificate(cert + key, undefined, Date.UTC(2026, 10, 23));
}
