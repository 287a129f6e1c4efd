import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeWithoutSend } from "../../src/decide/outcomeWithoutSend.ts";
import type { ChangeKind, Reason } from "../../src/model/change.ts";
import type { Entry } from "../../src/model/run.ts";
import { entryOf } from "./build.ts";

const unchanged = entryOf("unchanged", { attempts: 2 });
const blocker = { entry: entryOf("delete", { seq: 4, phoneType: "office" }), outcome: "inDoubt" } as const;

test("what is so already is said to be", () => {
  assert.deepEqual(outcomeWithoutSend(unchanged), { outcome: "alreadySo", attempts: 2 });
  assert.equal(outcomeWithoutSend(unchanged, blocker).outcome, "alreadySo");
});

test("what the policy keeps is skipped", () => {
  const { message, ...outcome } = outcomeWithoutSend(entryOf("kept"), blocker);
  assert.deepEqual(outcome, { outcome: "skipped", attempts: 0, code: "PREPOP_ROW_KEPT" });
  assert.match(message ?? "", /policy add keeps it/);
});

const writes: readonly ChangeKind[] = ["create", "update", "delete", "enableSms", "disableSms"];
test("what was sent and turned away is not called unsent when the run ends", () => {
  const { message, ...outcome } = outcomeWithoutSend(entryOf("update", { attempts: 2 }));
  assert.deepEqual(outcome, { outcome: "skipped", attempts: 2, code: "PREPOP_ROW_TURNED_AWAY" });
  assert.notEqual(message, outcomeWithoutSend(entryOf("update")).message);
});

const states: readonly (readonly [string, Partial<Entry>, string, string])[] = [
  ["of which nothing was sent", { state: "open" }, "skipped", "PREPOP_ROW_NOT_SENT"],
  ["that is marked as sent", { state: "sent", attempts: 1 }, "inDoubt", "PREPOP_ROW_IN_DOUBT"],
  ["that was in doubt before", { state: "open", doubtSince: 0 }, "inDoubt", "PREPOP_ROW_IN_DOUBT"],
];

for (const kind of writes) {
  for (const [name, more, outcome, code] of states) {
    test(`when the run ends, ${kind} ${name} is ${outcome}`, () => {
      const said = outcomeWithoutSend(entryOf(kind, more));
      assert.deepEqual([said.outcome, said.code, said.attempts], [outcome, code, more.attempts ?? 0]);
      assert.match(said.message ?? "", /the run ended/);
    });
  }

  test(`${kind} after a write of the same user that did not succeed is skipped, and names that one`, () => {
    const { message, ...outcome } = outcomeWithoutSend(entryOf(kind, { attempts: 1 }), blocker);
    assert.deepEqual(outcome, { outcome: "skipped", attempts: 1, code: "PREPOP_ROW_BLOCKED_BY" });
    assert.match(message ?? "", /delete office of the same user came first and was inDoubt \(entry 4\)/);
  });
}

/** What a plan refuses, and a word of why and of what to do. */
const refusals: readonly (readonly [Reason, Partial<Entry>, RegExp, RegExp])[] = [
  ["otherNumber", { to: null }, /another number than the listed one/, /Correct the list/],
  ["otherNumber", {}, /the slot holds another number already/, /phone update/],
  ["masked", {}, /is masked/, /--overwrite-masked/],
  ["masked", { to: null }, /is masked/, /--overwrite-masked/],
  ["defaultMethod", {}, /default sign-in method and no other/, /register another method/],
  ["lastMethod", {}, /without any method/, /--allow-last-method/],
  ["alternateNeedsMobile", {}, /alternate mobile/, /Remove the alternate mobile/],
  ["unreadable", {}, /could not be read/, /Plan again/],
  ["forbidden", {}, /may not read/, /Privileged Authentication Administrator/],
  ["inDoubt", {}, /still in doubt/, /undo` again/],
  ["notByRun", {}, /so already/, /nothing to take back/],
  ["changedSince", {}, /somebody else changed it/, /phone list/],
  ["laterRun", {}, /a later run/, /Undo that run first/],
  ["maskedBefore", {}, /masked, so it is not known/, /register the phone again/],
  ["maskedNow", {}, /masked, so it cannot be told/, /app-only/],
  ["unwritable", {}, /a form that Graph does not take/, /phone update/],
  ["noMobile", {}, /there will be none/, /a mobile first/],
  ["defaultLeft", {}, /did not delete the phone/, /My Security Info/],
];

for (const [reason, more, why, fix] of refusals) {
  test(`refused as ${reason}${more.to === null ? " in a removal" : ""} says why and what to do`, () => {
    const { message, ...outcome } = outcomeWithoutSend(
      entryOf("refused", { reason, attempts: 3, ...more }),
      blocker,
    );
    assert.deepEqual(outcome, { outcome: "refused", attempts: 3, code: "PREPOP_ROW_PLAN_REFUSED" });
    assert.match(message ?? "", /^The plan refused it: /);
    assert.match(message ?? "", why);
    assert.match(message ?? "", fix);
  });
}

test("a reason that has no words of its own is said as it is", () => {
  const { message } = outcomeWithoutSend(entryOf("refused", { reason: "sameNumber" }));
  assert.equal(message, "The plan refused it: sameNumber.");
});
