import { generateKeyPairSync, sign } from "node:crypto";
import { certificateDer, pem } from "../../src/model/certificate.ts";

/** A certificate that has signed itself, with its key, both PEM. */
export type LoopbackCertificate = { readonly key: string; readonly cert: string };

const common = {
  serial: Buffer.from([1]),
  keyId: Buffer.from([1]),
  issuerKeyId: Buffer.from([1]),
  from: Date.UTC(2020, 0, 1),
  until: Date.UTC(2049, 11, 31),
} as const;

/** A certificate for the server of a test, which is its own authority. */
export function loopbackCertificate(dns: readonly string[] = ["localhost"]): LoopbackCertificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const der = certificateDer({
    ...common,
    subject: "prepop test",
    issuer: "prepop test",
    publicKey: publicKey.export({ type: "spki", format: "der" }),
    kind: { for: "server", dns, addresses: [Buffer.from([127, 0, 0, 1])] },
    algorithm: "ecdsaSha256",
    sign: content => sign("sha256", content, privateKey),
  });
  return { key: privateKey.export({ type: "pkcs8", format: "pem" }), cert: pem("CERTIFICATE", der) };
}

/** A certificate that an application signs in with. */
export function signInCertificate(): LoopbackCertificate {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const der = certificateDer({
    ...common,
    subject: "prepop sign-in",
    issuer: "prepop sign-in",
    publicKey: publicKey.export({ type: "spki", format: "der" }),
    kind: { for: "signIn" },
    algorithm: "rsaSha256",
    sign: content => sign("sha256", content, privateKey),
  });
  return { key: privateKey.export({ type: "pkcs8", format: "pem" }), cert: pem("CERTIFICATE", der) };
}
