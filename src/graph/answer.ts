import { type Fault, GraphFault } from "../model/fault.ts";
import { cleanCode, cleanId, cleanMessage } from "./clean.ts";
import { isRecord, parseJson } from "./json.ts";

/** What came back for one request, or for one item of a batch. */
export type Answer = {
  readonly status: number;
  readonly body: AnswerBody;
  /** The id that was sent with the request. */
  readonly clientRequestId: string;
  readonly requestId?: string;
  readonly retryAfter?: string;
  readonly date?: string;
  /** x-ms-throttle-limit-percentage: the share of a limit that is used, sent above 0.8. */
  readonly limitShare?: number;
  /** Where a file that was asked for is. Whoever has this address may read the file, so it is repeated nowhere. */
  readonly location?: string;
  /** Every header by its lower-case name, where they were asked for. */
  readonly headers?: Readonly<Record<string, unknown>>;
  /** The origin that a Location header names, below 400. */
  readonly redirect?: string;
  /** x-ms-throttle-scope of a 429: which operations the limit is for. */
  readonly limit?: Limit;
};

/** A body as text, as the value a batch holds it in, or lost on the way after the status had come. */
export type AnswerBody =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "bytes"; readonly bytes: Buffer }
  | { readonly kind: "lost"; readonly fault: "timeout" | "network" | "unreadable"; readonly cause: unknown };

/** Source: https://learn.microsoft.com/graph/throttling (read 2026-11-23). */
type Limit = NonNullable<Fault["limit"]>;

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/**
 * The JSON object of an answer that must hold one.
 * @throws GraphFault http for an error status, unreadable for anything but a JSON object, timeout or network when
 *   the body was cut off.
 */
export function objectOf(answer: Answer): Readonly<Record<string, unknown>> {
  if (!isSuccess(answer.status)) throw httpFault(answer);
  const { body } = answer;
  if (body.kind === "lost") {
    throw new GraphFault(
      faultOf(answer, body.fault, "The answer began but its body could not be read to the end."),
      body.cause,
    );
  }
  const value = contentOf(body);
  if (!isRecord(value)) throw unreadable(answer, "The body is not a JSON object.");
  return value;
}

function contentOf(body: Exclude<AnswerBody, { kind: "lost" }>): unknown {
  switch (body.kind) {
    case "value":
      return body.value;
    case "text":
      return parseJson(body.text);
    case "bytes":
      return parseJson(body.bytes.toString("utf8"));
  }
}

/** The same for a read, which Graph answers with 200 only: 204 has nothing and 206 not everything. */
export function readOf(answer: Answer): Readonly<Record<string, unknown>> {
  const value = objectOf(answer);
  if (answer.status !== 200) throw unreadable(answer, `A read was answered with HTTP ${answer.status}.`);
  return value;
}

/** The fault of an answer with an error status. Its body may be anything: the status decides. */
export function httpFault(answer: Answer): GraphFault {
  const { body, status, redirect = "another path" } = answer;
  if (status < 400) {
    return new GraphFault(
      faultOf(answer, "http", `HTTP ${status}, a redirect to ${redirect}, which is not followed.`),
    );
  }
  const value = body.kind === "lost" ? undefined : contentOf(body);
  const { code, message, requestId } = graphError(value);
  const text = cleanMessage(message) || `HTTP ${answer.status} without a message of Graph.`;
  return new GraphFault(
    {
      ...faultOf(answer, "http", text),
      ...(code === undefined ? {} : { code }),
      ...(answer.requestId === undefined && requestId !== undefined ? { requestId } : {}),
    },
    body.kind === "lost" ? body.cause : undefined,
  );
}

/** The fault of an answer whose body is not what it should be. `why` is our own text and holds nothing of the body. */
export function unreadable(answer: Answer, why: string): GraphFault {
  return new GraphFault(faultOf(answer, "unreadable", why));
}

function faultOf(answer: Answer, kind: Fault["kind"], message: string): Fault {
  return {
    kind,
    status: answer.status,
    message,
    clientRequestId: answer.clientRequestId,
    ...(answer.requestId === undefined ? {} : { requestId: answer.requestId }),
    ...(answer.retryAfter === undefined ? {} : { retryAfter: answer.retryAfter }),
    ...(answer.date === undefined ? {} : { date: answer.date }),
    ...(answer.limit === undefined ? {} : { limit: answer.limit }),
  };
}

/**
 * Graph's envelope `{error: {code, message, innerError}}`. The enable-SMS errors say more in innerError.message than
 * above it. Source: https://learn.microsoft.com/graph/errors (read 2026-11-23).
 */
function graphError(value: unknown): {
  readonly code: string | undefined;
  readonly message: string;
  readonly requestId: string | undefined;
} {
  const error = isRecord(value) ? value.error : undefined;
  if (!isRecord(error)) return { code: cleanCode(error), message: "", requestId: undefined };
  const inner = isRecord(error.innerError) ? error.innerError : {};
  const texts = [error.message, inner.message].filter(text => typeof text === "string" && text !== "");
  return {
    code: cleanCode(error.code),
    message: [...new Set(texts)].join(" "),
    requestId: cleanId(inner["request-id"]),
  };
}
