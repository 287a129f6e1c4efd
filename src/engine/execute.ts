import { doubtOf } from "../decide/doubt.ts";
import type { History, Read } from "../decide/history.ts";
import { outcomeWithoutSend } from "../decide/outcomeWithoutSend.ts";
import { meaningOf, retryAfterMs, waitFor } from "../decide/retry.ts";
import { slotOf } from "../decide/slot.ts";
import { nextStep, sendBy } from "../decide/step.ts";
import type { PhoneWrite } from "../graph/connect.ts";
import { PrepopError } from "../model/errors.ts";
import { type Fault, GraphFault } from "../model/fault.ts";
import { isCanonical, type SmsSignInState } from "../model/phone.ts";
import type { Entry, Outcome } from "../model/run.ts";
import type { ExecuteContext } from "./executeContext.ts";
import { Stopped } from "./stop.ts";
import { isOfSignIn } from "./stopError.ts";
import { switchDefaultBack, switchDefaultFirst } from "./switchDefault.ts";

/** Reads are tried this often before the step that asked for them counts as failed. */
const readTries = 3;

/**
 * Takes one entry that writes to its outcome. decide/step says what to do; this loop does it and keeps the history.
 * @throws Stopped when the run has to end; the entry then stays as the ledger has it.
 */
export async function executeEntry(entry: Entry, context: ExecuteContext): Promise<Outcome> {
  const { edges, lane, timing } = context;
  const { clock } = edges;
  let history = beginHistory(entry, context);
  let admitted = false;
  let switched = false;
  const admit = async (): Promise<void> => {
    const { waited } = await lane.admit();
    admitted = true;
    if (waited) history = { ...history, waitedAt: clock.now() };
  };

  // An update is sent on a read made after the last wait, so the turn in the lane comes before the read.
  if (history.doubtSince === undefined) await admit();
  for (;;) {
    const step = nextStep(history, clock.now(), timing);
    switch (step.do) {
      case "read":
        await clock.sleep(step.at - clock.now(), edges.signal);
        history = { ...history, reads: [...history.reads, await readSlot(entry, context)] };
        break;
      case "send": {
        if (context.settleOnly) return outcomeWithoutSend(entry);
        if (!admitted || lane.isHeld()) {
          await admit();
          break;
        }
        // Of a phone whose default method was switched for it, the delete still goes.
        (switched ? edges.signal : context.sending)?.throwIfAborted();
        if (tooEarly(history, context)) {
          await clock.sleep((history.notBefore ?? 0) - clock.now(), edges.signal);
          history = { ...history, waitedAt: clock.now() };
          break;
        }
        if (!switched && entry.switchDefault) {
          const refused = await switchDefaultFirst(entry, context);
          if (refused) return { ...refused, attempts: history.attempts };
          // That took a while: the phone is looked at again before it goes.
          switched = true;
          history = { ...history, waitedAt: clock.now() };
          break;
        }
        history = await send(entry, history, context);
        admitted = false;
        break;
      }
      case "wait":
        history = holdLane(history, step.fault, context);
        await admit();
        break;
      case "refreshToken": {
        const { answer } = history;
        const renewed = await context.renew(answer?.sentAt ?? clock.now());
        history = {
          ...history,
          refreshed: true,
          ...(answer && renewed ? { answer: { ...answer, heeded: true } } : {}),
        };
        if (renewed) await admit();
        break;
      }
      case "stop":
        throw new Stopped(
          step.why === "unauthorized"
            ? { kind: "unauthorized", fault: step.fault }
            : {
                kind: "busy",
                fault: step.fault,
                waitMs: waitFor(step.fault, attemptsHere(history), clock.wall(), 0),
              },
        );
      case "say":
        return await switchDefaultBack(entry, step.outcome, context);
    }
  }
}

function beginHistory(entry: Entry, context: ExecuteContext): History {
  const { clock } = context.edges;
  const now = clock.now();
  const ownWriteAt = context.ownWriteAt(entry);
  const doubtSince = doubtOf(entry, clock.wall());
  return {
    change: entry,
    attempts: entry.attempts,
    earlierAttempts: entry.attempts,
    reads: [],
    waitedAt: now,
    refreshed: false,
    ...(ownWriteAt === undefined ? {} : { ownWriteAt }),
    // The ledger keeps wall time; the rest of this process counts on the monotonic clock.
    ...(doubtSince === undefined ? {} : { doubtSince: now - Math.max(0, clock.wall() - doubtSince) }),
  };
}

