import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { chaosCase } from "../support/chaosCase.ts";
import { killAgainAndAgain } from "../support/killedRun.ts";
import { contradictions } from "../support/truth.ts";

/**
 * Real processes that are killed with -9, against a sandbox in another one; the horizon is scaled to one second. Ten kills
 * and what becomes of writes: `npm run chaos` has many more, outages and all that holds a process up for long.
 */

type Case = { readonly name: string; readonly seed: number; readonly pace: readonly string[] };

const cases: readonly Case[] = [
  { name: "packed requests", seed: 1, pace: ["--concurrency", "1"] },
  { name: "single requests", seed: 2, pace: ["--no-batch", "--concurrency", "20"] },
];

describe("killed processes", { concurrency: cases.length }, () => {
  for (const { name, seed, pace } of cases) {
    test(`kill -9 again and again with ${name}: nobody is wrong, nothing is lost, no word is untrue`, async t => {
      const given = chaosCase(seed, { users: 100, kills: 3, undoKills: 3, quick: true });
      const { verdict, ...figures } = await killAgainAndAgain({ ...given, pace });
      t.diagnostic(JSON.stringify({ ...figures, needless: verdict.needless }));
      // One of them may come too late: the process was done.
      assert.ok(figures.kills >= 5, `${figures.kills} kills`);
      assert.ok(verdict.needless <= figures.inFlight, `${verdict.needless} needless writes`);
      assert.deepEqual(contradictions(verdict), []);
    });
  }
});
