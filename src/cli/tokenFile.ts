import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { TokenStore } from "../graph/signIn/tokenStore.ts";
import { PrepopError } from "../model/errors.ts";
import { writeOwn } from "./profiles.ts";

/**
 * Where the tokens of a person's profile are kept: one file each, readable by its owner only.
 * @param note told once where they cannot be kept; the sign-in goes on without
 */
export function tokenFile(home: string, profile: string, note: (line: string) => void): TokenStore {
  let told = false;
  return {
    read: async () => {
      try {
        return await readFile(join(folderIn(home), fileOf(profile)), "utf8");
      } catch (error) {
        if (isMissing(error)) return undefined;
        const why = "the tokens that were kept cannot be read";
        throw new PrepopError("PREPOP_AUTH_SIGN_IN_AGAIN", { profile, why }, error);
      }
    },
    write: async text => {
      try {
        await writeOwn(folderIn(home), fileOf(profile), text);
      } catch (error) {
        if (!(error instanceof PrepopError)) throw error;
        if (!told) note(`The sign-in of ${profile} cannot be kept for the next time: ${error.message}`);
        told = true;
      }
    },
  };
}

/** Forgets what is kept for a profile; whether there was anything. */
export async function forgetTokens(home: string, profile: string): Promise<boolean> {
  try {
    await rm(join(folderIn(home), fileOf(profile)));
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Whether anything is kept for a profile; what it is worth only the service knows. */
export async function hasTokens(home: string, profile: string): Promise<boolean> {
  const kept = await tokenFile(home, profile, () => undefined).read();
  return kept !== undefined;
}

function folderIn(home: string): string {
  return join(home, "tokens");
}

function fileOf(profile: string): string {
  return `${profile.toLowerCase()}.json`;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
