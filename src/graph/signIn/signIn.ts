import type { AuthenticationResult, Configuration } from "@azure/msal-node";
import { PrepopError } from "../../model/errors.ts";
import type { TokenCredential } from "../token.ts";
import type { SignInCertificate } from "./certificate.ts";
import { signInError } from "./convert.ts";
import { type Network, openNetwork } from "./network.ts";

/** Where to sign in, and as which application. */
export type SignInPlace = {
  /** Origin of the authority, https: one of the clouds', or a sandbox's. */
  readonly authority: string;
  /** Id or domain. For a person's first sign-in also `organizations`. */
  readonly tenantId: string;
  readonly clientId: string;
  /** For one request. Default 30,000. */
  readonly timeoutMs?: number;
};

/** What an application shows to prove that it is the one. */
export type Proof =
  | { readonly kind: "secret"; readonly secret: string }
  | { readonly kind: "certificate"; readonly certificate: SignInCertificate }
  /** An assertion of whoever is trusted instead; asked for each time, because it is short-lived. */
  | { readonly kind: "workload"; readonly assertion: () => Promise<string> };

/** Signs in as an application. Its tokens stay in memory. */
export function asApplication(place: SignInPlace, proof: Proof): TokenCredential {
  const network = networkTo(place);
  const { thumbprint = "", privateKey = "" } = proof.kind === "certificate" ? proof.certificate : {};
  const auth: Configuration["auth"] = {
    ...authOf(place),
    ...(proof.kind === "secret" ? { clientSecret: proof.secret } : {}),
    ...(proof.kind === "certificate"
      ? { clientCertificate: { thumbprintSha256: thumbprint, privateKey } }
      : {}),
    ...(proof.kind === "workload" ? { clientAssertion: () => proof.assertion() } : {}),
  };
  const opening = once(async () => {
    const { ConfidentialClientApplication } = await import("@azure/msal-node");
    return new ConfidentialClientApplication({ auth, system: { networkClient: network.client } });
  });
  return {
    getToken: async (scopes, options) => {
      const app = await opening();
      const skipCache = options?.forceRefresh === true;
      return tokenOf(network, () =>
        app.acquireTokenByClientCredential({ scopes: [scopes].flat(), skipCache }),
      );
    },
  };
}

/**
 * Signs in as the identity that Azure gave to this machine or service. Where its endpoint is, the environment says;
 * it is asked directly, never through a proxy.
 * @param clientId of a user-assigned identity; undefined for the system-assigned one
 */
export function asManagedIdentity(clientId: string | undefined, timeoutMs = 30_000): TokenCredential {
  const network = openNetwork({ authority: undefined, timeoutMs });
  const opening = once(async () => {
    const { ManagedIdentityApplication } = await import("@azure/msal-node");
    return new ManagedIdentityApplication({
      system: { networkClient: network.client },
      ...(clientId === undefined ? {} : { managedIdentityIdParams: { userAssignedClientId: clientId } }),
    });
  });
  return {
    getToken: async (scopes, options) => {
      const app = await opening();
      const resource = [scopes].flat()[0] ?? "";
      const forceRefresh = options?.forceRefresh === true;
      return tokenOf(network, () => app.acquireToken({ resource, forceRefresh }));
    },
  };
}

export function networkTo({ authority, timeoutMs = 30_000 }: SignInPlace): Network {
  return openNetwork({ authority, timeoutMs });
}

/** The host is named as known, so that nobody else is asked whether it may be trusted. */
export function authOf({ authority, tenantId, clientId }: SignInPlace) {
  return { clientId, authority: `${authority}/${tenantId}`, knownAuthorities: [new URL(authority).host] };
}

/** What msal answered, in the shape of the Azure SDKs. */
export async function tokenOf(network: Network, ask: () => Promise<AuthenticationResult | null>) {
  const answer = await ask().catch((error: unknown) => {
    throw signInError(error, network.fault());
  });
  if (answer === null || answer.accessToken === "") throw new PrepopError("PREPOP_AUTH_NO_TOKEN");
  return {
    token: answer.accessToken,
    expiresOnTimestamp: answer.expiresOn?.getTime() ?? 0,
    // An application's token names no tenant; Graph is asked then.
    ...(answer.tenantId === "" ? {} : { tenantId: answer.tenantId }),
  };
}

/** Does something once, also for callers that come together; a failure is tried again. */
export function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
