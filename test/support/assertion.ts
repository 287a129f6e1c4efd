/** A token as a pipeline brings it for workload federation. Nothing signs it, because nobody checks. */
export function assertion(of: { readonly issuer: string; readonly subject: string }): string {
  const seconds = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: of.issuer,
    sub: of.subject,
    aud: "api://AzureADTokenExchange",
    iat: seconds,
    exp: seconds + 600,
  };
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${encode({ alg: "RS256", typ: "JWT" })}.${encode(claims)}.signature`;
}
