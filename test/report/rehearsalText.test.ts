import assert from "node:assert/strict";
import { test } from "node:test";
import { type RehearsalView, rehearsalText } from "../../src/report/rehearsalText.ts";
import { contoso } from "./build.ts";

const counts = { applied: 5_990, alreadySo: 0, refused: 8, failed: 2, inDoubt: 0, skipped: 0, issues: 0 };

const view: RehearsalView = {
  tenant: contoso,
  source: "employees.xlsx",
  open: 0,
  expected: {
    planSeconds: 4,
    runSeconds: 150,
    seconds: 154,
    requests: 3_499,
    writes: 6_030,
    throttled: 30,
    counts,
  },
  assumed: {
    quota: { burst: 3_000, perSecond: 20 },
    latencyMs: 151.8,
    faults: [
      { kind: "throttled", probability: 0.005 },
      { kind: "committedThen504", probability: 1 },
    ],
  },
};

const shown = (more: Partial<RehearsalView> = {}): string =>
  [...rehearsalText({ ...view, ...more }, { width: 120, color: false, showNumbers: false })].join("\n");

test("a rehearsal says what was assumed, what to expect, and that nothing was sent", () => {
  assert.equal(
    shown().replaceAll("\u00a0", " "),
    `rehearse · Contoso Ltd. · contoso.com · 8b1f0c1e-27a5-4d0a-9c58-0f4f0d2e6b11
employees.xlsx was applied to an invented tenant on this machine. Nothing was sent to yours.
Assumed: 3,000 writes at once and 20 a second, an answer after 152 ms, throttled in 0.5 % and committedThen504 in 100 %.

time        2 min 34 s: 4 s for the plan, 2 min 30 s for the run
requests    3,499 HTTP requests with 6,030 writes
throttling  30 operations slowed down (429), 0.5 % of the writes
outcomes    5,990 applied, 8 refused and 2 failed`,
  );
});

const cases: readonly {
  readonly name: string;
  readonly more: Partial<RehearsalView>;
  readonly says: RegExp;
}[] = [
  {
    name: "a plan that was not made now has no time of its own",
    more: { expected: { ...view.expected, planSeconds: 0, seconds: 150 } },
    says: /time\s+2 min 30 s\n/,
  },
  {
    name: "no throttling is said so",
    more: { expected: { ...view.expected, throttled: 0 } },
    says: /throttling\s+none/,
  },
  {
    name: "no quota and no faults are said so",
    more: { assumed: { quota: null, latencyMs: 0, faults: [] } },
    says: /no limit to writes, an answer after 0 ms, no faults\./,
  },
  { name: "what was left open is counted", more: { open: 40 }, says: /and 40 not finished/ },
  {
    name: "a plan of nothing says so",
    more: {
      expected: {
        ...view.expected,
        counts: { ...counts, applied: 0, refused: 0, failed: 0 },
      },
    },
    says: /outcomes\s+nothing to be done/,
  },
];

for (const { name, more, says } of cases) {
  test(name, () => assert.match(shown(more), says));
}
