import assert from "node:assert/strict";
import { test } from "node:test";
import type { History, Read } from "../../src/decide/history.ts";
import { settle } from "../../src/decide/settle.ts";
import type { Slot } from "../../src/decide/slot.ts";
import type { ChangeKind } from "../../src/model/change.ts";
import type { Fault } from "../../src/model/fault.ts";
import { changeOf, empty, held, http, maskedSlot, numberSlot, third, wanted } from "./build.ts";
import { answerOf, historyOf, readAt, timing, words } from "./history.ts";

/** What is said of an attempt without a trustworthy answer that went out at second 0, by what reads show. */

const asHeld = numberSlot(held, "notEnabled");
const asWanted = numberSlot(wanted, "notEnabled");
const asThird = numberSlot(third, "notEnabled");
const hidden = maskedSlot("+31 XXXXXXX99");
const taken = numberSlot(wanted, "phoneNumberNotUnique");
const untold = numberSlot(wanted);
const outage = http(503);
const conflict = http(409);

const doubted = (kind: ChangeKind, reads: readonly Read[], more: Partial<History> = {}): History =>
  historyOf(changeOf(kind), { attempts: 1, doubtSince: 0, doubt: outage, reads, ...more });
const enabling = (reads: readonly Read[], more: Partial<History> = {}): History =>
  doubted("enableSms", reads, { change: changeOf("enableSms", { from: wanted }), doubt: conflict, ...more });

/** Reads at the seconds of the horizon, and then a horizon apart. */
const seconds = [1, 3, 8, 20, 45, 90, 135, 180, 225, 270];
const reads = (...shown: readonly (Slot | Fault | "gone")[]): readonly Read[] =>
  shown.map((each, at) => readAt(seconds[at] ?? 0, each));
const times = <Item>(count: number, item: Item): readonly Item[] => Array.from({ length: count }, () => item);

const changed = "say refused PREPOP_ROW_CHANGED";
const inDoubt = "say inDoubt PREPOP_ROW_IN_DOUBT";

const rows: readonly (readonly [string, History, string])[] = [
  ["times count from the doubt", doubted("update", [], { doubtSince: 2_000 }), "read at 3"],
  [
    "and not from a later answer",
    doubted("update", [], { doubtSince: 2_000, answer: answerOf(outage, { sentAt: 5_000 }) }),
    "read at 3",
  ],
  [
    "where none is noted, from the answer's send",
    historyOf(changeOf("update"), { answer: answerOf(outage, { sentAt: 5_000 }) }),
    "read at 6",
  ],
  ["where nothing is known, from the beginning", historyOf(changeOf("update")), "read at 1"],
  [
    "a read before it proves nothing",
    doubted("update", [readAt(1, asWanted)], { doubtSince: 1_001 }),
    "read at 2.001",
  ],
  ["a read right then does", doubted("update", [readAt(1, asWanted)], { doubtSince: 1_000 }), "say applied"],
  ["a third value", doubted("update", reads(asThird)), changed],
  ["the phone of an update is gone", doubted("update", reads(empty)), changed],
  ["the phone of a delete is gone", doubted("delete", reads(empty)), "say applied"],
  ["a create is there", doubted("create", reads(asWanted)), "say applied"],
  [
    "a create is there, says a mask that fits",
    doubted("create", reads(maskedSlot("+31 XXXXXXX02"))),
    "say applied",
  ],
  ["a create is not there yet", doubted("create", reads(empty)), "read at 3"],
  ["a create is not there, say two reads", doubted("create", reads(empty, empty)), "send"],
  ["a masked read never settles an update", doubted("update", reads(...times(5, hidden))), inDoubt],
  [
    "SMS sign-in that no request enables",
    enabling(reads(numberSlot(wanted, "notSupported"))),
    "say refused notSupported",
  ],
  ["the user is gone, says one read", doubted("update", reads("gone")), "read at 3"],
  [
    "the user is gone, says every read of the horizon",
    doubted("update", reads(...times(5, "gone" as const))),
    changed,
  ],
  [
    "a user who was gone for two reads is there",
    doubted("update", reads("gone", "gone", asHeld, asHeld)),
    "send",
  ],
  [
    "an own write of the slot a moment ago: a read that shows it proves nothing",
    doubted("update", reads(asThird), { ownWriteAt: 0 }),
    "read at 3",
  ],
  [
    "but one at its horizon does",
    doubted("update", reads(...times(4, asHeld), asThird), { ownWriteAt: 0 }),
    changed,
  ],
];

