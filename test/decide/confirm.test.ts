import assert from "node:assert/strict";
import { test } from "node:test";
import { confirmRefusal } from "../../src/decide/confirm.ts";
import type { History } from "../../src/decide/history.ts";
import { nextStep } from "../../src/decide/step.ts";
import { changeOf, empty, held, http, numberSlot, third, wanted } from "./build.ts";
import { answerOf, faulted, historyOf, readAt, timing, words } from "./history.ts";

/** What is said of a write that the service refused for good: it went out at second 9 and was answered at second 10. */

const asHeld = numberSlot(held, "notEnabled");
const asWanted = numberSlot(wanted, "notEnabled");
const asThird = numberSlot(third, "notEnabled");
const at = { sentAt: 9_000, answeredAt: 10_000 };
const answer = answerOf(http(400), at);
const notFound = answerOf(http(404), at);
const update = (more: Partial<History>): History => faulted(http(400), { answer, ...more });
const create = (more: Partial<History>): History =>
  historyOf(changeOf("create"), { attempts: 1, answer, ...more });
const remove = (more: Partial<History>): History =>
  historyOf(changeOf("delete"), { attempts: 1, answer, ...more });
const enable = (more: Partial<History>): History =>
  historyOf(changeOf("enableSms", { from: wanted }), { attempts: 1, answer, ...more });
const twice = [readAt(10, asHeld), readAt(13, asHeld)];
const twiceEmpty = [readAt(10, empty), readAt(13, empty)];
const twiceGone = [readAt(10, "gone"), readAt(13, "gone")];
const unanswered = [readAt(10, http(503)), readAt(13, http(503))];
const changed = "say refused PREPOP_ROW_CHANGED";
const inDoubt = "say inDoubt PREPOP_ROW_IN_DOUBT";

