import { createHash } from "node:crypto";
import type { Call } from "./command.ts";
import { planOptions, rosterOptions, scopeOf } from "./settings.ts";

/** What must be equal, beside the roster's bytes and the tenant, for `apply ROSTER` to continue an interrupted run. */
export function optionsHash(call: Call): string {
  const { from, filter, group } = call.options;
  const shaping = {
    plan: planOptions(call),
    roster: rosterOptions(call),
    scope: scopeOf(call),
    ...(from === undefined ? {} : { from, filter, group }),
  };
  return createHash("sha256")
    .update(JSON.stringify(sorted(shaping)))
    .digest("hex");
}

/** Options in another order are the same options. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}
