import assert from "node:assert/strict";
import { test } from "node:test";
import { connected, userId } from "./connected.ts";

const dates: readonly (readonly [date: string, notice: string | undefined])[] = [
  ["Tue, 24 Nov 2026 00:05:00 GMT", undefined],
  ["Mon, 23 Nov 2026 23:55:00 GMT", undefined],
  ["Tue, 24 Nov 2026 00:12:00 GMT", "The clock here is 12 min behind that of Microsoft Graph."],
  ["Mon, 23 Nov 2026 23:00:00 GMT", "The clock here is 60 min ahead of that of Microsoft Graph."],
  ["some day", undefined],
];
for (const [date, notice] of dates) {
  test(`at midnight here, an answer of ${date} ${notice === undefined ? "says nothing" : "is said once"}`, async () => {
    await using it = await connected(() => ({ headers: { date }, json: { value: [] } }));
    await it.graph.listPhones(userId);
    await it.graph.listPhones(userId);
    assert.deepEqual(it.notices, notice === undefined ? [] : [notice]);
  });
}
