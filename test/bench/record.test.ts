import assert from "node:assert/strict";
import { test } from "node:test";
import { cases, type WriteCase } from "../../bench/cases.ts";
import type { Machine } from "../../bench/machine.ts";
import type { ContenderName } from "../../bench/measurement.ts";
import { type BenchRecord, mergeInto } from "../../bench/record.ts";
import { aMachine, aMeasurement } from "./build.ts";

function aRecord(name: string, seconds: Partial<Record<ContenderName, number>>, more: Partial<Machine> = {}) {
  const found = cases.find(each => each.name === name) as WriteCase;
  const measurements = Object.entries(seconds).map(([contender, value]) =>
    aMeasurement({ contender: contender as ContenderName, seconds: value }),
  );
  return {
    machine: aMachine(more),
    results: [{ case: found, measurements }],
    judged: [],
  } satisfies BenchRecord;
}

const timesIn = (record: BenchRecord) =>
  record.results.map(({ case: each, measurements }) => [
    each.name,
    ...measurements.map(({ contender, seconds }) => `${contender} ${seconds}`),
  ]);

test("the summary keeps the newest figure of every case and contender, in the order of the cases", () => {
  const slow = mergeInto(undefined, aRecord("slow", { prepop: 9, flow2020: 40 }));
  const both = mergeInto(slow, aRecord("creates", { prepop: 5 }));
  const again = mergeInto(both, aRecord("slow", { prepop: 8 }));
  assert.deepEqual(timesIn(again), [
    ["creates", "prepop 5"],
    ["slow", "prepop 8", "flow2020 40"],
  ]);
  assert.equal(again.judged.find(each => each.what.includes("flow2020"))?.value, 0.2);
});

test("figures of another machine are not carried on", () => {
  const before = aRecord("slow", { prepop: 9 });
  const after = mergeInto(before, aRecord("creates", { prepop: 5 }, { cpu: "another" }));
  assert.deepEqual(timesIn(after), [["creates", "prepop 5"]]);
});
