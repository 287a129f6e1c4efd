import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { test } from "node:test";
import { readCertificate } from "../../../src/graph/signIn/certificate.ts";
import { PrepopError } from "../../../src/model/errors.ts";
import { signInCertificate } from "../../support/loopbackCertificate.ts";

const now = Date.UTC(2026, 10, 23);
const own = signInCertificate();
const other = signInCertificate();
const locked = createPrivateKey(own.key).export({
  type: "pkcs8",
  format: "pem",
  cipher: "aes-256-cbc",
  passphrase: "planted-passphrase",
});

test("certificate and key may stand in any order, with text between them", () => {
  const one = readCertificate(`${own.key}Bag Attributes\n  localKeyID: 01\n${own.cert}`, undefined, now);
  const two = readCertificate(own.cert + own.key, undefined, now);
  assert.deepEqual(one, two);
  assert.match(one.thumbprint, /^[0-9A-F]{64}$/);
  assert.equal(one.validUntil, Date.UTC(2049, 11, 31));
});

test("an encrypted key is opened with its password", () => {
  assert.deepEqual(
    readCertificate(own.cert + locked, "planted-passphrase", now),
    readCertificate(own.cert + own.key, undefined, now),
  );
});

for (const [name, text, password, at, why] of [
  ["no certificate", own.key, undefined, now, /no certificate/],
  ["no key", own.cert, undefined, now, /no private key/],
  ["the key of another", own.cert + other.key, undefined, now, /not that of the certificate/],
  ["an encrypted key without its password", own.cert + locked, undefined, now, /PASSWORD does not open it/],
  [
    "an encrypted key with a wrong password",
    own.cert + locked,
    "planted-wrong",
    now,
    /PASSWORD does not open it/,
  ],
  [
    "something that is no certificate",
    own.cert.replace(/\n.{20}/, "\nAAAAAAAAAAAAAAAAAAAA") + own.key,
    undefined,
    now,
    /cannot be read/,
  ],
  [
    "a certificate that has run out",
    own.cert + own.key,
    undefined,
    Date.UTC(2050, 1, 1),
    /expired on 2049-12-31/,
  ],
  ["a certificate of tomorrow", own.cert + own.key, undefined, Date.UTC(2019, 1, 1), /not valid yet/],
  ["a .pfx", "\u0030\u0082\u000b", undefined, now, /no certificate/],
] as const) {
  test(`${name} is refused with what to do, and nothing of it is repeated`, () => {
    assert.throws(
      () => readCertificate(text, password, at),
      error => {
        assert.ok(error instanceof PrepopError);
        assert.equal(error.code, "PREPOP_AUTH_SETTINGS");
        assert.match(error.message, why);
        assert.match(error.hint, /openssl pkcs12/);
        assert.doesNotMatch(error.message, /planted|BEGIN/);
        return true;
      },
    );
  });
}
