import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { test } from "node:test";
import { serverCertificates } from "../../../src/sandbox/authority/certificates.ts";

const now = Date.UTC(2026, 10, 23);
const { ca, cert, key } = serverCertificates(now);
const authority = new X509Certificate(ca);
const server = new X509Certificate(cert);

test("the server's certificate is signed by the authority, and the authority by itself", () => {
  assert.ok(authority.ca);
  assert.ok(!server.ca);
  assert.ok(authority.verify(authority.publicKey));
  assert.ok(server.verify(authority.publicKey));
  assert.ok(server.checkIssued(authority));
});

test("it stands for the loopback names and for no other", () => {
  for (const address of ["127.0.0.1", "::1"]) assert.equal(server.checkIP(address), address);
  assert.equal(server.checkHost("localhost"), "localhost");
  assert.equal(server.checkIP("127.0.0.2"), undefined);
  assert.equal(server.checkHost("graph.microsoft.com"), undefined);
});

test("it is good from the day before for three months, and the key is its own", () => {
  assert.equal(server.validFromDate.getTime(), now - 86_400_000);
  assert.equal(server.validToDate.getTime(), now + 90 * 86_400_000);
  assert.ok(server.checkPrivateKey(createPrivateKey(key)));
});

test("two starts share no key and no serial number", () => {
  const other = serverCertificates(now);
  assert.notEqual(other.ca, ca);
  assert.notEqual(new X509Certificate(other.cert).serialNumber, server.serialNumber);
});
