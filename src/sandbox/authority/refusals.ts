/**
 * What the authority refuses, with the codes that people search for.
 * Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes (read 2026-11-23); the texts are
 * shortened, and the OAuth names and statuses of some codes are inferred.
 */
const refusals = {
  tenantNotFound: [400, "invalid_tenant", 90002, "Tenant '{tenant}' not found."],
  appNotFound: [
    400,
    "unauthorized_client",
    700016,
    "Application with identifier '{client}' was not found in the directory.",
  ],
  principalMissing: [
    401,
    "invalid_client",
    7000229,
    "The client application {client} is missing service principal in the tenant.",
  ],
  wrongSecret: [
    401,
    "invalid_client",
    7000215,
    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{client}'.",
  ],
  credentialsMissing: [
    401,
    "invalid_client",
    7000218,
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  ],
  assertionUnreadable: [401, "invalid_client", 50027, "JWT token is invalid or malformed."],
  assertionExpired: [401, "invalid_client", 700024, "Client assertion is not within its valid time range."],
  assertionAudience: [401, "invalid_client", 700023, "Client assertion audience claim does not match."],
  certificateNotRegistered: [
    401,
    "invalid_client",
    700027,
    "The certificate with identifier used to sign the client assertion is not registered on application.",
  ],
  notFederated: [
    401,
    "invalid_client",
    700213,
    "No matching federated identity record found for presented assertion subject '{subject}'.",
  ],
  publicForbidden: [
    401,
    "unauthorized_client",
    700025,
    "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
  ],
  grantUnknown: [
    400,
    "unsupported_grant_type",
    70003,
    "The app requested an unsupported grant type '{grant}'.",
  ],
  scopeInvalid: [
    400,
    "invalid_scope",
    70011,
    "The provided value for the input parameter 'scope' is not valid: '{scope}'.",
  ],
  resourceNotFound: [
    400,
    "invalid_resource",
    500011,
    "The resource principal named '{resource}' was not found in the tenant.",
  ],
  consentRequired: [
    400,
    "invalid_grant",
    65001,
    "The user or administrator has not consented to use the application with ID '{client}'.",
  ],
  codeInvalid: [
    400,
    "invalid_grant",
    70000,
    "The provided value for the 'code' or 'refresh_token' is not valid.",
  ],
  tokenExpired: [400, "invalid_grant", 700082, "The refresh token has expired due to inactivity."],
  verifierWrong: [400, "invalid_grant", 501481, "The Code_Verifier does not match the code_challenge."],
  redirectDiffers: [400, "invalid_grant", 50011, "The redirect URI specified in the request does not match."],
  pending: [400, "authorization_pending", 70016, "OAuth 2.0 device flow error. Authorization is pending."],
  declined: [400, "authorization_declined", 70018, "The user declined the sign-in."],
  codeExpired: [400, "expired_token", 70020, "The device code has expired."],
  methodWrong: [405, "invalid_request", 900561, "The endpoint only accepts {method} requests."],
  identityUnknown: [400, "invalid_request", 0, "Identity not found."],
} as const satisfies Record<string, readonly [number, string, number, string]>;

type RefusalName = keyof typeof refusals;

export type SignInRefusal = {
  readonly kind: "refusal";
  readonly status: number;
  /** The name that OAuth has for it. */
  readonly error: string;
  readonly code: number;
  readonly message: string;
};

export function refuse(name: RefusalName, facts: Readonly<Record<string, string>> = {}): SignInRefusal {
  const [status, error, code, text] = refusals[name];
  const message = text.replace(/\{(\w+)\}/g, (whole, fact: string) => facts[fact] ?? whole);
  return { kind: "refusal", status, error, code, message };
}

export function isRefusal(value: object): value is SignInRefusal {
  return "kind" in value && value.kind === "refusal";
}
