/**
 * Certificates are looked at, whatever NODE_TLS_REJECT_UNAUTHORIZED says: a token or a number is not shown to whoever stands
 * in between. Who is to be trusted beside the public authorities is said with NODE_EXTRA_CA_CERTS.
 */
export const verified = { rejectUnauthorized: true } as const;

/** The same for connections through a proxy: to it, and behind it. */
export const verifiedThroughProxy = {
  requestTls: verified,
  proxyTls: { allowH2: false, ...verified },
} as const;
