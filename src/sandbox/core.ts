import type { Authority } from "./authority/authority.ts";
import type { TokenTable } from "./callers.ts";
import type { FaultTable } from "./faults/rules.ts";
import type { Drives } from "./files/drives.ts";
import type { Journal } from "./log.ts";
import type { PowerPlatform } from "./powerPlatform/state.ts";
import type { Bucket } from "./quota.ts";
import type { Settings } from "./settings.ts";
import type { State } from "./state.ts";

/** What a second writer in the same process is told before each operation. */
export type SandboxEvent = {
  readonly operation: string | undefined;
  readonly effect: "read" | "write";
  readonly method: string;
  readonly path: string;
  readonly userId: string | undefined;
  readonly phoneType: string | undefined;
};

export type Interference = (event: SandboxEvent) => void;

/** A running sandbox without its server: all that answering a request needs. */
export type Core = {
  readonly settings: Settings;
  /** Replaced as a whole by restore and reset. */
  state: State;
  readonly tokens: TokenTable;
  /** Who may sign in, and how far those are who do. */
  readonly authority: Authority;
  /** The connectors of Power Platform in the same tenant. */
  readonly powerPlatform: PowerPlatform;
  readonly drives: Drives;
  readonly buckets: Readonly<Record<"writes" | "reads" | "reports", Bucket | undefined>>;
  faults: FaultTable;
  readonly journal: Journal;
  readonly nextRequestId: () => string;
  /** Known when the server listens. */
  origin: string;
  interfere: Interference | undefined;
};
