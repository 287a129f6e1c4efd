import assert from "node:assert/strict";
import { test } from "node:test";
import type { History } from "../../src/decide/history.ts";
import { nextStep, sendBy } from "../../src/decide/step.ts";
import type { ChangeKind } from "../../src/model/change.ts";
import type { Fault } from "../../src/model/fault.ts";
import { changeOf, empty, held, http, maskedSlot, numberSlot, third, wanted } from "./build.ts";
import { answerOf, faulted, historyOf, readAt, timing, words } from "./history.ts";

const asHeld = numberSlot(held, "notEnabled");
const asWanted = numberSlot(wanted, "notEnabled");
const asThird = numberSlot(third, "notEnabled");
const begun = (kind: ChangeKind, more: Partial<History> = {}): History => historyOf(changeOf(kind), more);
const enabling = (more: Partial<History> = {}): History =>
  historyOf(changeOf("enableSms", { from: wanted }), more);
const timeout: Fault = { kind: "timeout", message: "No whole answer came." };
const unreachable: Fault = { kind: "unreachable", message: "No connection was made." };

/** What is known, at which second, and what comes next. */
type Row = readonly [string, History, number, string];

const beforeTheSend: readonly Row[] = [
  ["a create is sent unread", begun("create"), 5, "send"],
  [
    "a create is sent, whatever an old read showed",
    begun("create", { reads: [readAt(1, asThird)] }),
    5,
    "send",
  ],
  ["an update is read first", begun("update"), 5, "read at 5"],
  ["a delete is read first", begun("delete"), 5, "read at 5"],
  ["SMS sign-in is read first", enabling(), 5, "read at 5"],
  ["an update of what the plan saw", begun("update", { reads: [readAt(5, asHeld)] }), 6, "send"],
  ["a delete of what the plan saw", begun("delete", { reads: [readAt(5, asHeld)] }), 6, "send"],
  ["a read of 30 s ago is fresh", begun("update", { reads: [readAt(5, asHeld)] }), 35, "send"],
  ["an older one is not", begun("update", { reads: [readAt(5, asHeld)] }), 35.001, "read at 35.001"],
  [
    "a read before the wait of the lane is too old",
    begun("update", { reads: [readAt(5, asHeld)], waitedAt: 5_001 }),
    6,
    "read at 6",
  ],
  [
    "a read at the end of the wait is not",
    begun("update", { reads: [readAt(5, asHeld)], waitedAt: 5_000 }),
    6,
    "send",
  ],
  [
    "only the newest read counts",
    begun("update", { reads: [readAt(4, asThird), readAt(5, asHeld)] }),
    6,
    "send",
  ],
  [
    "the number was changed",
    begun("update", { reads: [readAt(5, asThird)] }),
    6,
    "say refused PREPOP_ROW_CHANGED",
  ],
  [
    "the number is as wanted already, which somebody else did",
    begun("update", { reads: [readAt(5, asWanted)] }),
    6,
    "say refused PREPOP_ROW_CHANGED",
  ],
  ["the phone is gone", begun("update", { reads: [readAt(5, empty)] }), 6, "say refused PREPOP_ROW_CHANGED"],
  [
    "the number is masked now",
    begun("update", { reads: [readAt(5, maskedSlot("+31 XXXXXXX01"))] }),
    6,
    "say refused PREPOP_ROW_CHANGED",
  ],
  [
    "the phone of a delete is gone",
    begun("delete", { reads: [readAt(5, empty)] }),
    6,
    "say refused PREPOP_ROW_CHANGED",
  ],
  ["the user is gone", begun("update", { reads: [readAt(5, "gone")] }), 6, "say refused PREPOP_ROW_CHANGED"],
  [
    "the user is gone, says a read at the end of the wait of the lane",
    begun("update", { reads: [readAt(5, "gone")], waitedAt: 5_000 }),
    6,
    "say refused PREPOP_ROW_CHANGED",
  ],
  [
    "the user was gone before the wait of the lane",
    begun("update", { reads: [readAt(5, "gone")], waitedAt: 5_001 }),
    6,
    "read at 6",
  ],
  [
    "SMS sign-in is as wanted already",
    enabling({ reads: [readAt(5, numberSlot(wanted, "ready"))] }),
    6,
    "say alreadySo",
  ],
  ["SMS sign-in is to be enabled", enabling({ reads: [readAt(5, asWanted)] }), 6, "send"],
  [
    "SMS sign-in cannot be enabled",
    enabling({ reads: [readAt(5, numberSlot(wanted, "notAllowedByPolicy"))] }),
    6,
    "say refused notAllowedByPolicy",
  ],
  [
    "what this ledger wrote a moment ago may lag: read back at its times",
    begun("update", { reads: [readAt(5, asThird)], ownWriteAt: 4_500 }),
    5,
    "read at 5.5",
  ],
  [
    "the read-back time must come after the read",
    begun("update", { reads: [readAt(5.5, asThird)], ownWriteAt: 4_500 }),
    6,
    "read at 7.5",
  ],
  [
    "after the horizon of the own write, it has changed",
    begun("update", { reads: [readAt(50, asThird)], ownWriteAt: 5_000 }),
    51,
    "say refused PREPOP_ROW_CHANGED",
  ],
  [
    "what an earlier process left in doubt is settled, not begun",
    begun("update", { doubtSince: 0 }),
    5,
    "read at 1",
  ],
  ["so is a create", begun("create", { doubtSince: 0 }), 5, "read at 1"],
];

