import type { Readable, Writable } from "node:stream";

/** What a process gives to a command; a test gives its own. */
export type Surroundings = {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** Aborted with an Interrupted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  readonly version: string;
};
