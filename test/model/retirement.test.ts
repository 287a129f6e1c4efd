import assert from "node:assert/strict";
import { test } from "node:test";
import { type Cloud, cloudNames } from "../../src/model/clouds.ts";
import {
  endOfDelivery,
  retirementDays,
  retirementRead,
  retirementSource,
} from "../../src/model/retirement.ts";

/** Microsoft's plan as its page had it on the day that it was read: dates for the global cloud, none for the others. */
const ends: Readonly<Record<Cloud, string | undefined>> = {
  global: "2027-02-01",
  usgov: undefined,
  "usgov-dod": undefined,
  china: undefined,
};

const isoDay = /^20\d\d-\d\d-\d\d$/;

for (const cloud of cloudNames) {
  test(`${cloud}: delivery ends ${ends[cloud] ?? "on no day that is named"}`, () => {
    assert.equal(endOfDelivery(cloud), ends[cloud]);
    const days = retirementDays[cloud].map(({ day }) => day);
    assert.deepEqual(days, days.toSorted());
    for (const day of days) assert.match(day, isoDay);
    assert.ok(retirementDays[cloud].filter(each => each.ends).length <= 1);
  });
}

test("the table says where it is from and when that was read", () => {
  assert.match(retirementSource, /^https:\/\/learn\.microsoft\.com\/.*concept-sms-voice-retirement$/);
  assert.match(retirementRead, isoDay);
});
