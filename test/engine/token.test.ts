import assert from "node:assert/strict";
import { test } from "node:test";
import { applyPlan } from "../../src/engine/apply.ts";
import { resumeRun } from "../../src/engine/resume.ts";
import { fixedToken, type TokenCredential } from "../../src/graph/connect.ts";
import {
  crashPace,
  leftBehind,
  openLimits,
  planFor,
  seeded,
  seedUsers,
  toldIn,
} from "../support/crashCase.ts";
import { temporaryFolder } from "../support/ledgerData.ts";
import { contradictions, judgeRun, usersOf } from "../support/truth.ts";
import { aWorld, type Engine, type World } from "../support/world.ts";

/** Tokens that run out on the way: nothing is lost, nothing is sent twice, and the run goes on where that is possible. */

const count = 300;

/** A tenant whose first token is revoked when so many writes came in, and a run in it. */
function tenant(credential: (own: string) => TokenCredential, revokeAt: number, seed = 1) {
  let tokens: TokenCredential = fixedToken("none");
  let writes = 0;
  const world: World = aWorld({
    random: seeded(seed),
    credential: { getToken: (scopes, options) => tokens.getToken(scopes, options) },
    config: {
      seed,
      users: seedUsers(count),
      latencyMs: 40,
      jitterMs: 30,
      onRequest: ({ effect, operation }) => {
        if (effect === "write" && operation !== "batch" && ++writes === revokeAt)
          world.sandbox.revokeToken(world.sandbox.token);
      },
    },
  });
  tokens = credential(world.sandbox.token);
  world.sandbox.addToken({ token: "second", kind: "app" });
  const before = usersOf(world.sandbox);
  const plan = planFor([...before.values()], world.sandbox.tenantId, world.clock.wall());
  const limits = { ...openLimits, confirmTenant: world.sandbox.tenantId };
  const apply = ({ edges, ledger }: Engine) =>
    applyPlan({ plan, ledger, limits, pace: crashPace, command: "apply" }, edges);
  const resume = ({ edges, ledger }: Engine) => {
    const run = ledger.newestOpenRun(world.sandbox.tenantId);
    assert.ok(run);
    return resumeRun({ run, ledger, limits, pace: crashPace }, edges);
  };
  return { world, before, apply, resume, renew: (next: TokenCredential) => (tokens = next) };
}

test("a credential that gives the same new token to all who ask again is not taken for one that gives none", async () => {
  let asked = 0;
  const { world, before, apply } = tenant(
    own => ({
      // Like a sign-in library that answers from its cache until a new token is really needed.
      getToken: async (_scopes, options) => {
        if (options?.forceRefresh) asked++;
        return { token: asked > 0 ? "second" : own, expiresOnTimestamp: Number.MAX_SAFE_INTEGER };
      },
    }),
    50,
  );
  const home = temporaryFolder();
  const left = await world.live(home, apply);
  assert.equal(left.kind, "ended");
  assert.ok(left.kind === "ended" && left.end.stop === undefined, "the run stopped");
  assert.ok(asked >= 1);
  const told = toldIn(home, left.end.run.id);
  assert.ok(told.every(({ outcome }) => outcome === "applied" || outcome === "alreadySo"));
  const verdict = judgeRun(told, {
    log: world.sandbox.log,
    before,
    after: id => world.sandbox.user(id),
    stalenessMs: 0,
  });
  assert.deepEqual(contradictions(verdict), []);
  assert.equal(verdict.needless, 0);
});

test("a token used as it is ends the run as unauthorized when it runs out; resume with a new one does the rest", async () => {
  const { world, before, apply, resume, renew } = tenant(fixedToken, 50);
  const home = temporaryFolder();
  const stopped = await world.live(home, apply);
  assert.ok(stopped.kind === "ended" && stopped.end.stop?.kind === "unauthorized");
  assert.equal(stopped.end.state, "interrupted");
  assert.equal(leftBehind(home)?.inFlight, 0, "what was refused as unauthorized is not in doubt");
  renew(fixedToken("second"));
  const ended = await world.live(home, resume);
  assert.ok(ended.kind === "ended" && ended.end.state === "done");
  const told = toldIn(home, ended.end.run.id);
  assert.ok(told.every(({ outcome }) => outcome === "applied" || outcome === "alreadySo"));
  const verdict = judgeRun(told, {
    log: world.sandbox.log,
    before,
    after: id => world.sandbox.user(id),
    stalenessMs: 0,
  });
  assert.deepEqual(contradictions(verdict), []);
  assert.equal(verdict.needless, 0);
});