const again: readonly (readonly [string, History, string])[] = [
  ["one read that shows what was there", doubted("update", reads(asHeld)), "read at 3"],
  ["two of them", doubted("update", reads(asHeld, asHeld)), "send"],
  [
    "two of them, and nobody answered the third",
    doubted("update", reads(asHeld, asHeld, outage)),
    "read at 20",
  ],
  ["two of them, and the third is masked", doubted("update", reads(asHeld, asHeld, hidden)), "read at 20"],
  [
    "the wait of the lane ended with the newest read",
    doubted("update", reads(asHeld, asHeld), { waitedAt: 3_000 }),
    "send",
  ],
  ["it ended after it", doubted("update", reads(asHeld, asHeld), { waitedAt: 3_001 }), "read at 3.001"],
  ["it ended after it, of a create", doubted("create", reads(empty, empty), { waitedAt: 3_001 }), "send"],
  ["after two conflicts", doubted("update", reads(asHeld, asHeld), { doubt: conflict, attempts: 2 }), "send"],
  [
    "after three conflicts no more",
    doubted("update", reads(asHeld, asHeld), { doubt: conflict, attempts: 3 }),
    "read at 8",
  ],
  [
    "after four conflicts no more",
    doubted("update", reads(asHeld, asHeld), { doubt: conflict, attempts: 4 }),
    "read at 8",
  ],
  ["after three outages once more", doubted("update", reads(asHeld, asHeld), { attempts: 3 }), "send"],
  [
    "where it is not known what was wrong, once more",
    historyOf(changeOf("update"), { attempts: 3, doubtSince: 0, reads: reads(asHeld, asHeld) }),
    "send",
  ],
  ["after ten attempts no more", doubted("update", reads(asHeld, asHeld), { attempts: 10 }), "read at 8"],
  [
    "after ten attempts and the horizon the lane ends",
    doubted("update", reads(...times(5, asHeld)), { attempts: 10 }),
    "stop: budget",
  ],
  [
    "so it does when two reads came through",
    doubted("update", reads(asHeld, hidden, asHeld, hidden, hidden), { attempts: 10 }),
    "stop: budget",
  ],
  [
    "after three conflicts and the horizon it stays in doubt",
    doubted("update", reads(...times(5, asHeld)), { doubt: conflict, attempts: 3 }),
    inDoubt,
  ],
  [
    "one read alone does not end the lane",
    doubted("update", reads(asHeld, ...times(4, hidden)), { attempts: 10 }),
    inDoubt,
  ],
];

const throughOutages: readonly (readonly [string, History, string])[] = [
  ["nobody answers", doubted("update", reads(...times(5, outage))), "read at 90"],
  ["throttled", doubted("update", reads(...times(5, http(429)))), "read at 90"],
  [
    "no connection",
    doubted("update", reads(...times(5, { kind: "unreachable", message: "" } as const))),
    "read at 90",
  ],
  [
    "no answer in time",
    doubted("update", reads(...times(5, { kind: "timeout", message: "" } as const))),
    "read at 90",
  ],
  ["the caller may not read, which is no outage", doubted("update", reads(...times(5, http(403)))), inDoubt],
  [
    "ten reads that nobody answered end the lane",
    doubted("update", reads(...times(10, outage))),
    "stop: budget",
  ],
  [
    "the first one that shows what was there is looked at again",
    doubted("update", reads(...times(4, outage), asHeld)),
    "read at 48",
  ],
  ["but not after ten", doubted("update", reads(...times(9, outage), asHeld)), inDoubt],
  ["a masked one is not", doubted("update", reads(outage, ...times(4, hidden))), inDoubt],
  ["nor one without an outage", doubted("update", reads(asHeld, ...times(4, hidden))), inDoubt],
];

