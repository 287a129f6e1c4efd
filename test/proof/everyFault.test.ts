import assert from "node:assert/strict";
import { test } from "node:test";
import { applyPlan } from "../../src/engine/apply.ts";
import { resumeRun } from "../../src/engine/resume.ts";
import { type Change, type ChangeKind, writeKinds } from "../../src/model/change.ts";
import { phoneMethodIds } from "../../src/model/phone.ts";
import type { Outcome } from "../../src/model/run.ts";
import { type FaultKind, faultKinds } from "../../src/sandbox/faults/kinds.ts";
import type { FaultRule, SandboxConfig } from "../../src/sandbox/sandbox.ts";
import { changeFor, crashPace, openLimits, planOf, toldIn } from "../support/crashCase.ts";
import { temporaryFolder } from "../support/ledgerData.ts";
import { seeded } from "../support/seeded.ts";
import { contradictions, judgeRun, type Told, usersOf } from "../support/truth.ts";
import { aWorld, type Engine } from "../support/world.ts";

/**
 * Every kind of fault that the sandbox has, on every kind of write: what is said of each change is what the tenant's own
 * record says. A new kind of fault or of write takes part by itself.
 */

const each = 4;
const kinds: readonly ChangeKind[] = writeKinds;

const operations: Readonly<Record<string, string>> = {
  create: "createPhone",
  update: "updatePhone",
  delete: "deletePhone",
  enableSms: "enableSms",
  disableSms: "disableSms",
};

/** Faults of requests that no write and no read of a user's phones makes: how they are met stands in test/graph. */
const elsewhere: ReadonlySet<FaultKind> = new Set(["foreignNextLink"]);

type Strength = { readonly name: string; readonly of: (rule: FaultRule) => FaultRule };

const strengths: readonly Strength[] = [
  { name: "the first times", of: rule => ({ to: each / 2, ...rule }) },
  { name: "every time", of: rule => rule },
];

type Tenant = Pick<SandboxConfig, "errorCodes" | "stalenessMs">;

/** Nobody has published what Graph answers to a second phone of a type: a conflict, or a refusal for good. */
const conflict: Tenant["errorCodes"] = { phoneTypeTaken: { status: 409, code: "conflict" } };
const refusal: Tenant["errorCodes"] = { phoneTypeTaken: { status: 400, code: "badRequest" } };

const tenants: readonly { readonly name: string; readonly config: Tenant }[] = [
  { name: "reads that show what is there", config: { errorCodes: conflict, stalenessMs: 0 } },
  { name: "reads that lag ten seconds", config: { errorCodes: refusal, stalenessMs: 10_000 } },
];

for (const kind of Object.keys(faultKinds) as FaultKind[]) {
  if (elsewhere.has(kind)) continue;
  const { when } = faultKinds[kind];
  for (const packed of when === "batch" ? [true] : [true, false]) {
    test(`${kind}, ${packed ? "packed" : "single"} requests: every outcome is true`, async t => {
      for (const strength of strengths) {
        for (const { name, config } of tenants) {
          await t.test(`${strength.name}, ${name}`, async () => {
            const { struck, stopped } = await runWith({
              packed,
              rules: rulesOf(kind).map(strength.of),
              config,
            });
            const missed = writeKinds.filter(write => !struck.has(struckName(kind, write)));
            assert.notEqual(struck.size, 0);
            // Who lost the right to write sends nothing more.
            if (!stopped) assert.deepEqual(missed, [], "writes that the fault did not strike");
          });
        }
      }
    });
  }
}

const doubts = (Object.keys(faultKinds) as FaultKind[]).filter(kind => kind.startsWith("committed"));

for (const kind of doubts) {
  for (const packed of [true, false]) {
    test(`${kind} for all, ${packed ? "packed" : "single"} requests, and reads that lag for longer than the horizon: in doubt, nothing else`, async () => {
      for (const errorCodes of [conflict, refusal]) {
        const config = { errorCodes, stalenessMs: 3_600_000 };
        const { said } = await runWith({ packed, rules: rulesOf(kind), config });
        assert.deepEqual([...new Set(said.map(({ outcome }) => outcome))], ["inDoubt"]);
      }
    });
  }
}

