import { type Refusal, type Result, refuse } from "./exchange.ts";
import type { Capability, CapabilityAnswer, Settings } from "./settings.ts";

/** How a group of endpoints that is off answers; undefined when it is on. */
export function switchedOff(settings: Settings, capability: Capability): Result | undefined {
  return results[String(settings.capabilities[capability])];
}

const results: Readonly<Record<string, Result>> = {
  "400": refuse("queryOption", { option: "resource" }),
  "403": refuse("requestDenied"),
  "404": refuse("resourceNotFound"),
  "405": refuse("methodNotAllowed"),
  "501": refuse("notImplemented", { what: "This resource" }),
  unreadable: {
    kind: "text",
    text: "<!DOCTYPE html><html><body>Service unavailable</body></html>",
    contentType: "text/html",
  },
} satisfies Readonly<Record<Exclude<`${CapabilityAnswer}`, "on">, Result | Refusal>>;
