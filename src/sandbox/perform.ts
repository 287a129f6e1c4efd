import { answerFor, type ExchangeIds } from "./answers.ts";
import { callerOf } from "./callers.ts";
import type { Core } from "./core.ts";
import { type Decision, decide } from "./decide.ts";
import type { Answer, Result, SandboxRequest } from "./exchange.ts";
import { after } from "./faults/after.ts";
import { before } from "./faults/before.ts";
import { chooseFault, type FaultSubject } from "./faults/chooseFault.ts";
import { defaultLagMs, type FaultRule } from "./faults/rules.ts";
import { record, type SandboxLogEntry } from "./log.ts";
import { phoneTypeOf } from "./phones.ts";
import { type Route, routeOf } from "./route.ts";
import { findAnyUser, type State } from "./state.ts";
import type { SandboxUser } from "./user.ts";
import { parseObject } from "./validate.ts";

/**
 * Answers one operation, be it a request of its own or an item of a batch: finds out what it is about, lets a second
 * writer in, meets a fault or is decided, and is entered in the log.
 */
export function perform(
  core: Core,
  request: SandboxRequest,
  ids: ExchangeIds,
  batchItem: string | undefined,
): Answer {
  const [path = "", search = ""] = cut(request.url, "?");
  const route = routeOf(request.method, path);
  const subject = { ...subjectOf(core, route, request, ids.now), packed: batchItem !== undefined };
  core.interfere?.({
    operation: subject.operation,
    effect: subject.effect,
    method: request.method,
    path: request.url,
    userId: subject.userId,
    phoneType: subject.phoneType,
  });
  const rule = core.faults.rules.length === 0 ? undefined : chooseFault(core.faults, subject, ids.now);
  const early = rule === undefined ? undefined : before(rule, subject.user, ids.now);
  const decision: Decision | undefined =
    early !== undefined
      ? undefined
      : decide(core, {
          request,
          route,
          user: subject.user,
          search,
          now: ids.now,
          readTime: readTime(core, rule, ids.now),
        });
  const inTime = early ?? worded(core, decision, ids);
  const own = "kind" in inTime ? answerFor(inTime, ids, core.settings.errorCodes) : inTime;
  const change = decision === undefined ? undefined : changeOf(decision.result);
  const spoilt =
    rule === undefined || early !== undefined ? own : after(rule, own, change !== undefined, ids.now);
  const answer = "kind" in spoilt ? answerFor(spoilt, ids, core.settings.errorCodes) : spoilt;
  const struck = rule !== undefined && (early !== undefined || spoilt !== own || rule.kind === "staleReads");
  const entry: SandboxLogEntry = {
    at: ids.now,
    method: request.method,
    path: request.url,
    operation: subject.operation,
    userId: subject.userId,
    phoneType: subject.phoneType,
    status: answer.status,
    executed: change !== undefined,
    requestId: ids.requestId,
    clientRequestId: ids.clientRequestId,
    ...(change === undefined ? {} : { change }),
    ...(batchItem === undefined ? {} : { batch: { requestId: ids.requestId, id: batchItem } }),
    ...(struck ? { fault: rule.kind } : {}),
  };
  record(core.journal, entry, subject.effect);
  return answer;
}

function worded(core: Core, decision: Decision | undefined, ids: ExchangeIds): Answer {
  if (decision === undefined) throw new Error("An operation was neither decided nor answered by a fault.");
  const own = answerFor(decision.result, ids, core.settings.errorCodes);
  return { ...own, headers: { ...own.headers, ...decision.headers } };
}

/** Cuts a text at the first mark. */
function cut(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function readTime(core: Core, rule: FaultRule | undefined, now: number): number {
  const lag = rule?.kind === "staleReads" ? (rule.ms ?? defaultLagMs) : 0;
  return now - Math.max(core.settings.stalenessMs, lag);
}

function changeOf(result: Result) {
  return result.kind === "text" ? undefined : result.change;
}

function subjectOf(
  core: Core,
  route: Route,
  request: SandboxRequest,
  now: number,
): Omit<FaultSubject, "packed"> & { readonly user: SandboxUser | undefined } {
  const effect = request.method === "GET" || request.method === "HEAD" ? "read" : "write";
  if (route.kind !== "operation") {
    return {
      operation: undefined,
      effect,
      userId: undefined,
      upn: undefined,
      phoneType: undefined,
      user: undefined,
    };
  }
  const { definition, params } = route;
  const user = userOf(core, route, request, now);
  const phoneType =
    params.method !== undefined && definition.subject !== "none"
      ? phoneTypeOf(params.method)
      : definition.name === "createPhone"
        ? typeInBody(request.body)
        : undefined;
  return {
    operation: definition.name,
    effect: definition.effect,
    userId: user?.id,
    upn: user?.seed.userPrincipalName,
    phoneType,
    user,
  };
}

function userOf(core: Core, route: Route & { kind: "operation" }, request: SandboxRequest, now: number) {
  if (route.definition.subject === "none") return undefined;
  if (!route.me) return findIn(core.state, route.params.user);
  const caller = callerOf(core.tokens, request.headers.authorization, now);
  return caller.kind === "refusal" ? undefined : findIn(core.state, caller.upn);
}

function findIn(state: State, key: string | undefined): SandboxUser | undefined {
  return key === undefined ? undefined : findAnyUser(state, key);
}

function typeInBody(body: string | undefined): string | undefined {
  const type = body === undefined ? undefined : parseObject(body)?.phoneType;
  return typeof type === "string" ? type : undefined;
}
