import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { anyCase, notBack, rosterOf, standing, tenantOf, unguarded } from "../support/anyCase.ts";
import { prepop } from "../support/rehearse.ts";

/** For any small roster, any state of the tenant and any policy: after apply and undo the tenant equals the start. */

test("after apply and undo the tenant equals the start, but for what the undo names", async () => {
  await fc.assert(
    fc.asyncProperty(anyCase, async given => {
      await using tenant = await tenantOf(given);
      const start = standing(tenant, given.shared);
      const { roster, options } = rosterOf(given);
      const run = await prepop(tenant, ["apply", roster, ...options, ...unguarded]);
      if (run.summary.run === undefined) return;
      const wrote = run.of("outcome").some(({ outcome }) => outcome === "failed" || outcome === "inDoubt");
      assert.equal(wrote, false, run.stdout);

      const undone = await prepop(tenant, ["undo", String(run.summary.run), ...unguarded]);
      assert.deepEqual(notBack(tenant, given.shared, start, undone), [], `${run.stdout}\n${undone.stdout}`);
      // A number that somebody else still held is free by now.
      const again = await prepop(tenant, ["undo", String(run.summary.run), ...unguarded]);
      assert.deepEqual(notBack(tenant, given.shared, start, again), [], `${undone.stdout}\n${again.stdout}`);
      const changed = again.of("outcome").filter(({ outcome }) => outcome === "applied");
      if (!given.shared) assert.deepEqual(changed, [], "a second undo does something");
    }),
    { numRuns: 60, seed: 20261124 },
  );
});
