import { spawn } from "node:child_process";

/** Opens a page in the person's browser: BROWSER, where it is set, else the platform's own way. */
export function openBrowser(url: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform): Promise<void> {
  const [command, ...before] = commandFor(env, platform);
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...before, url], {
      env,
      stdio: "ignore",
      detached: true,
      windowsHide: true,
    });
    child.once("error", reject);
    child.once("spawn", () => {
      child.unref();
      resolve();
    });
  });
}

/** Whether there is a screen that a browser could open on. */
export function hasScreen(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  if (env.BROWSER) return true;
  if (env.SSH_CONNECTION || env.CI) return false;
  return platform === "win32" || platform === "darwin" || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

function commandFor(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): [string, ...string[]] {
  if (env.BROWSER) return [env.BROWSER];
  switch (platform) {
    case "win32":
      return ["rundll32", "url.dll,FileProtocolHandler"];
    case "darwin":
      return ["open"];
    default:
      return ["xdg-open"];
  }
}