/** A 409 whose number was stored, and one that was not. */
const conflicts: readonly (readonly [string, History, string])[] = [
  [
    "no code and no state: the one known reason",
    doubted("update", reads(untold), { doubt: conflict }),
    "say applied phoneNumberNotUnique",
  ],
  [
    "so it is of a create",
    doubted("create", reads(untold), { doubt: conflict }),
    "say applied phoneNumberNotUnique",
  ],
  [
    "an earlier attempt may have stored it",
    doubted("update", reads(untold), { doubt: conflict, attempts: 2 }),
    "say applied",
  ],
  ["the state says another thing", doubted("update", reads(asWanted), { doubt: conflict }), "say applied"],
  [
    "the state says so",
    doubted("update", reads(taken), { doubt: conflict, attempts: 2 }),
    "say applied phoneNumberNotUnique",
  ],
  [
    "a masked read says so",
    doubted("create", reads(maskedSlot("+31 XXXXXXX02", "phoneNumberNotUnique")), {
      doubt: conflict,
      attempts: 2,
    }),
    "say applied phoneNumberNotUnique",
  ],
  [
    "the code says so",
    doubted("update", reads(asWanted), { doubt: http(409, { code: "phoneNumberNotUnique" }), attempts: 2 }),
    "say applied phoneNumberNotUnique",
  ],
  ["it was no 409", doubted("update", reads(untold)), "say applied"],
  ["it was no 409, whatever the state", doubted("update", reads(taken)), "say applied"],
  [
    "what was wrong is not known",
    historyOf(changeOf("update"), { attempts: 1, doubtSince: 0, reads: reads(untold) }),
    "say applied",
  ],
  [
    "another phone has no SMS sign-in",
    doubted("update", reads(untold), {
      doubt: conflict,
      change: changeOf("update", { phoneType: "office" }),
    }),
    "say applied",
  ],
  ["a delete stores nothing", doubted("delete", reads(empty), { doubt: conflict }), "say applied"],
  ["SMS sign-in was enabled", enabling(reads(numberSlot(wanted, "ready"))), "say applied"],
  [
    "the newest read has the state",
    doubted("update", reads(outage, outage, asWanted), { doubt: conflict }),
    "say applied",
  ],
  [
    "the newest read was not answered",
    doubted("update", reads(asWanted, outage), { doubt: conflict }),
    "say applied phoneNumberNotUnique",
  ],
  ["enabling it: another account has the number", enabling(reads(taken)), "say refused phoneNumberNotUnique"],
  [
    "enabling it: so says the newest read",
    enabling(reads(outage, outage, taken)),
    "say refused phoneNumberNotUnique",
  ],
  ["enabling it: it was no 409", enabling(reads(taken), { doubt: outage }), "read at 3"],
  [
    "enabling it: what was wrong is not known",
    historyOf(changeOf("enableSms", { from: wanted }), { attempts: 1, doubtSince: 0, reads: reads(taken) }),
    "read at 3",
  ],
  ["enabling it: the state says another thing", enabling(reads(asWanted)), "read at 3"],
  ["enabling it: the newest read was not answered", enabling(reads(taken, outage)), "read at 8"],
  [
    "disabling it: the state is as wanted",
    doubted("disableSms", reads(taken), {
      doubt: conflict,
      change: changeOf("disableSms", { from: wanted }),
    }),
    "say applied",
  ],
  [
    "disabling it: a conflict with the number of another is none of it",
    doubted("disableSms", reads(numberSlot(wanted, "ready")), {
      doubt: conflict,
      change: changeOf("disableSms", { from: wanted }),
    }),
    "read at 3",
  ],
  [
    "another write is not refused for the state of the number before",
    doubted("update", reads(numberSlot(held, "phoneNumberNotUnique")), { doubt: conflict }),
    "read at 3",
  ],
  ["no read yet", enabling([]), "read at 1"],
];

for (const [table, list] of Object.entries({ rows, again, throughOutages, conflicts })) {
  for (const [name, history, expected] of list) {
    test(`in doubt, ${table}: ${name}: ${expected}`, () => {
      assert.equal(words(settle(history, timing)), expected);
    });
  }
}

function messageOf(history: History): string | undefined {
  const step = settle(history, timing);
  return step.do === "say" ? step.outcome.message : undefined;
}

test("what stays in doubt says why there was no trustworthy answer", () => {
  const five = reads(...times(5, hidden));
  const timeout: Fault = { kind: "timeout", message: "No whole answer came within 30 s." };
  assert.match(
    messageOf(doubted("update", five, { doubt: timeout })) ?? "",
    /\(No whole answer came within 30 s\.\)/,
  );
  assert.match(messageOf(doubted("update", five)) ?? "", /\(HTTP 503: Graph says so\)/);
  const untoldWhy = historyOf(changeOf("update"), { doubtSince: 0, reads: five });
  assert.match(messageOf(untoldWhy) ?? "", /\(the process ended before the answer came\)/);
});

test("what changed is told without its digits", () => {
  assert.match(messageOf(doubted("update", reads(asThird))) ?? "", /\+•• •••••••03/);
  assert.match(
    messageOf(doubted("update", reads(...times(5, "gone" as const)))) ?? "",
    /no such user any more/,
  );
  assert.match(messageOf(enabling(reads(numberSlot(wanted, "notSupported")))) ?? "", /does not support it/);
  assert.match(messageOf(enabling(reads(taken))) ?? "", /not enabled: another account uses the number/);
  assert.match(
    messageOf(doubted("update", reads(untold), { doubt: conflict })) ?? "",
    /is stored, but another account/,
  );
});

test("the lane ends with the fault that spent its budget", () => {
  const spent = doubted("update", reads(...times(5, asHeld)), { attempts: 10 });
  assert.deepEqual(settle(spent, timing), { do: "stop", why: "budget", fault: outage });
});
