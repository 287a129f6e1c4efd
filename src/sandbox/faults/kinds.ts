/**
 * The faults that can be injected. `when` says where one bites:
 * before: instead of the operation, which has no effect;
 * after: the operation takes effect, then its answer is spoilt (a `committed…` fault leaves refusals alone);
 * read: what a read shows;
 * batch: the outer request of a `$batch`.
 */
export type FaultWhen = "before" | "after" | "read" | "batch";

type Kind = { readonly when: FaultWhen; readonly summary: string; readonly options: readonly FaultOption[] };

export type FaultOption = "retryAfter" | "status" | "body" | "ms" | "origin" | "items" | "code";

export const faultKinds = {
  committedThen504: { when: "after", summary: "A write takes effect and answers 504.", options: [] },
  committedThen503: {
    when: "after",
    summary: "A write takes effect and answers 503.",
    options: ["retryAfter"],
  },
  committedThen500: { when: "after", summary: "A write takes effect and answers 500.", options: [] },
  committedThen409: { when: "after", summary: "A write takes effect and answers 409.", options: [] },
  committedThen408: { when: "after", summary: "A write takes effect and answers 408.", options: [] },
  committedThenTimeout: {
    when: "after",
    summary: "A write takes effect and no answer comes until the client gives up.",
    options: [],
  },
  committedThenReset: {
    when: "after",
    summary: "A write takes effect and the connection breaks.",
    options: [],
  },
  resetBefore: { when: "before", summary: "The connection breaks and nothing took effect.", options: [] },
  timeoutBefore: { when: "before", summary: "No answer comes and nothing took effect.", options: [] },
  unavailable: {
    when: "before",
    summary: "503 without effect; `retryAfter` as with throttled.",
    options: ["retryAfter"],
  },
  serverError: { when: "before", summary: "500 without effect.", options: [] },
  gatewayTimeout: { when: "before", summary: "504 without effect.", options: [] },
  throttled: {
    when: "before",
    summary:
      'A 429. `retryAfter`: seconds, or "date", "missing", "zero", "negative", "garbage", "long" (an hour). Default 1.',
    options: ["retryAfter"],
  },
  userNotFoundYet: {
    when: "before",
    summary: "404 for the first `ms` milliseconds of a user's life (default 5000).",
    options: ["ms"],
  },
  staleReads: {
    when: "read",
    summary: "Reads show the phones as they were `ms` milliseconds ago (default 5000).",
    options: ["ms"],
  },
  unknownError: {
    when: "before",
    summary: "UnknownError whose message is a JSON string, with `status` (default 500).",
    options: ["status"],
  },
  unreadableBody: {
    when: "after",
    summary: 'The right status with a body that cannot be read: `body` "html", "truncated" or "empty".',
    options: ["body"],
  },
  emptyErrorCode: { when: "before", summary: "403 with an empty error code.", options: ["status"] },
  forbidden: {
    when: "before",
    summary:
      '403 without effect; `code` "accessDenied", "Authorization_RequestDenied" or "insufficient_claims".',
    options: ["code"],
  },
  tokenExpired: { when: "before", summary: "401: the token has expired.", options: [] },
  outage: {
    when: "before",
    summary: 'Nothing works: 503, or with `body` "reset" a broken connection. Set `from`/`to` or the times.',
    options: ["body", "retryAfter"],
  },
  slow: {
    when: "after",
    summary: "The answer takes `ms` milliseconds longer (default 1000).",
    options: ["ms"],
  },
  foreignNextLink: {
    when: "after",
    summary: "The link to the next page points to another `origin` (default https://graph.example.com).",
    options: ["origin"],
  },
  batchOuter424: {
    when: "batch",
    summary: "The whole batch answers 424 when an item failed, as it once did.",
    options: [],
  },
  batchShuffled: { when: "batch", summary: "Answers come in another order.", options: [] },
  batchMissingItems: {
    when: "batch",
    summary: "The last `items` answers are left out (default 1); their items took effect.",
    options: ["items"],
  },
  batchDuplicatedAnswers: { when: "batch", summary: "The first answer comes twice.", options: [] },
  batchFailsMidway: {
    when: "batch",
    summary:
      "The first `items` items take effect (default half), the others do not, and the batch answers `status` (default 504).",
    options: ["items", "status"],
  },
} as const satisfies Record<string, Kind>;

export type FaultKind = keyof typeof faultKinds;
