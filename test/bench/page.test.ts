import assert from "node:assert/strict";
import { test } from "node:test";
import { chart } from "../../bench/chart.ts";
import { judge } from "../../bench/figures.ts";
import { withFigures } from "../../bench/page.ts";
import type { BenchRecord } from "../../bench/record.ts";
import { aCase, aMachine, aMeasurement, aReadCase } from "./build.ts";

const results: BenchRecord["results"] = [
  {
    case: aCase({ targets: [{ kind: "seconds", most: 5 }], quota: { burst: 200, perSecond: 100 } }),
    measurements: [
      aMeasurement(),
      aMeasurement({ contender: "flow2020", seconds: 40, done: 900 }),
      aMeasurement({ contender: "microsoft", seconds: 40 }),
    ],
  },
  { case: aReadCase(), measurements: [aMeasurement({ peakMb: 250 })] },
];
const record: BenchRecord = { machine: aMachine(), results, judged: judge(results) };

const page = `Before.

<!-- Figures: made by \`node bench/publish.ts\`, not by hand. -->
old
<!-- End of the figures. -->
After.
`;

test("the figures come between the marks of the page and nowhere else", () => {
  const once = withFigures(page, record);
  assert.match(once, /^Before\.\n/);
  assert.match(once, /\nAfter\.\n$/);
  assert.doesNotMatch(once, /\nold\n/);
  assert.match(once, /Measured 2026-11-24 on a CPU, 2 cores/);
  assert.match(once, /\| creates \| whole process, s \| at most 5 \| 10 \| \*\*missed\*\* \|/);
  assert.match(once, /\| check: prepop check \| 10 s \| 1 s \| 250 MB \|/);
  assert.equal(withFigures(once, record), once);
});

test("a page without the marks is refused", () => {
  assert.throws(() => withFigures("Before. After.", record), /no place for the figures/);
});

test("the chart has a point for each contender, a line for the quota, and says where the figures are from", () => {
  const drawn = chart({ ...record, machine: aMachine({ cpu: "A & B <8>" }) });
  // Four points are the legend's.
  assert.equal(drawn.match(/<circle /g)?.length, 4 + 3);
  assert.match(drawn, />40 s, 90 % done</);
  assert.match(drawn, />150 ms, quota 200 \+ 100 a second</);
  assert.match(drawn, /A &amp; B &lt;8>, 2 cores/);
  assert.equal(drawn.match(/stroke-dasharray/g)?.length, 1);
});
