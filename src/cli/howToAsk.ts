import { hasScreen, openBrowser } from "./browser.ts";
import type { Call } from "./command.ts";
import type { Output } from "./output.ts";

/** How a person is shown where to sign in. */
export type HowToAsk = {
  readonly show: (code: { url: string; code: string; message: string }) => Promise<void>;
  readonly open: (url: string) => Promise<void>;
};

/** Whether a browser can be opened here. */
export function canShowPages({ surroundings: { env, platform, openBrowser: given } }: Call): boolean {
  return given !== undefined || hasScreen(env, platform);
}

/** The code goes to stderr, and with --json as a line as well; a browser that does not open is told with its page. */
export function howToAsk(call: Call, output: Output): HowToAsk {
  const { env, platform, stderr, openBrowser: given } = call.surroundings;
  return {
    show: async ({ url, code, message }) => {
      await output.line({ type: "deviceCode", url, code, message });
      stderr.write(`${message}\n`);
    },
    open: async url => {
      output.note(`A browser opens for the sign-in. If none does, go to: ${url}`);
      const open = given ?? (page => openBrowser(page, env, platform));
      await open(url).catch(error => {
        if (!(error instanceof Error)) throw error;
        output.note("No browser could be opened here.");
      });
    },
  };
}