const ofFaults: readonly Row[] = [
  ["accepted", begun("update", { answer: answerOf(undefined, { accepted: true }) }), 1, "say applied"],
  ["neither accepted nor a fault", begun("update", { answer: answerOf(undefined) }), 1, "read at 1"],
  ["throttled", faulted(http(429)), 1, "wait"],
  ["nothing went out", faulted(unreachable), 1, "wait"],
  ["throttled ten times", faulted(http(429), { attempts: 10 }), 1, "stop: budget"],
  ["throttled nine times", faulted(http(429), { attempts: 9 }), 1, "wait"],
  [
    "the attempts of earlier processes do not count",
    faulted(http(429), { attempts: 14, earlierAttempts: 5 }),
    1,
    "wait",
  ],
  ["ten of this one do", faulted(http(429), { attempts: 15, earlierAttempts: 5 }), 1, "stop: budget"],
  [
    "throttled, and waited",
    faulted(http(429), { answer: answerOf(http(429), { heeded: true }) }),
    9,
    "read at 9",
  ],
  ["401", faulted(http(401)), 1, "refreshToken"],
  ["401 with a new token", faulted(http(401), { refreshed: true }), 1, "stop: unauthorized"],
  [
    "401, and the token was renewed",
    faulted(http(401), { refreshed: true, answer: answerOf(http(401), { heeded: true }) }),
    1,
    "read at 1",
  ],
  ["403", faulted(http(403)), 1, "refreshToken"],
  ["403 with a new token", faulted(http(403), { refreshed: true }), 1, "say refused PREPOP_ROW_FORBIDDEN"],
  [
    "403, and the token was renewed",
    faulted(http(403), { refreshed: true, answer: answerOf(http(403), { heeded: true }) }),
    1,
    "read at 1",
  ],
  [
    "403 after an attempt in doubt: what that one did is read back",
    faulted(http(403), { refreshed: true, doubtSince: 0 }),
    1,
    "read at 1",
  ],
  ["no answer", faulted(timeout, { doubtSince: 0 }), 0, "read at 1"],
  ["503", faulted(http(503), { doubtSince: 0 }), 0, "read at 1"],
  ["400", faulted(http(400)), 2, "read at 2"],
];

const failedReads: readonly Row[] = [
  ...([4, 30, 45, 60, 60, 60] as const).map((wait, index): Row => {
    const reads = Array.from({ length: index + 1 }, (_, second) => readAt(second, http(503)));
    return [`${index + 1} reads in a row failed`, begun("update", { reads }), 100, `read at ${100 + wait}`];
  }),
  [
    "seven reads in a row failed",
    begun("update", { reads: Array.from({ length: 7 }, (_, second) => readAt(second, http(503))) }),
    100,
    "stop: budget",
  ],
  [
    "a read that came through begins the count anew",
    begun("update", { reads: [readAt(0, timeout), readAt(1, asHeld), readAt(2, timeout)] }),
    100,
    "read at 104",
  ],
  [
    "a read that failed before the wait of the lane",
    begun("update", { reads: [readAt(5, http(403))], waitedAt: 5_001 }),
    6,
    "read at 6",
  ],
  [
    "a read that failed at the end of the wait",
    begun("update", { reads: [readAt(5, http(403))], waitedAt: 5_000 }),
    6,
    "say refused PREPOP_ROW_FORBIDDEN",
  ],
  ["throttled", begun("update", { reads: [readAt(5, http(429))] }), 6, "read at 10"],
  ["401", begun("update", { reads: [readAt(5, http(401))] }), 6, "read at 10"],
  ["403", begun("update", { reads: [readAt(5, http(403))] }), 6, "say refused PREPOP_ROW_FORBIDDEN"],
  ["400", begun("update", { reads: [readAt(5, http(400))] }), 6, "say refused PREPOP_ROW_CHANGED"],
  [
    "in doubt, throttled, waited, and the read before the second send failed: settled",
    faulted(http(429), {
      answer: answerOf(http(429), { heeded: true }),
      doubtSince: 0,
      reads: [readAt(1, http(403))],
    }),
    2,
    "read at 3",
  ],
  [
    "in doubt, throttled, waited, and the read before the second send shows it done: applied",
    faulted(http(429), {
      answer: answerOf(http(429), { heeded: true }),
      doubtSince: 0,
      reads: [readAt(1, asWanted)],
    }),
    2,
    "say applied",
  ],
];

