import type { OptionSpec } from "./option.ts";
import type { Surroundings } from "./surroundings.ts";

/** A command is data; `run` loads what it needs when it is called, so that `--help` stays quick. */
export type CommandSpec = {
  /** `plan`, or `phone list`. */
  readonly name: string;
  readonly summary: string;
  /** As commander writes them: `<roster>`, `[run]`. */
  readonly arguments: readonly { readonly name: string; readonly summary: string }[];
  readonly options: readonly OptionSpec[];
  readonly examples: readonly string[];
  /** Whether `--profile a,b` runs it for each of these tenants; `writes` orders the exit codes. */
  readonly severalTenants?: { readonly writes: boolean };
  /** Returns the exit code. */
  readonly run: (call: Call) => Promise<number>;
};

/** A call of a command: its arguments and options as they were typed, and where it runs. */
export type Call = {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly surroundings: Surroundings;
  /** One of several tenants: the profile, which then stands in each line. */
  readonly among?: string;
};
