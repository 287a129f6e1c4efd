import { createHash, generateKeyPairSync, randomBytes, sign, X509Certificate } from "node:crypto";
import { type CertificateWish, certificateDer, pem } from "../../model/certificate.ts";

const dayMs = 86_400_000;

/** What a TLS server needs, and the authority that its clients have to trust. All PEM. */
export type ServerCertificates = { readonly ca: string; readonly cert: string; readonly key: string };

/**
 * Makes an authority and, signed by it, a certificate for this machine's loopback names. The authority's key is thrown
 * away, so nobody can make a second certificate that those who trust it would believe.
 */
export function serverCertificates(now: number): ServerCertificates {
  const authority = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const server = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const authorityKey = authority.publicKey.export({ type: "spki", format: "der" });
  const serverKey = server.publicKey.export({ type: "spki", format: "der" });
  const common = {
    // A process that trusts two sandboxes finds each by its name.
    issuer: `prepop sandbox CA ${keyId(authorityKey).toString("hex").slice(0, 8)}`,
    issuerKeyId: keyId(authorityKey),
    from: now - dayMs,
    until: now + 90 * dayMs,
    algorithm: "ecdsaSha256",
    sign: (content: Buffer) => sign("sha256", content, authority.privateKey),
  } as const;
  const ca = certificateDer({
    ...common,
    subject: common.issuer,
    publicKey: authorityKey,
    keyId: keyId(authorityKey),
    serial: serial(),
    kind: { for: "authority" },
  });
  const cert = certificateDer({
    ...common,
    subject: "localhost",
    publicKey: serverKey,
    keyId: keyId(serverKey),
    serial: serial(),
    kind: {
      for: "server",
      dns: ["localhost", "prepopsandbox.blob.localhost"],
      addresses: [Buffer.from([127, 0, 0, 1]), Buffer.from("00000000000000000000000000000001", "hex")],
    },
  });
  return {
    ca: pem("CERTIFICATE", ca),
    cert: pem("CERTIFICATE", cert),
    key: server.privateKey.export({ type: "pkcs8", format: "pem" }),
  };
}

/** How a certificate is named in the header of an assertion. */
export function thumbprints(certificate: string): { readonly sha1: string; readonly sha256: string } {
  const { raw } = new X509Certificate(certificate);
  const of = (algorithm: string) => createHash(algorithm).update(raw).digest("base64url");
  return { sha1: of("sha1"), sha256: of("sha256") };
}

function keyId(publicKey: Buffer): Buffer {
  return createHash("sha1").update(publicKey).digest();
}

function serial(): CertificateWish["serial"] {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 1;
  return bytes;
}
