import { Interrupted } from "../engine/stop.ts";
import { isRedirect, redirected } from "../engine/worldErrors.ts";
import { PrepopError } from "../model/errors.ts";
import { GraphFault } from "../model/fault.ts";
import { masked } from "./masked.ts";
import { ofTenant } from "./output.ts";
import type { Surroundings } from "./surroundings.ts";

export type ErrorPlace = {
  readonly command: string;
  readonly json: boolean;
  /** Of several tenants: the profile that it went wrong with. */
  readonly among?: string;
  readonly surroundings: Surroundings;
};

/** Prints what went wrong and returns the exit code. A defect gets a report that can be sent. */
export async function showError(
  error: unknown,
  { command, json, among, surroundings }: ErrorPlace,
): Promise<number> {
  const { stdout, stderr } = surroundings;
  const known = knownError(error);
  const exitCode = known?.exitCode ?? 1;
  const code = known?.code ?? "PREPOP_DEFECT";
  const message = known?.message ?? defectText(error, surroundings.env);
  const hint = known?.hint ?? defectHint;
  if (json) {
    for (const line of [
      { type: "error", code, message, hint },
      { type: "summary", command, exitCode },
    ]) {
      stdout.write(`${JSON.stringify(ofTenant(line, among))}\n`);
    }
  }
  stderr.write(`prepop: ${message}\n${hint === "" ? "" : `${hint}\n`}`);
  if (!known) stderr.write(`${defectReport(error, surroundings)}\n`);
  return exitCode;
}

export function knownError(error: unknown): PrepopError | undefined {
  if (error instanceof PrepopError) return error;
  if (error instanceof Interrupted) return new PrepopError("PREPOP_INTERRUPTED", {}, error);
  if (!(error instanceof GraphFault)) return undefined;
  const { fault } = error;
  const request = fault.requestId === undefined ? "" : ` (request-id ${fault.requestId})`;
  if (isRedirect(fault)) return redirected(fault, error);
  const code = fault.status === 403 ? "PREPOP_AUTH_FORBIDDEN" : "PREPOP_GRAPH_REFUSED";
  const why = fault.message.replace(/\.$/, "");
  return new PrepopError(code, { what: "a request", why, request }, error);
}

const defectHint =
  "This is a defect of prepop. Please report it with the lines below; they hold no numbers and no secrets.";

function defectText(error: unknown, env: NodeJS.ProcessEnv): string {
  const text = error instanceof Error ? error.message : String(error);
  return `Something that should not happen happened: ${masked(text, env)}`;
}

function defectReport(error: unknown, { version, platform, env }: Surroundings): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [`prepop ${version}, node ${process.version}, ${platform}`, masked(stack, env)].join("\n");
}
