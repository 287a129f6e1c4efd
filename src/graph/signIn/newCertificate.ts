import { createHash, generateKeyPair, type KeyObject, randomBytes, sign } from "node:crypto";
import { promisify } from "node:util";
import { certificateDer, pem } from "../../model/certificate.ts";

const dayMs = 86_400_000;
/**
 * The assertions of applications are signed with RSA.
 * Source: https://learn.microsoft.com/entra/identity-platform/certificate-credentials (read 2026-11-28).
 */
const bits = 2_048;

/** A certificate to sign in with, and its private key in one file; both are made here and the key is sent nowhere. */
export type NewCertificate = {
  /** DER in base64: what the registration is given. */
  readonly certificate: string;
  /** PEM of the private key and the certificate: what stays here. */
  readonly file: string;
};

/** @param days how long it is valid, from yesterday on: the clock of the service may be behind */
export async function newCertificate(subject: string, now: number, days: number): Promise<NewCertificate> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: bits });
  const spki = publicKey.export({ type: "spki", format: "der" });
  const keyId = createHash("sha1").update(spki).digest();
  const der = certificateDer({
    subject,
    issuer: subject,
    publicKey: spki,
    serial: serial(),
    keyId,
    issuerKeyId: keyId,
    from: now - dayMs,
    until: now - dayMs + days * dayMs,
    kind: { for: "signIn" },
    algorithm: "rsaSha256",
    sign: content => sign("sha256", content, privateKey),
  });
  return {
    certificate: der.toString("base64"),
    file: `${keyText(privateKey)}${pem("CERTIFICATE", der)}`,
  };
}

function keyText(key: KeyObject): string {
  return String(key.export({ type: "pkcs8", format: "pem" }));
}

/** Positive, and not zero. */
function serial(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 1;
  return bytes;
}
