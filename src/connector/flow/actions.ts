import type { JsonObject } from "../json.ts";

/** How an action ended. */
type Status = "Succeeded" | "Failed" | "Skipped" | "TimedOut";

/** What must have ended how before an action begins. */
export type RunAfter = Readonly<Record<string, readonly Status[]>>;

export const anyEnd: readonly Status[] = ["Succeeded", "Failed", "Skipped", "TimedOut"];
export const badEnd: readonly Status[] = ["Failed", "TimedOut"];

/** After one action that succeeded. */
export function after(action: string): RunAfter {
  return { [action]: ["Succeeded"] };
}

/** Numbers are kept out of the history of runs. */
export function hidden(...what: readonly ("inputs" | "outputs")[]): JsonObject {
  return { secureData: { properties: what } };
}

/** Keeps the elements of a list for which an expression holds. */
export function filter(from: string, where: string, runAfter: RunAfter): JsonObject {
  return {
    type: "Query",
    inputs: { from: `@${from}`, where: `@${where}` },
    runAfter,
    runtimeConfiguration: hidden("inputs", "outputs"),
  };
}

/** Makes something of each element of a list. */
export function select(from: string, each: string | JsonObject, runAfter: RunAfter): JsonObject {
  return {
    type: "Select",
    inputs: { from: `@${from}`, select: typeof each === "string" ? `@${each}` : each },
    runAfter,
  };
}

export function compose(inputs: string | JsonObject, runAfter: RunAfter): JsonObject {
  return { type: "Compose", inputs: typeof inputs === "string" ? `@${inputs}` : inputs, runAfter };
}

/** Does one thing or the other. */
export function condition(
  holds: string,
  actions: JsonObject,
  otherwise: JsonObject,
  runAfter: RunAfter,
): JsonObject {
  return {
    type: "If",
    expression: { and: [{ equals: [`@${holds}`, true] }] },
    actions,
    else: { actions: otherwise },
    runAfter,
  };
}

export function wait(seconds: number, runAfter: RunAfter): JsonObject {
  return { type: "Wait", inputs: { interval: { count: seconds, unit: "Second" } }, runAfter };
}

/**
 * Ten repeats with growing waits. 50 rows at once meet the limit of 500 calls a minute at once, so an action may have to
 * wait its turn for some minutes.
 */
export const retryPolicy: JsonObject = {
  type: "exponential",
  count: 10,
  interval: "PT7S",
  minimumInterval: "PT5S",
  maximumInterval: "PT2M",
};
