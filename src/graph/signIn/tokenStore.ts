import type { ICachePlugin } from "@azure/msal-node";
import { PrepopError } from "../../model/errors.ts";

/** Where the tokens of one profile are kept. Whoever opens it says where, and how they are sealed. */
export type TokenStore = {
  /** Undefined where nothing is kept. */
  read(): Promise<string | undefined>;
  /** Never throws: a sign-in that cannot be kept is still a sign-in. */
  write(text: string): Promise<void>;
};

/** Has msal keep its tokens in a store: read before each use, written after each change. */
export function cacheIn(store: TokenStore, profile: string): ICachePlugin {
  return {
    beforeCacheAccess: async context => {
      const kept = await store.read();
      if (kept === undefined) return;
      try {
        context.tokenCache.deserialize(kept);
      } catch (error) {
        const why = "the tokens that were kept cannot be read";
        throw new PrepopError("PREPOP_AUTH_SIGN_IN_AGAIN", { profile, why }, error);
      }
    },
    afterCacheAccess: async context => {
      if (context.cacheHasChanged) await store.write(context.tokenCache.serialize());
    },
  };
}
