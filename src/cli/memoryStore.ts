import type { TokenStore } from "../graph/signIn/tokenStore.ts";

/** Tokens that last as long as the command: what may do much, or is needed once, is not kept. */
export function memoryStore(): TokenStore {
  let kept: string | undefined;
  return {
    read: () => Promise.resolve(kept),
    write: text => {
      kept = text;
      return Promise.resolve();
    },
  };
}
