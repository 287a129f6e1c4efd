import { createPrivateKey, X509Certificate } from "node:crypto";
import { PrepopError } from "../../model/errors.ts";

export type SignInCertificate = {
  /** SHA-256 of the certificate, hex: how the service finds it. */
  readonly thumbprint: string;
  /** PEM. */
  readonly privateKey: string;
  /** Milliseconds since 1970. */
  readonly validUntil: number;
};

const fix =
  "Give a PEM file that holds the certificate and its private key; `openssl pkcs12 -in app.pfx -out app.pem -nodes` makes one of a .pfx.";

/**
 * Reads the text of a PEM file with a certificate and its private key, in any order.
 * @throws PrepopError PREPOP_AUTH_SETTINGS; its text repeats nothing of the file
 */
export function readCertificate(text: string, password: string | undefined, now: number): SignInCertificate {
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[\s\S]+?-----END \1-----/g)];
  const certificate = blocks.find(([, label]) => label === "CERTIFICATE")?.[0];
  const key = blocks.find(([, label = ""]) => label.endsWith("PRIVATE KEY"))?.[0];
  if (certificate === undefined) throw refuse("the file holds no certificate");
  if (key === undefined) throw refuse("the file holds no private key");
  const { x509, privateKey } = parse(certificate, key, password);
  if (!x509.checkPrivateKey(privateKey)) throw refuse("the private key is not that of the certificate");
  const validUntil = x509.validToDate.getTime();
  if (validUntil <= now)
    throw refuse(`the certificate expired on ${x509.validToDate.toISOString().slice(0, 10)}`);
  if (x509.validFromDate.getTime() > now)
    throw refuse("the certificate is not valid yet; is the clock right?");
  return {
    thumbprint: x509.fingerprint256.replaceAll(":", ""),
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }),
    validUntil,
  };
}

function parse(certificate: string, key: string, passphrase: string | undefined) {
  try {
    return {
      x509: new X509Certificate(certificate),
      privateKey: createPrivateKey({ key, ...(passphrase === undefined ? {} : { passphrase }) }),
    };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const locked = code === "ERR_MISSING_PASSPHRASE" || key.includes("ENCRYPTED");
    throw refuse(
      locked
        ? "the private key is encrypted and AZURE_CLIENT_CERTIFICATE_PASSWORD does not open it"
        : "the certificate or its key cannot be read",
      error,
    );
  }
}

function refuse(why: string, cause?: unknown): PrepopError {
  return new PrepopError("PREPOP_AUTH_SETTINGS", { what: "The certificate", why, fix }, cause);
}
