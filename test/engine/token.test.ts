import assert from "node:assert/strict";
import { test } from "node:test";
import { applyPlan } from "../../src/engine/apply.ts";
import { resumeRun } from "../../src/engine/resume.ts";
import type { StopReason } from "../../src/engine/stop.ts";
import { stopError } from "../../src/engine/stopError.ts";
import { fixedToken, type TokenCredential } from "../../src/graph/connect.ts";
import { PrepopError } from "../../src/model/errors.ts";
import type { FaultRule } from "../../src/sandbox/sandbox.ts";
import { crashPace, leftBehind, openLimits, planFor, seedUsers, toldIn } from "../support/crashCase.ts";
import { temporaryFolder } from "../support/ledgerData.ts";
import { seeded } from "../support/seeded.ts";
import { contradictions, judgeRun, usersOf } from "../support/truth.ts";
import { aWorld, type Engine, type World } from "../support/world.ts";

/** Tokens that run out on the way: nothing is lost, nothing is sent twice, and the run goes on where that is possible. */

const count = 300;

/** When the first token is refused from then on: at the n-th operation of a kind. */
type Moment = {
  readonly name: string;
  readonly operation: RegExp;
  readonly nth: number;
  readonly faults?: readonly FaultRule[];
  readonly batch?: boolean;
};

const write = /^(createPhone|updatePhone|deletePhone|disableSms)$/;

const moments: readonly Moment[] = [
  { name: "in the middle of a batch of writes", operation: write, nth: 50 },
  { name: "between two single writes", operation: write, nth: 50, batch: false },
  { name: "after the read that allows an update, before the update", operation: /^listPhones$/, nth: 30 },
  { name: "the same with single requests", operation: /^listPhones$/, nth: 30, batch: false },
  {
    name: "while what is in doubt is read back",
    operation: /^listPhones$/,
    nth: 90,
    faults: [{ kind: "committedThen504", match: { effect: "write" }, times: 100 }],
  },
];

const noMoment: Moment = { name: "never", operation: /^$/, nth: 0 };

type Credential = {
  readonly name: string;
  readonly credential: (world: World, asked: { times: number }) => TokenCredential;
  /** Why the run stops; undefined where it goes on. */
  readonly stops?: StopReason["kind"];
};

const never = Number.MAX_SAFE_INTEGER;

const credentials: readonly Credential[] = [
  {
    // Like a sign-in library that answers from its cache until a new token is really needed.
    name: "a credential that gives the same new token to all who ask again",
    credential: ({ sandbox }, asked) => ({
      getToken: async (_scopes, options) => {
        if (options?.forceRefresh) asked.times++;
        return { token: asked.times > 0 ? "second" : sandbox.token, expiresOnTimestamp: never };
      },
    }),
  },
  {
    name: "a token used as it is",
    credential: ({ sandbox }) => fixedToken(sandbox.token),
    stops: "unauthorized",
  },
  {
    name: "a sign-in that fails when it is asked again",
    credential: ({ sandbox }, asked) => ({
      getToken: async (_scopes, options) => {
        if (!options?.forceRefresh) return { token: sandbox.token, expiresOnTimestamp: never };
        asked.times++;
        throw new Error("AADSTS700082: The refresh token has expired due to inactivity.");
      },
    }),
    stops: "signIn",
  },
];

/** A tenant, a plan for it, and a run whose tokens can be replaced. */
function tenant({ operation, nth, faults = [], batch = true }: Moment, config: { readonly seed: number }) {
  let tokens: TokenCredential = fixedToken("none");
  let seen = 0;
  const world: World = aWorld({
    random: seeded(config.seed),
    batch,
    concurrency: batch ? 4 : 50,
    credential: { getToken: (scopes, options) => tokens.getToken(scopes, options) },
    config: {
      seed: config.seed,
      users: seedUsers(count),
      faults,
      latencyMs: 40,
      jitterMs: 30,
      onRequest: event => {
        if (operation.test(event.operation ?? "") && ++seen === nth)
          world.sandbox.revokeToken(world.sandbox.token);
      },
    },
  });
  world.sandbox.addToken({ token: "second", kind: "app" });
  const before = usersOf(world.sandbox);
  const plan = planFor([...before.values()], world.sandbox.tenantId, world.clock.wall());
  const limits = { ...openLimits, confirmTenant: world.sandbox.tenantId };
  const pace = { ...crashPace, batch, concurrency: batch ? 4 : 50 };
  const apply = ({ edges, ledger }: Engine) =>
    applyPlan({ plan, ledger, limits, pace, command: "apply" }, edges);
  const resume = ({ edges, ledger }: Engine) => {
    const run = ledger.newestOpenRun(world.sandbox.tenantId);
    assert.ok(run);
    return resumeRun({ run, ledger, limits, pace }, edges);
  };
  return { world, before, apply, resume, useToken: (next: TokenCredential) => (tokens = next) };
}

