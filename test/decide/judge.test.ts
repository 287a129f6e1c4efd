import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "../../src/decide/judge.ts";
import type { Slot } from "../../src/decide/slot.ts";
import type { Change, ChangeKind } from "../../src/model/change.ts";
import { type SmsSignInState, smsSignInStates } from "../../src/model/phone.ts";
import { changeOf, empty, held, maskedSlot, numberSlot, third, wanted } from "./build.ts";

const masks = { held: "+31 XXXXXXX01", wanted: "+31 XXXXXXX02", third: "+31 XXXXXXX03" };
const maskedBefore: Partial<Change> = { from: masks.held };

/** A kind of change, what its plan noted besides, what a read shows, and what that means. */
const rows: readonly (readonly [ChangeKind, string, Slot, string, Partial<Change>?])[] = [
  ["create", "an empty slot", empty, "from"],
  ["create", "the wanted number", numberSlot(wanted), "wanted"],
  ["create", "the wanted number, spelled without its space", numberSlot("+31612345602"), "wanted"],
  ["create", "another number", numberSlot(third), "other"],
  ["create", "a mask that fits", maskedSlot(masks.wanted), "wanted"],
  ["create", "a mask that does not fit", maskedSlot(masks.third), "other"],
  [
    "create",
    "a mask, where the wanted number has no canonical form",
    maskedSlot("+31X"),
    "other",
    { to: "+316" },
  ],
  ["create", "a mask, where nothing is wanted", maskedSlot(masks.wanted), "other", { to: null }],
  ["create", "a number, where nothing is wanted", numberSlot(wanted), "other", { to: null }],
  ["delete", "an empty slot", empty, "wanted"],
  ["delete", "the number as it was", numberSlot(held), "from"],
  ["delete", "another number", numberSlot(third), "other"],
  ["delete", "the mask as it was", maskedSlot(masks.held), "from", maskedBefore],
  ["delete", "another mask", maskedSlot(masks.third), "other", maskedBefore],
  ["delete", "the number, where the plan saw its mask", numberSlot(held), "other", maskedBefore],
  ["update", "the number as it was", numberSlot(held), "from"],
  ["update", "the wanted number", numberSlot(wanted), "wanted"],
  ["update", "a third number", numberSlot(third), "other"],
  ["update", "an empty slot", empty, "other"],
  ["update", "the mask as it was", maskedSlot(masks.held), "from", maskedBefore],
  ["update", "a mask that fits the wanted number, which proves nothing", maskedSlot(masks.wanted), "hidden"],
  ["update", "a mask that fits nothing", maskedSlot(masks.third), "hidden"],
];

for (const [kind, shown, slot, expected, more] of rows) {
  test(`${kind}: ${shown} is ${expected}`, () => {
    const { kind: seen, ...rest } = judge(changeOf(kind, more), slot);
    assert.equal(seen, expected);
    if ("already" in rest) assert.equal(rest.already, false);
  });
}

const sms = (kind: ChangeKind, slot: Slot) => judge(changeOf(kind, { from: wanted }), slot);

const enabling: Readonly<Record<SmsSignInState, string>> = {
  ready: "wanted already",
  notAllowedByPolicy: "barred",
  notSupported: "barred",
  notEnabled: "from",
  notConfigured: "from",
  phoneNumberNotUnique: "from",
  unknownFutureValue: "from",
};

for (const state of smsSignInStates) {
  const said = (kind: ChangeKind) => {
    const seen = sms(kind, numberSlot(wanted, state));
    return `${seen.kind}${"already" in seen && seen.already ? " already" : ""}`;
  };
  test(`SMS sign-in that is ${state}: to enable it is ${enabling[state]}`, () => {
    assert.equal(said("enableSms"), enabling[state]);
  });
  test(`SMS sign-in that is ${state}: to disable it is ${state === "ready" ? "to be done" : "done"}`, () => {
    assert.equal(said("disableSms"), state === "ready" ? "from" : "wanted already");
  });
}

for (const kind of ["enableSms", "disableSms"] as const) {
  test(`${kind} is of the number that the plan wrote and of no other`, () => {
    assert.equal(sms(kind, empty).kind, "other");
    assert.equal(sms(kind, numberSlot(third, "ready")).kind, "other");
  });
  test(`${kind} goes by the state where the number is masked`, () => {
    assert.equal(sms(kind, maskedSlot(masks.third, "ready")).kind, kind === "enableSms" ? "wanted" : "from");
  });
  test(`${kind} of a phone whose state is not told`, () => {
    assert.equal(sms(kind, numberSlot(wanted)).kind, kind === "enableSms" ? "from" : "wanted");
  });
}

test("a state that no request changes is named, with its reason", () => {
  assert.deepEqual(sms("enableSms", numberSlot(wanted, "notSupported")), {
    kind: "barred",
    found: "+•• •••••••02",
    state: "notSupported",
    message: "SMS sign-in cannot be enabled: this phone does not support it.",
  });
  assert.deepEqual(sms("enableSms", numberSlot(wanted, "notAllowedByPolicy")), {
    kind: "barred",
    found: "+•• •••••••02",
    state: "notAllowedByPolicy",
    message:
      "SMS sign-in cannot be enabled: the tenant's SMS policy does not let this user sign in with a number.",
  });
});

test("what was found is said without the digits of a number", () => {
  assert.equal(judge(changeOf("update"), empty).found, "no phone");
  assert.equal(judge(changeOf("update"), numberSlot(third)).found, "+•• •••••••03");
  assert.equal(judge(changeOf("update"), maskedSlot(masks.third)).found, "a number whose digits are hidden");
});
