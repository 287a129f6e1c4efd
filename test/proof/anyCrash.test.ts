import assert from "node:assert/strict";
import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { Interrupted } from "../../src/engine/stop.ts";
import { openLedger } from "../../src/ledger/ledger.ts";
import { isWrite } from "../../src/model/change.ts";
import type { FaultRule } from "../../src/sandbox/sandbox.ts";
import { anyCase, notBack, rosterOf, standing, tenantOf, unguarded } from "../support/anyCase.ts";
import type { CliRun, Line } from "../support/cli.ts";
import { leftBehind, toldIn } from "../support/crashCase.ts";
import { temporaryFolder, testKey } from "../support/ledgerData.ts";
import { prepop } from "../support/rehearse.ts";
import type { Tenant } from "../support/tenant.ts";
import { contradictions, judgeRun, usersOf } from "../support/truth.ts";

/**
 * The laws of apply and undo for any small list, any state of the tenant and any policy, where writes and reads meet faults
 * and the process dies on the way: at the end the tenant is as wanted, a new plan is empty, and an undo that dies as well
 * brings everything back but what it names.
 */

const kinds = [
  "committedThen504",
  "committedThen500",
  "committedThen409",
  "committedThenReset",
  "resetBefore",
  "serverError",
  "unavailable",
  "throttled",
  "unreadableBody",
  "batchFailsMidway",
  "batchMissingItems",
  "batchOuter424",
  "batchShuffled",
] as const;

const fault: fc.Arbitrary<FaultRule> = fc
  .record({
    kind: fc.constantFrom(...kinds),
    times: fc.integer({ min: 1, max: 3 }),
    match: fc.constantFrom<NonNullable<FaultRule["match"]>>({ effect: "write" }, { operation: "listPhones" }),
  })
  .map(({ match, ...rule }) => (rule.kind.startsWith("batch") ? rule : { ...rule, match }));

const hurt = fc.record({
  given: anyCase,
  faults: fc.array(fault, { maxLength: 4 }),
  /** At which write each life ends; no more deaths after the last. */
  deaths: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }),
  undoDeaths: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 2 }),
  again: fc.boolean(),
  packed: fc.boolean(),
});

const seen = { runs: 0, deaths: 0, faults: 0, writes: 0 };
const runs = Number(process.env.PREPOP_ANY_RUNS ?? 60);

test("after deaths and faults the tenant is as wanted, a new plan is empty, and undo brings back the start", async t => {
  await fc.assert(
    fc.asyncProperty(hurt, async ({ given, faults, deaths, undoDeaths, again, packed }) => {
      await using tenant = await tenantOf(given);
      const start = standing(tenant, given.shared);
      const before = usersOf(tenant.sandbox);
      const begun = tenant.sandbox.log.length;
      const { roster, options } = rosterOf(given);
      const pace = packed ? [] : ["--no-batch"];
      const apply = ["apply", roster, ...options, ...unguarded, ...pace];
      const resume = ["resume", "--yes", "--json", "--show-numbers", ...pace];
      tenant.sandbox.setFaults(faults);
      const applied = await livesOf(
        tenant,
        temporaryFolder(),
        apply,
        again ? apply : resume,
        deaths,
        () => true,
      );
      if (!applied) return;
      const judge = (home: string, run: string, from: number, then: typeof before): void => {
        const verdict = judgeRun(toldIn(home, run), {
          log: tenant.sandbox.log.slice(from),
          before: then,
          after: id => tenant.sandbox.user(id),
          stalenessMs: 0,
        });
        assert.deepEqual(contradictions(verdict), []);
        assert.equal(verdict.needless, 0);
      };
      judge(applied.home, applied.run, begun, before);
      tenant.sandbox.setFaults([]);
      await assertNothingLeft(tenant, applied.home, applied.run, ["plan", roster, ...options, "--json"]);

      const middle = usersOf(tenant.sandbox);
      const from = tenant.sandbox.log.length;
      tenant.sandbox.setFaults(faults);
      const undo = ["undo", applied.run, ...unguarded, ...pace];
      const goOn = again ? undo : resume;
      const isUndo = (left: NonNullable<ReturnType<typeof leftBehind>>): boolean =>
        left.run.undoes === applied.run;
      const undone = await livesOf(tenant, applied.home, undo, goOn, undoDeaths, isUndo);
      assert.ok(undone);
      judge(undone.home, undone.run, from, middle);
      const lines = linesOf(undone.home, undone.run);
      assert.deepEqual(notBack(tenant, given.shared, start, { of: () => lines }), [], JSON.stringify(lines));
      const { log } = tenant.sandbox;
      seen.runs++;
      seen.faults += log.filter(entry => entry.fault).length;
      seen.writes += log.filter(({ executed }) => executed).length;
    }),
    {
      numRuns: runs,
      seed: Number(process.env.PREPOP_ANY_SEED ?? 20261128),
    },
  );
  t.diagnostic(JSON.stringify(seen));
  assert.ok(seen.deaths > runs / 2 && seen.faults > runs / 2, "it was hardly hurt");
});

