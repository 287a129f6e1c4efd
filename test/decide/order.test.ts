import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { order } from "../../src/decide/order.ts";
import type { Change } from "../../src/model/change.ts";
import { changeOf } from "./build.ts";

const words = (changes: readonly Change[]): readonly string[] =>
  changes.map(({ kind, phoneType }) => `${kind} ${phoneType}`);

const nothing = changeOf("unchanged");
const kept = changeOf("kept", { phoneType: "alternateMobile" });
const refused = changeOf("refused", { phoneType: "office" });
const toPush = { switchDefault: { from: "sms", to: "push" } } as const;

/** Lists in the order in which they must be sent. */
const lists: readonly (readonly [string, readonly Change[]])[] = [
  [
    "what sends nothing, then what is written, mobile before alternate mobile",
    [
      nothing,
      kept,
      refused,
      changeOf("create"),
      changeOf("update", { phoneType: "alternateMobile" }),
      changeOf("create", { phoneType: "office" }),
    ],
  ],
  [
    "SMS sign-in right after the mobile it belongs to",
    [
      changeOf("update"),
      changeOf("enableSms"),
      changeOf("create", { phoneType: "alternateMobile" }),
      changeOf("delete", { phoneType: "office" }),
    ],
  ],
  [
    "so it is disabled",
    [
      changeOf("create"),
      changeOf("disableSms"),
      changeOf("update", { phoneType: "alternateMobile" }),
      changeOf("update", { phoneType: "office" }),
    ],
  ],
  [
    "what is written before what is removed, and alternate mobile before mobile then",
    [
      changeOf("create", { phoneType: "office" }),
      changeOf("delete", { phoneType: "alternateMobile" }),
      changeOf("delete"),
    ],
  ],
  [
    "an office phone goes before both",
    [
      changeOf("delete", { phoneType: "office" }),
      changeOf("delete", { phoneType: "alternateMobile" }),
      changeOf("delete"),
    ],
  ],
  [
    "the default office phone goes last",
    [
      changeOf("delete", { phoneType: "alternateMobile" }),
      changeOf("delete"),
      changeOf("delete", { phoneType: "office", ...toPush }),
    ],
  ],
  [
    "the default alternate mobile goes before the mobile all the same",
    [
      changeOf("delete", { phoneType: "office" }),
      changeOf("delete", { phoneType: "alternateMobile", ...toPush }),
      changeOf("delete"),
    ],
  ],
  [
    "the default mobile goes last",
    [
      changeOf("delete", { phoneType: "office" }),
      changeOf("delete", { phoneType: "alternateMobile" }),
      changeOf("delete", toPush),
    ],
  ],
];

for (const [name, list] of lists) {
  test(`${name}, however the changes come`, () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...list], { minLength: list.length }), shuffled => {
        assert.deepEqual(words(order(shuffled)), words(list));
      }),
      { seed: 20261128, numRuns: 60 },
    );
  });
}