const rows: readonly (readonly [string, History, string])[] = [
  ["it is read at once", update({}), "read at 10"],
  ["a read before the answer proves nothing", update({ reads: [readAt(9.5, asHeld)] }), "read at 10"],
  ["and again 3 s after the answer", update({ reads: [readAt(10, asHeld)] }), "read at 13"],
  ["two reads that show what was there", update({ reads: twice }), "say failed http400"],
  ["a create, and two reads of an empty slot", create({ reads: twiceEmpty }), "say failed http400"],
  ["a delete, and two reads that show the phone", remove({ reads: twice }), "say failed http400"],
  [
    "one read that came through is too few",
    update({ reads: [readAt(10, http(503)), readAt(13, asHeld)] }),
    inDoubt,
  ],
  ["no read that came through", update({ reads: unanswered }), inDoubt],
  [
    "an update that is done: it was read right before the send, so it is ours",
    update({ reads: [readAt(10, asWanted)] }),
    "say applied",
  ],
  ["a create that is there was somebody else's", create({ reads: [readAt(10, asWanted)] }), "say alreadySo"],
  ["a delete that is done is ours", remove({ reads: [readAt(10, empty)] }), "say applied"],
  [
    "a delete of what is not there was somebody else's",
    remove({ answer: notFound, reads: [readAt(10, empty)] }),
    "say alreadySo",
  ],
  [
    "a create that an attempt in doubt may have made is ours",
    create({ doubtSince: 2_000, reads: [readAt(10, asWanted)] }),
    "say applied",
  ],
  [
    "a delete of what an attempt in doubt removed is ours",
    remove({ answer: notFound, doubtSince: 2_000, reads: [readAt(10, empty)] }),
    "say applied",
  ],
  ["a third value", update({ reads: [readAt(10, asThird)] }), changed],
  ["the create's slot is taken by another number", create({ reads: [readAt(10, asThird)] }), changed],
  [
    "SMS sign-in that no request enables",
    enable({ reads: [readAt(10, numberSlot(wanted, "notSupported"))] }),
    "say refused notSupported",
  ],
  ["the user is gone, says one read", update({ reads: [readAt(10, "gone")] }), "read at 13"],
  ["the user is gone: the update failed", update({ reads: twiceGone }), "say failed http400"],
  ["the user is gone: the create failed", create({ reads: twiceGone }), "say failed http400"],
  ["the user is gone: a delete cannot have failed", remove({ reads: twiceGone }), changed],
  [
    "the user is gone, after an attempt in doubt: once its horizon is over",
    update({ doubtSince: 2_000, reads: twiceGone }),
    "read at 47",
  ],
  [
    "the user is gone, after an attempt in doubt that may have been executed",
    update({ doubtSince: 2_000, reads: [...twiceGone, readAt(47, "gone")] }),
    changed,
  ],
  [
    "after an attempt in doubt one more read, at the end of its horizon",
    update({ doubtSince: 2_000, reads: twice }),
    "read at 47",
  ],
  [
    "failed, when that one still shows what was there",
    update({ doubtSince: 2_000, reads: [...twice, readAt(47, asHeld)] }),
    "say failed http400",
  ],
  [
    "applied, when it shows what was wanted",
    update({ doubtSince: 2_000, reads: [...twice, readAt(47, asWanted)] }),
    "say applied",
  ],
  [
    "after an own write of the slot one more read, at the end of its horizon",
    update({ ownWriteAt: 3_000, reads: twice }),
    "read at 48",
  ],
  [
    "a read within the horizon of an own write does not show that it is done",
    update({ ownWriteAt: 3_000, reads: [readAt(10, asWanted), readAt(13, asWanted)] }),
    "read at 48",
  ],
  [
    "one at its end does",
    update({ ownWriteAt: 3_000, reads: [readAt(10, asWanted), readAt(48, asWanted)] }),
    "say applied",
  ],
  [
    "the later one of the two counts",
    update({ ownWriteAt: 3_000, doubtSince: 4_000, reads: [...twice, readAt(48, asHeld)] }),
    "read at 49",
  ],
  [
    "404 of what every read still shows, after an attempt in doubt: the reads lag",
    update({ answer: notFound, doubtSince: 2_000, reads: [...twice, readAt(47, asHeld)] }),
    inDoubt,
  ],
  ["404 without an attempt in doubt", update({ answer: notFound, reads: twice }), "say failed http404"],
  [
    "404 of a create, after an attempt in doubt",
    create({ answer: notFound, doubtSince: 2_000, reads: [...twiceEmpty, readAt(47, empty)] }),
    "say failed http404",
  ],
  [
    "another refusal of a create, after an attempt in doubt, may be that of a phone that the reads do not show yet",
    create({ doubtSince: 2_000, reads: [...twiceEmpty, readAt(47, empty)] }),
    inDoubt,
  ],
  [
    "Graph's own code is told where it gives one",
    update({ answer: answerOf(http(400, { code: "invalidPhoneNumber" }), at), reads: twice }),
    "say failed invalidPhoneNumber",
  ],
  [
    "an empty code is none",
    update({ answer: answerOf(http(400, { code: "" }), at), reads: twice }),
    "say failed http400",
  ],
];

for (const [name, history, expected] of rows) {
  test(`refused: ${name}: ${expected}`, () => {
    assert.equal(words(nextStep(history, 10_000, timing)), expected);
  });
}

test("without an answer there is nothing to confirm, and the entry is settled", () => {
  assert.equal(words(confirmRefusal(historyOf(changeOf("update")), 10_000, timing)), "read at 1");
  const silent = historyOf(changeOf("update"), { answer: answerOf(undefined, { sentAt: 5_000 }) });
  assert.equal(words(confirmRefusal(silent, 10_000, timing)), "read at 6");
});

test("the reason is told in Graph's words", () => {
  const said = (history: History) => {
    const step = nextStep(history, 10_000, timing);
    return step.do === "say" ? step.outcome.message : undefined;
  };
  assert.equal(said(update({ reads: twice })), "Graph refused it: Graph says so");
  assert.match(said(update({ reads: unanswered })) ?? "", /HTTP 400: Graph says so/);
  assert.match(said(update({ reads: [readAt(10, asThird)] })) ?? "", /\+•• •••••••03/);
  assert.match(said(remove({ reads: twiceGone })) ?? "", /no such user any more/);
  const barred = enable({ reads: [readAt(10, numberSlot(wanted, "notSupported"))] });
  assert.match(said(barred) ?? "", /this phone does not support it/);
});
