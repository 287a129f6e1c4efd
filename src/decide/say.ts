import { catalogue, type ErrorCode, type Facts } from "../model/errors.ts";
import type { Outcome, OutcomeKind } from "../model/run.ts";
import type { History, Step } from "./history.ts";

/** Why an outcome is what it is: one of our codes with its facts, or Graph's own code with a message. */
export type Said =
  | { readonly code: ErrorCode; readonly facts: Facts }
  | { readonly graphCode: string; readonly message: string };

/** The step that ends an entry, with the attempts and the request-id of the answer that decided. */
export function say(history: History, outcome: OutcomeKind, said?: Said): Step {
  return { do: "say", outcome: { ...outcomeOf(history, outcome), ...(said ? texts(said) : {}) } };
}

function outcomeOf(history: History, outcome: OutcomeKind): Outcome {
  const requestId = history.answer?.requestId ?? history.answer?.fault?.requestId ?? history.doubt?.requestId;
  return { outcome, attempts: history.attempts, ...(requestId === undefined ? {} : { requestId }) };
}

function texts(said: Said): { readonly code: string; readonly message: string } {
  return "code" in said
    ? { code: said.code, message: catalogue[said.code].message(said.facts) }
    : { code: said.graphCode, message: said.message };
}
