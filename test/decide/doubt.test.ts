import assert from "node:assert/strict";
import { test } from "node:test";
import { doubtOf } from "../../src/decide/doubt.ts";
import type { Entry } from "../../src/model/run.ts";

/** Since when an entry that a dead process left is in doubt: never earlier than its newest attempt can have left. */

type Left = Pick<Entry, "state" | "sentAt" | "doubtSince">;

const resumedAt = 100_000;

const rows: readonly { readonly name: string; readonly left: Left; readonly since: number | undefined }[] = [
  { name: "nothing was sent", left: { state: "open" }, since: undefined },
  {
    name: "it was marked right before the end: it may have left until now",
    left: { state: "sent", sentAt: 99_000 },
    since: resumedAt,
  },
  {
    name: "it was marked long before: it left half a minute later at the latest",
    left: { state: "sent", sentAt: 10_000 },
    since: 40_000,
  },
  {
    name: "the doubt of its attempt is on record",
    left: { state: "sent", sentAt: 10_000, doubtSince: 12_000 },
    since: 12_000,
  },
  {
    name: "the doubt on record is that of an earlier attempt, and the newest one has no answer",
    left: { state: "sent", sentAt: 99_000, doubtSince: 12_000 },
    since: resumedAt,
  },
  {
    name: "all that was sent was answered, and an earlier attempt is still in doubt",
    left: { state: "open", sentAt: 99_000, doubtSince: 12_000 },
    since: 12_000,
  },
  {
    name: "it was answered",
    left: { state: "open", sentAt: 99_000 },
    since: undefined,
  },
  {
    name: "it is marked as sent, and when is not on record",
    left: { state: "sent", doubtSince: 12_000 },
    since: 12_000,
  },
  {
    name: "the doubt on record is of the moment of the mark",
    left: { state: "sent", sentAt: 10_000, doubtSince: 10_000 },
    since: 10_000,
  },
  {
    name: "the clock was set back since",
    left: { state: "sent", sentAt: 200_000, doubtSince: 150_000 },
    since: 150_000,
  },
];

for (const { name, left, since } of rows) {
  test(`${name}: ${since ?? "no doubt"}`, () => {
    assert.equal(doubtOf(left, resumedAt), since);
  });
}
