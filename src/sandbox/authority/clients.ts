import { createPublicKey, constants as crypto, verify, X509Certificate } from "node:crypto";
import type { SandboxPrincipal } from "../applications/directory.ts";
import { thumbprints } from "./certificates.ts";
import { type Jwt, readJwt } from "./jwt.ts";
import { refuse, type SignInRefusal } from "./refusals.ts";

/** An application that may sign in, as a config or a test says it. */
export type ClientSeed = {
  readonly clientId: string;
  readonly displayName?: string;
  readonly secrets?: readonly string[];
  /** PEM. */
  readonly certificates?: readonly string[];
  /** Whose tokens it may bring instead (workload federation). Their signatures are not looked at. */
  readonly federated?: readonly { readonly issuer: string; readonly subject: string }[];
  /** Application permissions that are granted. Default: all that prepop knows. */
  readonly roles?: readonly string[];
  /** Delegated permissions that are granted. Default: all that prepop knows. */
  readonly scopes?: readonly string[];
  /** Whether people may sign in to it without a secret. Default: only where it has no credentials. */
  readonly isPublic?: boolean;
};

/** An application as the authority knows it at this moment. */
export type Client = ClientSeed & {
  /** Its service principal: what people consented to is looked up there, person by person. */
  readonly principal?: SandboxPrincipal;
  /** Where its sign-in may hand over to; undefined: anywhere on this machine. */
  readonly redirectUris?: readonly string[];
  /** What its registration asks for, where a sign-in names nothing. */
  readonly asks?: readonly string[];
};

/** Makes sure that a request comes from the application; `form` is the body of the request. */
export function proven(
  client: Client,
  form: URLSearchParams,
  audience: readonly string[],
  now: number,
): Client | SignInRefusal {
  const id = client.clientId;
  const secret = form.get("client_secret");
  const assertion = form.get("client_assertion");
  if (secret !== null)
    return client.secrets?.includes(secret) ? client : refuse("wrongSecret", { client: id });
  if (assertion !== null) return checkAssertion(client, assertion, audience, now) ?? client;
  return isPublic(client) ? client : refuse("credentialsMissing");
}

export function isPublic({ isPublic, secrets, certificates, federated }: ClientSeed): boolean {
  return isPublic ?? (secrets === undefined && certificates === undefined && federated === undefined);
}

function checkAssertion(
  client: Client,
  assertion: string,
  audience: readonly string[],
  now: number,
): SignInRefusal | undefined {
  const jwt = readJwt(assertion);
  if (jwt === undefined) return refuse("assertionUnreadable");
  const { iss, sub, aud, exp } = jwt.claims;
  if (typeof exp !== "number" || exp * 1_000 <= now) return refuse("assertionExpired");
  const own = client.clientId.toLowerCase();
  if (String(iss).toLowerCase() !== own) {
    const known = client.federated?.some(({ issuer, subject }) => issuer === iss && subject === sub);
    return known ? undefined : refuse("notFederated", { subject: String(sub) });
  }
  if (String(sub).toLowerCase() !== own || !audience.includes(String(aud)))
    return refuse("assertionAudience");
  const certificate = client.certificates?.find(each => isNamedBy(jwt, each));
  if (certificate === undefined) return refuse("certificateNotRegistered");
  return isSignedBy(jwt, certificate) ? undefined : refuse("certificateNotRegistered");
}

function isNamedBy({ header }: Jwt, certificate: string): boolean {
  const { sha1, sha256 } = thumbprints(certificate);
  return header["x5t#S256"] === sha256 || header.x5t === sha1;
}

function isSignedBy({ header, signed, signature }: Jwt, certificate: string): boolean {
  const key = createPublicKey(
    new X509Certificate(certificate).publicKey.export({ type: "spki", format: "pem" }),
  );
  switch (header.alg) {
    case "PS256": {
      const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = crypto;
      return verify("sha256", signed, { key, padding, saltLength }, signature);
    }
    case "RS256":
      return verify("sha256", signed, key, signature);
    default:
      return false;
  }
}
