import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { TokenStore } from "../graph/signIn/tokenStore.ts";
import { PrepopError } from "../model/errors.ts";
import { writeOwn } from "./profiles.ts";
import type { TokenSeal } from "./tokenSeal.ts";

/** What lies in the file: the tokens sealed by the platform's store, or as they are. */
type Kept =
  | { readonly formatVersion: 1; readonly sealedBy: TokenSeal["name"]; readonly data: string }
  | { readonly formatVersion: 1; readonly sealedBy: "nobody"; readonly text: string };

export type TokenFileSettings = {
  readonly home: string;
  readonly profile: string;
  /** The platform's store; undefined where there is none. */
  readonly seal: TokenSeal | undefined;
  /** Told once where tokens cannot be kept, or not sealed. */
  readonly note: (line: string) => void;
};

/** Where the tokens of a person's profile are kept: one file each, readable by its owner only. */
export function tokenFile({ home, profile, seal, note }: TokenFileSettings): TokenStore {
  const name = profile.toLowerCase();
  const told = new Set<string>();
  const tell = (line: string): void => {
    if (!told.has(line)) note(line);
    told.add(line);
  };

  const sealed = async (text: string): Promise<Kept> => {
    if (seal === undefined) return { formatVersion: 1, sealedBy: "nobody", text };
    try {
      return { formatVersion: 1, sealedBy: seal.name, data: await seal.seal(name, text) };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      tell(
        `The platform's store (${seal.name}) does not answer, so the sign-in is kept in a file that only you can read.`,
      );
      return { formatVersion: 1, sealedBy: "nobody", text };
    }
  };

  return {
    read: async () => {
      try {
        const file = await readFile(fileOf(home, name), "utf8");
        const kept: Kept = JSON.parse(file);
        if (kept.sealedBy === "nobody") return kept.text;
        if (kept.sealedBy !== seal?.name) throw new Error(`they were sealed by ${kept.sealedBy}`);
        return await seal.open(name, kept.data);
      } catch (error) {
        if (isMissing(error)) return undefined;
        const why = "the tokens that were kept cannot be read";
        throw new PrepopError("PREPOP_AUTH_SIGN_IN_AGAIN", { profile, why }, error);
      }
    },
    write: async text => {
      try {
        await writeOwn(join(home, "tokens"), `${name}.json`, JSON.stringify(await sealed(text)));
      } catch (error) {
        if (!(error instanceof PrepopError)) throw error;
        tell(`The sign-in of ${profile} cannot be kept for the next time: ${error.message}`);
      }
    },
  };
}

/** Forgets what is kept for a profile; whether there was anything. */
export async function forgetTokens(
  home: string,
  profile: string,
  seal: TokenSeal | undefined,
): Promise<boolean> {
  const name = profile.toLowerCase();
  try {
    await rm(fileOf(home, name));
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
  try {
    await seal?.forget(name);
  } catch (error) {
    // The file is gone; a key that is left opens nothing.
    if (!(error instanceof Error)) throw error;
  }
  return true;
}

/** Whether anything is kept for a profile; what it is worth only the service knows. */
export async function hasTokens(home: string, profile: string): Promise<boolean> {
  try {
    await readFile(fileOf(home, profile.toLowerCase()));
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function fileOf(home: string, name: string): string {
  return join(home, "tokens", `${name}.json`);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
