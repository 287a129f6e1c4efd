import { answer } from "../answers.ts";
import type { ErrorName } from "../errors.ts";
import { type Answer, type Refusal, refuse } from "../exchange.ts";
import type { SandboxUser } from "../user.ts";
import { retryAfterHeader } from "./retryAfter.ts";
import { defaultLagMs, type FaultRule } from "./rules.ts";

/** What a request meets instead of its operation, or undefined when the fault bites later. */
export function before(
  rule: FaultRule,
  user: SandboxUser | undefined,
  now: number,
): Refusal | Answer | undefined {
  switch (rule.kind) {
    case "resetBefore":
      return { ...nothing, delivery: "reset" };
    case "timeoutBefore":
      return { ...nothing, delivery: "hang" };
    case "outage":
      if (rule.body === "reset") return { ...nothing, delivery: "reset" };
      return { ...refuse("unavailable"), headers: retryAfterHeader(rule, now, undefined) };
    case "unavailable":
      return { ...refuse("unavailable"), headers: retryAfterHeader(rule, now, undefined) };
    case "throttled":
      return { ...refuse("throttled"), headers: retryAfterHeader(rule, now, 1) };
    case "serverError":
      return refuse("serverError");
    case "gatewayTimeout":
      return refuse("gatewayTimeout");
    case "unknownError":
      return { ...refuse("backendError"), status: rule.status };
    case "emptyErrorCode":
      return { ...refuse("emptyCode"), status: rule.status };
    case "forbidden":
      return refuse(forbidden[rule.code ?? "accessDenied"]);
    case "tokenExpired":
      return refuse("tokenExpired");
    case "userNotFoundYet":
      if (user === undefined || user.createdAt + (rule.ms ?? defaultLagMs) <= now) return undefined;
      return refuse("userNotFound", { id: user.id });
    default:
      return undefined;
  }
}

const nothing = answer(0, { kind: "none" }, {});

const forbidden: Readonly<Record<NonNullable<FaultRule["code"]>, ErrorName>> = {
  accessDenied: "accessDenied",
  Authorization_RequestDenied: "requestDenied",
  insufficient_claims: "insufficientClaims",
};
