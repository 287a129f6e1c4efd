import { type Fault, GraphFault } from "../model/fault.ts";
import type { Match, User, UserLookup } from "../model/user.ts";
import { type Answer, httpFault, isSuccess } from "./answer.ts";
import { cleanHeader, cleanId, cleanLimit, cleanShare } from "./clean.ts";
import type { PhonesRead } from "./convertPhone.ts";
import { isRecord, parseJson } from "./json.ts";
import type { MethodRef, SignInPreferences } from "./methods.ts";
import type { Wire } from "./wire.ts";
import type { PhoneWrite, WriteAnswer } from "./write.ts";

/** A request that can be sent by itself or in a batch. */
export type GraphRequest =
  | { readonly kind: "write"; readonly write: PhoneWrite }
  | { readonly kind: "listPhones"; readonly userId: string }
  | { readonly kind: "findUser"; readonly key: string; readonly match: Match }
  | { readonly kind: "findUsers"; readonly keys: readonly string[]; readonly match: "upn" | "id" }
  | { readonly kind: "listMethods" | "signInPreferences"; readonly userId: string };

/** What came of one request, each of which may give `fault`. Methods and preferences are absent where they do not answer. */
export type GraphAnswer =
  | WriteAnswer
  | { readonly kind: "phones"; readonly read: PhonesRead }
  | { readonly kind: "user"; readonly lookup: UserLookup }
  | { readonly kind: "users"; readonly users: readonly (User | undefined)[] }
  | { readonly kind: "methods"; readonly methods: readonly MethodRef[] | undefined }
  | { readonly kind: "preferences"; readonly preferences: SignInPreferences | undefined };

/** `answers` stand in the order of the requests. `unavailable`: nothing was done; send them one by one, now and later. */
export type BatchAnswer =
  | { readonly kind: "answers"; readonly answers: readonly GraphAnswer[] }
  | { readonly kind: "unavailable" };

/** Source: https://learn.microsoft.com/graph/json-batching (read 2026-11-23). */
export const largestBatch = 20;

/** The version a request belongs to. The urls in a batch are relative to it, so a batch holds one version. */
export function versionOf({ path }: Wire): GraphVersion {
  return path.startsWith("/beta/") ? "beta" : "v1.0";
}

export type GraphVersion = "v1.0" | "beta";

/**
 * One request for many of one version. The items' ids are their places, from 1. An action without a body is sent with an empty one,
 * as the page asks for every POST in a batch.
 */
export function wireOfBatch(wires: readonly Wire[], version: GraphVersion): Wire {
  const items = wires.map(({ method, path, body }, index) => {
    // A path is percent-encoded, so it holds nothing that JSON would escape.
    const url = `"${path.slice(version.length + 1)}"`;
    const content = body ?? (method === "POST" ? "{}" : undefined);
    const rest =
      content === undefined ? "" : `,"headers":{"Content-Type":"application/json"},"body":${content}`;
    return `{"id":"${index + 1}","method":"${method}","url":${url}${rest}}`;
  });
  return {
    method: "POST",
    path: `/${version}/$batch`,
    body: `{"requests":[${items.join(",")}]}`,
    operations: wires.length,
    writes: wires.reduce((sum, wire) => sum + (wire.writes ?? 0), 0),
  };
}

/**
 * Cuts the answer to a batch into one answer an item, each judged by itself. An item that is missing, or answered
 * twice, has no trustworthy answer. Where the batch as a whole has failed, every item has that failure. An outer 424
 * with answers inside is read like a 200: gateways send it when an item failed.
 */
export function itemsOf(answer: Answer, count: number): readonly (Answer | Fault)[] {
  const responses = responsesOf(answer);
  // As a fault and not as an answer: a 404 of the whole must not be read as a user who does not exist.
  if (responses === undefined) return Array.from({ length: count }, () => wholeFault(answer).fault);
  const items: (Answer | Fault | undefined)[] = Array.from({ length: count });
  for (const response of responses) {
    const place = isRecord(response) ? Number(response.id) - 1 : -1;
    if (!isRecord(response) || !(place in items)) continue;
    items[place] =
      items[place] === undefined
        ? itemOf(response, answer)
        : missing(answer, "The batch answers this item more than once");
  }
  return items.map(item => item ?? missing(answer, "The batch does not answer this item"));
}

/** What went wrong with a batch as a whole. */
export function wholeFault(answer: Answer): GraphFault {
  return isSuccess(answer.status)
    ? new GraphFault(missing(answer, "The batch has no answer that can be read"))
    : httpFault(answer);
}

/** The list of answers; undefined where the body holds none. */
export function responsesOf(answer: Answer): readonly unknown[] | undefined {
  const value = answer.body.kind === "text" ? parseJson(answer.body.text) : undefined;
  return isRecord(value) && Array.isArray(value.responses) ? value.responses : undefined;
}

function itemOf(response: Readonly<Record<string, unknown>>, outer: Answer): Answer | Fault {
  const { status, headers, body } = response;
  if (typeof status !== "number" || !Number.isInteger(status) || status < 200 || status > 599) {
    return missing(outer, "The batch answers this item without a status");
  }
  const named = new Map(
    Object.entries(isRecord(headers) ? headers : {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const requestId = cleanId(named.get("request-id")) ?? outer.requestId;
  const retryAfter = cleanHeader(named.get("retry-after")) ?? outer.retryAfter;
  const date = cleanHeader(named.get("date")) ?? outer.date;
  const limitShare = cleanShare(named.get("x-ms-throttle-limit-percentage")) ?? outer.limitShare;
  const limit = cleanLimit(named.get("x-ms-throttle-scope")) ?? outer.limit;
  return {
    status,
    body: { kind: "value", value: body },
    clientRequestId: outer.clientRequestId,
    ...(requestId === undefined ? {} : { requestId }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(date === undefined ? {} : { date }),
    ...(limitShare === undefined ? {} : { limitShare }),
    ...(limit === undefined ? {} : { limit }),
  };
}

function missing(outer: Answer, message: string): Fault {
  const { status, clientRequestId, requestId, date, body } = outer;
  return {
    kind: body.kind === "lost" ? body.fault : "unreadable",
    status,
    message: `${message}.`,
    clientRequestId,
    ...(requestId === undefined ? {} : { requestId }),
    ...(date === undefined ? {} : { date }),
  };
}

/** Whether an item came without an answer of its own. */
export function isFault(item: Answer | Fault): item is Fault {
  return "kind" in item;
}
