import type { TokenStore } from "../../../src/graph/signIn/tokenStore.ts";

/** Tokens kept in memory, for a test to look at. */
export function aStore(kept?: string): TokenStore & { text(): string | undefined } {
  let text = kept;
  return {
    read: async () => text,
    write: async next => {
      text = next;
    },
    text: () => text,
  };
}

/** What the token says of itself. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
}
