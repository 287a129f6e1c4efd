import { PrepopError } from "../model/errors.ts";
import { cleanCause } from "./clean.ts";

/**
 * Whoever has tokens: the shape of the Azure SDKs, so that an embedder can bring a credential of @azure/identity.
 * `forceRefresh` asks for a token that was not kept; a credential that does not know it may give the kept one.
 */
export type TokenCredential = {
  getToken(
    scopes: string | string[],
    options?: { readonly forceRefresh?: boolean },
  ): Promise<{
    readonly token: string;
    readonly expiresOnTimestamp: number;
    /** Whose token it is, where the sign-in library says so. */
    readonly tenantId?: string;
  } | null>;
};

/** A token to use as it is (PREPOP_ACCESS_TOKEN). */
export function fixedToken(token: string): TokenCredential {
  const answer = { token: token.trim(), expiresOnTimestamp: Number.MAX_SAFE_INTEGER };
  return { getToken: async () => answer };
}

export type Tokens = {
  /** @throws PrepopError PREPOP_AUTH_NO_TOKEN, PREPOP_AUTH_REJECTED */
  current(): Promise<string>;
  /** Asks for a new one; whether it differs from the one before. */
  refresh(): Promise<boolean>;
  /** The tenant that the sign-in library named with the newest token; asks for one where there is none yet. */
  tenant(): Promise<string | undefined>;
};

/** A token is not used in its last two minutes: it could run out between here and Graph. */
const leewayMs = 120_000;

/** Keeps the token of a credential until shortly before it runs out. Concurrent callers share one question. */
export function keepToken(credential: TokenCredential, scope: string, wall: () => number): Tokens {
  let kept: { readonly token: string; readonly until: number; readonly tenantId?: string } | undefined;
  let asked: { readonly forced: boolean; readonly answer: Promise<string> } | undefined;

  const ask = (forced: boolean): Promise<string> => {
    const answer = tokenFrom(credential, scope, forced)
      .then(({ token, expiresOnTimestamp, tenantId }) => {
        kept = {
          token,
          until: expiresOnTimestamp - leewayMs,
          ...(tenantId === undefined ? {} : { tenantId }),
        };
        return token;
      })
      .finally(() => {
        if (asked?.answer === answer) asked = undefined;
      });
    asked = { forced, answer };
    return answer;
  };

  const current = (): Promise<string> => {
    if (kept && kept.until > wall()) return Promise.resolve(kept.token);
    return asked?.answer ?? ask(false);
  };

  return {
    current,
    tenant: async () => {
      await current();
      return kept?.tenantId;
    },
    refresh: async () => {
      const before = kept?.token;
      // A question that is out without force may be answered with the token that has to go.
      return (await (asked?.forced ? asked.answer : ask(true))) !== before;
    },
  };
}

async function tokenFrom(credential: TokenCredential, scope: string, forceRefresh: boolean) {
  let answer: Awaited<ReturnType<TokenCredential["getToken"]>>;
  try {
    answer = await credential.getToken(scope, forceRefresh ? { forceRefresh } : {});
  } catch (error) {
    if (error instanceof PrepopError) throw error;
    // @azure/identity says by this name that there is nothing to sign in with.
    if (error instanceof Error && error.name === "CredentialUnavailableError") {
      throw new PrepopError("PREPOP_AUTH_NO_TOKEN", {}, error);
    }
    throw rejected(`the sign-in failed (${cleanCause(error)})`, error);
  }
  const token: unknown = answer?.token;
  if (answer === null || typeof token !== "string" || token === "") {
    throw new PrepopError("PREPOP_AUTH_NO_TOKEN");
  }
  if (!/^[\x20-\x7e]+$/.test(token)) {
    throw rejected("it holds characters that cannot be sent, such as a line break");
  }
  return answer;
}

function rejected(why: string, cause?: unknown): PrepopError {
  return new PrepopError("PREPOP_AUTH_REJECTED", { why, request: "" }, cause);
}
