import assert from "node:assert/strict";
import { test } from "node:test";
import { deliveryOf, isReached, type PolicyReach, providerOf } from "../../src/decide/delivery.ts";
import type { MethodPolicy } from "../../src/model/health.ts";
import type { PhoneType } from "../../src/model/phone.ts";
import { aChange } from "../report/build.ts";

/** What codes a number gets is decided by two policies: texts reach mobiles, calls reach every phone that is allowed. */

const policy = (more: Partial<MethodPolicy> = {}): MethodPolicy => ({
  enabled: true,
  targets: [],
  excluded: [],
  ...more,
});
const reach = (covers: boolean | undefined, more: Partial<MethodPolicy> = {}): PolicyReach => ({
  policy: policy(more),
  covers: () => covers,
});
const off = reach(true, { enabled: false });
const yes = reach(true);
const no = reach(false);
const unsure = reach(undefined);

type Case = readonly [
  type: PhoneType,
  sms: PolicyReach | undefined,
  voice: PolicyReach | undefined,
  reached: boolean | undefined,
];

const cases: readonly Case[] = [
  ["mobile", yes, off, true],
  ["mobile", yes, undefined, true],
  ["mobile", off, yes, true],
  ["mobile", off, off, false],
  ["mobile", no, no, false],
  ["mobile", no, yes, true],
  ["mobile", unsure, no, undefined],
  ["mobile", no, unsure, undefined],
  ["mobile", unsure, yes, true],
  ["mobile", undefined, off, undefined],
  ["mobile", undefined, undefined, undefined],
  ["alternateMobile", yes, off, false],
  ["alternateMobile", off, yes, true],
  ["alternateMobile", yes, unsure, undefined],
  ["office", yes, yes, true],
  ["office", yes, reach(true, { officePhones: false }), false],
  ["office", yes, reach(undefined, { officePhones: false }), false],
  ["office", off, reach(true, { officePhones: true }), true],
  ["office", yes, undefined, undefined],
];

for (const [at, [phoneType, sms, voice, reached]] of cases.entries()) {
  test(`${phoneType} ${at} is ${reached === undefined ? "not known to be" : reached ? "" : "not"} reached`, () => {
    assert.equal(isReached(aChange("create", { phoneType }), { sms, voice }), reached);
  });
}

const provider = (evaluation: boolean, percent?: number) =>
  policy({ provider: { evaluation, ...(percent === undefined ? {} : { percent }) } });

const providers: readonly (readonly [string, readonly MethodPolicy[], string])[] = [
  ["no settings", [policy(), policy()], "none"],
  ["one for texts", [provider(false, 100), policy()], "own"],
  ["one without a share", [provider(false)], "own"],
  ["one that gets nothing yet", [provider(false, 0)], "trial"],
  ["one under evaluation", [provider(true, 50)], "trial"],
  ["one of each", [provider(true), provider(false, 1)], "own"],
];

for (const [name, policies, is] of providers) {
  test(`${name}: the provider is ${is}`, () => assert.equal(providerOf(policies), is));
}

test("what cannot be read is unknown, and the day is only there where one is named", () => {
  assert.deepEqual(deliveryOf({ sms: undefined, voice: undefined }, "2027-02-01"), {
    sms: "unknown",
    voice: "unknown",
    provider: "unknown",
    endsOn: "2027-02-01",
  });
  assert.deepEqual(deliveryOf({ sms: yes, voice: off }, undefined), {
    sms: "on",
    voice: "off",
    provider: "none",
  });
});
