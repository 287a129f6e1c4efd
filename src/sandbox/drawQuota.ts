import type { Caller } from "./callers.ts";
import type { Core } from "./core.ts";
import type { ErrorName } from "./errors.ts";
import { type Refusal, refuse } from "./exchange.ts";
import type { Definition } from "./operation.ts";
import { charge } from "./quota.ts";

/** What drawing on a quota came to: headers for the answer, and a 429 when nothing was left. */
export type Drawn = {
  readonly headers: Readonly<Record<string, string>>;
  readonly refusal?: Refusal;
};

const errorOfLane = {
  phones: "throttled",
  directory: "throttledDirectory",
  reports: "throttledReports",
  files: "throttled",
} as const satisfies Record<Definition["lane"], ErrorName>;

/**
 * Charges one operation to its bucket. Headers as https://learn.microsoft.com/graph/throttling names them: the used
 * share above 0.8; on a 429 also who is limited and by what.
 */
export function draw(
  core: Core,
  definition: Definition,
  caller: Caller,
  { now, search }: { readonly now: number; readonly search: string },
): Drawn {
  // Files and Excel have limits of their own, far above what one list needs.
  if (definition.lane === "files") return { headers: {} };
  const units: Record<string, string> =
    definition.lane === "directory"
      ? { "x-ms-resource-unit": String(resourceUnits(definition, search)) }
      : {};
  const name = definition.effect === "write" ? "writes" : definition.lane === "reports" ? "reports" : "reads";
  const bucket = core.buckets[name];
  if (bucket === undefined) return { headers: units };
  const charged = charge(bucket, now);
  const headers: Record<string, string> = { ...units };
  if (charged.usage > 0.8) headers["x-ms-throttle-limit-percentage"] = String(Math.min(1.8, charged.usage));
  if (charged.kind === "granted") return { headers };
  const { appId } = caller;
  const refusal = {
    ...refuse(errorOfLane[definition.lane], { identifier: appId }),
    headers: {
      "Retry-After": String(charged.retryAfterSeconds),
      "x-ms-throttle-scope": `Tenant_Application/${definition.effect === "write" ? "Write" : "Read"}/${appId}/${core.settings.tenantId}`,
      "x-ms-throttle-information":
        definition.effect === "write" ? "WriteLimitExceeded" : "ResourceUnitLimitExceeded",
    },
  };
  return { headers, refusal };
}

/** Costs of directory requests (https://learn.microsoft.com/graph/throttling-limits, read 2026-11-23). */
function resourceUnits(definition: Definition, search: string): number {
  const base = definition.name === "listGroupUsers" ? 5 : definition.name === "listUsers" ? 2 : 1;
  const top = /(?:\$|%24)top=(\d+)/i.exec(search);
  const selected = /(?:\$|%24)select=/i.test(search) ? 1 : 0;
  const small = top !== null && Number(top[1]) < 20 ? 1 : 0;
  return Math.max(1, base - selected - small);
}
