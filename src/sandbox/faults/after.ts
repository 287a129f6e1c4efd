import type { ErrorName } from "../errors.ts";
import { type Answer, type Refusal, refuse } from "../exchange.ts";
import { retryAfterHeader } from "./retryAfter.ts";
import type { FaultRule } from "./rules.ts";

/**
 * What becomes of an answer. A `committed…` fault changes it only when something took effect; a refusal in its place
 * is put into words by the caller, who has the ids.
 */
export function after(rule: FaultRule, own: Answer, tookEffect: boolean, now: number): Answer | Refusal {
  switch (rule.kind) {
    case "committedThenTimeout":
      return tookEffect ? { ...own, delivery: "hang" } : own;
    case "committedThenReset":
      return tookEffect ? { ...own, delivery: "reset" } : own;
    case "committedThen503":
      return tookEffect ? { ...refuse("unavailable"), headers: retryAfterHeader(rule, now, undefined) } : own;
    case "committedThen408":
    case "committedThen409":
    case "committedThen500":
    case "committedThen504":
      return tookEffect ? refuse(inPlace[rule.kind]) : own;
    case "unreadableBody":
      return unreadable(own, rule.body ?? "html");
    case "slow":
      return { ...own, slowMs: rule.ms ?? 1000 };
    case "foreignNextLink":
      return foreignLink(own, rule.origin ?? "https://graph.example.com");
    default:
      return own;
  }
}

const inPlace = {
  committedThen408: "requestTimeout",
  committedThen409: "conflict",
  committedThen500: "serverError",
  committedThen504: "gatewayTimeout",
} as const satisfies Record<string, ErrorName>;

function unreadable(own: Answer, how: NonNullable<FaultRule["body"]>): Answer {
  // A 204 has no body that could be spoilt, so the gateway's page comes with 200.
  const status = own.status === 204 ? 200 : own.status;
  if (how === "empty") return { ...own, status, body: { kind: "text", text: "" } };
  if (how === "truncated") {
    const whole = own.body.kind === "json" ? JSON.stringify(own.body.value) : '{"value":[';
    return { ...own, status, body: { kind: "text", text: whole.slice(0, Math.ceil(whole.length / 2)) } };
  }
  const page = "<!DOCTYPE html><html><head><title>Gateway</title></head><body>Please wait</body></html>";
  return {
    ...own,
    status,
    headers: { ...own.headers, "Content-Type": "text/html" },
    body: { kind: "text", text: page },
  };
}

function foreignLink(own: Answer, origin: string): Answer {
  if (own.body.kind !== "json") return own;
  const value = own.body.value as Readonly<Record<string, unknown>>;
  const link = value["@odata.nextLink"];
  if (typeof link !== "string") return own;
  const { pathname, search } = new URL(link);
  return {
    ...own,
    body: { kind: "json", value: { ...value, "@odata.nextLink": `${origin}${pathname}${search}` } },
  };
}
