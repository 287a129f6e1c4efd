import { answer, answerFor, type ExchangeIds, odataJson } from "./answers.ts";
import { type BatchItem, readBatch } from "./batchItems.ts";
import { callerOf } from "./callers.ts";
import { switchedOff } from "./capability.ts";
import { shuffled } from "./chance.ts";
import type { Core } from "./core.ts";
import { type Answer, type Refusal, type Result, refuse, type SandboxRequest } from "./exchange.ts";
import { after } from "./faults/after.ts";
import { before } from "./faults/before.ts";
import { chooseFault } from "./faults/chooseFault.ts";
import type { FaultRule } from "./faults/rules.ts";
import { record } from "./log.ts";
import { perform } from "./perform.ts";

/**
 * Answers a `$batch`: every item is judged and counted alone, through the same path as a request of its own. The
 * outer status is 200 whenever the batch could be read, and the answers may come in any order.
 * @see https://learn.microsoft.com/graph/json-batching
 */
export function performBatch(core: Core, request: SandboxRequest, ids: ExchangeIds): Answer {
  const subject = {
    operation: "batch",
    effect: "write",
    userId: undefined,
    upn: undefined,
    phoneType: undefined,
    packed: false,
  } as const;
  const rule = chooseFault(core.faults, subject, ids.now);
  const early = rule === undefined ? undefined : before(rule, undefined, ids.now);
  const own = early ?? answered(core, request, ids, rule);
  const inTime = toAnswer(core, own, ids);
  const result =
    rule === undefined || early !== undefined
      ? inTime
      : toAnswer(core, after(rule, inTime, true, ids.now), ids);
  record(
    core.journal,
    {
      at: ids.now,
      method: request.method,
      path: request.url,
      operation: "batch",
      userId: undefined,
      phoneType: undefined,
      status: result.status,
      executed: false,
      requestId: ids.requestId,
      clientRequestId: ids.clientRequestId,
      ...(rule === undefined ? {} : { fault: rule.kind }),
    },
    "write",
  );
  return result;
}

function toAnswer(core: Core, result: Answer | Result, ids: ExchangeIds): Answer {
  return "kind" in result ? answerFor(result, ids, core.settings.errorCodes) : result;
}

function answered(
  core: Core,
  request: SandboxRequest,
  ids: ExchangeIds,
  rule: FaultRule | undefined,
): Answer | Result {
  const caller = callerOf(core.tokens, request.headers.authorization, ids.now);
  if (caller.kind === "refusal") return caller;
  const off = switchedOff(core.settings, "batch");
  if (off !== undefined) return off;
  if (request.method !== "POST") return refuse("methodNotAllowed");
  const items = readBatch(request);
  if ("kind" in items) return items;
  if (rule?.kind === "batchFailsMidway") {
    const done = items.slice(0, rule.items ?? Math.floor(items.length / 2));
    performItems(core, request, ids, done);
    return { ...refuse("gatewayTimeout"), status: rule.status } satisfies Refusal;
  }
  const answers = performItems(core, request, ids, items);
  return compose(core, ids, answers, rule);
}

type ItemAnswer = { readonly id: string; readonly answer: Answer };

/** In the order sent, which has dependencies before what depends on them. */
function performItems(
  core: Core,
  request: SandboxRequest,
  ids: ExchangeIds,
  items: readonly BatchItem[],
): ItemAnswer[] {
  const failed = new Set<string>();
  const version = /^\/[^/]+/.exec(request.url)?.[0] ?? "";
  const authorization = request.headers.authorization ?? "";
  return items.map(item => {
    const answer = item.dependsOn.some(id => failed.has(id))
      ? answerFor(refuse("dependencyFailed"), ids, core.settings.errorCodes)
      : perform(
          core,
          {
            method: item.method,
            url: `${version}/${item.url.replace(/^\//, "")}`,
            headers: { ...item.headers, authorization },
            body: item.body,
          },
          ids,
          item.id,
        );
    if (answer.status >= 400) failed.add(item.id.toLowerCase());
    return { id: item.id, answer };
  });
}

function compose(
  core: Core,
  ids: ExchangeIds,
  answers: readonly ItemAnswer[],
  rule: FaultRule | undefined,
): Answer {
  const inOrder =
    core.settings.batchOrder === "shuffled" || rule?.kind === "batchShuffled"
      ? shuffled(answers, `${core.settings.seed} ${ids.requestId}`)
      : answers;
  const responses = spoilt(inOrder.map(itemObject), rule);
  const anyFailed = answers.some(({ answer }) => answer.status >= 400);
  const status = rule?.kind === "batchOuter424" && anyFailed ? 424 : 200;
  const outer = answer(status, { kind: "json", value: { responses } }, { "Content-Type": odataJson });
  // An item whose connection breaks or hangs takes the whole batch with it: there is only one connection.
  const delivery =
    answers.find(({ answer }) => answer.delivery !== "send")?.answer.delivery ?? outer.delivery;
  const slowMs = Math.max(0, ...answers.map(({ answer }) => answer.slowMs));
  return { ...outer, delivery, slowMs, items: answers.length };
}

function itemObject({ id, answer }: ItemAnswer): object {
  const { status, headers, body } = answer;
  switch (body.kind) {
    case "none":
    // A file's bytes lie at an address of their own, which is no operation.
    case "later":
      return { id, status, headers };
    case "json":
      return { id, status, headers, body: body.value };
    case "text":
      return { id, status, headers, body: body.text };
    case "bytes":
      return { id, status, headers, body: body.bytes.toString("base64") };
  }
}

function spoilt(responses: readonly object[], rule: FaultRule | undefined): readonly object[] {
  if (rule?.kind === "batchMissingItems") return responses.slice(0, -(rule.items ?? 1));
  if (rule?.kind === "batchDuplicatedAnswers") return [...responses, ...responses.slice(0, 1)];
  return responses;
}