for (const { name, credential, stops } of credentials) {
  for (const moment of moments) {
    test(`${name}, refused ${moment.name}: ${stops === undefined ? "the run goes on" : "the run stops, and resume with a new one does the rest"}`, async () => {
      const { world, before, apply, resume, useToken } = tenant(moment, { seed: 1 });
      const asked = { times: 0 };
      useToken(credential(world, asked));
      const home = temporaryFolder();
      const first = await world.live(home, apply);
      assert.ok(first.kind === "ended");
      if (stops === undefined) {
        assert.equal(first.end.stop, undefined);
        assert.equal(asked.times, 1, "all whose requests were refused share one new token");
      } else {
        assert.equal(first.end.stop?.kind, stops);
        assert.equal(first.end.state, "interrupted");
        assert.equal(first.outcomes.length, toldIn(home, first.end.run.id).length, "a word on each change");
        const faulty = moment.faults !== undefined;
        if (!faulty)
          assert.equal(leftBehind(home)?.inFlight, 0, "what was refused as unauthorized is not in doubt");
        useToken(fixedToken("second"));
        const second = await world.live(home, resume);
        assert.ok(second.kind === "ended" && second.end.state === "done");
      }
      const told = toldIn(home, first.end.run.id);
      assert.deepEqual(new Set(told.map(({ outcome }) => outcome)), new Set(["applied", "alreadySo"]));
      const verdict = judgeRun(told, {
        log: world.sandbox.log,
        before,
        after: id => world.sandbox.user(id),
        stalenessMs: 0,
      });
      assert.deepEqual(contradictions(verdict), []);
      assert.equal(verdict.needless, 0);
    });
  }
}

/** A sign-in whose only token runs out by the clock, `ms` after its first use; then it fails with `error`. */
function runsOut(world: World, ms: number, error: Error): TokenCredential {
  let until: number | undefined;
  return {
    async getToken() {
      const now = world.clock.wall();
      until ??= now + ms;
      if (now >= until) throw error;
      // A token is not used in its last two minutes.
      return { token: world.sandbox.token, expiresOnTimestamp: until + 120_000 };
    },
  };
}

const ends: readonly {
  readonly name: string;
  readonly error: Error;
  readonly code: string;
  readonly exit: number;
}[] = [
  {
    name: "is over",
    error: new PrepopError("PREPOP_AUTH_SIGN_IN_AGAIN", { profile: "contoso", why: "it is too old" }),
    code: "PREPOP_AUTH_ENDED",
    exit: 4,
  },
  {
    name: "fails in a way that nobody knows",
    error: new Error("broken"),
    code: "PREPOP_AUTH_ENDED",
    exit: 4,
  },
  {
    name: "cannot be reached",
    error: new PrepopError("PREPOP_AUTH_UNREACHABLE", { origin: "https://login.example", why: "no route" }),
    code: "PREPOP_AUTH_AWAY",
    exit: 5,
  },
];

for (const { name, error, code, exit } of ends) {
  test(`a sign-in that ${name} when the token runs out by the clock: exit ${exit} with the state of things, and resumable`, async () => {
    const { world, before, apply, resume, useToken } = tenant(noMoment, { seed: 2 });
    useToken(runsOut(world, 500, error));
    const home = temporaryFolder();
    const first = await world.live(home, apply);
    assert.ok(first.kind === "ended");
    assert.equal(first.end.state, "interrupted");
    assert.ok(first.end.counts.applied > 0, "something was done before");
    assert.equal(leftBehind(home)?.inFlight, 0, "what found no token was not sent, so it is not in doubt");
    const told = stopError(first.end, world.clock.wall());
    assert.equal(told?.code, code);
    assert.equal(told?.exitCode, exit);
    assert.match(told?.message ?? "", /Done: \d+\. .* Not sent: \d+\./);
    assert.match(told?.hint ?? "", /prepop resume/);

    useToken(fixedToken("second"));
    const second = await world.live(home, resume);
    assert.ok(second.kind === "ended" && second.end.state === "done");
    const verdict = judgeRun(toldIn(home, first.end.run.id), {
      log: world.sandbox.log,
      before,
      after: id => world.sandbox.user(id),
      stalenessMs: 0,
    });
    assert.deepEqual(contradictions(verdict), []);
    assert.equal(verdict.needless, 0);
  });
}
