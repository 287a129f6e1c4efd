import { type ErrorDefinition, type ErrorOverrides, errorDefinition } from "./errors.ts";
import type { Answer, AnswerBody, Refusal, Result } from "./exchange.ts";

/** What identifies one exchange in its answer. */
export type ExchangeIds = {
  readonly requestId: string;
  readonly clientRequestId: string;
  readonly now: number;
};

/** The content type of OData answers (https://learn.microsoft.com/graph/json-batching prints it). */
export const odataJson =
  "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

/** Puts an operation's result into the form it travels in. */
export function answerFor(result: Result, ids: ExchangeIds, overrides: ErrorOverrides): Answer {
  switch (result.kind) {
    case "json":
      return answer(
        result.status,
        { kind: "json", value: result.value },
        {
          "Content-Type": odataJson,
          "OData-Version": "4.0",
        },
      );
    case "text":
      return answer(200, { kind: "text", text: result.text }, { "Content-Type": result.contentType });
    case "empty":
      return answer(204, { kind: "none" }, {});
    case "elsewhere":
      return answer(
        result.status,
        result.status === 302 ? { kind: "none" } : { kind: "json", value: {} },
        result.status === 302
          ? { Location: result.location }
          : { "Content-Type": odataJson, Location: result.location },
      );
    case "refusal":
      return errorAnswer(result, ids, overrides);
  }
}

/** An answer of the given status, delivered as usual. */
export function answer(status: number, body: AnswerBody, headers: Readonly<Record<string, string>>): Answer {
  return {
    status,
    body,
    headers: { "Cache-Control": "no-cache", ...headers },
    delivery: "send",
    slowMs: 0,
    items: 0,
  };
}

function errorAnswer(refusal: Refusal, ids: ExchangeIds, overrides: ErrorOverrides): Answer {
  const definition = errorDefinition(refusal.error, overrides);
  const facts = { requestId: ids.requestId, ...refusal.facts };
  const message = fill(definition.message, facts);
  const headers: Record<string, string> = { "Content-Type": "application/json", ...refusal.headers };
  if (definition.guess) headers["x-prepop-guess"] = "1";
  const status = refusal.status ?? definition.status;
  if (status === 401) headers["WWW-Authenticate"] = challenge;
  const value = {
    error: { code: definition.code, message, innerError: inner(definition, message, facts, ids) },
  };
  return answer(status, { kind: "json", value }, headers);
}

const challenge =
  'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"';

type Facts = Readonly<Record<string, string | number>>;

/** The inner errors, each inside the one before. */
function nested([first, ...rest]: NonNullable<ErrorDefinition["nested"]>, facts: Facts): object {
  if (first === undefined) return {};
  const own = { code: first.code, message: fill(first.message, facts) };
  return rest.length === 0 ? own : { ...own, innerError: nested(rest, facts) };
}

function inner(definition: ErrorDefinition, message: string, facts: Facts, ids: ExchangeIds): object {
  // Graph prints the date without a zone: "2025-02-13T10:17:05".
  const date = new Date(ids.now).toISOString().slice(0, 19);
  const both = { "request-id": ids.requestId, "client-request-id": ids.clientRequestId };
  switch (definition.inner) {
    case "phone":
      return definition.target === undefined
        ? { message, date, ...both }
        : { message, target: definition.target, date, ...both };
    case "throttled":
      return {
        code: String(definition.status),
        date,
        message: "Please retry after",
        "request-id": ids.requestId,
        status: String(definition.status),
      };
    case "bare":
      return { date };
    case "nested":
      return { ...nested(definition.nested ?? [], facts), date, ...both };
    default:
      return { date, ...both };
  }
}

/** `{name}` stands for a fact; a name without a fact stays as it is, as in the text on formats. */
function fill(text: string, facts: Facts): string {
  return text.includes("{")
    ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole))
    : text;
}