for (const [table, rows] of Object.entries({ beforeTheSend, ofFaults, failedReads })) {
  for (const [name, history, second, expected] of rows) {
    test(`${table}: ${name}: ${expected}`, () => {
      assert.equal(words(nextStep(history, second * 1_000, timing)), expected);
    });
  }
}

test("what was found is told, and no digits of it", () => {
  const said = (history: History) => {
    const step = nextStep(history, 6_000, timing);
    return step.do === "say" ? step.outcome.message : undefined;
  };
  assert.match(said(begun("update", { reads: [readAt(5, "gone")] })) ?? "", /no such user any more/);
  assert.match(said(begun("update", { reads: [readAt(5, asThird)] })) ?? "", /\+•• •••••••03/);
  assert.match(said(begun("update", { reads: [readAt(5, http(400))] })) ?? "", /it cannot be read/);
  assert.match(said(begun("update", { reads: [readAt(5, http(403))] })) ?? "", /Graph says so/);
  assert.match(said(faulted(http(403), { refreshed: true })) ?? "", /Graph says so/);
  assert.equal(
    said(enabling({ reads: [readAt(5, numberSlot(wanted, "notSupported"))] })),
    "SMS sign-in cannot be enabled: this phone does not support it.",
  );
});

test("a fault that is waited for, or that ends the lane, is handed on", () => {
  assert.deepEqual(nextStep(faulted(http(429)), 0, timing), { do: "wait", fault: http(429) });
  assert.deepEqual(nextStep(faulted(http(429), { attempts: 10 }), 0, timing), {
    do: "stop",
    why: "budget",
    fault: http(429),
  });
  assert.deepEqual(nextStep(faulted(http(401), { refreshed: true }), 0, timing), {
    do: "stop",
    why: "unauthorized",
    fault: http(401),
  });
});

test("an outcome has the attempts and the request-id of the answer that decided", () => {
  const outcome = (history: History) => {
    const step = nextStep(history, 0, timing);
    return step.do === "say" ? step.outcome : undefined;
  };
  const accepted = answerOf(undefined, { accepted: true, requestId: "r-1" });
  assert.deepEqual(outcome(begun("create", { attempts: 3, answer: accepted })), {
    outcome: "applied",
    attempts: 3,
    requestId: "r-1",
  });
  const forbidden = faulted(http(403, { requestId: "r-2" }), { refreshed: true });
  assert.equal(outcome(forbidden)?.requestId, "r-2");
  const doubted = begun("update", {
    doubtSince: 0,
    doubt: { ...timeout, requestId: "r-3" },
    reads: [readAt(1, asWanted)],
  });
  assert.deepEqual(outcome(doubted), { outcome: "applied", attempts: 0, requestId: "r-3" });
  assert.deepEqual(outcome(begun("create", { answer: answerOf(undefined, { accepted: true }) })), {
    outcome: "applied",
    attempts: 0,
  });
});

test("a write may leave within 30 s of the read that allows it; a create, which none does, of its mark", () => {
  const reads = [readAt(1, asHeld), readAt(2, asHeld), readAt(3, asHeld)];
  assert.equal(sendBy(begun("update", { reads }), 20_000), 33_000);
  assert.equal(sendBy(begun("update"), 20_000), 50_000);
  assert.equal(sendBy(begun("create", { reads }), 20_000), 50_000);
});
