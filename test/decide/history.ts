import type { Answer, History, Read, Step } from "../../src/decide/history.ts";
import type { Slot } from "../../src/decide/slot.ts";
import type { Change } from "../../src/model/change.ts";
import type { Fault } from "../../src/model/fault.ts";
import { changeOf, http } from "./build.ts";

/** Histories in seconds, and what is to be done next in a few words. */

export const timing = { horizonMs: 45_000 };

/** An entry of which nothing was sent yet. */
export function historyOf(change: Change, more: Partial<History> = {}): History {
  return { change, attempts: 0, earlierAttempts: 0, reads: [], waitedAt: 0, refreshed: false, ...more };
}

/** An update that was answered with a fault at second 0. */
export function faulted(fault: Fault, more: Partial<History> = {}): History {
  return historyOf(changeOf("update"), { attempts: 1, answer: answerOf(fault), ...more });
}

export function answerOf(fault: Fault | undefined, more: Partial<Answer> = {}): Answer {
  const answer = { sentAt: 0, answeredAt: 0, accepted: false, heeded: false, ...more };
  return fault ? { ...answer, fault } : answer;
}

/** A read at a second: a slot, a fault, or nobody there. */
export function readAt(second: number, shown: Slot | Fault | "gone"): Read {
  const at = second * 1_000;
  if (shown === "gone") return { at, slot: undefined, gone: true, fault: http(404) };
  return "message" in shown ? { at, slot: undefined, gone: false, fault: shown } : { at, slot: shown };
}

export function words(step: Step): string {
  switch (step.do) {
    case "read":
      return `read at ${step.at / 1_000}`;
    case "stop":
      return `stop: ${step.why}`;
    case "say":
      return `say ${[step.outcome.outcome, step.outcome.code].filter(Boolean).join(" ")}`;
    case "send":
    case "wait":
    case "refreshToken":
      return step.do;
  }
}
