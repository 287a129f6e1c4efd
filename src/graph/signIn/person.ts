import type { AccountInfo, AuthenticationResult, PublicClientApplication } from "@azure/msal-node";
import { request } from "undici";
import { PrepopError } from "../../model/errors.ts";
import type { TokenCredential } from "../token.ts";
import { needsPerson, signInError } from "./convert.ts";
import type { Network } from "./network.ts";
import { authOf, networkTo, once, type SignInPlace, tokenOf } from "./signIn.ts";
import { cacheIn, type TokenStore } from "./tokenStore.ts";

/** A person who signs in, and where her tokens are kept. */
export type PersonSettings = SignInPlace & {
  readonly store: TokenStore;
  /** Delegated permissions, by name. */
  readonly scopes: readonly string[];
  /** The name of the profile, for messages. */
  readonly profile: string;
  /** Who is meant, where that is known already, so that nobody has to be chosen again. */
  readonly hint?: string;
};

/** How a person can be asked. */
export type Asking =
  | {
      readonly kind: "browser";
      readonly open: (url: string) => Promise<void>;
    }
  | {
      readonly kind: "deviceCode";
      /** The message is Microsoft's own, in its language. */
      readonly show: (code: {
        readonly url: string;
        readonly code: string;
        readonly message: string;
      }) => void;
    };

/** Who has signed in. */
export type SignedIn = {
  readonly tenantId: string;
  /** By which the account is found again among those that are kept. */
  readonly account: string;
  readonly user: string;
};

/**
 * Signs a person in, with her help, and keeps the tokens.
 * @param resource origin of Graph, which the permissions are of
 * @throws PrepopError PREPOP_AUTH_*; what `signal` was aborted with
 */
export async function signInPerson(
  settings: PersonSettings,
  asking: Asking,
  resource: string,
  signal: AbortSignal,
): Promise<SignedIn> {
  const network = networkTo(settings);
  const app = await open(settings, network);
  const scopes = settings.scopes.map(scope => `${resource}/${scope}`);
  const answer = await unlessAborted(signal, ask(app, asking, { scopes, hint: settings.hint }, signal)).catch(
    (error: unknown) => {
      throw signal.aborted ? signal.reason : signInError(error, network.fault());
    },
  );
  const account = answer?.account;
  if (!answer || !account) throw new PrepopError("PREPOP_AUTH_NO_TOKEN");
  return { tenantId: answer.tenantId, account: account.homeAccountId, user: account.username };
}

/**
 * Tokens of a person who has signed in before, without asking her again.
 * A token that was kept for another authority is never found, so no refresh token goes to a host that it is not of.
 */
export function asPerson(settings: PersonSettings, account: string): TokenCredential {
  const { profile } = settings;
  const network = networkTo(settings);
  const opening = once(() => open(settings, network));
  const again = (why: string, cause?: unknown) =>
    new PrepopError("PREPOP_AUTH_SIGN_IN_AGAIN", { profile, why }, cause);
  return {
    getToken: async (scopes, options) => {
      const app = await opening();
      const kept = await accountOf(app, settings, account);
      if (kept === undefined) throw again("no tokens are kept for it");
      const resource = String([scopes].flat()[0]).replace(/\/\.default$/, "");
      const request = {
        account: kept,
        scopes: settings.scopes.map(scope => `${resource}/${scope}`),
        forceRefresh: options?.forceRefresh === true,
      };
      return tokenOf(network, async () => {
        try {
          return await app.acquireTokenSilent(request);
        } catch (error) {
          if (network.fault() === undefined && needsPerson(error)) {
            throw again(
              signInError(error, undefined).message.replace(/^The sign-in failed: |\.$/g, ""),
              error,
            );
          }
          throw error;
        }
      });
    },
  };
}

async function open(settings: PersonSettings, network: Network): Promise<PublicClientApplication> {
  const { PublicClientApplication } = await import("@azure/msal-node");
  return new PublicClientApplication({
    auth: authOf(settings),
    system: { networkClient: network.client },
    cache: { cachePlugin: cacheIn(settings.store, settings.profile) },
  });
}

function ask(
  app: PublicClientApplication,
  asking: Asking,
  { scopes, hint }: { readonly scopes: string[]; readonly hint: string | undefined },
  signal: AbortSignal,
): Promise<AuthenticationResult | null> {
  switch (asking.kind) {
    case "browser":
      return app.acquireTokenInteractive({
        scopes,
        openBrowser: async url => {
          signal.addEventListener("abort", () => void endWaiting(url), { once: true });
          await asking.open(url);
        },
        ...(hint === undefined ? { prompt: "select_account" } : { loginHint: hint }),
        successTemplate: page("You are signed in to prepop. This page can be closed."),
        errorTemplate: page("The sign-in did not succeed. The terminal says why."),
      });
    case "deviceCode": {
      const request = {
        scopes,
        cancel: false,
        deviceCodeCallback: (answer: { verificationUri: string; userCode: string; message: string }) =>
          asking.show({ url: answer.verificationUri, code: answer.userCode, message: answer.message }),
      };
      signal.addEventListener("abort", () => {
        request.cancel = true;
      });
      return app.acquireTokenByDeviceCode(request);
    }
  }
}

async function accountOf(
  app: PublicClientApplication,
  { authority }: SignInPlace,
  account: string,
): Promise<AccountInfo | undefined> {
  const { host } = new URL(authority);
  const kept = await app.getTokenCache().getAllAccounts();
  return kept.find(each => each.homeAccountId === account && each.environment === host);
}

/** msal waits for a browser that may never come back; whoever interrupts does not. */
function unlessAborted<Value>(signal: AbortSignal, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** msal listens until the browser comes back; this comes back in its place and says that the person went away. */
async function endWaiting(url: string): Promise<void> {
  const { searchParams } = new URL(url);
  const form = { error: "access_denied", state: searchParams.get("state") ?? "" };
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const body = new URLSearchParams(form).toString();
  try {
    await request(searchParams.get("redirect_uri") ?? "", { method: "POST", headers, body });
  } catch (error) {
    // It may have stopped listening in the meantime; that is all that was wanted.
    if (!(error instanceof Error)) throw error;
  }
}

function page(text: string): string {
  return `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>prepop</title><body style="font: 1.2rem system-ui; margin: 4rem">${text}</body></html>`;
}