async function send(entry: Entry, history: History, context: ExecuteContext): Promise<History> {
  const { edges, ledger } = context;
  const { clock, graph } = edges;
  const attempt = history.attempts + 1;
  const sentWall = clock.wall();
  const smsBefore = smsBeforeOf(history);
  await ledger.markSent({
    runId: entry.runId,
    seq: entry.seq,
    attempt,
    sentAt: sentWall,
    ...(smsBefore === undefined ? {} : { smsBefore }),
  });
  const markedAt = clock.now();
  const answer = await graph
    .write(writeOf(entry), sendBy(history, markedAt))
    .catch(async (error: unknown) => {
      // Without a token nothing was sent.
      if (isOfSignIn(error) && history.doubtSince === undefined)
        await ledger.markUnsent(entry.runId, entry.seq);
      throw error;
    });
  const answeredAt = clock.now();
  const sentAt = answer.sentAt ?? markedAt;
  if (answer.kind === "accepted") {
    const answered = { ms: answeredAt - sentAt, operations: answer.operations ?? 1 };
    context.lane.accepted(
      answer.limitShare === undefined ? { answered } : { answered, share: answer.limitShare },
    );
    return {
      ...history,
      attempts: attempt,
      answer: {
        sentAt,
        answeredAt,
        accepted: true,
        heeded: false,
        ...(answer.requestId === undefined ? {} : { requestId: answer.requestId }),
      },
    };
  }
  const next: History = {
    ...history,
    attempts: attempt,
    refreshed: history.refreshed && isAuthFault(answer.fault),
    answer: { sentAt, answeredAt, accepted: false, heeded: false, fault: answer.fault },
  };
  const meaning = meaningOf(answer.fault);
  if (meaning !== "doubt") {
    // Not executed by the service's own word: a run that ends here has nothing in doubt. Of a refusal the state decides.
    if (meaning !== "refused" && history.doubtSince === undefined) {
      await ledger.markUnsent(entry.runId, entry.seq);
    }
    return next;
  }
  if (meansOverload(answer.fault)) context.lane.unanswered();
  await ledger.markDoubt(entry.runId, entry.seq, sentWall + Math.ceil(sentAt - markedAt));
  const asked = retryAfterMs(answer.fault, clock.wall());
  const notBefore = asked === undefined ? {} : { notBefore: answeredAt + asked };
  return { ...next, doubtSince: sentAt, doubt: answer.fault, ...notBefore };
}

/**
 * Whether the service asked for more time before the same is sent again.
 * @throws Stopped for more than anybody waits
 */
function tooEarly({ notBefore, doubt }: History, { edges, maxWaitMs }: ExecuteContext): boolean {
  const waitMs = (notBefore ?? 0) - edges.clock.now();
  if (waitMs <= 0 || !doubt) return false;
  if (waitMs > maxWaitMs) throw new Stopped({ kind: "busy", fault: doubt, waitMs });
  return true;
}

/** What an undo goes back to: the state that the read before the send showed, unless an earlier attempt may have changed it. */
function smsBeforeOf({ reads, doubtSince }: History): SmsSignInState | undefined {
  const slot = reads.at(-1)?.slot;
  return doubtSince !== undefined || !slot || slot.kind === "empty" ? undefined : slot.smsSignInState;
}

function meansOverload({ kind, status }: Fault): boolean {
  return kind === "timeout" || (kind === "http" && status !== undefined && status >= 500);
}

function attemptsHere({ attempts, earlierAttempts }: History): number {
  return attempts - earlierAttempts;
}

function isAuthFault(fault: Fault): boolean {
  return fault.status === 401 || fault.status === 403;
}

function holdLane(history: History, fault: Fault, context: ExecuteContext): History {
  const { edges, lane, patience, maxWaitMs } = context;
  const { clock } = edges;
  const waitMs = waitFor(fault, attemptsHere(history), clock.wall(), edges.random());
  if (waitMs > maxWaitMs) throw new Stopped({ kind: "busy", fault, waitMs });
  const { answer } = history;
  // A 429 is the tenant's word to the whole lane; a connection that was refused concerns everybody too.
  if (fault.status === 429) lane.throttled(answer?.sentAt ?? clock.now(), waitMs);
  else lane.pause(waitMs);
  if (fault.limit === "readWrite") patience.pause(waitMs);
  return { ...history, ...(answer ? { answer: { ...answer, heeded: true } } : {}) };
}

async function readSlot(entry: Entry, context: ExecuteContext): Promise<Read> {
  const { graph, clock } = context.edges;
  const at = clock.now();
  try {
    const read = await context.patience.read(() => graph.listPhones(entry.userId), readTries);
    return { at: read.readAt, slot: slotOf(read.phones, entry.phoneType) };
  } catch (error) {
    const fault = faultIn(error);
    if (!fault) throw error;
    if (meaningOf(fault) === "unauthorized") throw new Stopped({ kind: "unauthorized", fault });
    const waitMs = waitFor(fault, 1, clock.wall(), 0);
    if (waitMs > context.maxWaitMs) throw new Stopped({ kind: "busy", fault, waitMs });
    return { at, slot: undefined, gone: fault.status === 404, fault };
  }
}

/** What a read failed of, also when its tries were used up. */
function faultIn(error: unknown): Fault | undefined {
  if (error instanceof GraphFault) return error.fault;
  return error instanceof PrepopError && error.cause instanceof GraphFault ? error.cause.fault : undefined;
}

function writeOf(entry: Entry): PhoneWrite {
  const { kind, userId, phoneType, to } = entry;
  switch (kind) {
    case "create":
    case "update":
      if (to === null || !isCanonical(to))
        throw new TypeError(`Entry ${entry.seq} has no number to ${kind}.`);
      return { kind, userId, phoneType, number: to };
    case "delete":
    case "enableSms":
    case "disableSms":
      return { kind, userId, phoneType };
    default:
      throw new TypeError(`Entry ${entry.seq} is ${kind} and sends nothing.`);
  }
}
