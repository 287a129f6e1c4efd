import type { Check, Probe } from "../../model/health.ts";

export function ok(name: string, message: string): Check {
  return { name, status: "ok", message, fix: "" };
}

export function warn(name: string, message: string, fix: string): Check {
  return { name, status: "warn", message, fix };
}

export function block(name: string, message: string, fix: string): Check {
  return { name, status: "block", message, fix };
}

/** Why something was not read, in a clause. */
export function refusal(probe: Probe<unknown> & { readonly kind: "refused" }): string {
  return probe.status === undefined ? probe.why : `HTTP ${probe.status}: ${probe.why.replace(/\.$/, "")}`;
}
