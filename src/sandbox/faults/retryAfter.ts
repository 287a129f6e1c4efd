import type { FaultRule } from "./rules.ts";

/** The Retry-After header that a rule asks for; `fallback` seconds (or none) where it does not say. */
export function retryAfterHeader(
  rule: FaultRule,
  now: number,
  fallback: number | undefined,
): Readonly<Record<string, string>> {
  const value = header(rule.retryAfter ?? fallback ?? "missing", now);
  return value === undefined ? {} : { "Retry-After": value };
}

function header(kind: NonNullable<FaultRule["retryAfter"]>, now: number): string | undefined {
  switch (kind) {
    case "missing":
      return undefined;
    case "date":
      return new Date(now + 2000).toUTCString();
    case "zero":
      return "0";
    case "negative":
      return "-1";
    case "garbage":
      return "soon";
    case "long":
      return "3600";
    default:
      return String(kind);
  }
}
