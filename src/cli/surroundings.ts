import type { Readable, Writable } from "node:stream";
import type { Clock } from "../engine/clock.ts";

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
  /** Default: the machine's own time. */
  readonly clock?: Clock;
  /** Shows a page to the person; default: the platform's browser. */
  readonly openBrowser?: (url: string) => Promise<void>;
  /** How long Graph may take over one answer, ms; default: that of graph/. */
  readonly requestTimeoutMs?: number;
};
