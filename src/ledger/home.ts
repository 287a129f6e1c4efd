import { homedir } from "node:os";
import { posix, win32 } from "node:path";

/**
 * Where the ledger, profiles and the sandbox keep their data: PREPOP_HOME, else the user data directory of the
 * platform. On Windows that is the local one, because a roaming profile would carry the ledger's key to other machines.
 * Sources: https://specifications.freedesktop.org/basedir-spec/latest/ (a relative XDG_DATA_HOME is to be ignored) and
 * https://learn.microsoft.com/windows/win32/shell/knownfolderid (FOLDERID_LocalAppData).
 */
export function homeFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const { isAbsolute, join, resolve } = platform === "win32" ? win32 : posix;
  const chosen = env.PREPOP_HOME;
  if (chosen) return resolve(chosen);
  switch (platform) {
    case "win32":
      return join(env.LOCALAPPDATA || join(env.USERPROFILE || homedir(), "AppData", "Local"), "prepop");
    case "darwin":
      return join(env.HOME || homedir(), "Library", "Application Support", "prepop");
    default: {
      const data = env.XDG_DATA_HOME;
      return join(data && isAbsolute(data) ? data : join(env.HOME || homedir(), ".local", "share"), "prepop");
    }
  }
}