/** The rules that have a fault strike every kind of write. */
function rulesOf(kind: FaultKind): readonly FaultRule[] {
  if (faultKinds[kind].when === "batch") return [{ kind }];
  if (faultKinds[kind].when === "read") return [{ kind, match: { operation: "listPhones" } }];
  // The users are new for as long as this takes.
  const ms = kind === "userNotFoundYet" ? { ms: 60_000 } : {};
  return writeKinds.map(write => ({ kind, ...ms, match: { operation: operations[write] ?? write } }));
}

/** The operation that a fault spoils on the way to a write. */
function struckName(kind: FaultKind, write: ChangeKind): string {
  const { when } = faultKinds[kind];
  return when === "batch" ? "batch" : when === "read" ? "listPhones" : (operations[write] ?? write);
}

type Given = {
  readonly packed: boolean;
  readonly rules: readonly FaultRule[];
  readonly config: SandboxConfig;
};

/** Runs all kinds of writes through the fault, then without it; after both every word must be true. */
async function runWith({ packed, rules, config }: Given) {
  const world = aWorld({
    random: seeded(1),
    batch: packed,
    concurrency: packed ? 2 : 40,
    config: { ...config, smsPolicy: { usableForSignIn: true }, logLimit: 100_000 },
  });
  const { sandbox, clock } = world;
  const changes = seedWrites(sandbox);
  await clock.sleep(config.stalenessMs ?? 0);
  const before = usersOf(sandbox);
  const begun = sandbox.log.length;
  sandbox.setFaults(rules);
  const limits = openLimits;
  const pace = { ...crashPace, batch: packed, concurrency: packed ? 2 : 40 };
  const plan = planOf(changes, [...before.values()], sandbox.tenantId, clock.wall());
  const home = temporaryFolder();
  const judge = (told: readonly Told[]): void => {
    const verdict = judgeRun(told, {
      log: sandbox.log.slice(begun),
      before,
      after: id => sandbox.user(id),
      stalenessMs: config.stalenessMs ?? 0,
    });
    assert.deepEqual(contradictions(verdict), []);
  };

  const first = await world.live(home, ({ edges, ledger }: Engine) =>
    applyPlan({ plan, ledger, limits, pace, command: "apply" }, edges),
  );
  assert.ok(first.kind === "ended");
  const said: readonly Outcome[] = first.outcomes;
  judge(first.outcomes.map(({ entry, outcome }) => ({ change: entry, outcome })));
  assert.equal(said.length, changes.length);
  const struck = new Set(
    sandbox.log.slice(begun).flatMap(({ fault, operation }) => (fault ? [operation] : [])),
  );

  sandbox.setFaults([]);
  await clock.sleep(config.stalenessMs ?? 0);
  if (first.end.state !== "done") {
    const second = await world.live(home, ({ edges, ledger }) =>
      resumeRun({ run: first.end.run, ledger, limits, pace }, edges),
    );
    assert.ok(second.kind === "ended");
    assert.equal(second.end.state, "done", "nothing stays open once the fault is gone");
  }
  judge(toldIn(home, first.end.run.id));
  return { said, struck, stopped: first.end.stop !== undefined };
}

/** Users with one write each, of all kinds in turn. */
function seedWrites(sandbox: ReturnType<typeof aWorld>["sandbox"]): readonly Change[] {
  const names = Array.from({ length: each * kinds.length }, (_, at) => `user${at}@contoso.com`);
  sandbox.seedUsers(
    names.map((userPrincipalName, at) => ({
      userPrincipalName,
      otherMethods: ["password", "microsoftAuthenticator"],
      phones: kinds[at % kinds.length] === "create" ? {} : { mobile: former(at) },
    })),
  );
  return names.map((name, at) => {
    const kind = kinds[at % kinds.length] ?? "create";
    if (kind === "enableSms") switchSmsOff(sandbox, name);
    const user = sandbox.user(name);
    assert.ok(user);
    const number = kind === "enableSms" || kind === "disableSms" ? former(at) : wanted(at);
    return changeFor(user, at, kind, "mobile", number);
  });
}

function switchSmsOff(sandbox: ReturnType<typeof aWorld>["sandbox"], user: string): void {
  const { status } = sandbox.ask({
    method: "POST",
    url: `/v1.0/users/${user}/authentication/phoneMethods/${phoneMethodIds.mobile}/disableSmsSignIn`,
    headers: { authorization: `Bearer ${sandbox.token}` },
    body: undefined,
  });
  assert.equal(status, 204);
}

function former(at: number): string {
  return `+31 62${String(at).padStart(7, "0")}`;
}

function wanted(at: number): string {
  return `+31 61${String(at).padStart(7, "0")}`;
}