const mostLives = 12;

/** Lives until a run is done, the first of them dying at the writes given. Undefined where there is nothing to run. */
async function livesOf(
  tenant: Tenant,
  firstHome: string,
  begin: readonly string[],
  goOn: readonly string[],
  deaths: readonly number[],
  isBegun: (left: NonNullable<ReturnType<typeof leftBehind>>) => boolean,
): Promise<{ readonly home: string; readonly run: string } | undefined> {
  let home = firstHome;
  for (let life = 0; life < mostLives; life++) {
    const newest = leftBehind(home);
    const left = newest && isBegun(newest) ? newest : undefined;
    if (left?.run.state === "done") return { home, run: left.run.id };
    const lived = await live(tenant, home, left ? goOn : begin, deaths[life]);
    if (lived.died) {
      seen.deaths++;
      home = lived.home;
      continue;
    }
    assert.ok([0, 3, 5].includes(lived.ended.exitCode), `${lived.ended.stdout}${lived.ended.stderr}`);
    if (!leftBehind(home)) return undefined;
  }
  throw new Error(`No end after ${mostLives} lives: ${leftBehind(home)?.run.state}.`);
}

/**
 * One process. When it dies, its ledger is what lay on the disk at that write, which has taken effect; what else is under way
 * may still arrive, but nothing new is sent.
 */
async function live(
  tenant: Tenant,
  home: string,
  argv: readonly string[],
  diesAt: number | undefined,
): Promise<
  { readonly died: true; readonly home: string } | { readonly died: false; readonly ended: CliRun }
> {
  const life = new AbortController();
  let left: string | undefined;
  let writes = 0;
  tenant.sandbox.interfere(({ effect }) => {
    if (effect !== "write" || left !== undefined || ++writes !== diesAt) return;
    left = copyOf(home);
    life.abort(new Interrupted());
  });
  const env = { ...tenant.env, PREPOP_HOME: home, PREPOP_LEDGER_KEY: testKey };
  const ended = await prepop(tenant, argv, { env, signal: life.signal });
  tenant.sandbox.interfere(undefined);
  return left === undefined ? { died: false, ended } : { died: true, home: left };
}

function copyOf(home: string): string {
  const copy = temporaryFolder();
  for (const name of ["ledger.db", "ledger.db-wal"]) {
    if (existsSync(join(home, name))) copyFileSync(join(home, name), join(copy, name));
  }
  return copy;
}

/** What was done is not planned again; where all was done, nothing is. */
async function assertNothingLeft(
  tenant: Tenant,
  home: string,
  run: string,
  argv: readonly string[],
): Promise<void> {
  const told = toldIn(home, run).filter(({ change }) => isWrite(change));
  const isDone = ({ outcome }: (typeof told)[number]): boolean =>
    outcome === "applied" || outcome === "alreadySo";
  const key = ({ kind, userId, phoneType }: Readonly<Record<string, unknown>>): string =>
    `${userId} ${phoneType} ${kind === "enableSms" || kind === "disableSms"}`;
  const done = new Set(told.filter(isDone).map(({ change }) => key(change)));
  const plan = await prepop(tenant, argv, { env: { ...tenant.env, PREPOP_HOME: temporaryFolder() } });
  const writes = plan
    .of("change")
    .filter(change => isWrite(change as unknown as Parameters<typeof isWrite>[0]));
  assert.deepEqual(
    writes.filter(change => done.has(key(change))),
    [],
  );
  if (told.every(isDone)) assert.deepEqual(writes, []);
}

function linesOf(home: string, run: string): readonly Line[] {
  const ledger = openLedger({ home, key: testKey });
  try {
    return Array.from(ledger.outcomes(run), ({ entry, outcome, ...said }) => ({
      type: "outcome",
      userId: entry.userId,
      kind: entry.kind,
      phoneType: entry.phoneType,
      outcome,
      code: "code" in said ? (said.code ?? null) : null,
    }));
  } finally {
    ledger.close();
  }
}
